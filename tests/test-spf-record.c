/* The grammar of SPF records and the expansion of macros. */
#include "auth/spf_macro.h"
#include "auth/spf_record.h"
#include "base/limits.h"
#include "base/text_time.h"
#include "suite.h"

#include <string.h>

static void free_exact(Slice text)
{
	g_free((gpointer)(guintptr)text.data);
}

/* --- selection */

static void test_version(void)
{
	static const struct {
		const char *text;
		bool is_one;
	} versions[] = { { "v=spf1", true }, { "v=spf1 ", true }, { "V=SPF1 -all", true },
		{ "v=spf1\t-all", false }, { "v=spf10", false }, { "v=spf", false }, { "", false },
		{ " v=spf1", false }, { "v=spf1-all", false }, { "\"v=spf1 -all\"", false },
		{ "spf2.0/mfrom -all", false } };

	for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
		Slice exact = suite_exact(slice_of(versions[i].text));

		g_test_message("%s", versions[i].text);
		g_assert_true(spf_record_is_one(exact) == versions[i].is_one);
		free_exact(exact);
	}
}

/* --- terms: what stands behind "v=spf1 " */

static const char *const valid[] = { "", " ", "all", "-all", "?ALL ~all", "a", "A", "mx", "ptr",
	"ptr:e.example", "a:e.example", "a/24", "a//64", "a/24//64", "a/0//0", "a:e.example/32",
	"a:e.example//128", "a:e.example/24//64", "mx:e.example/9", "include:e.example",
	"+exists:%{i}.e.example", "ip4:0.0.0.0", "ip4:255.255.255.255/32", "ip4:1.2.3.4/0",
	"ip6:::", "ip6:::1/0", "ip6:2001:db8::/128", "ip6:::ffff:1.2.3.4", "IP6:FE80::1",
	"redirect=e.example", "exp=e.example", "exp=e.example redirect=e.example",
	"Redirect=e.example", "redirect=e.example.", "a:e.example.", "a:e.x-y", "a:e.1-2", "a:e.a1",
	"a:_.e.example", "a:!#$&'()*+,-/;<=>?@[]^`{|}~.example", "a:%%.example", "a:%_.example",
	"a:%-", "a:%{d}", "a:e.%{d}", "a:%{d}.example", "a:%{S3r.-+,/_=}.example",
	"a:%{d0001}.example", "a:%{d127}", "a:%{d99999999999999999999}", "a:%{d}/24",
	"a:e.example/x.example", "a:e/24/e.example", "x=", "a=", "x=%{d}", "x-._1=y", "x=a:b/c=d",
	"unknown=a unknown=b", "moo.cow-far_out=man:dog/cat", "default=pass", "exists:a.e",
	"ptr:%{p}", "a:e.xn--p1ai" };

