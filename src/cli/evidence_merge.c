#include "cli/evidence.h"

#include "cli/evidence_read.h"

#include <string.h>

static gint compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What two answers to one question have to have in common to say the same: outcome, owners, types
 * and data, in any order and with any TTL. Owned by the caller. */
static char *content(const Answer *answer)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new(dns_outcome_word(answer->outcome));

	for (guint i = 0; i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);

		g_ptr_array_add(lines, g_strdup_printf("\n%s %u %s", rr->owner, (unsigned)rr->type,
					       rr->presentation));
	}
	g_ptr_array_sort(lines, compare_texts);
	for (guint i = 0; i < lines->len; i++)
		g_string_append(text, g_ptr_array_index(lines, i));
	return g_strdup(text->str);
}

/* The answers to a question, of which the first is at index, do not all say the same. */
static bool is_contradictory(const EvidenceSet *set, size_t index, size_t count)
{
	g_autofree char *first = NULL;
	bool is_same = true;

	for (size_t i = 0; is_same && i < count; i++) {
		g_autoptr(Answer) answer = set_group_answer(evidence_set_get(set, index + i));
		g_autofree char *text = content(answer);

		is_same = first == NULL || strcmp(first, text) == 0;
		if (first == NULL)
			first = g_steal_pointer(&text);
	}
	return !is_same;
}

static void tell_contradictions(const EvidenceSet *set, Sink *sink)
{
	uint64_t questions = 0;
	const SetGroup *example = NULL;
	size_t count;

	for (size_t i = 0; i < evidence_set_count(set); i += count) {
		count = evidence_set_span(set, i);
		if (count == 1 || !is_contradictory(set, i, count))
			continue;
		if (questions++ == 0)
			example = evidence_set_get(set, i);
	}
	if (questions > 0) {
		g_autofree char *text = g_strdup_printf(
			"%" G_GUINT64_FORMAT
			" question(s) have different answers. All are kept; the last one counts, "
			"which is the newest that is no failure. The first is %.*s. %s",
			(guint64)questions, (int)example->name.len, example->name.data,
			dns_type_word(example->type));

		sink_remark(sink, text);
	}
}

static void tell_duplicates(size_t count, Sink *sink)
{
	g_autofree char *text = g_strdup_printf(
		"%zu answer(s) were there more than once, and are kept once", count);

	if (count > 0)
		sink_remark(sink, text);
}

int evidence_merge(const Options *options)
{
	g_autoptr(EvidenceSet) set = evidence_set_new();
	Sink sink;

	if (!sink_open(&sink, options))
		return 1;
	for (char **path = options->paths; *path != NULL && !sink_is_stopped(&sink); path++)
		evidence_read(set, *path, &sink);
	tell_duplicates(evidence_set_unite(set), &sink);
	tell_contradictions(set, &sink);
	evidence_write(set, &sink);
	return evidence_close(&sink);
}
