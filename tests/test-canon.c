/* Tests of auth/canon.h (RFC 6376, 3.4), against the examples and against the naive way. */
#include "auth/canon.h"
#include "dkim_suite.h"

#include <string.h>

static const char example[] = "A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";

static Fields *example_fields(Slice text)
{
	g_autoptr(Findings) ignored = findings_new();

	return fields_parse(text, ignored);
}

static char *header_text(const Fields *fields, CanonKind canon)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < fields->count; i++)
		canon_header(out, &fields->list[i], canon);
	return g_string_free(out, FALSE);
}

static void check_body_text(Slice body, CanonKind canon, const char *expected)
{
	g_autoptr(GString) text = canon_body_text(body, canon);

	g_assert_cmpstr(text->str, ==, expected);
	g_assert_cmpuint(text->len, ==, strlen(expected));
}

static void test_examples(void)
{
	for (int lines = 0; lines < SUITE_LINES; lines++) {
		g_autoptr(GBytes) stored = suite_lines(slice_of(example), (SuiteLines)lines);
		g_autoptr(Fields) fields = example_fields(slice_of_bytes(stored));
		g_autofree char *relaxed = header_text(fields, CANON_RELAXED);
		g_autofree char *simple = header_text(fields, CANON_SIMPLE);

		g_test_message("%s", suite_lines_word((SuiteLines)lines));
		g_assert_cmpstr(relaxed, ==, "a:X\r\nb:Y Z\r\n");
		g_assert_cmpstr(simple, ==, "A: X\r\nB : Y\t\r\n\tZ  \r\n");
		check_body_text(fields->body, CANON_RELAXED, " C\r\nD E\r\n");
		check_body_text(fields->body, CANON_SIMPLE, " C \r\nD \t E\r\n");
	}
}

static const struct {
	const char *body;
	const char *simple;
	const char *relaxed;
} bodies[] = {
	{ "", "\r\n", "" },
	{ "\r\n", "\r\n", "" },
	{ "\n\n\n", "\r\n", "" },
	{ " ", " \r\n", "" },
	{ " \t\r\n \r\n", " \t\r\n \r\n", "" },
	{ "a", "a\r\n", "a\r\n" },
	{ "a\n", "a\r\n", "a\r\n" },
	{ "a\r\n\r\n", "a\r\n", "a\r\n" },
	{ "a\n \n", "a\r\n \r\n", "a\r\n" },
	{ "\n\na", "\r\n\r\na\r\n", "\r\n\r\na\r\n" },
	{ "a\n\n\nb\n", "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n" },
	{ "a b\tc  d \t e", "a b\tc  d \t e\r\n", "a b c d e\r\n" },
	{ "  a", "  a\r\n", " a\r\n" },
	{ "\ta", "\ta\r\n", " a\r\n" },
	{ "a\rb\n", "a\rb\r\n", "a\rb\r\n" },
	{ "a \r\r\n", "a \r\r\n", "a \r\r\n" },
	{ "\r", "\r\r\n", "\r\r\n" },
	{ "one two three four five\n", "one two three four five\r\n",
		"one two three four five\r\n" },
	{ "one two  three four\tfive\n", "one two  three four\tfive\r\n",
		"one two three four five\r\n" },
	{ "1234567  1234567 \t1234567\t \t", "1234567  1234567 \t1234567\t \t\r\n",
		"1234567 1234567 1234567\r\n" },
	{ "\xE3\x81\x82 \xA0 \x8A\x20\n", "\xE3\x81\x82 \xA0 \x8A\x20\r\n",
		"\xE3\x81\x82 \xA0 \x8A\r\n" },
};

static void test_bodies(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		Slice exact = suite_exact(slice_of(bodies[i].body));

		g_test_message("%s", bodies[i].body);
		check_body_text(exact, CANON_SIMPLE, bodies[i].simple);
		check_body_text(exact, CANON_RELAXED, bodies[i].relaxed);
		g_free((gpointer)(guintptr)exact.data);
	}
	check_body_text(SLICE_ABSENT, CANON_SIMPLE, "\r\n");
	check_body_text(SLICE_ABSENT, CANON_RELAXED, "");
}

