/* Tests of message/address.h: addresses as the grammar has them, all tricks of the spoofing
 * catalogue, and paths. */
#include "base/limits.h"
#include "message/address.h"
#include "suite.h"

#include <string.h>

/* "display <addr-spec>" joined by '|', '!' before it all where the field is malformed. */
static char *shown(const AddressList *list)
{
	GString *text = g_string_new(list->is_malformed ? "!" : "");

	for (guint i = 0; i < list->addresses->len; i++) {
		const Address *address = address_list_get(list, i);

		g_string_append(text, i > 0 ? "|" : "");
		if (address->display != NULL)
			g_string_append_printf(text, "%s ", address->display);
		g_string_append_printf(text, "<%s>", address->addr_spec);
	}
	return g_string_free(text, FALSE);
}

/* codes: space-separated, all of them and no others; NULL is not looked at. */
static void check_codes(const Findings *findings, const char *codes)
{
	g_auto(GStrv) list = g_strsplit(codes, " ", -1);

	for (size_t i = 0; codes[0] != '\0' && list[i] != NULL; i++) {
		if (findings_find(findings, list[i]) == NULL)
			g_test_message("missing finding: %s", list[i]);
		g_assert_nonnull(findings_find(findings, list[i]));
	}
	for (size_t i = 0; i < findings_count(findings); i++) {
		const Finding *finding = findings_get(findings, i);
		bool is_expected = g_strv_contains((const char *const *)list, finding->code);

		if (!is_expected)
			g_test_message("unexpected: %s %s", finding->code, finding->detail);
		g_assert_true(is_expected);
	}
}

#define OTHER "address-reading-differs"

