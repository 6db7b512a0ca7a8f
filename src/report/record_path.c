#include "report/record_path.h"

const json_t *record_at(const json_t *record, const char *path)
{
	for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(path, '.')) {
		g_autofree char *name = g_strndup(path, (gsize)(dot - path));

		record = json_object_get(record, name);
		path = dot + 1;
	}
	return json_object_get(record, path);
}

const char *record_text(const json_t *record, const char *path)
{
	return json_string_value(record_at(record, path));
}

bool record_is(const json_t *record, const char *path)
{
	return json_is_true(record_at(record, path));
}

bool record_has_finding(const json_t *record, const char *code)
{
	const json_t *findings = json_array_of(record, "findings");

	for (size_t i = 0; i < json_array_size(findings); i++)
		if (g_strcmp0(json_text_of(json_array_get(findings, i), "code"), code) == 0)
			return true;
	return false;
}

bool record_has_attached(const json_t *run)
{
	const json_t *options = json_array_of(run, "options");

	for (size_t i = 0; i < json_array_size(options); i++)
		if (g_strcmp0(json_text_at(options, i), "attached=yes") == 0)
			return true;
	return false;
}

const char *record_dmarc_word(const json_t *record)
{
	const char *word = record_text(record, "dmarc.result");

	return g_strcmp0(word, "none") == 0 && record_is(record, "dmarc.bestguess")
		       ? "bestguesspass"
		       : word;
}