/* 3.4.3 and 3.4.4 give the hashes of an empty body. */
static void test_empty_hashes(void)
{
	static const struct {
		CanonKind canon;
		DigestKind digest;
		const char *base64;
	} rows[] = { { CANON_SIMPLE, DIGEST_SHA1, "uoq1oCgLlTqpdDX/iUbLy7J1Wic=" },
		{ CANON_SIMPLE, DIGEST_SHA256, "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=" },
		{ CANON_RELAXED, DIGEST_SHA1, "2jmj7l5rSw0yVb/vlWAYkK/YBwk=" },
		{ CANON_RELAXED, DIGEST_SHA256, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		CanonBody body =
			canon_body(slice_of(""), rows[i].canon, rows[i].digest, CANON_WHOLE_BODY);
		g_autofree char *text = g_base64_encode(body.digest.octets, body.digest.len);

		g_test_message("%s", rows[i].base64);
		g_assert_cmpstr(text, ==, rows[i].base64);
		g_assert_cmpuint(body.length, ==, rows[i].canon == CANON_SIMPLE ? 2 : 0);
	}
}

static void check_limit(Slice body, CanonKind canon, uint64_t limit)
{
	g_autoptr(GString) text = canon_body_text(body, canon);
	size_t part = (size_t)MIN(limit, text->len);
	CanonBody made = canon_body(body, canon, DIGEST_SHA256, limit);
	DigestValue digest = digest_of(DIGEST_SHA256, slice_make(text->str, part));

	g_assert_cmpuint(made.length, ==, text->len);
	g_assert_cmpuint(made.hashed, ==, part);
	g_assert_true(digest_equal(&made.digest, &digest));
}

static void test_limits(void)
{
	Slice body = slice_of("ab \r\n\r\n\tc  d\r\n\r\n");

	for (uint64_t limit = 0; limit < 20; limit++) {
		g_test_message("l=%u", (unsigned)limit);
		check_limit(body, CANON_SIMPLE, limit);
		check_limit(body, CANON_RELAXED, limit);
	}
	check_limit(body, CANON_RELAXED, CANON_WHOLE_BODY);
}

/* Blanks, line ends and letters in all mixtures, against the naive way. */
static void test_random(void)
{
	static const char *const pieces[] = { "a", "bcd", " ", "  ", "\t", "\r\n", "\r\n\r\n",
		" \r\n", "efghijklmn op", "\r", "." };

	for (int round = 0; round < 20000; round++) {
		g_autoptr(GString) body = g_string_new(NULL);
		int count = g_test_rand_int_range(0, 14);
		Slice exact;

		for (int i = 0; i < count; i++)
			g_string_append(
				body, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
		exact = suite_exact(slice_make(body->str, body->len));
		for (int canon = 0; canon < 2; canon++) {
			g_autoptr(GString) ours = canon_body_text(exact, (CanonKind)canon);
			g_autoptr(GString) naive = naive_body(exact, (CanonKind)canon);

			g_assert_true(g_string_equal(ours, naive));
		}
		g_free((gpointer)(guintptr)exact.data);
	}
}

static void check_prefixes(Slice body, CanonKind canon, uint64_t limit)
{
	g_autoptr(CanonRun) run = canon_run_new(canon, DIGEST_SHA256, limit);
	Slice rest = body;
	CanonBody all;
	CanonBody whole = canon_body(body, canon, DIGEST_SHA256, limit);

	while (rest.len > 0) {
		g_autoptr(CanonRun) copy = NULL;
		CanonBody ours;
		CanonBody wanted;

		canon_run_add(run, slice_take_line(&rest));
		copy = canon_run_copy(run);
		ours = canon_run_finish(copy);
		wanted = canon_body(
			slice_sub(body, 0, body.len - rest.len), canon, DIGEST_SHA256, limit);
		g_assert_true(digest_equal(&ours.digest, &wanted.digest));
		g_assert_cmpuint(ours.length, ==, wanted.length);
		g_assert_cmpuint(ours.hashed, ==, wanted.hashed);
	}
	all = canon_run_finish(run);
	g_assert_true(digest_equal(&all.digest, &whole.digest));
}

/* Line by line, with a copy of the run at every line end, is the same as each prefix at one go. */
static void test_pieces(void)
{
	static const char *const pieces[] = { "", "\r\n", "a\r\n", "a", "\r\n\r\na \t b\r\n",
		"a\n\n \nb  c\n\n\n", " \r\n\t\r\n", "a \r\n b\r\n\r\n\r\nc" };
	static const uint64_t limits[] = { CANON_WHOLE_BODY, 0, 3 };

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(limits); k++)
			for (int canon = 0; canon < 2; canon++) {
				g_test_message("body %u, limit %u", (unsigned)i, (unsigned)k);
				check_prefixes(slice_of(pieces[i]), (CanonKind)canon, limits[k]);
			}
}

static char *repeated(const char *text, size_t len, const char *end)
{
	GString *out = g_string_sized_new(len + 64);

	while (out->len < len)
		g_string_append(out, text);
	g_string_append(out, end);
	return g_string_free(out, FALSE);
}

/* Linear on what an attacker might send: a quadratic way would take hours. */
static void test_hostile(void)
{
	static const struct {
		const char *text;
		const char *end;
		uint64_t relaxed;
	} rows[] = { { " ", "", 0 }, { " ", "x", 4 }, { "\n", "", 0 },
		{ "\n", "x", 2 * 8000000 + 3 }, { "\r\n", "", 0 }, { " \n", "", 0 },
		{ "a  ", "", 8000001 / 3 * 2 + 1 }, { "\t", "\r", 4 }, { "\r", "", 8000002 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = repeated(rows[i].text, 8000000, rows[i].end);
		CanonBody body =
			canon_body(slice_of(text), CANON_RELAXED, DIGEST_SHA256, CANON_WHOLE_BODY);

		g_test_message("row %u", (unsigned)i);
		g_assert_cmpuint(body.length, ==, rows[i].relaxed);
		canon_body(slice_of(text), CANON_SIMPLE, DIGEST_SHA256, CANON_WHOLE_BODY);
	}
}

static const struct {
	const char *raw;
	const char *relaxed;
	const char *simple;
} headers[] = {
	{ "SUBJect: AbC\r\n", "subject:AbC", "SUBJect: AbC" },
	{ "Subject:AbC", "subject:AbC", "Subject:AbC" },
	{ "Subject \t:  a  b\t\tc \t\r\n", "subject:a b c", "Subject \t:  a  b\t\tc \t" },
	{ "X:\r\n", "x:", "X:" },
	{ "X: \n\t\n \n", "x:", "X: \r\n\t\r\n " },
	{ "X: a\n b\r\n\tc\n", "x:a b c", "X: a\r\n b\r\n\tc" },
	{ "X: a\r b\r\n", "x:a\r b", "X: a\r b" },
	{ "X: a:b : c\n", "x:a:b : c", "X: a:b : c" },
	{ "X: a \r\n  \r\n b\n", "x:a b", "X: a \r\n  \r\n b" },
};

static void test_headers(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		Slice exact = suite_exact(slice_of(headers[i].raw));
		g_autoptr(Fields) fields = example_fields(exact);
		g_autofree char *relaxed = header_text(fields, CANON_RELAXED);
		g_autofree char *simple = header_text(fields, CANON_SIMPLE);
		g_autofree char *relaxed_line = g_strconcat(headers[i].relaxed, "\r\n", NULL);
		g_autofree char *simple_line = g_strconcat(headers[i].simple, "\r\n", NULL);

		g_test_message("%s", headers[i].raw);
		g_assert_cmpuint(fields->count, ==, 1);
		g_assert_cmpstr(relaxed, ==, relaxed_line);
		g_assert_cmpstr(simple, ==, simple_line);
		g_free((gpointer)(guintptr)exact.data);
	}
}

static void test_without(void)
{
	Slice text = slice_of("Sig: a=1; b=\r\n Zm9v \r\n ; c=2\r\n");
	g_autoptr(Fields) fields = example_fields(text);
	const Field *field = &fields->list[0];
	Slice left_out = slice_sub(text, 12, 11);
	g_autoptr(GString) relaxed = g_string_new(NULL);
	g_autoptr(GString) simple = g_string_new(NULL);

	canon_header_without(relaxed, field, left_out, CANON_RELAXED);
	canon_header_without(simple, field, left_out, CANON_SIMPLE);
	g_assert_cmpstr(relaxed->str, ==, "sig:a=1; b=; c=2");
	g_assert_cmpstr(simple->str, ==, "Sig: a=1; b=; c=2");
}

/* What an l= leaves over, in whichever form the body is stored. */
static void test_rest(void)
{
	static const struct {
		const char *body;
		CanonKind canon;
		uint64_t limit;
		const char *rest;
	} rows[] = { { "ab\ncd\nef\n", CANON_SIMPLE, 4, "cd\nef\n" },
		{ "ab\ncd\nef\n", CANON_SIMPLE, 8, "ef\n" },
		{ "ab\ncd\nef\n", CANON_SIMPLE, 9, "ef\n" },
		{ "ab\ncd\nef\n", CANON_SIMPLE, 7, "cd\nef\n" },
		{ "ab\ncd\nef\n", CANON_SIMPLE, 12, "" },
		{ "ab\ncd\nef\n", CANON_SIMPLE, 0, "ab\ncd\nef\n" },
		{ "ab\n\n\ncd\n", CANON_SIMPLE, 8, "cd\n" },
		{ "a  b \t\ncd\n", CANON_RELAXED, 5, "cd\n" },
		{ "a  b \t\ncd\n", CANON_RELAXED, 4, "a  b \t\ncd\n" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int lines = SUITE_LF; lines <= SUITE_CRLF; lines++) {
			g_autoptr(GBytes) body =
				suite_lines(slice_of(rows[i].body), (SuiteLines)lines);
			g_autoptr(GBytes) wanted =
				suite_lines(slice_of(rows[i].rest), (SuiteLines)lines);
			Slice rest =
				canon_body_rest(slice_of_bytes(body), rows[i].canon, rows[i].limit);

			g_test_message("row %zu, %s", i, suite_lines_word((SuiteLines)lines));
			g_assert_true(slice_equal(rest, slice_of_bytes(wanted)));
			g_assert_cmpuint(slice_offset(slice_of_bytes(body), rest) + rest.len, ==,
				g_bytes_get_size(body));
		}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/canon/examples", test_examples);
	g_test_add_func("/canon/bodies", test_bodies);
	g_test_add_func("/canon/empty-hashes", test_empty_hashes);
	g_test_add_func("/canon/limits", test_limits);
	g_test_add_func("/canon/random", test_random);
	g_test_add_func("/canon/pieces", test_pieces);
	g_test_add_func("/canon/hostile", test_hostile);
	g_test_add_func("/canon/headers", test_headers);
	g_test_add_func("/canon/without", test_without);
	g_test_add_func("/canon/rest", test_rest);
	return g_test_run();
}
