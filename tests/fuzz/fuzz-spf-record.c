/* The grammar of SPF records, and macros: what a record is parsed into lies inside it, and the
 * terms in it, put together again, are the same record. The first line is a sender. */
#include "auth/spf_macro.h"
#include "auth/spf_record.h"
#include "base/limits.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(Slice outer, Slice inner)
{
	g_assert_true(inner.data == NULL || slice_offset(outer, inner) + inner.len <= outer.len);
}

static void check_expansion(Slice text, const SpfMacroValues *values)
{
	g_autofree char *once = spf_macro_expand(text, values);
	g_autofree char *again = spf_macro_expand(text, values);

	g_assert_cmpstr(once, ==, again);
	g_assert_true(once == NULL || strlen(once) <= 3 * 2 * SPF_EXPANSION_MAX);
}

static void check_term(const SpfRecord *record, const SpfTerm *term, const SpfMacroValues *values)
{
	check_inside(slice_of(record->text), term->text);
	check_inside(term->text, term->domain_spec);
	g_assert_true(term->prefix4 >= SPF_NO_PREFIX && term->prefix4 <= 32);
	g_assert_true(term->prefix6 >= SPF_NO_PREFIX && term->prefix6 <= 128);
	if (term->domain_spec.data == NULL)
		return;
	g_assert_true(spf_macro_string_is_valid(term->domain_spec, SPF_IN_TERM));
	g_assert_true(spf_macro_string_is_valid(term->domain_spec, SPF_IN_EXPLANATION));
	check_expansion(term->domain_spec, values);
}

/* The directives alone are a record of the same directives. */
static void check_again(const SpfRecord *record)
{
	GString *text = g_string_new("v=spf1");
	g_autoptr(SpfRecord) again = NULL;
	SpfFault fault;

	for (guint i = 0; i < record->terms->len; i++) {
		Slice term = g_array_index(record->terms, SpfTerm, i).text;

		g_string_append_c(text, ' ');
		g_string_append_len(text, term.data, (gssize)term.len);
	}
	again = spf_record_parse(slice_make(text->str, text->len), &fault);
	g_assert_nonnull(again);
	g_assert_cmpuint(again->terms->len, ==, record->terms->len);
	g_string_free(text, TRUE);
}

static void check_record(Slice text, const SpfMacroValues *values)
{
	SpfFault fault;
	g_autoptr(SpfRecord) record = spf_record_parse(text, &fault);

	if (record == NULL) {
		check_inside(text, fault.where);
		return;
	}
	g_assert_cmpuint(record->terms->len, <=, LIMIT_SPF_TERMS);
	for (guint i = 0; i < record->terms->len; i++)
		check_term(record, &g_array_index(record->terms, SpfTerm, i), values);
	if (record->redirect != NULL)
		check_term(record, record->redirect, values);
	check_again(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice rest = slice_make((const char *)data, size);
	Slice line = slice_take_until(&rest, '\n');
	g_autofree char *sender = slice_dup(line);
	SpfMacroValues values = { .sender = sender,
		.local_part = sender,
		.sender_domain = "o.example",
		.domain = "d.example",
		.client = { size % 2 == 0 ? 4 : 6, { 192, 0, 2, 1 } } };

	if (sender == NULL)
		return 0;
	if (spf_record_is_one(rest))
		check_record(rest, &values);
	if (spf_macro_string_is_valid(rest, SPF_IN_EXPLANATION))
		check_expansion(rest, &values);
	return 0;
}