static const struct {
	const char *name, *value, *addresses, *codes;
} rows[] = {
	/* RFC 5322, A */
	{ "bare", " jdoe@example.org", "<jdoe@example.org>", "" },
	{ "name", "John Doe <jdoe@machine.example>", "John Doe <jdoe@machine.example>", "" },
	{ "quoted name", "\"Joe Q. Public\" <john.q.public@example.com>",
		"Joe Q. Public <john.q.public@example.com>", "" },
	{ "several", "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
		"Mary Smith <mary@x.test>|<jdoe@example.org>|Who? <one@y.test>", "" },
	{ "blanks in quotes", "\"  A \" <a@b.example>", "  A  <a@b.example>", "" },
	{ "quoted pairs", "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
		"<boss@nil.test>|Giant; \"Big\" Box <sysservices@example.net>", "" },
	{ "group", "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
		"Ed Jones <c@a.test>|<joe@where.test>|John <jdoe@one.test>", "address-group" },
	{ "empty group", "Undisclosed recipients:;", "", "address-group" },
	{ "comments everywhere", "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
		"Pete <pete@silly.test>", "" },
	{ "comments, nested", "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", "",
		"address-group" },
	{ "dot in a phrase", "Joe Q. Public <john.q.public@example.com>",
		"Joe Q. Public <john.q.public@example.com>", "" },
	{ "null elements and obs-route",
		"Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
		"Mary Smith <mary@example.net>|<jdoe@test.example>", "address-source-route" },
	{ "obs-domain with a comment", "John Doe <jdoe@machine(comment).  example>",
		"John Doe <jdoe@machine.example>", "" },
	{ "obs-local-part", "john . q . public @ example.com", "<john.q.public@example.com>", "" },
	{ "quoted local part", "\"john q\"@example.com", "<\"john q\"@example.com>", "" },
	{ "quoted words with dots", "\"a b\".c@example.com", "<\"a b\".c@example.com>", "" },
	{ "folded", "Mary Smith\r\n    \r\n\t<mary@example.net>", "Mary Smith <mary@example.net>",
		"" },
	{ "name in a comment", "jdoe@example.org (John (Q) Doe)", "John (Q) Doe <jdoe@example.org>",
		"" },
	{ "domain literal", "a@[192.0.2.1]", "<a@[192.0.2.1]>", "" },
	{ "encoded name", "=?utf-8?B?5YWs?= =?utf-8?Q?x?= <a@b.example>",
		"\xE5\x85\xACx <a@b.example>", "" },
	{ "encoded name in quotes", "\"=?utf-8?B?5YWs?=\" <a@b.example>",
		"\xE5\x85\xAC <a@b.example>", "" },
	{ "comma in an encoded word", "=?utf-8?Q?Foo,_Inc.?= <a@b.example>",
		"Foo, Inc. <a@b.example>", "" },
	{ "raw Shift_JIS name with a backslash", "\"\x83\\\" <a@b.example>",
		"\xE3\x82\xBD <a@b.example>", OTHER },
	/* Raw ISO-2022-JP: octets of its characters are quotes, brackets, commas, at signs. */
	{ "raw ISO-2022-JP name with quotes", "\x1B$B$\"$$$&\x1B(B <a@b.example>",
		"\xE3\x81\x82\xE3\x81\x84\xE3\x81\x86 <a@b.example>", OTHER },
	{ "raw ISO-2022-JP name with brackets", "\x1B$B3t<02q<R4UDj\x1B(B <a@b.example>",
		"\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE\xE9\x91\x91\xE5\xAE\x9A "
		"<a@b.example>",
		OTHER },
	{ "raw ISO-2022-JP in quotes", "\"\x1B$B$\"%,%@\x1B(B\" <a@b.example>",
		"\xE3\x81\x82\xE3\x82\xAC\xE3\x83\x80 <a@b.example>", OTHER },
	{ "raw ISO-2022-JP in a comment", "a@b.example (\x1B$B!J%)%(\x1B(B)",
		"\xEF\xBC\x88\xE3\x82\xA9\xE3\x82\xA8 <a@b.example>", "" },
	{ "raw ISO-2022-JP, several words and names",
		"\x1B$B$\"\x1B(B \x1B$@%<\x1B(J <a@b.example>, \x1B(I1@2\x1B(B <c@d.example>",
		"\xE3\x81\x82 \xE3\x82\xBC <a@b.example>|"
		"\xEF\xBD\xB1\xEF\xBE\x80\xEF\xBD\xB2 <c@d.example>",
		OTHER },
	{ "raw ISO-2022-JP, a second set inside", "\x1B$B$\"\x1B$(D\"/\x1B$B%<\x1B(B <a@b.example>",
		"\xE3\x81\x82\xCB\x98\xE3\x82\xBC <a@b.example>", OTHER },
	{ "raw ISO-2022-JP glued to the bracket", "\x1B$B$\"\x1B(B<a@b.example>",
		"\xE3\x81\x82 <a@b.example>", OTHER },
	/* What does not return to ASCII, or holds what somebody may take for an address, is read
	 * octet by octet, so that nothing hides in it. */
	{ "raw ISO-2022-JP, not closed", "\x1B$B0z <a@b.example>", "\xE5\xBC\x95 <a@b.example>",
		OTHER },
	{ "raw ISO-2022-JP, broken by a blank", "\x1B$B$\" <a@b.example>\x1B(B", "!<a@b.example>",
		"address-malformed " OTHER },
	{ "raw ISO-2022-JP, half a character", "\x1B$B0z<\x1B(B <a@b.example>", "!<a@b.example>",
		"address-malformed " OTHER },
	{ "address inside of ISO-2022-JP", "\x1B$B<x@legitimate.com>,\x1B(B <a@attack.com>",
		" <x@legitimate.com>| <a@attack.com>", OTHER },
	{ "raw Shift_JIS name with an at sign", "\x83t\x83@\x81[\x83X\x83g <a@b.example>",
		"\xE3\x83\x95\xE3\x82\xA1\xE3\x83\xBC\xE3\x82\xB9\xE3\x83\x88 <a@b.example>",
		OTHER },
	{ "raw Shift_JIS name with brackets", "\x83[\x83] <a@b.example>",
		"\xE3\x82\xBC\xE3\x82\xBE <a@b.example>", OTHER },
	{ "8-bit octet before the at sign of an address", "caf\xE9@b.example",
		"<caf\\xE9@b.example>", OTHER },
	{ "mobile carrier", "a..b.@docomo.ne.jp", "<a..b.@docomo.ne.jp>", "address-dots" },
	{ "mobile carrier, name", "N <.a@docomo.ne.jp>", "N <.a@docomo.ne.jp>", "address-dots" },
	{ "8-bit local part and domain", "\xE5\x85\xAC@\xE4\xBE\x8B\xE3\x81\x88.jp",
		"<\xE5\x85\xAC@\xE4\xBE\x8B\xE3\x81\x88.jp>", "domain-idn" },
	{ "8-bit that is no UTF-8", "\xFF@b.example", "<\\xFF@b.example>", OTHER },
	{ "nothing", "", "", "" },
	{ "only a comment", "(nobody)", "", "" },
	/* What is written every day, against the grammar. */
	{ "address as name", "phil@example.com <phil@example.com>",
		"phil@example.com <phil@example.com>", "address-phrase-unquoted" },
	{ "at in a name", "Tom @ Work <tom@x.example>", "Tom @ Work <tom@x.example>",
		"address-phrase-unquoted" },
	{ "brackets in a name", "Tom [Sales] <tom@x.example>", "Tom [Sales] <tom@x.example>",
		"address-phrase-unquoted " OTHER },
	{ "comma in a name", "Doe, John <j@x.example>", "!John <j@x.example>",
		"address-without-domain" },
	{ "semicolon as comma", "a@x.example; b@x.example", "!<a@x.example>|<b@x.example>",
		"address-malformed " OTHER },
	{ "no domain", "root", "!", "address-without-domain" },
	{ "null path", "<>", "!", "address-without-domain" },
	{ "group not closed", "g: a@x.example", "!<a@x.example>",
		"address-group address-malformed" },
	{ "angle not closed", "A <a@x.example", "!<a@x.example>", "address-malformed" },
	{ "angle not opened", "a@x.example>", "!<a@x.example>", "address-malformed" },
	{ "quote not closed", "\"A <a@x.example>", "!\"A <a@x.example>", "address-malformed" },
	{ "comment not closed", "A (b <a@x.example>", "!A (b <a@x.example>",
		"address-malformed " OTHER },
	{ "two addresses in a row", "a@x.example b@y.example", "!<a@x.example>|<b@y.example>",
		"address-malformed" },
	/* The spoofing catalogue: rows on From. */
	{ "S-A14", "<first@attack.com>, <admin@legitimate.com>",
		"<first@attack.com>|<admin@legitimate.com>", "" },
	{ "S-A15", "=?utf-8?B?PGFkbWluQGxlZ2l0aW1hdGUuY29tPg==?=,<second@attack.com>",
		"!<second@attack.com>", "address-without-domain display-name-has-address" },
	{ "S-A16", "<@attack.com,@any.com:admin@legitimate.com>", "<admin@legitimate.com>",
		"address-source-route" },
	{ "S-A17", "<admin@legitimate.com>\\,<second@attack.com>",
		"!<admin@legitimate.com>|<second@attack.com>", "address-malformed" },
	{ "S-A18", "admin@legitimate.com,<second@attack.com>",
		"<admin@legitimate.com>|<second@attack.com>", "" },
	{ "S-A19", "<any@attack.com>admin@legitimate.com",
		"!<any@attack.com>|<admin@legitimate.com>", "address-malformed" },
	{ "C-A2", "attacker@example.com, admin@example.com",
		"<attacker@example.com>|<admin@example.com>", "" },
	{ "name is another address", "\"admin@legitimate.com\" <a@attack.com>",
		"admin@legitimate.com <a@attack.com>", "display-name-has-address" },
	{ "name is another address, unquoted", "admin@legitimate.com <a@attack.com>",
		"!admin@legitimate.com <a@attack.com>|<admin@legitimate.com>",
		"display-name-has-address address-malformed " OTHER },
	{ "name is another address, encoded",
		"=?utf-8?B?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?= <a@attack.com>",
		"admin@legitimate.com <a@attack.com>", "display-name-has-address" },
	{ "name is an address of the same domain", "\"b@attack.com\" <a@Attack.com>",
		"b@attack.com <a@Attack.com>", "display-name-other-address" },
	{ "local part holds an address", "\"admin@legitimate.com\"@attack.com",
		"<\"admin@legitimate.com\"@attack.com>", "display-name-has-address" },
	{ "MS: NUL between",
		"=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?==?utf-8?Q?=00?="
		"=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?=@attack.com",
		"<=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?==?utf-8?Q?=00?="
		"=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?=@attack.com>",
		"address-has-encoded-word address-control-character display-name-has-address" },
	{ "MS: line feed and NUL",
		"=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?==?utf-8?Q?=0A=00?=@attack.com",
		"<=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?==?utf-8?Q?=0A=00?=@attack.com>",
		"address-has-encoded-word address-control-character display-name-has-address" },
	{ "MS: quoted name", "\"=?utf-8?Q?admin=40legitimate.com=0A=00=00=00?=\" <a@attack.com>",
		"admin@legitimate.com\n\\x00\\x00\\x00 <a@attack.com>",
		"address-control-character display-name-has-address" },
	{ "MS: parenthesis inside", "=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20o?= <a@attack.com>",
		"admin@legitimate.com( <a@attack.com>", "display-name-has-address" },
	{ "IDN-1, mixed scripts", "a@xn--pple-43d.com", "<a@xn--pple-43d.com>",
		"domain-idn domain-mixed-script domain-lookalike" },
	{ "IDN, one script that looks like another", "a@xn--80ak6aa92e.com",
		"<a@xn--80ak6aa92e.com>", "domain-idn domain-lookalike" },
	{ "IDN, Cyrillic below its own", "a@xn--n1ade.xn--p1ai", "<a@xn--n1ade.xn--p1ai>",
		"domain-idn" },
	{ "IDN, German", "a@xn--mller-kva.de", "<a@xn--mller-kva.de>", "domain-idn" },
	{ "IDN, Japanese", "a@xn--r8jz45g.jp", "<a@xn--r8jz45g.jp>", "domain-idn" },
	{ "RLO-1, name", "\"\xE2\x80\xAEmoc.elgoog\" <a@attack.com>",
		"\xE2\x80\xAEmoc.elgoog <a@attack.com>", "bidi-control" },
	{ "RLO-1, local part",
		"\xE2\x80\xAE"
		"a@attack.com",
		"<\xE2\x80\xAE"
		"a@attack.com>",
		"bidi-control" },
	{ "marks of direction in a name", "\"\xE2\x81\xA8Ken\xE2\x81\xA9\" <ken@example.org>",
		"\xE2\x81\xA8Ken\xE2\x81\xA9 <ken@example.org>", "bidi-mark" },
	{ "invisible inside of a word", "\"Pay\xE2\x80\x8Bpal\" <ken@example.org>",
		"Pay\xE2\x80\x8Bpal <ken@example.org>", "invisible-character" },
	{ "joined emoji", "\"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9 A\" <ken@example.org>",
		"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9 A <ken@example.org>", "" },
	{ "the address as its name", "\"ken@example.org\" <ken@mail.example.org>",
		"ken@example.org <ken@mail.example.org>", "" },
	{ "another address of the domain", "\"ceo@example.org\" <ken@example.org>",
		"ceo@example.org <ken@example.org>", "display-name-other-address" },
	{ "a longer local part of the domain", "\"ceoken@example.org\" <ken@example.org>",
		"ceoken@example.org <ken@example.org>", "display-name-other-address" },
	{ "full-width at sign", "\"ceo\xEF\xBC\xA0legitimate.com\" <a@attack.com>",
		"ceo\xEF\xBC\xA0legitimate.com <a@attack.com>", "display-name-has-address" },
	{ "another domain as a name", "\"legitimate.com\" <a@attack.com>",
		"legitimate.com <a@attack.com>", "display-name-has-domain" },
	{ "a company called like its domain", "Example.com <info@example.co.jp>",
		"Example.com <info@example.co.jp>", "" },
	{ "no domain", "\"Ver. 2.0\" <a@example.org>", "Ver. 2.0 <a@example.org>", "" },
	{ "another address in a comment alone", "(admin@legitimate.com), a@attack.com",
		"<a@attack.com>", "display-name-has-address" },
	{ "another address in a comment behind", "N <a@attack.com> (admin@legitimate.com)",
		"N <a@attack.com>", "display-name-has-address" },
	{ "control character", "a\x07@attack.com", "!<a\x07@attack.com>",
		"address-malformed address-control-character " OTHER },
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice exact = suite_exact(slice_of(rows[i].value));
		g_autoptr(Findings) findings = findings_new();
		g_autoptr(AddressList) list = address_list_new();
		g_autofree char *text = NULL;

		address_list_add(list, exact, exact, findings);
		text = shown(list);
		g_test_message("%s: %s", rows[i].name, rows[i].value);
		g_assert_cmpstr(text, ==, rows[i].addresses);
		check_codes(findings, rows[i].codes);
		g_free((gpointer)(guintptr)exact.data);
	}
}

