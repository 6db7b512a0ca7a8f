#include "base/finding.h"

#include <string.h>

struct Findings {
	GPtrArray *list;
	GStringChunk *saved; /* texts that are not static; NULL: there are none */
};

static void finding_free(gpointer data)
{
	Finding *finding = data;

	g_free(finding->detail);
	g_free(finding);
}

Findings *findings_new(void)
{
	Findings *findings = g_new0(Findings, 1);

	findings->list = g_ptr_array_new_with_free_func(finding_free);
	return findings;
}

void findings_free(Findings *findings)
{
	if (findings == NULL)
		return;
	g_ptr_array_unref(findings->list);
	if (findings->saved != NULL)
		g_string_chunk_free(findings->saved);
	g_free(findings);
}

static bool is_same(const Finding *a, const Finding *b)
{
	return strcmp(a->code, b->code) == 0 && a->has_place == b->has_place &&
	       a->offset == b->offset && a->length == b->length &&
	       g_strcmp0(a->detail, b->detail) == 0;
}

static void add(Findings *findings, Finding finding)
{
	for (guint i = 0; i < findings->list->len; i++) {
		if (is_same(g_ptr_array_index(findings->list, i), &finding)) {
			g_free(finding.detail);
			return;
		}
	}
	g_ptr_array_add(findings->list, g_memdup2(&finding, sizeof finding));
}

void findings_add(
	Findings *findings, const char *code, Severity severity, const char *text, char *detail)
{
	add(findings,
		(Finding) { .code = code, .severity = severity, .text = text, .detail = detail });
}

void findings_add_at(Findings *findings, const char *code, Severity severity, const char *text,
	char *detail, Slice message, Slice where)
{
	findings_add_place(
		findings, code, severity, text, detail, slice_offset(message, where), where.len);
}

void findings_add_place(Findings *findings, const char *code, Severity severity, const char *text,
	char *detail, uint64_t offset, uint64_t length)
{
	add(findings, (Finding) { .code = code,
			      .severity = severity,
			      .text = text,
			      .detail = detail,
			      .has_place = true,
			      .offset = offset,
			      .length = length });
}

/* They were different when they were saved. */
void findings_add_saved(Findings *findings, const char *code, Severity severity, const char *text,
	const char *detail)
{
	Finding finding = { .severity = severity, .detail = g_strdup(detail) };

	if (findings->saved == NULL)
		findings->saved = g_string_chunk_new(256);
	finding.code = g_string_chunk_insert_const(findings->saved, code);
	finding.text = g_string_chunk_insert_const(findings->saved, text);
	g_ptr_array_add(findings->list, g_memdup2(&finding, sizeof finding));
}

void findings_each_detail(
	Findings *findings, void (*replace)(char **detail, gpointer data), gpointer data)
{
	for (guint i = 0; i < findings->list->len; i++)
		replace(&((Finding *)g_ptr_array_index(findings->list, i))->detail, data);
}

void findings_append(Findings *findings, const Findings *other)
{
	for (guint i = 0; i < other->list->len; i++) {
		Finding copy = *(const Finding *)g_ptr_array_index(other->list, i);

		copy.detail = g_strdup(copy.detail);
		add(findings, copy);
	}
}

size_t findings_count(const Findings *findings)
{
	return findings->list->len;
}

const Finding *findings_get(const Findings *findings, size_t index)
{
	g_assert(index < findings->list->len);
	return g_ptr_array_index(findings->list, index);
}

const Finding *findings_find(const Findings *findings, const char *code)
{
	for (guint i = 0; i < findings->list->len; i++) {
		const Finding *finding = g_ptr_array_index(findings->list, i);

		if (strcmp(finding->code, code) == 0)
			return finding;
	}
	return NULL;
}

const char *severity_word(Severity severity)
{
	static const char *const words[] = { "info", "notice", "warning", "alert" };

	return words[severity];
}

bool severity_parse(const char *word, Severity *ret_severity)
{
	for (int i = 0; i < SEVERITIES; i++) {
		if (g_strcmp0(word, severity_word((Severity)i)) == 0) {
			*ret_severity = (Severity)i;
			return true;
		}
	}
	return false;
}
