/* The evidence file: whatever is in it, an answer that was read can be written and read again, and
 * says the same. */
#include "base/domain_name.h"
#include "dns/evidence_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(Slice group)
{
	g_autoptr(Answer) answer = evidence_parse_group(group);
	g_autoptr(Answer) again = NULL;
	g_autoptr(GString) text = NULL;
	g_autoptr(GString) second = NULL;

	if (answer == NULL)
		return;
	text = evidence_format(answer);
	again = evidence_parse_group(slice_make(text->str, text->len));
	g_assert_nonnull(again);
	g_assert_true(again->has_crc);
	g_assert_true(question_equal(&answer->question, &again->question));
	g_assert_cmpint(answer->outcome, ==, again->outcome);
	g_assert_cmpuint(answer_count(answer), ==, answer_count(again));
	second = evidence_format(again);
	g_assert_true(g_string_equal(text, second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);

	evidence_parse(text, "fuzz", evidence, notes);
	for (guint i = 0; i < notes->len; i++)
		g_assert_true(g_utf8_validate(g_ptr_array_index(notes, i), -1, NULL));
	evidence_find(evidence, "s.example", DNS_TXT);
	evidence_find(evidence, "example.com", DNS_MX);
	check_round_trip(text);
	return 0;
}