static void test_parts(void)
{
	Slice message = slice_of("From: N <\"a \\\"b\"@Example.COM>, c@[192.0.2.1]\r\n");
	Slice value = slice_sub(message, 5, message.len - 7);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(AddressList) list = address_list_new();
	const Address *address;

	address_list_add(list, value, message, findings);
	g_assert_cmpuint(list->addresses->len, ==, 2);
	address = address_list_get(list, 0);
	g_assert_cmpstr(address->local, ==, "a \"b");
	g_assert_cmpstr(address->addr_spec, ==, "\"a \\\"b\"@Example.COM");
	g_assert_cmpstr(address->domain, ==, "example.com");
	g_assert_true(slice_is(address->raw, "N <\"a \\\"b\"@Example.COM>"));
	g_assert_null(address_list_get(list, 1)->domain);
}

static void test_nul(void)
{
	static const char text[] = "admin@legitimate.com\0@attack.com, \"a\0b\" <c@attack.com>";
	Slice exact = suite_exact(slice_make(text, sizeof text - 1));
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(AddressList) list = address_list_new();
	g_autofree char *all = NULL;

	address_list_add(list, exact, exact, findings);
	all = shown(list);
	g_assert_cmpstr(all, ==,
		"!<admin@legitimate.com\\x00>|<legitimate.com\\x00@attack.com>|a\\x00b "
		"<c@attack.com>");
	check_codes(
		findings, "address-malformed address-control-character display-name-has-address");
	g_free((gpointer)(guintptr)exact.data);
}