static const char *const invalid[] = { "foo", "a:", "a/", "a//", "a/33", "a//129", "a/024",
	"a/24/64", "a//64/24", "a/-1", "a/24//", "a:/24", "a:e", "a:example", "a:.example/33",
	"a:e.", "a:e..", "a:e.1", "a:e.111.222", "a:1.2.3.4", "a:e.-x", "a:e.x-", "a:e.x_y",
	"a:e.example:8080", "a:e.example..", "a:%{d}.", "a:%{d}x", "a:%{d}.1", "a:%", "a:%x",
	"a:%{", "a:%{}", "a:%{d", "a:%{x}", "a:%{d0}", "a:%{d00}", "a:%{dr1}", "a:%{d1rr}",
	"a:%{d;}", "a:%{c}", "a:%{r}", "a:%{t}", "a:%(d)", "a:%{%{d}}", "a e.example",
	"exp=e.example exp=e.example", "redirect=e.example redirect=e.example",
	"redirect=", "exp=", "exp=e", "exp=%{c}.e.example", "redirect:e.example", "redirect", "exp",
	"all/8", "all:", "all.", "-", "--all", "+-all", "!all", "-all;", "all,", "include",
	"include:", "include:e", "include:e.example/24", "exists", "exists:", "exists:e.example/24",
	"ptr:", "ptr/24", "ptr:e.example/24", "mx:", "mx:e", "ip4", "ip4:", "ip4:1.2.3", "ip4:1",
	"ip4:1.2.3.4.5", "ip4:1.2.3.256", "ip4:1.2.3.04", "ip4:1.2.3.4/", "ip4:1.2.3.4/33",
	"ip4:1.2.3.4/032", "ip4:1.2.3.4//32", "ip4:1.2.3.4/4294967304", "ip4:1.2.3.4:25",
	"ip4=1.2.3.4 ip4", "ip4:e.example", "ip4:.1.2.3", "ip4:1..2.3", "ip4:1.2.3.",
	"ip4:0x1.2.3.4", "ip6", "ip6:", "ip6:1.2.3.4", "ip6:::1%lo", "ip6:[::1]", "ip6:::1//64",
	"ip6:::1/129", "ip6:::1/", "ip6:1:2:3:4:5:6:7", "ip6:IPv6:::1", "ip6::1::", "-x=y", "1x=y",
	"_x=y", "=y", "x=%", "x=%{q}", "x/y=z", "v=spf1 foo" };

static SpfRecord *parse(const char *terms, SpfFault *reterr_fault)
{
	g_autofree char *text = g_strconcat("v=spf1 ", terms, NULL);
	Slice exact = suite_exact(slice_of(text));
	SpfRecord *record = spf_record_parse(exact, reterr_fault);

	if (record == NULL) /* points into the text */
		g_assert_true(slice_offset(exact, reterr_fault->where) + reterr_fault->where.len <=
			      exact.len);
	free_exact(exact);
	return record;
}

static void test_grammar(void)
{
	SpfFault fault;

	for (size_t i = 0; i < G_N_ELEMENTS(valid); i++) {
		g_autoptr(SpfRecord) record = parse(valid[i], &fault);

		if (record == NULL) {
			g_test_message("refused: %s", valid[i]);
			g_test_fail();
		}
	}
	for (size_t i = 0; i < G_N_ELEMENTS(invalid); i++) {
		g_autoptr(SpfRecord) record = parse(invalid[i], &fault);

		if (record != NULL) {
			g_test_message("accepted: %s", invalid[i]);
			g_test_fail();
		}
	}
}

static void test_terms(void)
{
	SpfFault fault;
	g_autoptr(SpfRecord) record = parse(
		"~mx:%{d}/24//64 x=y -ip4:192.0.2.0/25 exp=x.example redirect=r.example", &fault);
	const SpfTerm *mx = &g_array_index(record->terms, SpfTerm, 0);
	const SpfTerm *ip4 = &g_array_index(record->terms, SpfTerm, 1);
	char text[INET_ADDR_TEXT];

	g_assert_cmpuint(record->terms->len, ==, 2);
	g_assert_cmpint(mx->kind, ==, SPF_TERM_MX);
	g_assert_cmpint(mx->qualifier, ==, '~');
	g_assert_true(slice_is(mx->text, "~mx:%{d}/24//64"));
	g_assert_true(slice_is(mx->domain_spec, "%{d}"));
	g_assert_cmpint(mx->prefix4, ==, 24);
	g_assert_cmpint(mx->prefix6, ==, 64);
	g_assert_true(spf_term_is_lookup(mx));
	g_assert_cmpint(ip4->kind, ==, SPF_TERM_IP4);
	g_assert_cmpstr(inet_addr_text(&ip4->network, text), ==, "192.0.2.0");
	g_assert_cmpint(ip4->prefix4, ==, 25);
	g_assert_cmpint(ip4->prefix6, ==, SPF_NO_PREFIX);
	g_assert_false(spf_term_is_lookup(ip4));
	g_assert_true(slice_is(record->exp, "x.example"));
	g_assert_nonnull(record->redirect);
	g_assert_true(slice_is(record->redirect->domain_spec, "r.example"));
}

