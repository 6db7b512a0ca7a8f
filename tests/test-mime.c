/* Tests of message/mime_view.h: the tree, exact slices, parameters, transfer encodings. */
#include "base/limits.h"
#include "message/mime_view.h"
#include "suite.h"

#include <string.h>

static const MimePart *child(const MimePart *part, guint index)
{
	return g_ptr_array_index(part->children, index);
}

/* "type<body>" of a leaf, "type(child child)" of what has children, '!' behind an unclosed
 * multipart; line ends as LF, none at the end of a body. */
static void show(GString *text, const MimePart *part)
{
	g_string_append(text, part->type);
	if (strncmp(part->type, "multipart/", 10) == 0 && !part->is_closed)
		g_string_append_c(text, '!');
	g_string_append_c(text, part->children->len > 0 ? '(' : '<');
	for (guint i = 0; i < part->children->len; i++) {
		g_string_append(text, i > 0 ? " " : "");
		show(text, child(part, i));
	}
	for (size_t i = 0; part->children->len == 0 && i < slice_trim_end(part->fields->body).len;
		i++)
		if (part->fields->body.data[i] != '\r')
			g_string_append_c(text, part->fields->body.data[i]);
	g_string_append_c(text, part->children->len > 0 ? ')' : '>');
}

static void check_places(const MimePart *part, Slice around)
{
	size_t end = slice_offset(around, part->whole) + part->whole.len;

	g_assert_cmpuint(end, <=, around.len);
	g_assert_true(part->fields->message.data == part->whole.data);
	g_assert_cmpuint(slice_offset(part->whole, part->fields->header) + part->fields->header.len,
		<=, part->whole.len);
	if (part->fields->body.data != NULL)
		g_assert_cmpuint(
			slice_offset(part->whole, part->fields->body) + part->fields->body.len, ==,
			part->whole.len);
	for (guint i = 0; i < part->children->len; i++)
		check_places(child(part, i), part->whole);
}

static void check_codes(const Findings *findings, const char *codes)
{
	g_auto(GStrv) list = g_strsplit(codes, " ", -1);

	if (codes[0] == '\0' && findings_count(findings) > 0)
		g_test_message("unexpected: %s", findings_get(findings, 0)->code);
	if (codes[0] == '\0')
		g_assert_cmpuint(findings_count(findings), ==, 0);
	for (size_t i = 0; codes[0] != '\0' && list[i] != NULL; i++) {
		if (findings_find(findings, list[i]) == NULL)
			g_test_message("missing finding: %s", list[i]);
		g_assert_nonnull(findings_find(findings, list[i]));
	}
}

#define HEAD(boundary) "Content-Type: multipart/mixed; boundary=\"" boundary "\"\n\n"