static void check_repeated(const char *text, size_t times)
{
	GString *value = g_string_new(NULL);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(AddressList) list = address_list_new();

	for (size_t i = 0; i < times; i++)
		g_string_append(value, text);
	g_test_message("%s", text);
	address_list_add(list, slice_make(value->str, value->len),
		slice_make(value->str, value->len), findings);
	g_assert_true(list->is_malformed);
	g_assert_nonnull(findings_find(findings, "address-field-too-long"));
	g_assert_cmpuint(list->addresses->len, <=, LIMIT_ADDRESSES);
	g_assert_cmpuint(findings_count(findings), <, 500);
	g_string_free(value, TRUE);
}

static void test_limits(void)
{
	check_repeated("a:", 40000);
	check_repeated("(", 100000);
	check_repeated("()", 100000);
	check_repeated("\"", 100001);
	check_repeated("\"\\", 100000);
	check_repeated("[", 100000);
	check_repeated("<", 100000);
	check_repeated("<@", 100000);
	check_repeated("@", 100000);
	check_repeated("=?a?q?", 100000);
	check_repeated("=?a?q?b?=", 100000);
	check_repeated("a@b.c,", 100000);
	check_repeated("a@b.c ", 100000);
	check_repeated("<a@b.c>;", 100000);
	check_repeated("a b ", 100000);
	check_repeated("\x1B$B", 100000);
	check_repeated("\"\x1B$B!!", 100000);
	check_repeated("\x1B$B!@a.bc", 100000);
	check_repeated("\x83@", 100000);
}

