/* Tests of message/fields.h: what is a field, what is left out, and where everything stands. */
#include "base/limits.h"
#include "message/fields.h"
#include "suite.h"

#include <string.h>

/* Fields as "name=value" joined by '|', folds undone, with '~' for space_before_colon and '!' for
 * by_store before the name. */
static char *shown(const Fields *fields)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < fields->count; i++) {
		const Field *field = &fields->list[i];
		GString *value = field_unfold(field);

		g_string_append_printf(text, "%s%s%s%.*s=%s", i > 0 ? "|" : "",
			field->space_before_colon ? "~" : "", field->by_store ? "!" : "",
			(int)field->name.len, field->name.data, value->str);
		g_string_free(value, TRUE);
	}
	return g_string_free(text, FALSE);
}

static void check_places(const Fields *fields)
{
	size_t end = 0;

	for (size_t i = 0; i < fields->count; i++) {
		const Field *field = &fields->list[i];
		size_t at = slice_offset(fields->header, field->raw);

		g_assert_cmpuint(at, >=, end);
		end = at + field->raw.len;
		g_assert_cmpuint(end, <=, fields->header.len);
		g_assert_true(field->name.data == field->raw.data);
		g_assert_cmpuint(slice_offset(field->raw, field->value) + field->value.len, <=,
			field->raw.len);
	}
}

/* codes: space-separated, each must be found; "" none at all. */
static void check_codes(const Findings *findings, const char *codes)
{
	g_auto(GStrv) list = g_strsplit(codes, " ", -1);

	if (codes[0] == '\0')
		g_assert_cmpuint(findings_count(findings), ==, 0);
	for (size_t i = 0; codes[0] != '\0' && list[i] != NULL; i++) {
		if (findings_find(findings, list[i]) == NULL)
			g_test_message("missing finding: %s", list[i]);
		g_assert_nonnull(findings_find(findings, list[i]));
	}
}

typedef struct Row {
	const char *name, *message, *fields, *body, *codes;
} Row;

static void check_row(const Row *row, SuiteLines lines)
{
	g_autoptr(GBytes) text = suite_lines(slice_of(row->message), lines);
	Slice exact = suite_exact(slice_of_bytes(text));
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = fields_parse(exact, findings);
	g_autofree char *got = shown(fields);

	g_test_message("%s, %s", row->name, suite_lines_word(lines));
	g_assert_cmpstr(got, ==, row->fields);
	check_places(fields);
	check_codes(findings, row->codes);
	g_assert_true((row->body == NULL) == (fields->body.data == NULL));
	if (row->body != NULL) {
		g_autoptr(GBytes) body = suite_lines(slice_of(row->body), lines);

		g_assert_true(slice_equal(fields->body, slice_of_bytes(body)));
	}
	g_free((gpointer)(guintptr)exact.data);
}