static const struct {
	const char *name, *message, *tree, *codes;
} rows[] = {
	{ "no MIME", "Subject: x\n\nbody\n", "text/plain<body>", "" },
	{ "two parts",
		HEAD("b") "preamble\n--b\nContent-Type: text/html\n\n<p>\n--b\n\ntwo\n--b--\nend\n",
		"multipart/mixed(text/html<<p>> text/plain<two>)", "" },
	{ "boundary line padded", HEAD("b") "--b \t\n\none\n--b-- \n",
		"multipart/mixed(text/plain<one>)", "" },
	{ "unquoted boundary",
		"Content-Type: multipart/mixed; boundary=a=b:c\n\n--a=b:c\n\n1\n--a=b:c--\n",
		"multipart/mixed(text/plain<1>)", "" },
	{ "folded, with comments",
		"Content-Type: (a) multipart (b) / mixed (c) ;\n (d) boundary (e) = (f) \"b\" "
		"(g)\n\n"
		"--b\n\n1\n--b--\n",
		"multipart/mixed(text/plain<1>)", "" },
	{ "boundary in pieces",
		"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n--ab\n\n1\n--ab--\n",
		"multipart/mixed(text/plain<1>)", "" },
	{ "unclosed", HEAD("b") "--b\n\none\n", "multipart/mixed!(text/plain<one>)",
		"multipart-unclosed" },
	{ "no part", HEAD("b") "text\n", "multipart/mixed!<text>",
		"multipart-unclosed multipart-without-parts" },
	{ "no boundary", "Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n",
		"multipart/mixed!<--b\n\none\n--b-->", "boundary-missing" },
	{ "empty boundary", HEAD("") "--\n\none\n----\n", "multipart/mixed!<--\n\none\n---->",
		"boundary-missing" },
	{ "part without header", HEAD("b") "--b\n\none\n--b--\n",
		"multipart/mixed(text/plain<one>)", "" },
	{ "part without empty line", HEAD("b") "--b\nContent-Type: text/html\n--b\n\ntwo\n--b--\n",
		"multipart/mixed(text/html<> text/plain<two>)", "" },
	{ "empty parts", HEAD("b") "--b\n--b\n\n--b\n\n\n--b--\n",
		"multipart/mixed(text/plain<> text/plain<> text/plain<>)", "" },
	{ "nested", HEAD("a") "--a\n" HEAD("b") "--b\n\n1\n--b\n\n2\n--b--\nx\n--a\n\n3\n--a--\n",
		"multipart/mixed(multipart/mixed(text/plain<1> text/plain<2>) text/plain<3>)", "" },
	{ "inner unclosed", HEAD("a") "--a\n" HEAD("b") "--b\n\n1\n--a\n\n3\n--a--\n",
		"multipart/mixed(multipart/mixed!(text/plain<1>) text/plain<3>)",
		"multipart-unclosed" },
	{ "boundary is the start of another",
		HEAD("a") "--a\n" HEAD("ab") "--ab\n\n1\n--ab--\n--a\n\n3\n--a--\n",
		"multipart/mixed(multipart/mixed(text/plain<1>) text/plain<3>)", "" },
	{ "boundary that ends in hyphens", HEAD("a--") "--a--\n\n1\n--a----\n",
		"multipart/mixed(text/plain<1>)", "" },
	{ "same boundary inside", HEAD("b") "--b\n" HEAD("b") "--b\n\n1\n--b--\n--b\n\n2\n--b--\n",
		"multipart/mixed(multipart/mixed(text/plain<1>) text/plain<2>)",
		"boundary-reused" },
	{ "boundary of an inner one that is closed closes the outer",
		HEAD("a--") "--a--\n" HEAD(
			"a----") "--a----\n\n1\n--a------\nx\n--a----\n--a----\n",
		"multipart/mixed(multipart/mixed(text/plain<1>))", "boundary-after-close" },
	{ "text behind a boundary", HEAD("b") "--b\n\n1\n--bx\n2\n--b--\n",
		"multipart/mixed(text/plain<1\n--bx\n2>)", "boundary-with-text-behind" },
	{ "part behind the end", HEAD("b") "--b\n\n1\n--b--\n--b\n\n2\n--b--\n",
		"multipart/mixed(text/plain<1>)", "boundary-after-close" },
	{ "message inside",
		HEAD("b") "--b\nContent-Type: message/rfc822\n\nSubject: x\n\n1\n--b--\n",
		"multipart/mixed(message/rfc822(text/plain<1>))", "" },
	{ "message with parts inside",
		HEAD("b") "--b\nContent-Type: message/rfc822\n\n" HEAD(
			"c") "--c\n\n1\n--c--\n--b--\n",
		"multipart/mixed(message/rfc822(multipart/mixed(text/plain<1>)))", "" },
	{ "message, encoded",
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTogMQoK\n",
		"message/rfc822<QTogMQoK>", "multipart-encoded" },
	{ "digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n1\n--b--\n",
		"multipart/digest(message/rfc822(text/plain<1>))", "" },
	{ "two types",
		"Content-Type: text/html\nContent-Type: multipart/mixed; "
		"boundary=b\n\n--b\n\n1\n--b--\n",
		"text/html<--b\n\n1\n--b-->", "content-type-repeated" },
	{ "two boundaries",
		"Content-Type: multipart/mixed; boundary=b; "
		"boundary=c\n\n--b\n\n1\n--c\n\n2\n--b--\n",
		"multipart/mixed(text/plain<1\n--c\n\n2>)", "content-type-parameter-repeated" },
	{ "two encodings",
		"Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n\n1\n",
		"text/plain<1>", "transfer-encoding-repeated" },
	{ "type unreadable", "Content-Type: text\n\n1\n", "text/plain<1>",
		"content-type-malformed" },
	{ "boundary only with its parameter's blanks cut", HEAD("b  ") "--b\n\n1\n--b--\n",
		"multipart/mixed(text/plain<1>)", "" },
};