static const struct {
	const char *name, *value, *path;
	bool is_malformed;
} paths[] = {
	{ "usual", " <a@example.com>\r\n", "a@example.com", false },
	{ "bare", "a@example.com", "a@example.com", false },
	{ "null", " <>", "", false },
	{ "null with blanks", "< >", "", false },
	{ "null as some hosts write it", "<MAILER-DAEMON>", "", false },
	{ "an address of that name", "<MAILER-DAEMON@example.com>", "MAILER-DAEMON@example.com",
		false },
	{ "nothing", "  ", NULL, false },
	{ "postmaster", "<Postmaster>", "Postmaster", false },
	{ "no domain", "<root>", "root", true },
	{ "quoted", "<\"a b>@\"@example.com>", "\"a b>@\"@example.com", false },
	{ "quoted, bare", "\"a b\"@example.com", "\"a b\"@example.com", false },
	{ "quote not closed, bare", "\"a b@example.com", "\"a", true },
	{ "literal", "<a@[192.0.2.1]>", "a@[192.0.2.1]", false },
	{ "source route", "<@a.example,@b.example:c@d.example>", "c@d.example", false },
	{ "route to nowhere", "<@a.example>", NULL, true },
	{ "comment behind", "<a@example.com> (x)", "a@example.com", false },
	{ "text behind", "<a@example.com> x", "a@example.com", true },
	{ "not closed", "<a@example.com", "a@example.com", true },
	{ "mobile carrier", "<a..b.@docomo.ne.jp>", "a..b.@docomo.ne.jp", false },
	{ "EAI", "<\xE5\x85\xAC@example.com>", "\xE5\x85\xAC@example.com", false },
	{ "S-A2", "<(any@legitimate.com>", "(any@legitimate.com", true },
	{ "S-A5", "<any@legitimate.com(a.attack.com>", "any@legitimate.com(a.attack.com", true },
	{ "S-A6", "<any@legitimate.com'@any.attack.com>", "any@legitimate.com'@any.attack.com",
		true },
	{ "S-A7", "<@legitimate.com,@any.com:'any@attack.com>", "'any@attack.com", false },
	{ "control character", "<a\x01@example.com>", "a\x01@example.com", true },
};

static void test_paths(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		Slice exact = suite_exact(slice_of(paths[i].value));
		bool is_malformed = false;
		g_autofree char *path = address_path(exact, &is_malformed);

		g_test_message("%s", paths[i].name);
		g_assert_cmpstr(path, ==, paths[i].path);
		g_assert_true(is_malformed == paths[i].is_malformed);
		g_free((gpointer)(guintptr)exact.data);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/message/address/rows", test_rows);
	g_test_add_func("/message/address/parts", test_parts);
	g_test_add_func("/message/address/nul", test_nul);
	g_test_add_func("/message/address/limits", test_limits);
	g_test_add_func("/message/address/paths", test_paths);
	return g_test_run();
}