static const Row rows[] = {
	{ "plain", "A: 1\nB: 2\n\nx\n", "A= 1|B= 2", "x\n", "" },
	{ "folded", "A: 1\n 2\n\t3\nB:\n\nx\n", "A= 1 2\t3|B=", "x\n", "" },
	{ "white-space-only continuation", "A: 1\n  \nB: 2\n\nx\n", "A= 1  |B= 2", "x\n", "" },
	{ "From_ line", "From a@b Sat Jan  3 01:05:34 1996\nA: 1\n\nx\n", "A= 1", "x\n",
		"mbox-line-in-header" },
	{ "quoted From_ line", ">From - Sat Sep 4 09:36:25 2021\nA: 1\n\nx\n", "A= 1", "x\n",
		"mbox-line-in-header" },
	{ "From_ line inside", "A: 1\n>From - Sat Sep 4 09:36:25 2021\nB: 2\n\nx\n", "A= 1|B= 2",
		"x\n", "mbox-line-in-header" },
	{ "no colon", "A: 1\nnonsense\n more: of it\nB: 2\n\nx\n", "A= 1|B= 2", "x\n",
		"header-line-malformed" },
	{ "empty name", "A: 1\n: 2\nB: 3\n\nx\n", "A= 1|B= 3", "x\n", "header-line-malformed" },
	{ "S-A8", "From: first@attack.com\nFrom: admin@legitimate.com\n\nx\n",
		"From= first@attack.com|From= admin@legitimate.com", "x\n", "" },
	{ "S-A9, first line", " From: <first@attack.com>\nFrom: admin@legitimate.com\n\nx\n",
		"From= admin@legitimate.com", "x\n", "header-starts-with-fold" },
	{ "S-A9, behind another field",
		"To: a@b\n From: <first@attack.com>\nFrom: admin@legitimate.com\n\nx\n",
		"To= a@b From: <first@attack.com>|From= admin@legitimate.com", "x\n",
		"from-hidden-in-fold" },
	{ "no hidden From in h=", "DKIM-Signature: h=\n From:To; d=a\n\nx\n",
		"DKIM-Signature= h= From:To; d=a", "x\n", "" },
	{ "S-A10", "From: first@attack.com\nFrom : admin@legitimate.com\n\nx\n",
		"From= first@attack.com|~From= admin@legitimate.com", "x\n", "field-name-space" },
	{ "S-A11", "From\n : <first@attack.com>\nFrom: admin@legitimate.com\n\nx\n",
		"From= admin@legitimate.com", "x\n", "from-name-folded" },
	{ "S-A12", "From\n : <first@attack.com>\nSender: admin@legitimate.com\n\nx\n",
		"Sender= admin@legitimate.com", "x\n", "from-name-folded" },
	{ "S-A13", "From\n : <first@attack.com>\nResent-From: admin@legitimate.com\n\nx\n",
		"Resent-From= admin@legitimate.com", "x\n", "from-name-folded" },
	{ "odd name", "A b: 1\nC\x01: 2\nD\xE4: 3\n\nx\n", "A b= 1|C\x01= 2|D\xE4= 3", "x\n",
		"field-name-malformed" },
	{ "BOM",
		"\xEF\xBB\xBF"
		"A: 1\n\nx\n",
		"A= 1", "x\n", "header-starts-with-bom" },
	{ "bare CR", "A: 1\rB: 2\nC: 3\n\nx\n", "A= 1\rB: 2|C= 3", "x\n", "field-value-bare-cr" },
	{ "8-bit", "A: \xE5\x85\xAC\n\nx\n", "A= \xE5\x85\xAC", "x\n", "field-value-8bit" },
	{ "store's fields",
		"Status: RO\nx-mozilla-STATUS2: 0\nX-Gmail-Labels: a\nStatute: 1\n\nx\n",
		"!Status= RO|!x-mozilla-STATUS2= 0|!X-Gmail-Labels= a|Statute= 1", "x\n", "" },
	{ "empty header", "\nx\n", "", "x\n", "header-empty" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (SuiteLines lines = 0; lines < SUITE_LINES; lines++)
			check_row(&rows[i], lines);
}

/* What the matrix of line ends would change. */
static const Row as_they_are[] = {
	{ "mixed line ends", "A: 1\r\nB: 2\n 3\r\n\nx", "A= 1|B= 2 3", "x", "" },
	{ "CR CR LF", "A: 1\r\r\nB: 2\r\r\n 3\r\r\n\r\r\nx\r\r\n", "A= 1|B= 2 3", "x\r\r\n", "" },
	{ "no empty line", "A: 1\nB: 2", "A= 1|B= 2", NULL, "header-without-end" },
	{ "no empty line, line end", "A: 1\r\nB: 2\r\n", "A= 1|B= 2", NULL, "header-without-end" },
	{ "CR at the end", "A: 1\r", "A= 1\r", NULL, "field-value-bare-cr" },
	{ "empty body", "A: 1\r\n\r\n", "A= 1", "", "" },
	{ "nothing", "", "", NULL, "header-empty header-without-end" },
	{ "only CR", "A: 1\rB: 2\r\rx\r", "A= 1\rB: 2\r\rx\r", NULL,
		"field-value-bare-cr header-without-end" },
	{ "fold at the end", "A: 1\n ", "A= 1 ", NULL, "header-without-end" },
};

static void test_as_they_are(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(as_they_are); i++) {
		const Row *row = &as_they_are[i];
		Slice exact = suite_exact(slice_of(row->message));
		g_autoptr(Findings) findings = findings_new();
		g_autoptr(Fields) fields = fields_parse(exact, findings);
		g_autofree char *got = shown(fields);

		g_test_message("%s", row->name);
		g_assert_cmpstr(got, ==, row->fields);
		check_places(fields);
		check_codes(findings, row->codes);
		g_assert_true((row->body == NULL) == (fields->body.data == NULL));
		g_assert_true(row->body == NULL || slice_is(fields->body, row->body));
		g_free((gpointer)(guintptr)exact.data);
	}
}