static void check_row(size_t i, SuiteLines lines)
{
	g_autoptr(GBytes) text = suite_lines(slice_of(rows[i].message), lines);
	Slice exact = suite_exact(slice_of_bytes(text));
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(exact, findings);
	GString *tree = g_string_new(NULL);

	g_test_message("%s, %s", rows[i].name, suite_lines_word(lines));
	show(tree, root);
	g_assert_cmpstr(tree->str, ==, rows[i].tree);
	check_places(root, exact);
	check_codes(findings, rows[i].codes);
	g_string_free(tree, TRUE);
	g_free((gpointer)(guintptr)exact.data);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (SuiteLines lines = 0; lines < SUITE_LINES; lines++)
			check_row(i, lines);
}

/* What multipart/signed is verified on: the exact octets of the first part. */
static void test_exact_slices(void)
{
	static const char text[] = "Content-Type: multipart/signed; boundary=b\r\n\r\n"
				   "--b\r\nA: 1\r\n\r\none\r\n\r\n--b\r\n\r\nsig\r\n--b--\r\n";
	static const char lf[] = "Content-Type: multipart/signed; boundary=b\n\n"
				 "--b\nA: 1\n\none\r\r\n--b\n\nsig\n--b--\n";
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) crlf_root = mime_parse(slice_of(text), findings);
	g_autoptr(MimePart) lf_root = mime_parse(slice_of(lf), findings);

	g_assert_true(slice_is(child(crlf_root, 0)->whole, "A: 1\r\n\r\none\r\n"));
	g_assert_true(slice_is(child(crlf_root, 1)->whole, "\r\nsig"));
	g_assert_true(slice_is(child(lf_root, 0)->whole, "A: 1\n\none\r"));
	g_assert_true(crlf_root->whole.data == text);
	g_assert_cmpuint(crlf_root->whole.len, ==, sizeof text - 1);
	g_assert_true(child(crlf_root, 0)->parent == crlf_root);
}

/* The text at every 4,096th octet of a long line is no start of a line, whatever GMime makes of
 * it. */
static void test_long_line(void)
{
	GString *text = g_string_new(HEAD("b") "--b\n\n");
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = NULL;

	for (size_t i = 0; i < 5000; i++)
		g_string_append(text, "x--b");
	g_string_append(text, "\n--b--\n");
	root = mime_parse(slice_make(text->str, text->len), findings);
	g_assert_cmpuint(root->children->len, ==, 1);
	g_assert_cmpuint(child(root, 0)->fields->body.len, ==, 20000);
	g_string_free(text, TRUE);
}

static const struct {
	const char *value, *name, *expected;
} parameters[] = {
	{ "text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii" },
	{ "text/plain; charset=us-ascii(Plain text)", "charset", "us-ascii" },
	{ "text/plain; CHARSET=\"a \\\"b\\\" c\"", "charset", "a \"b\" c" },
	{ "text/plain; name=\"a\n b\"", "name", "a b" },
	{ "text/plain; a=1; b=2", "b", "2" },
	{ "text/plain a=1 b=2", "b", "2" },
	{ "text/plain;; a = 1 ;", "a", "1" },
	{ "text/plain; a; b=2", "b", "2" },
	{ "text/plain; =1; b=2", "b", "2" },
	{ "text/plain; a=\"open", "a", "open" },
	{ "text/plain; a=", "a", "" },
	{ "text/plain; name*=utf-8''%E5%85%AC%20x", "name", "\xE5\x85\xAC x" },
	{ "text/plain; name*=iso-2022-jp'ja'%1B$B8x%1B%28B", "name", "\xE5\x85\xAC" },
	{ "text/plain; name*0*=shift_jis''%8C; name*1*=%F6; name*2=\"%41\"", "name",
		"\xE5\x85\xAC%41" },
	{ "text/plain; name*1=b; name*0=a", "name", "ab" },
	{ "text/plain; name*1=b", "name", NULL },
	{ "text/plain; name*=x", "name", "x" },
	{ "text/plain; name*=utf-8''a%00b", "name", "a\\x00b" },
	{ "text/plain; name=\xE5\x85\xAC", "name", "\xE5\x85\xAC" },
	{ "text/plain; name=\x8C\xF6", "name", "\xE5\x85\xAC" },
	{ "text/plain; a=1; a=2", "a", "1" },
	{ "text/plain; name*99999999999999999999=x", "name", NULL },
};

static void test_parameters(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(parameters); i++) {
		g_autofree char *text =
			g_strconcat("Content-Type: ", parameters[i].value, "\n\n", NULL);
		Slice exact = suite_exact(slice_of(text));
		g_autoptr(Findings) findings = findings_new();
		g_autoptr(MimePart) root = mime_parse(exact, findings);

		g_test_message("%s", parameters[i].value);
		g_assert_cmpstr(
			mime_parameter(root, parameters[i].name), ==, parameters[i].expected);
		g_free((gpointer)(guintptr)exact.data);
	}
}