static void check_fault(Slice text, SpfFaultKind kind, const char *where)
{
	Slice exact = suite_exact(text);
	SpfFault fault;
	g_autoptr(SpfRecord) record = spf_record_parse(exact, &fault);

	g_assert_null(record);
	g_assert_cmpint(fault.kind, ==, kind);
	g_assert_true(slice_is(fault.where, where));
	free_exact(exact);
}

static void test_faults(void)
{
	GString *many = g_string_new("v=spf1");

	check_fault(slice_of("v=spf1 a foo:bar -all"), SPF_FAULT_TERM, "foo:bar");
	check_fault(slice_of("v=spf1 exp=a.b a EXP=c.d"), SPF_FAULT_REPEATED, "EXP=c.d");
	check_fault(slice_of("v=spf1 redirect=a.b redirect=a.b all"), SPF_FAULT_REPEATED,
		"redirect=a.b");
	check_fault(slice_of("v=spf1 redirect=a all"), SPF_FAULT_TERM, "redirect=a");
	check_fault(slice_of("v=spf1 a\x7F"), SPF_FAULT_OCTET, "\x7F");
	for (unsigned i = 0; i < LIMIT_SPF_TERMS + 1; i++)
		g_string_append(many, " a");
	check_fault(slice_make(many->str, many->len), SPF_FAULT_TERMS, "a");
	g_string_truncate(many, many->len - 2);
	{
		SpfFault fault;
		g_autoptr(SpfRecord) record =
			spf_record_parse(slice_make(many->str, many->len), &fault);

		g_assert_nonnull(record);
		g_assert_cmpuint(record->terms->len, ==, LIMIT_SPF_TERMS);
	}
	g_string_free(many, TRUE);
}

/* --- macros */

static const SpfMacroValues ip4_values = { .sender = "strong-bad@email.example.com",
	.local_part = "strong-bad",
	.sender_domain = "email.example.com",
	.domain = "email.example.com",
	.helo = "mail.example.org",
	.validated = "mx.example.org",
	.client = { 4, { 192, 0, 2, 3 } },
	.time = 1700000000999 };

