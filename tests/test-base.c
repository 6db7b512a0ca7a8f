/* Tests of src/base: every table names its failing row. */
#include "base/csv_reader.h"
#include "base/digest.h"
#include "base/domain_name.h"
#include "base/finding.h"
#include "base/inet_addr.h"
#include "base/printable.h"
#include "base/text_time.h"
#include "suite.h"

static void test_slice_trim(void)
{
	g_assert_true(slice_is(slice_trim(slice_of(" \t\r\n a b \n")), "a b"));
	g_assert_cmpuint(slice_trim(slice_of("  ")).len, ==, 0);
	g_assert_true(slice_is(slice_trim_end(slice_of(" a ")), " a"));
}

static void test_slice_take(void)
{
	Slice rest = slice_of("one;two");
	Slice lines = slice_of("a\r\nb");

	g_assert_true(slice_is(slice_take_until(&rest, ';'), "one"));
	g_assert_true(slice_is(slice_take_until(&rest, ';'), "two"));
	g_assert_cmpuint(rest.len, ==, 0);
	g_assert_true(slice_is(slice_chop_eol(slice_take_line(&lines)), "a"));
	g_assert_true(slice_is(slice_take_line(&lines), "b"));
	g_assert_cmpuint(lines.len, ==, 0);
}

static void test_slice_numbers(void)
{
	static const struct {
		const char *text;
		guint64 limit;
		bool ok;
		guint64 number;
	} rows[] = { { "0", 9, true, 0 }, { "255", 255, true, 255 }, { "256", 255, false, 0 },
		{ "", 9, false, 0 }, { "-1", 9, false, 0 }, { "1x", 99, false, 0 },
		{ "18446744073709551615", G_MAXUINT64, true, G_MAXUINT64 },
		{ "18446744073709551616", G_MAXUINT64, false, 0 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint64 number = 0;

		g_test_message("%s", rows[i].text);
		g_assert_true(slice_parse_uint(slice_of(rows[i].text), rows[i].limit, &number) ==
			      rows[i].ok);
		g_assert_cmpuint(number, ==, rows[i].number);
	}
}

static void test_domain_names(void)
{
	static const struct {
		const char *text, *name, *question;
	} rows[] = { { "Example.COM.", "example.com", "example.com" },
		{ "\xE4\xBE\x8B\xE3\x81\x88.jp", "xn--r8jz45g.jp",
			"\\228\\190\\139\\227\\129\\136.jp" },
		{ "a..b", NULL, NULL }, { "", NULL, NULL }, { ".", NULL, NULL },
		{ "_dmarc.example.jp", "_dmarc.example.jp", "_dmarc.example.jp" },
		{ "a b.example", NULL, "a\\032b.example" },
		{ "a\"b.example", NULL, "a\\034b.example" }, { "[192.0.2.1]", NULL, "[192.0.2.1]" },
		{ "a123456789012345678901234567890123456789012345678901234567890123.example", NULL,
			NULL } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name = domain_name_new(slice_of(rows[i].text));
		g_autofree char *question = domain_name_for_question(slice_of(rows[i].text));

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(name, ==, rows[i].name);
		g_assert_cmpstr(question, ==, rows[i].question);
	}
	g_assert_null(domain_name_new(slice_make("a\0.b", 4)));
}

static void test_domain_unicode(void)
{
	g_autofree char *japanese = domain_name_unicode("xn--r8jz45g.jp");

	g_assert_cmpstr(japanese, ==, "\xE4\xBE\x8B\xE3\x81\x88.jp");
	g_assert_null(domain_name_unicode("example.jp"));
	/* Punycode of what is no text: too much of it, a surrogate. */
	g_assert_null(domain_name_unicode("xn--99999999.jp"));
	g_assert_null(domain_name_unicode("xn--ppxx6xxxxxxxxxxxxxxxxxxxxxyxxxxxxxxxxxx"));
}

static void test_domain_labels(void)
{
	g_assert_cmpuint(domain_name_labels("a.b.c"), ==, 3);
	g_assert_cmpstr(domain_name_last("a.b.c", 2), ==, "b.c");
	g_assert_cmpstr(domain_name_last("a.b.c", 9), ==, "a.b.c");
	g_assert_cmpstr(domain_name_parent("a.b"), ==, "b");
	g_assert_null(domain_name_parent("b"));
	g_assert_true(domain_name_is_within("a.b.c", "b.c"));
	g_assert_true(domain_name_is_within("b.c", "b.c"));
	g_assert_false(domain_name_is_within("ab.c", "b.c"));
	g_assert_false(domain_name_is_within("c", "b.c"));
}

static void test_inet_addr(void)
{
	static const struct {
		const char *text, *shown;
		int family;
	} rows[] = { { "192.0.2.1", "192.0.2.1", 4 }, { "[192.0.2.1]", "192.0.2.1", 4 },
		{ "IPv6:2001:DB8::1", "2001:db8::1", 6 },
		{ "[IPv6:2001:db8::1]", "2001:db8::1", 6 }, { "::ffff:192.0.2.1", "192.0.2.1", 4 },
		{ "fe80::1%eth0", "fe80::1", 6 }, { "192.0.2.256", "", 0 }, { "192.0.2", "", 0 },
		{ "", "", 0 }, { "mail", "", 0 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		InetAddr addr = { .family = 0 };
		char text[INET_ADDR_TEXT];

		g_test_message("%s", rows[i].text);
		g_assert_true(
			inet_addr_parse(slice_of(rows[i].text), &addr) == (rows[i].family != 0));
		g_assert_cmpint(addr.family, ==, rows[i].family);
		g_assert_cmpstr(inet_addr_text(&addr, text), ==, rows[i].shown);
	}
}

static void test_inet_net(void)
{
	InetNet net;
	InetAddr addr;

	g_assert_true(inet_net_parse(slice_of("192.0.2.0/23"), &net));
	g_assert_true(inet_addr_parse(slice_of("192.0.3.255"), &addr));
	g_assert_true(inet_net_contains(&net, &addr));
	g_assert_true(inet_addr_parse(slice_of("192.0.4.0"), &addr));
	g_assert_false(inet_net_contains(&net, &addr));
	g_assert_false(inet_net_parse(slice_of("192.0.2.0/33"), &net));
	g_assert_true(inet_addr_parse(slice_of("172.31.0.1"), &addr));
	g_assert_true(inet_addr_is_private(&addr));
	g_assert_true(inet_addr_parse(slice_of("172.32.0.1"), &addr));
	g_assert_false(inet_addr_is_private(&addr));
	g_assert_true(inet_addr_parse(slice_of("fd00::1"), &addr));
	g_assert_true(inet_addr_is_private(&addr));
}

static void test_reverse_name(void)
{
	InetAddr addr;
	g_autofree char *four = NULL;
	g_autofree char *six = NULL;

	g_assert_true(inet_addr_parse(slice_of("192.0.2.1"), &addr));
	four = inet_addr_reverse_name(&addr);
	g_assert_cmpstr(four, ==, "1.2.0.192.in-addr.arpa");
	g_assert_true(inet_addr_parse(slice_of("2001:db8::1"), &addr));
	six = inet_addr_reverse_name(&addr);
	g_assert_cmpstr(six, ==,
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

typedef bool (*TimeParser)(Slice text, int64_t *ret_time);

static void test_times(void)
{
	static const struct {
		TimeParser parse;
		const char *text, *utc;
	} rows[] = {
		{ text_time_parse_rfc3339, "2026-11-24T02:15:00.121Z", "2026-11-24T02:15:00Z" },
		{ text_time_parse_rfc3339, "2021-12-03T09:00:00+09:00", "2021-12-03T00:00:00Z" },
		{ text_time_parse_rfc3339, "2021-12-03", "2021-12-03T00:00:00Z" },
		{ text_time_parse_rfc3339, "0021-02-03", "0021-02-03T00:00:00Z" },
		{ text_time_parse_rfc3339, "2021-02-29", NULL },
		{ text_time_parse_rfc3339, "2021-12-03T09:00:00", NULL },
		{ text_time_parse_asctime, "Sat Jan  3 01:05:34 1996", "1996-01-03T01:05:34Z" },
		{ text_time_parse_asctime, "Sat Sep 4 09:36:25 +0000 2021",
			"2021-09-04T09:36:25Z" },
		{ text_time_parse_asctime, "Sat Sep 4 09:36:25 2021 +0900",
			"2021-09-04T00:36:25Z" },
		{ text_time_parse_asctime, "Sat Sep 4 09:36:25 JST 2021", "2021-09-04T00:36:25Z" },
		{ text_time_parse_asctime, "here we go again", NULL },
		{ text_time_parse_rfc5322, "Fri, 3 Dec 2021 09:00:00 +0900 (JST)",
			"2021-12-03T00:00:00Z" },
		{ text_time_parse_rfc5322, "3 Dec 21 09:00 GMT", "2021-12-03T09:00:00Z" },
		{ text_time_parse_rfc5322, "Fri, 3 (a (nested) comment) Dec 1999 09:00:60 JST",
			"1999-12-03T00:00:59Z" },
		{ text_time_parse_rfc5322, "Fri, 31 Feb 2021 09:00:00 +0900", NULL },
		{ text_time_parse_rfc5322, "2021-12-03T09:00:00Z", NULL },
		{ text_time_parse_rfc5322, "", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice text = suite_exact(slice_of(rows[i].text));
		int64_t time = TIME_UNKNOWN;
		g_autofree char *utc = NULL;

		g_test_message("%s", rows[i].text);
		g_assert_true(rows[i].parse(text, &time) == (rows[i].utc != NULL));
		utc = text_time_rfc3339(time);
		g_assert_cmpstr(utc, ==, rows[i].utc);
		g_free((gpointer)(guintptr)text.data);
	}
}

static void test_time_text(void)
{
	g_autofree char *text = text_time_rfc3339_ms(1764123300121);
	g_autofree char *early = text_time_rfc3339_ms(-1);

	g_assert_cmpstr(text, ==, "2025-11-26T02:15:00.121Z");
	g_assert_cmpstr(early, ==, "1969-12-31T23:59:59.999Z");
	g_assert_null(text_time_rfc3339(TIME_UNKNOWN));
}

static void test_printable(void)
{
	static const char text[] = "a\0\x1B[2J\xFF\xE2\x80\xAE\xE5\x85\xAC\tb";
	g_autofree char *utf8 = printable_utf8(slice_make(text, sizeof text - 1));
	g_autofree char *line = printable_line(slice_make(text, sizeof text - 1));

	g_assert_cmpstr(utf8, ==, "a\\x00\x1B[2J\\xFF\xE2\x80\xAE\xE5\x85\xAC\tb");
	g_assert_cmpstr(line, ==,
		"a\\x00\\x1B[2J\\xFF\\u{202E}\xE5\x85\xAC\\x09"
		"b");
}

typedef struct KeyedRow {
	const char *name, *key;
	size_t key_octets; /* of key, repeated */
	const char *text, *digest;
} KeyedRow;

/* RFC 4231, 4.3, 4.6 and 4.7. */
static const KeyedRow keyed_rows[] = {
	{ "short key", "Jefe", 4, "what do ya want for nothing?",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "long key", "\xAA", 131, "Test Using Larger Than Block-Size Key - Hash Key First",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	{ "no key", "", 0, "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
};

static void test_digest_keyed(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keyed_rows); i++) {
		const KeyedRow *row = &keyed_rows[i];
		g_autoptr(GString) key = g_string_new(NULL);
		g_autofree char *hex = NULL;
		DigestValue digest;

		while (key->len < row->key_octets)
			g_string_append(key, row->key);
		digest = digest_keyed(slice_make(key->str, key->len), slice_of(row->text));
		hex = digest_hex(&digest);
		g_test_message("%s", row->name);
		g_assert_cmpstr(hex, ==, row->digest);
	}
}

static void test_digest(void)
{
	DigestValue value = digest_of(DIGEST_SHA256, slice_of("abc"));
	g_autofree char *hex = digest_hex(&value);

	g_assert_cmpstr(
		hex, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_findings(void)
{
	g_autoptr(Findings) findings = findings_new();
	Slice message = slice_of("From: a");

	findings_add(findings, "one", SEVERITY_INFO, "One.", g_strdup("x"));
	findings_add(findings, "one", SEVERITY_INFO, "One.", g_strdup("x"));
	findings_add_at(
		findings, "two", SEVERITY_ALERT, "Two.", NULL, message, slice_sub(message, 6, 1));
	g_assert_cmpuint(findings_count(findings), ==, 2);
	g_assert_cmpuint(findings_find(findings, "two")->offset, ==, 6);
	g_assert_null(findings_find(findings, "three"));
}

/* Rows with "|" between cells and "/" behind each row; "!" and the line where it is no CSV. */
static char *csv_text(const char *text, size_t len)
{
	g_autofree char *exact = g_memdup2(text, len);
	g_autoptr(CsvReader) reader = csv_reader_new(slice_make(exact, len));
	g_autoptr(GError) error = NULL;
	GString *out = g_string_new(NULL);
	GPtrArray *cells;

	while ((cells = csv_reader_next(reader, &error)) != NULL) {
		for (guint i = 0; i < cells->len; i++)
			g_string_append_printf(out, "%s%s", i > 0 ? "|" : "",
				(const char *)g_ptr_array_index(cells, i));
		g_string_append_c(out, '/');
		g_ptr_array_unref(cells);
	}
	if (error != NULL)
		g_string_append_printf(out, "!%.6s", error->message);
	return g_string_free(out, FALSE);
}

static void test_csv_reader(void)
{
	static const struct {
		const char *text, *cells;
	} rows[] = { { "", "" }, { "a,b\nc,d\n", "a|b/c|d/" }, { "a,b\r\nc,d", "a|b/c|d/" },
		{ "a\rb", "a/b/" }, { "a,\n", "a|/" }, { ",\n", "|/" },
		{ "\xEF\xBB\xBF"
		  "a\n",
			"a/" },
		{ "\n\na\n \n\r\nb\n", "a/b/" }, { " a , b ", "a|b/" },
		{ "\"a,b\",\"c\"\"d\",\"\"\n", "a,b|c\"d|/" }, { "\"a\r\nb\"\nc", "a\r\nb/c/" },
		{ "a\"b,c", "a\"b|c/" }, { "\"a\"b,c", "ab|c/" }, { "a\n\"b", "a/!line 2" },
		{ "\"a\nb\"\n\"", "a\nb/!line 3" }, { "a\nb,\xFF\n", "a/!line 2" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *cells = csv_text(rows[i].text, strlen(rows[i].text));

		g_test_message("row %u", (unsigned)i);
		g_assert_cmpstr(cells, ==, rows[i].cells);
	}
	{
		g_autofree char *cells = csv_text("a\0b", 3);

		g_assert_cmpstr(cells, ==, "!line 1");
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/base/slice/trim", test_slice_trim);
	g_test_add_func("/base/slice/take", test_slice_take);
	g_test_add_func("/base/slice/numbers", test_slice_numbers);
	g_test_add_func("/base/domain-name/forms", test_domain_names);
	g_test_add_func("/base/domain-name/domain-unicode", test_domain_unicode);
	g_test_add_func("/base/domain-name/labels", test_domain_labels);
	g_test_add_func("/base/inet-addr/parse", test_inet_addr);
	g_test_add_func("/base/inet-addr/nets", test_inet_net);
	g_test_add_func("/base/inet-addr/reverse", test_reverse_name);
	g_test_add_func("/base/text-time/parse", test_times);
	g_test_add_func("/base/text-time/format", test_time_text);
	g_test_add_func("/base/printable", test_printable);
	g_test_add_func("/base/digest", test_digest);
	g_test_add_func("/base/digest-keyed", test_digest_keyed);
	g_test_add_func("/base/findings", test_findings);
	g_test_add_func("/base/csv-reader", test_csv_reader);
	return g_test_run();
}