static const struct {
	const char *encoding, *body, *decoded;
} bodies[] = {
	{ "7bit", "a=\n", "a=\n" },
	{ "8BIT", "a=\n", "a=\n" },
	{ "", "a\n", "a\n" },
	{ "base64", "YWJj\nZGVm", "abcdef" },
	{ "base64", "YQ==YmM=ZGVm", "abcdef" },
	{ "base64", "YQ", "a" },
	{ "base64", "YWI", "ab" },
	{ "base64", "Y", "" },
	{ "base64", "!Y*W\x80J\rj====YQ", "abca" },
	{ "base64 (comment)", "YQ==", "a" },
	{ "quoted-printable", "a=3Db=3d  \nc=\nd= \r\ne\r\n", "a=b=\ncde\r\n" },
	{ "quoted-printable", "a=b =4", "a=b =4" },
	{ "quoted-printable", "a=", "a" },
	{ "x-uuencode", "x\nbegin 644 a\n#86)C\n`\nend\ny\n", "abc" },
	{ "x-uuencode", "#86)C\n", "" },
	{ "x-what", "a", NULL },
};

static void test_bodies(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autofree char *text =
			g_strconcat("Content-Transfer-Encoding: ", bodies[i].encoding, "\n\n",
				bodies[i].body, NULL);
		Slice exact = suite_exact(slice_of(text));
		g_autoptr(Findings) findings = findings_new();
		g_autoptr(MimePart) root = mime_parse(exact, findings);
		g_autoptr(GBytes) decoded = mime_decode_body(root);

		g_test_message("%s %s", bodies[i].encoding, bodies[i].body);
		g_assert_true((decoded == NULL) == (bodies[i].decoded == NULL));
		if (decoded != NULL)
			g_assert_true(slice_is(slice_of_bytes(decoded), bodies[i].decoded));
		g_free((gpointer)(guintptr)exact.data);
	}
}

static MimePart *parse_string(const GString *text, Findings *findings)
{
	return mime_parse(slice_make(text->str, text->len), findings);
}

static void test_limit_depth(void)
{
	GString *text = g_string_new(NULL);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = NULL;
	const MimePart *part;
	size_t depth = 1;

	for (int i = 0; i < 10000; i++)
		g_string_append_printf(
			text, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	/* The cost of a line must not depend on how many multiparts are open. */
	for (int i = 0; i < 500000; i++)
		g_string_append(text, "--\n");
	root = parse_string(text, findings);
	for (part = root; part->children->len > 0; part = child(part, 0))
		depth++;
	g_assert_cmpuint(depth, ==, LIMIT_MIME_DEPTH);
	check_codes(findings, "mime-too-deep multipart-unclosed");
	g_string_free(text, TRUE);
}

static void test_limit_messages(void)
{
	GString *text = g_string_new(NULL);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = NULL;

	for (int i = 0; i < 100000; i++)
		g_string_append(text, "Content-Type: message/rfc822\n\n");
	root = parse_string(text, findings);
	check_places(root, slice_make(text->str, text->len));
	check_codes(findings, "mime-too-deep");
	g_string_free(text, TRUE);
}

static void test_limit_parts(void)
{
	GString *text = g_string_new(HEAD("b"));
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = NULL;

	for (int i = 0; i < 1000000; i++)
		g_string_append(text, "--b\nx\n");
	root = parse_string(text, findings);
	g_assert_cmpuint(root->children->len, ==, LIMIT_MIME_PARTS - 1);
	g_assert_cmpuint(findings_count(findings), <, 300);
	check_codes(findings, "mime-too-many-parts");
	g_string_free(text, TRUE);
}

static void test_limit_boundary(void)
{
	g_autofree char *boundary = g_strnfill(LIMIT_BOUNDARY + 1, 'b');
	g_autofree char *longest = g_strnfill(LIMIT_BOUNDARY, 'b');
	GString *text = g_string_new(NULL);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = NULL;
	g_autoptr(MimePart) good = NULL;

	g_string_printf(text, "Content-Type: multipart/mixed; boundary=%s\n\n--%s\n\n1\n--%s--\n",
		boundary, boundary, boundary);
	root = parse_string(text, findings);
	g_assert_cmpuint(root->children->len, ==, 0);
	check_codes(findings, "boundary-too-long");
	g_string_printf(text, "Content-Type: multipart/mixed; boundary=%s\n\n--%s\n\n1\n--%s--\n",
		longest, longest, longest);
	good = parse_string(text, findings);
	g_assert_cmpuint(good->children->len, ==, 1);
	g_assert_true(good->is_closed);
	g_string_free(text, TRUE);
}

/* A part's first field is a mere continuation, of a message inside a message: its place counts from
 * the start of the whole message. */
static void test_finding_places(void)
{
	static const char text[] = HEAD("b") "--b\n x: 1\n\n1\n--b--\n";
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(slice_of(text), findings);

	g_assert_cmpuint(root->children->len, ==, 1);
	g_assert_cmpuint(findings_find(findings, "header-starts-with-fold")->offset, ==,
		(guint64)(strstr(text, " x: 1") - text));
}

static void test_second_opinion(void)
{
	static const struct {
		const char *name, *message, *code;
	} cases[] = {
		{ "agrees", HEAD("b") "--b\n\n1\n--b\nContent-Type: text/html\n\n2\n--b--\n",
			NULL },
		{ "agrees, plain", "Subject: x\n\nbody\n", NULL },
		{ "agrees, message",
			HEAD("b") "--b\nContent-Type: message/rfc822\n\nA: 1\n\n1\n--b--\n", NULL },
		{ "two types", "Content-Type: text/html\n" HEAD("b") "--b\n\n1\n--b\n\n2\n--b--\n",
			"mime-reading-differs" },
	};
	g_autofree char *colons = g_strnfill(50000, ':');
	g_autofree char *many = g_strconcat("A: 1\n\n", colons, NULL);
	g_autoptr(Findings) colon_findings = findings_new();
	g_autoptr(MimePart) colon_root = mime_parse(slice_of(many), colon_findings);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Findings) findings = findings_new();
		Slice message = slice_of(cases[i].message);
		g_autoptr(MimePart) root = mime_parse(message, findings);

		g_test_message("%s", cases[i].name);
		mime_second_opinion(root, message, findings);
		if (cases[i].code != NULL)
			g_assert_nonnull(findings_find(findings, cases[i].code));
		else
			check_codes(findings, "");
	}
	mime_second_opinion(colon_root, slice_of(many), colon_findings);
	check_codes(colon_findings, "mime-second-opinion-left-out");
}