/* Who wants no findings reads the same. */
static void test_no_findings(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(as_they_are); i++) {
		const Row *row = &as_they_are[i];
		g_autoptr(Fields) fields = fields_parse(slice_of(row->message), NULL);
		g_autofree char *got = shown(fields);

		g_test_message("%s", row->name);
		g_assert_cmpstr(got, ==, row->fields);
	}
}

static void test_offsets(void)
{
	static const char text[] = "From x\r\nA: 1\r\n 2\r\nb : \0\xFF\r\n\r\nbody";
	Slice message = slice_make(text, sizeof text - 1);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = fields_parse(message, findings);

	g_assert_cmpuint(fields->count, ==, 2);
	g_assert_cmpuint(slice_offset(message, fields->list[0].raw), ==, 8);
	g_assert_cmpuint(fields->list[0].raw.len, ==, 10);
	g_assert_true(slice_is(fields->list[0].value, " 1\r\n 2"));
	g_assert_cmpuint(slice_offset(message, fields->list[1].value), ==, 21);
	g_assert_cmpuint(fields->list[1].value.len, ==, 3);
	g_assert_true(slice_is(fields->body, "body"));
	g_assert_cmpuint(findings_find(findings, "field-value-nul")->offset, ==, 22);
	g_assert_cmpuint(findings_find(findings, "field-value-8bit")->offset, ==, 23);
	g_assert_cmpuint(findings_find(findings, "field-name-space")->offset, ==, 18);
}

static void test_find(void)
{
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = fields_parse(slice_of("To: 1\nFrom: 2\nTO : 3\n\n"), findings);

	g_assert_cmpuint(fields_find(fields, "to", 0), ==, 0);
	g_assert_cmpuint(fields_find(fields, "to", 1), ==, 2);
	g_assert_cmpuint(fields_find(fields, "to", 3), ==, 3);
	g_assert_cmpuint(fields_find(fields, "cc", 0), ==, 3);
	g_assert_cmpuint(fields_count(fields, "To"), ==, 2);
	g_assert_cmpuint(fields_count(fields, "T"), ==, 0);
}

static void check_limit(const char *line, size_t times, size_t count, const char *code)
{
	GString *text = g_string_new(NULL);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = NULL;

	for (size_t i = 0; i < times; i++)
		g_string_append(text, line);
	g_string_append(text, "\nbody");
	g_test_message("%s", code);
	fields = fields_parse(slice_make(text->str, text->len), findings);
	g_assert_cmpuint(fields->count, ==, count);
	g_assert_true(slice_is(fields->body, "body"));
	g_assert_nonnull(findings_find(findings, code));
	g_assert_cmpuint(findings_count(findings), <, 40);
	g_string_free(text, TRUE);
}

static void test_limits(void)
{
	g_autofree char *long_line = g_strnfill(LIMIT_HEADER, 'x');
	g_autofree char *long_field = g_strconcat("To: ", long_line, "\n", NULL);
	g_autofree char *name = g_strnfill(200, 'n');
	g_autofree char *long_name = g_strconcat(name, ": 1\n", NULL);

	check_limit("To: a\n", 100000, LIMIT_FIELDS, "header-too-many-fields");
	check_limit(long_field, 2, 0, "header-too-long");
	check_limit("no colon\n", 100000, 0, "header-findings-left-out");
	check_limit("From \n", 100000, 0, "header-findings-left-out");
	check_limit(long_name, 1, 1, "field-name-long");
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/message/fields/rows", test_rows);
	g_test_add_func("/message/fields/line-ends", test_as_they_are);
	g_test_add_func("/message/fields/no-findings", test_no_findings);
	g_test_add_func("/message/fields/offsets", test_offsets);
	g_test_add_func("/message/fields/find", test_find);
	g_test_add_func("/message/fields/limits", test_limits);
	return g_test_run();
}
