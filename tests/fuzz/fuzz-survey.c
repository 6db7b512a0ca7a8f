/* A sender gone through with answers from anywhere: the first line is the sender, the second his
 * selectors, the rest an evidence file. Counts stay within what there is, and a second look sees
 * the same. */
#include "dns/evidence_file.h"
#include "survey/sender_exam.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spf(const SpfExam *spf)
{
	g_assert_cmpuint(spf->ip4, <=, UINT64_C(1) << 32);
	g_assert_cmpuint(spf->ip6, <=, INT64_MAX);
	g_assert_cmpuint(spf->lookups, <=, LIMIT_SURVEY_LOOKUPS);
	g_assert_cmpuint(spf->void_lookups[0], <=, spf->lookups);
	g_assert_cmpuint(spf->void_lookups[1], <=, spf->lookups);
	g_assert_true(spf->state == PUBLICATION_INVALID || spf->record == NULL ||
		      spf->state == PUBLICATION_PUBLISHED);
}

static void check_same(const SenderExam *a, const SenderExam *b)
{
	g_assert_cmpint(a->spf->state, ==, b->spf->state);
	g_assert_cmpuint(a->spf->ip4, ==, b->spf->ip4);
	g_assert_cmpuint(findings_count(a->spf->findings), ==, findings_count(b->spf->findings));
	g_assert_cmpint(a->dmarc->state, ==, b->dmarc->state);
	g_assert_cmpint(a->mx->state, ==, b->mx->state);
	g_assert_cmpuint(a->lacking->len, ==, b->lacking->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice rest = slice_make((const char *)data, size);
	g_autofree char *sender = slice_dup(slice_take_until(&rest, '\n'));
	g_autofree char *selectors = slice_dup(slice_take_until(&rest, '\n'));
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(SenderExam) exam = NULL;
	g_autoptr(SenderExam) again = NULL;

	if (sender == NULL || selectors == NULL)
		return 0;
	evidence_parse(rest, "fuzz", evidence, notes);
	exam = sender_exam_new(sender, selectors, evidence);
	again = sender_exam_new(sender, selectors, evidence);
	g_assert_cmpuint(exam->keys->len, <=, LIMIT_SURVEY_SELECTORS);
	if (exam->domain == NULL)
		return 0;
	check_spf(exam->spf);
	check_same(exam, again);
	return 0;
}