static unsigned leaves(const MimePart *part)
{
	unsigned count = part->children->len == 0;

	for (guint i = 0; i < part->children->len; i++)
		count += leaves(child(part, i));
	return count;
}

/* The corpus of malformed messages: slices stay inside, and LF and CRLF give the same tree. */
static void test_corpus(void)
{
	static const char *const dirs[] = { "malformed", "rfc", "thirdparty" };
	unsigned files = 0;

	for (size_t d = 0; d < G_N_ELEMENTS(dirs); d++) {
		for (unsigned n = 0; n < 100; n++) {
			g_autofree char *name = g_strdup_printf(
				"corpora/mime/stalwart-mail-parser/eml/%s/%03u.eml", dirs[d], n);
			g_autofree char *path = suite_path(name);
			g_autoptr(Findings) findings = findings_new();
			g_autoptr(GBytes) file = NULL;
			g_autoptr(MimePart) root = NULL;
			Slice exact;

			if (!g_file_test(path, G_FILE_TEST_EXISTS))
				break;
			g_test_message("%s", name);
			file = suite_file(name);
			exact = suite_exact(slice_of_bytes(file));
			root = mime_parse(exact, findings);
			check_places(root, exact);
			mime_second_opinion(root, exact, findings);
			g_assert_cmpuint(leaves(root), >, 0);
			files++;
			g_free((gpointer)(guintptr)exact.data);
		}
	}
	g_assert_cmpuint(files, >, 0);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/message/mime/rows", test_rows);
	g_test_add_func("/message/mime/exact-slices", test_exact_slices);
	g_test_add_func("/message/mime/long-line", test_long_line);
	g_test_add_func("/message/mime/parameters", test_parameters);
	g_test_add_func("/message/mime/bodies", test_bodies);
	g_test_add_func("/message/mime/limit/depth", test_limit_depth);
	g_test_add_func("/message/mime/limit/messages", test_limit_messages);
	g_test_add_func("/message/mime/limit/parts", test_limit_parts);
	g_test_add_func("/message/mime/limit/boundary", test_limit_boundary);
	g_test_add_func("/message/mime/finding-places", test_finding_places);
	g_test_add_func("/message/mime/second-opinion", test_second_opinion);
	g_test_add_func("/message/mime/corpus", test_corpus);
	return g_test_run();
}
