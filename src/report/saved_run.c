#include "report/saved_run.h"

#include "report/json_read.h"
#include "report/record.h"
#include "report/record_path.h"

#include <string.h>

struct SavedRun {
	json_t *line;
	const json_t *run; /* in line */
	gint references;
};

static bool fail(GError **reterr_error, const char *member)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"no header of a run: '%s' is missing, or of another kind", member);
	return false;
}

static bool check_run(const json_t *run, GError **reterr_error)
{
	uint64_t schema;

	if (!json_number_of(run, "schema", &schema))
		return fail(reterr_error, "schema");
	if (schema != RECORD_SCHEMA) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"results of schema %" G_GUINT64_FORMAT
			"; this version of kantei reads schema %d",
			(guint64)schema, RECORD_SCHEMA);
		return false;
	}
	if (json_text_of(run, "kantei") == NULL)
		return fail(reterr_error, "kantei");
	if (json_array_of(run, "options") == NULL)
		return fail(reterr_error, "options");
	return json_array_of(run, "libraries") != NULL || fail(reterr_error, "libraries");
}

SavedRun *saved_run_new(json_t *line, GError **reterr_error)
{
	const json_t *header = json_object_of(line, "run");
	SavedRun *run;

	if (!check_run(header, reterr_error)) {
		json_decref(line);
		return NULL;
	}
	run = g_new0(SavedRun, 1);
	run->line = line;
	run->run = header;
	run->references = 1;
	return run;
}

SavedRun *saved_run_ref(SavedRun *run)
{
	run->references++;
	return run;
}

void saved_run_unref(SavedRun *run)
{
	if (run == NULL || --run->references > 0)
		return;
	json_decref(run->line);
	g_free(run);
}

const char *saved_run_version(const SavedRun *run)
{
	return json_text_of(run->run, "kantei");
}

const json_t *saved_run_json(const SavedRun *run)
{
	return run->run;
}

static json_t *without_sandbox(const SavedRun *run)
{
	json_t *copy = json_deep_copy(run->run);

	json_object_del(copy, "sandbox");
	return copy;
}

bool saved_run_is_same(const SavedRun *a, const SavedRun *b)
{
	json_t *one = without_sandbox(a);
	json_t *other = without_sandbox(b);
	bool is_same = json_equal(one, other) != 0;

	json_decref(one);
	json_decref(other);
	return is_same;
}

/* The value in "name=value", or NULL for another option. */
static const char *value_of(const char *option, const char *name)
{
	size_t len = strlen(name);

	return option != NULL && strncmp(option, name, len) == 0 && option[len] == '='
		       ? option + len + 1
		       : NULL;
}

static const char *first_value(const SavedRun *run, const char *name)
{
	const json_t *options = json_array_of(run->run, "options");
	const char *value = NULL;

	for (size_t i = 0; value == NULL && i < json_array_size(options); i++)
		value = value_of(json_text_at(options, i), name);
	return value;
}

bool saved_run_unit(const SavedRun *run, TableUnit *ret_unit)
{
	const char *word = first_value(run, "by");

	return word != NULL && table_unit_parse(word, ret_unit);
}

bool saved_run_basis(const SavedRun *run, TableBasis *ret_basis)
{
	const char *word = first_value(run, "basis");

	return word != NULL && table_basis_parse(word, ret_basis);
}

bool saved_run_rule(const SavedRun *run, UnitRule *ret_rule)
{
	const char *word = first_value(run, "unit-rule");

	return word != NULL && unit_rule_parse(word, ret_rule);
}

bool saved_run_has_attached(const SavedRun *run)
{
	return record_has_attached(run->run);
}

bool saved_run_shard(const SavedRun *run, SavedShard *ret_shard)
{
	const json_t *object = json_object_of(run->run, "shard");
	SavedShard shard;

	if (!json_number_of(object, "number", &shard.number) ||
		!json_number_of(object, "of", &shard.of) ||
		!json_number_of(object, "octets", &shard.octets) || shard.number == 0 ||
		shard.number > shard.of)
		return false;
	*ret_shard = shard;
	return true;
}

static void set_option(json_t *options, const char *name, const char *value)
{
	g_autofree char *text = g_strdup_printf("%s=%s", name, value);

	for (size_t i = 0; i < json_array_size(options); i++)
		if (value_of(json_text_at(options, i), name) != NULL)
			json_array_set_new(options, i, json_string(text));
}

void saved_run_append(GString *out, const SavedRun *run, const Counting *counting)
{
	json_t *line = json_deep_copy(run->line);
	json_t *options = json_object_get(json_object_get(line, "run"), "options");

	set_option(options, "by",
		counting->column != NULL ? counting->column : table_unit_word(counting->unit));
	set_option(options, "unit-rule", unit_rule_word(counting->rule));
	set_option(options, "basis", table_basis_word(counting->basis));
	json_object_del(json_object_get(line, "run"), "shard");
	json_append_line(out, line);
	json_decref(line);
}