/* RFC 7208, 7.4, and what it does not show. */
static const struct {
	const char *text, *expansion;
} expansions[] = { { "%{s}", "strong-bad@email.example.com" }, { "%{o}", "email.example.com" },
	{ "%{d}", "email.example.com" }, { "%{d4}", "email.example.com" },
	{ "%{d3}", "email.example.com" }, { "%{d2}", "example.com" }, { "%{d1}", "com" },
	{ "%{dr}", "com.example.email" }, { "%{d2r}", "example.email" }, { "%{l}", "strong-bad" },
	{ "%{l-}", "strong.bad" }, { "%{lr}", "strong-bad" }, { "%{lr-}", "bad.strong" },
	{ "%{l1r-}", "strong" }, { "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" },
	{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
	{ "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com" },
	{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com" },
	{ "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net" },
	{ "", "" }, { "plain", "plain" }, { "%%%_%-", "% %20" }, { "%{h}", "mail.example.org" },
	{ "%{p}", "mx.example.org" }, { "%{c}", "192.0.2.3" }, { "%{t}", "1700000000" },
	{ "%{r}", "unknown" }, { "%{S}", "strong-bad%40email.example.com" },
	{ "%{D2R}", "example.email" }, { "%{s@}", "%{s@}" },
	{ "%{s-.}", "strong.bad@email.example.com" }, { "%{s1-}", "bad@email.example.com" },
	{ "%{d007}", "email.example.com" }, { "%{d99999999999}", "email.example.com" } };

static void test_expansions(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(expansions); i++) {
		Slice exact = suite_exact(slice_of(expansions[i].text));
		g_autofree char *expansion = spf_macro_expand(exact, &ip4_values);

		g_test_message("%s", expansions[i].text);
		g_assert_cmpstr(expansion, ==, expansions[i].expansion);
		free_exact(exact);
	}
}

static void test_ip6(void)
{
	SpfMacroValues values = ip4_values;
	g_autofree char *reversed = NULL;
	g_autofree char *pretty = NULL;

	values.time = TIME_UNKNOWN;
	g_assert_true(inet_addr_parse(slice_of("2001:db8::cb01"), &values.client));
	reversed = spf_macro_expand(slice_of("%{ir}.%{v}"), &values);
	g_assert_cmpstr(reversed, ==,
		"1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6");
	pretty = spf_macro_expand(slice_of("%{c} %{t}"), &values);
	g_assert_cmpstr(pretty, ==, "2001:db8::cb01 unknown");
}

static void test_parts(void)
{
	static const struct {
		const char *local, *text, *expansion;
	} parts[] = { { "", "%{lr}", "" }, { ".", "%{lr}", "." }, { "..a", "%{l2}", ".a" },
		{ "a..", "%{lr}", "..a" }, { "a+b-c_d=e,f/g", "%{l+-_=,/}", "a.b.c.d.e.f.g" },
		{ "a+b.c", "%{lr+}", "b.c.a" },
		{ "jack&jill=up-a_b3.c", "%{L}", "jack%26jill%3Dup-a_b3.c" },
		{ "\xC3\xA9", "%{L}", "%C3%A9" } };

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		SpfMacroValues values = ip4_values;
		g_autofree char *expansion = NULL;

		values.local_part = parts[i].local;
		expansion = spf_macro_expand(slice_of(parts[i].text), &values);
		g_assert_cmpstr(expansion, ==, parts[i].expansion);
	}
}

static void test_places(void)
{
	g_assert_true(spf_macro_string_is_valid(slice_of("%{c} %{r} %{t}"), SPF_IN_EXPLANATION));
	g_assert_true(spf_macro_string_is_valid(slice_of(""), SPF_IN_EXPLANATION));
	g_assert_false(spf_macro_string_is_valid(slice_of("%{c}"), SPF_IN_TERM));
	g_assert_false(spf_macro_string_is_valid(slice_of("a b"), SPF_IN_TERM));
	g_assert_false(spf_macro_string_is_valid(slice_of("a\tb"), SPF_IN_EXPLANATION));
	g_assert_false(spf_macro_string_is_valid(slice_make("a\0", 2), SPF_IN_EXPLANATION));
	g_assert_true(spf_macro_uses(slice_of("%%{p}%{P1r}"), "p"));
	g_assert_false(spf_macro_uses(slice_of("%%{p}"), "p"));
	g_assert_true(spf_macro_uses(slice_of("%{d}%{l-}"), "sl"));
}

static void test_expansion_limit(void)
{
	g_autofree char *fits = g_strnfill(SPF_EXPANSION_MAX, 'a');
	g_autofree char *over = g_strnfill(SPF_EXPANSION_MAX + 1, 'a');
	g_autofree char *kept = spf_macro_expand(slice_of(fits), &ip4_values);
	g_autofree char *none = spf_macro_expand(slice_of(over), &ip4_values);

	g_assert_cmpstr(kept, ==, fits);
	g_assert_null(none);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/spf-record/version", test_version);
	g_test_add_func("/spf-record/grammar", test_grammar);
	g_test_add_func("/spf-record/terms", test_terms);
	g_test_add_func("/spf-record/faults", test_faults);
	g_test_add_func("/spf-macro/expansions", test_expansions);
	g_test_add_func("/spf-macro/ip6", test_ip6);
	g_test_add_func("/spf-macro/parts", test_parts);
	g_test_add_func("/spf-macro/places", test_places);
	g_test_add_func("/spf-macro/expansion-limit", test_expansion_limit);
	return g_test_run();
}
