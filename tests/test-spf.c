/* check_host() from outside: results, reasons, limits, what is lacking. */
#include "auth/spf.h"
#include "base/limits.h"
#include "base/text_time.h"
#include "dns/evidence_file.h"
#include "spf_zone.h"
#include "suite.h"

#include <string.h>

/* Lines "name TYPE value"; nothing is escaped. */
static SpfZone *zone_from(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	SpfZone *zone = spf_zone_new();

	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 3);

		if (g_strv_length(words) == 3)
			spf_zone_add(zone, words[0], words[1], slice_of(words[2]));
	}
	return zone;
}

static SpfRequest request_of(const char *client, const char *mail_from, const char *helo)
{
	SpfRequest request = { .helo = helo, .mail_from = mail_from };

	if (client != NULL)
		g_assert_true(inet_addr_parse(slice_of(client), &request.client_ip));
	return request;
}

static SpfVerdict *check_in(const SpfZone *zone, const char *client, const char *mail_from)
{
	g_autoptr(Evidence) evidence = evidence_new();
	SpfRequest request = request_of(client, mail_from, "mail.helo.example");
	unsigned rounds;

	return spf_zone_check(zone, evidence, spf_check_mail_from, &request, &rounds);
}

static SpfVerdict *check(const char *zone_text, const char *client, const char *mail_from)
{
	g_autoptr(SpfZone) zone = zone_from(zone_text);

	return check_in(zone, client, mail_from);
}

static SpfVerdict *check_record(Slice record, const char *client)
{
	g_autoptr(SpfZone) zone = spf_zone_new();

	spf_zone_add(zone, "e.example", "TXT", record);
	return check_in(zone, client, "x@e.example");
}

typedef struct Row {
	const char *name;
	const char *zone;
	const char *client;
	AuthResult result;
	const char *reason;
	const char *term; /* that matched */
	unsigned lookups;
	unsigned voids;
} Row;

static const Row rows[] = {
	/* results and terms */
	{ "pass", "e.example TXT v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.1", RESULT_PASS,
		"term-matched", "ip4:192.0.2.0/24", 0, 0 },
	{ "fail", "e.example TXT v=spf1 ip4:192.0.2.0/24 -all", "198.51.100.1", RESULT_FAIL,
		"term-matched", "-all", 0, 0 },
	{ "softfail", "e.example TXT v=spf1 ~ALL", "198.51.100.1", RESULT_SOFTFAIL, "term-matched",
		"~ALL", 0, 0 },
	{ "neutral", "e.example TXT v=spf1 ?all", "198.51.100.1", RESULT_NEUTRAL, "term-matched",
		"?all", 0, 0 },
	{ "default", "e.example TXT v=spf1", "198.51.100.1", RESULT_NEUTRAL, "no-term-matched",
		NULL, 0, 0 },
	{ "loopback has no free ride", "e.example TXT v=spf1 -all", "127.0.0.1", RESULT_FAIL,
		"term-matched", "-all", 0, 0 },
	{ "mapped client", "e.example TXT v=spf1 ip4:192.0.2.1 -all", "::ffff:192.0.2.1",
		RESULT_PASS, "term-matched", "ip4:192.0.2.1", 0, 0 },
	{ "mapped network holds no client", "e.example TXT v=spf1 ip6:::ffff:192.0.2.1 -all",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 0, 0 },
	{ "ip6 case and form", "e.example TXT v=spf1 ip6:2001:DB8:0::/33 -all", "2001:db8::1",
		RESULT_PASS, "term-matched", "ip6:2001:DB8:0::/33", 0, 0 },
	{ "a and exists ask the right type",
		"e.example TXT v=spf1 a exists:e.example -all\ne.example A 192.0.2.1\n"
		"e.example AAAA 2001:db8::2",
		"2001:db8::1", RESULT_PASS, "term-matched", "exists:e.example", 2, 0 },
	{ "mx", "e.example TXT v=spf1 mx/24 -all\ne.example MX m.example\nm.example A 192.0.2.9",
		"192.0.2.1", RESULT_PASS, "term-matched", "mx/24", 1, 0 },
	{ "no implicit mx", "e.example TXT v=spf1 mx -all\ne.example A 192.0.2.1", "192.0.2.1",
		RESULT_FAIL, "term-matched", "-all", 1, 1 },
	{ "null mx", "e.example TXT v=spf1 mx -all\ne.example MX .", "192.0.2.1", RESULT_FAIL,
		"term-matched", "-all", 1, 1 },
	/* records */
	{ "no such domain", "", "192.0.2.1", RESULT_NONE, "record-missing", NULL, 0, 0 },
	{ "no record", "e.example TXT v=spf10 -all\ne.example TXT v=spf1-all", "192.0.2.1",
		RESULT_NONE, "record-missing", NULL, 0, 0 },
	{ "two records", "e.example TXT v=spf1 -all\ne.example TXT V=SPF1 +all", "192.0.2.1",
		RESULT_PERMERROR, "records-multiple", NULL, 0, 0 },
	{ "syntax behind a match", "e.example TXT v=spf1 ip4:192.0.2.1 ip4:192.0.2 -all",
		"192.0.2.1", RESULT_PERMERROR, "record-syntax", NULL, 0, 0 },
	{ "exp twice", "e.example TXT v=spf1 -all exp=a.example EXP=a.example", "192.0.2.1",
		RESULT_PERMERROR, "modifier-repeated", NULL, 0, 0 },
	{ "prefix that wraps", "e.example TXT v=spf1 ip4:198.51.100.0/4294967304 -all",
		"198.51.100.1", RESULT_PERMERROR, "record-syntax", NULL, 0, 0 },
	{ "cname", "e.example CNAME f.example\nf.example TXT v=spf1 -all", "192.0.2.1", RESULT_FAIL,
		"term-matched", "-all", 0, 0 },
	{ "cname loop", "e.example CNAME f.example\nf.example CNAME e.example", "192.0.2.1",
		RESULT_TEMPERROR, "dns-failure", NULL, 0, 0 },
	{ "eight CNAMEs",
		"e.example CNAME c1.example\nc1.example CNAME c2.example\n"
		"c2.example CNAME c3.example\nc3.example CNAME c4.example\n"
		"c4.example CNAME c5.example\nc5.example CNAME c6.example\n"
		"c6.example CNAME c7.example\nc7.example CNAME c8.example\n"
		"c8.example TXT v=spf1 -all",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 0, 0 },
	{ "nine CNAMEs",
		"e.example CNAME c1.example\nc1.example CNAME c2.example\n"
		"c2.example CNAME c3.example\nc3.example CNAME c4.example\n"
		"c4.example CNAME c5.example\nc5.example CNAME c6.example\n"
		"c6.example CNAME c7.example\nc7.example CNAME c8.example\n"
		"c8.example CNAME c9.example\nc9.example TXT v=spf1 -all",
		"192.0.2.1", RESULT_TEMPERROR, "dns-failure", NULL, 0, 0 },
	{ "cname to nothing", "e.example CNAME f.example", "192.0.2.1", RESULT_NONE,
		"record-missing", NULL, 0, 0 },
	{ "cname of an included name",
		"e.example TXT v=spf1 include:i.example -all\ni.example CNAME j.example\n"
		"j.example TXT v=spf1 ip4:192.0.2.1 -all",
		"192.0.2.1", RESULT_PASS, "term-matched", "ip4:192.0.2.1", 1, 0 },
	{ "cname loop of an included name",
		"e.example TXT v=spf1 include:i.example -all\ni.example CNAME j.example\n"
		"j.example CNAME i.example",
		"192.0.2.1", RESULT_TEMPERROR, "dns-failure", NULL, 1, 0 },
	{ "cname of a host",
		"e.example TXT v=spf1 a:c.example -all\nc.example CNAME d.example\n"
		"d.example A 192.0.2.1",
		"192.0.2.1", RESULT_PASS, "term-matched", "a:c.example", 1, 0 },
	{ "cname of a host to nothing",
		"e.example TXT v=spf1 a:c.example -all\nc.example CNAME d.example", "192.0.2.1",
		RESULT_FAIL, "term-matched", "-all", 1, 1 },
	{ "cname loop of a host",
		"e.example TXT v=spf1 a:c.example -all\nc.example CNAME d.example\n"
		"d.example CNAME c.example",
		"192.0.2.1", RESULT_TEMPERROR, "dns-failure", NULL, 1, 0 },
	{ "cname of a mail host",
		"e.example TXT v=spf1 mx -all\ne.example MX c.example\nc.example CNAME d.example\n"
		"d.example A 192.0.2.1",
		"192.0.2.1", RESULT_PASS, "term-matched", "mx", 1, 0 },
	{ "time-out", "e.example TIMEOUT TXT", "192.0.2.1", RESULT_TEMPERROR, "dns-failure", NULL,
		0, 0 },
	/* /0 */
	{ "a/0", "e.example TXT v=spf1 a/0 -all\ne.example A 10.0.0.1", "192.0.2.1", RESULT_PASS,
		"term-matched", "a/0", 1, 0 },
	{ "a/0 of a name without", "e.example TXT v=spf1 a/0 -all\ne.example AAAA ::1", "192.0.2.1",
		RESULT_FAIL, "term-matched", "-all", 1, 1 },
	{ "a/0 and IPv6", "e.example TXT v=spf1 a/0 -all\ne.example AAAA ::1", "2001:db8::1",
		RESULT_FAIL, "term-matched", "-all", 1, 0 },
	{ "a//0 and IPv6", "e.example TXT v=spf1 a//0 -all\ne.example AAAA ::1", "2001:db8::1",
		RESULT_PASS, "term-matched", "a//0", 1, 0 },
	{ "mx/0//0",
		"e.example TXT v=spf1 mx/0//0 -all\ne.example MX m.example\n"
		"m.example A 10.0.0.1",
		"192.0.2.1", RESULT_PASS, "term-matched", "mx/0//0", 1, 0 },
	{ "ip4/0 low", "e.example TXT v=spf1 ip4:10.0.0.1/0 -all", "1.2.3.4", RESULT_PASS,
		"term-matched", "ip4:10.0.0.1/0", 0, 0 },
	{ "ip4/0 high", "e.example TXT v=spf1 ip4:10.0.0.1/0 -all", "192.0.2.1", RESULT_PASS,
		"term-matched", "ip4:10.0.0.1/0", 0, 0 },
	{ "ip4/0 is not ip6", "e.example TXT v=spf1 ip4:10.0.0.1/0 -all", "2001:db8::1",
		RESULT_FAIL, "term-matched", "-all", 0, 0 },
	{ "ip6/0", "e.example TXT v=spf1 ip6:::1/0 -all", "2001:db8::1", RESULT_PASS,
		"term-matched", "ip6:::1/0", 0, 0 },
	{ "ip6/0 high", "e.example TXT v=spf1 ip6:::1/0 -all", "fd00::1", RESULT_PASS,
		"term-matched", "ip6:::1/0", 0, 0 },
	/* include and redirect */
	{ "include", "e.example TXT v=spf1 ?include:i.example -all\ni.example TXT v=spf1 +all",
		"192.0.2.1", RESULT_NEUTRAL, "term-matched", "+all", 1, 0 },
	{ "include of fail",
		"e.example TXT v=spf1 include:i.example ~all\n"
		"i.example TXT v=spf1 -all",
		"192.0.2.1", RESULT_SOFTFAIL, "term-matched", "~all", 1, 0 },
	{ "include without default", "e.example TXT v=spf1 include:i.example\ni.example TXT v=spf1",
		"192.0.2.1", RESULT_NEUTRAL, "no-term-matched", NULL, 1, 0 },
	{ "include of none", "e.example TXT v=spf1 include:i.example +all", "192.0.2.1",
		RESULT_PERMERROR, "include-none", NULL, 1, 0 },
	{ "include of a single label",
		"e.example TXT v=spf1 include:%{d1} +all\n"
		"example TXT v=spf1 +all",
		"192.0.2.1", RESULT_PERMERROR, "include-none", NULL, 1, 0 },
	{ "include of an empty label", "e.example TXT v=spf1 include:a..%{d} +all", "192.0.2.1",
		RESULT_PERMERROR, "include-none", NULL, 1, 0 },
	{ "include that times out",
		"e.example TXT v=spf1 include:i.example +all\ni.example TIMEOUT x", "192.0.2.1",
		RESULT_TEMPERROR, "dns-failure", NULL, 1, 0 },
	{ "include of a broken record",
		"e.example TXT v=spf1 include:i.example +all\ni.example TXT v=spf1 foo",
		"192.0.2.1", RESULT_PERMERROR, "record-syntax", NULL, 1, 0 },
	{ "include of itself", "e.example TXT v=spf1 include:e.example -all", "192.0.2.1",
		RESULT_PERMERROR, "lookup-limit", NULL, 10, 0 },
	{ "redirect", "e.example TXT v=spf1 redirect=r.example\nr.example TXT v=spf1 ~all",
		"192.0.2.1", RESULT_SOFTFAIL, "term-matched", "~all", 1, 0 },
	{ "redirect stands first",
		"e.example TXT v=spf1 redirect=r.example ip4:192.0.2.1\n"
		"r.example TXT v=spf1 -all",
		"192.0.2.1", RESULT_PASS, "term-matched", "ip4:192.0.2.1", 0, 0 },
	{ "redirect and all", "e.example TXT v=spf1 redirect=r.example ?all", "192.0.2.1",
		RESULT_NEUTRAL, "term-matched", "?all", 0, 0 },
	{ "redirect to none", "e.example TXT v=spf1 redirect=r.example", "192.0.2.1",
		RESULT_PERMERROR, "redirect-none", NULL, 1, 0 },
	{ "redirect to itself", "e.example TXT v=spf1 redirect=e.example", "192.0.2.1",
		RESULT_PERMERROR, "lookup-limit", NULL, 10, 0 },
	{ "include, then a redirect in it",
		"e.example TXT v=spf1 -include:i.example +all\n"
		"i.example TXT v=spf1 redirect=r.example\nr.example TXT v=spf1 ip4:192.0.2.1",
		"192.0.2.1", RESULT_FAIL, "term-matched", "ip4:192.0.2.1", 2, 0 },
	/* limits */
	{ "ten look-ups",
		"e.example TXT v=spf1 a a a a a a a a a exists:y.example -all\n"
		"e.example A 10.0.0.1\ny.example A 127.0.0.2",
		"192.0.2.1", RESULT_PASS, "term-matched", "exists:y.example", 10, 0 },
	{ "the eleventh would match",
		"e.example TXT v=spf1 a a a a a a a a a a exists:y.example -all\n"
		"e.example A 10.0.0.1\ny.example A 127.0.0.2",
		"192.0.2.1", RESULT_PERMERROR, "lookup-limit", NULL, 10, 0 },
	{ "a match before the eleventh",
		"e.example TXT v=spf1 a a a a a a a a a a ip4:192.0.2.1 a -all\n"
		"e.example A 10.0.0.1",
		"192.0.2.1", RESULT_PASS, "term-matched", "ip4:192.0.2.1", 10, 0 },
	{ "over all records",
		"e.example TXT v=spf1 include:i.example include:i.example a -all\n"
		"i.example TXT v=spf1 a a a a ?all\ni.example A 10.0.0.1\ne.example A 10.0.0.1",
		"192.0.2.1", RESULT_PERMERROR, "lookup-limit", NULL, 10, 0 },
	{ "two voids", "e.example TXT v=spf1 a:n1.example exists:n2.example -all", "192.0.2.1",
		RESULT_FAIL, "term-matched", "-all", 2, 2 },
	{ "three voids",
		"e.example TXT v=spf1 a:n1.example mx:n2.example exists:n3.example "
		"ip4:192.0.2.1",
		"192.0.2.1", RESULT_PERMERROR, "void-limit", NULL, 3, 2 },
	{ "voids of a name that cannot be",
		"e.example TXT v=spf1 a:a..n.example a:b..n.example a:c..n.example +all",
		"192.0.2.1", RESULT_PERMERROR, "void-limit", NULL, 3, 2 },
	{ "a term is void once",
		"e.example TXT v=spf1 mx mx -all\ne.example MX n1.example\n"
		"e.example MX n2.example\ne.example MX n3.example",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 2, 2 },
	{ "eleven mail hosts",
		"e.example TXT v=spf1 mx -all\ne.example MX m.example\ne.example MX m.example\n"
		"e.example MX m.example\ne.example MX m.example\ne.example MX m.example\n"
		"e.example MX m.example\ne.example MX m.example\ne.example MX m.example\n"
		"e.example MX m.example\ne.example MX m.example\ne.example MX m.example\n"
		"m.example A 192.0.2.1",
		"192.0.2.1", RESULT_PERMERROR, "mx-limit", NULL, 1, 0 },
	{ "the eleventh client name is not read",
		"e.example TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR h.e.example\n"
		"o.example A 192.0.2.1\nh.e.example A 192.0.2.1",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 1, 0 },
	/* ptr */
	{ "ptr",
		"e.example TXT v=spf1 ptr:E.example -all\n1.2.0.192.in-addr.arpa PTR H.e.example\n"
		"h.e.example A 192.0.2.1",
		"192.0.2.1", RESULT_PASS, "term-matched", "ptr:E.example", 1, 0 },
	{ "ptr beside the domain",
		"e.example TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR bad-e.example\n"
		"bad-e.example A 192.0.2.1",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 1, 0 },
	{ "ptr not validated",
		"e.example TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR h.e.example\n"
		"h.e.example A 192.0.2.2",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 1, 0 },
	{ "ptr that fails", "e.example TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa TIMEOUT x",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 1, 0 },
	{ "ptr of which one name fails",
		"e.example TXT v=spf1 ptr -all\n1.2.0.192.in-addr.arpa PTR t.e.example\n"
		"1.2.0.192.in-addr.arpa PTR h.e.example\nt.e.example TIMEOUT x\n"
		"h.e.example A 192.0.2.1",
		"192.0.2.1", RESULT_PASS, "term-matched", "ptr", 1, 0 },
	/* macros */
	{ "d with more parts than there are",
		"e.example TXT v=spf1 exists:%{d5}.x.example -all\n"
		"e.example.x.example A 127.0.0.2",
		"192.0.2.1", RESULT_PASS, "term-matched", "exists:%{d5}.x.example", 1, 0 },
	{ "p",
		"e.example TXT v=spf1 exists:%{p}.x.example -all\n"
		"1.2.0.192.in-addr.arpa PTR any.example\n1.2.0.192.in-addr.arpa PTR h.e.example\n"
		"any.example A 192.0.2.1\nh.e.example A 192.0.2.1\n"
		"h.e.example.x.example A 127.0.0.2",
		"192.0.2.1", RESULT_PASS, "term-matched", "exists:%{p}.x.example", 1, 0 },
	{ "p is none of the eleventh name",
		"e.example TXT v=spf1 exists:%{p}.x.example -all\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR o.example\n1.2.0.192.in-addr.arpa PTR o.example\n"
		"1.2.0.192.in-addr.arpa PTR h.e.example\nh.e.example A 192.0.2.1\n"
		"o.example A 192.0.2.9\nh.e.example.x.example A 127.0.0.2\n"
		"unknown.x.example A 127.0.0.3",
		"192.0.2.1", RESULT_PASS, "term-matched", "exists:%{p}.x.example", 1, 0 },
	{ "p unknown",
		"e.example TXT v=spf1 exists:%{p}.x.example -all\nunknown.x.example A 127.0.0.2",
		"192.0.2.1", RESULT_PASS, "term-matched", "exists:%{p}.x.example", 1, 0 },
	{ "no marker can be forged",
		"e.example TXT v=spf1 exists:t.spf.invalid a:h0.t.spf.invalid -all\n"
		"e.example A 192.0.2.1",
		"192.0.2.1", RESULT_FAIL, "term-matched", "-all", 2, 2 },
};

static void compare(const Row *row, const SpfVerdict *spf)
{
	if (spf->verdict.result == row->result &&
		g_strcmp0(spf->verdict.reason, row->reason) == 0 &&
		g_strcmp0(spf->term, row->term) == 0 && spf->lookups == row->lookups &&
		spf->void_lookups == row->voids && spf->verdict.is_final)
		return;
	g_test_message("%s: got %s, %s (%s), term %s, %u look-ups, %u void", row->name,
		auth_result_word(spf->verdict.result), spf->verdict.reason, spf->verdict.detail,
		spf->term, spf->lookups, spf->void_lookups);
	g_test_fail();
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(SpfVerdict) spf = check(rows[i].zone, rows[i].client, "x@e.example");

		compare(&rows[i], spf);
	}
}

/* --- long records */

static void check_long(const char *format, unsigned count, const char *client, AuthResult result,
	const char *reason)
{
	GString *record = g_string_new("v=spf1");
	g_autoptr(SpfVerdict) spf = NULL;

	for (unsigned i = 0; i < count; i++) {
		g_string_append_c(record, ' ');
		g_string_append_printf(record, "%s%x", format, i % 256u < 100 ? i % 100u : 1u);
	}
	g_string_append(record, " -all");
	spf = check_record(slice_make(record->str, record->len), client);
	g_test_message("%u of %s", count, format);
	g_assert_cmpint(spf->verdict.result, ==, result);
	g_assert_cmpstr(spf->verdict.reason, ==, reason);
	g_string_free(record, TRUE);
}

static void test_long_records(void)
{
	check_long("ip4:192.0.2.1", 1, "198.51.100.1", RESULT_FAIL, "term-matched");
	check_long("ip6:2001:db8::", 26, "198.51.100.1", RESULT_FAIL, "term-matched");
	check_long("ip6:2001:db8::", 26, "2001:db8::19", RESULT_PASS, "term-matched");
	check_long(
		"ip6:2001:db8::", LIMIT_SPF_TERMS - 1, "2001:db9::1", RESULT_FAIL, "term-matched");
	check_long(
		"ip6:2001:db8::", LIMIT_SPF_TERMS, "2001:db8::1", RESULT_PERMERROR, "term-limit");
}

static void test_many_ip4(void)
{
	GString *record = g_string_new("v=spf1");
	g_autoptr(SpfVerdict) outside = NULL;
	g_autoptr(SpfVerdict) last = NULL;

	for (unsigned i = 0; i < 64; i++)
		g_string_append_printf(record, " ip4:192.0.2.%u", i);
	g_string_append(record, " -all");
	outside = check_record(slice_make(record->str, record->len), "198.51.100.1");
	last = check_record(slice_make(record->str, record->len), "192.0.2.63");
	g_assert_cmpint(outside->verdict.result, ==, RESULT_FAIL);
	g_assert_cmpint(last->verdict.result, ==, RESULT_PASS);
	g_assert_cmpstr(last->term, ==, "ip4:192.0.2.63");
	g_string_free(record, TRUE);
}

/* --- octets */

static void check_octets(const char *record, size_t len, const char *detail)
{
	g_autoptr(SpfVerdict) spf = check_record(slice_make(record, len), "192.0.2.1");

	g_assert_cmpint(spf->verdict.result, ==, RESULT_PERMERROR);
	g_assert_cmpstr(spf->verdict.reason, ==, "record-octet");
	g_assert_cmpstr(spf->verdict.detail, ==, detail);
	g_assert_true(g_utf8_validate(spf->verdict.detail, -1, NULL));
}

static void test_octets(void)
{
	check_octets("v=spf1 +all\0 -all", 17, "\\x00 @11 (e.example)");
	check_octets("v=spf1 \0", 8, "\\x00 @7 (e.example)");
	check_octets("v=spf1 a:\xE3\x81\x82.example -all", 25, "\\xE3 @9 (e.example)");
	check_octets("v=spf1 \xFF", 8, "\\xFF @7 (e.example)");
	check_octets("v=spf1 +all\r\n", 13, "\\x0D @11 (e.example)");
	check_octets("v=spf1 a\t-all", 13, "\\x09 @8 (e.example)");
}

/* --- what a verdict shows */

static void test_chain(void)
{
	g_autoptr(SpfVerdict) spf = check("e.example TXT v=spf1 include:I1.example ~all\n"
					  "i1.example TXT v=spf1 a:n.example redirect=i2.example\n"
					  "i2.example TXT v=spf1 ip4:203.0.113.0/24 -all",
		"203.0.113.5", "User@E.Example");

	g_assert_cmpint(spf->verdict.result, ==, RESULT_PASS);
	g_assert_cmpint(spf->identity, ==, SPF_MAILFROM);
	g_assert_cmpstr(spf->domain, ==, "e.example");
	g_assert_cmpstr(spf->record, ==, "v=spf1 include:I1.example ~all");
	g_assert_cmpstr(spf->term, ==, "ip4:203.0.113.0/24");
	g_assert_cmpstr(spf->term_domain, ==, "i2.example");
	g_assert_cmpuint(spf->chain->len, ==, 3);
	g_assert_cmpstr(spf->chain->pdata[0], ==, "E.Example include:I1.example");
	g_assert_cmpstr(spf->chain->pdata[1], ==, "I1.example redirect=i2.example");
	g_assert_cmpstr(spf->chain->pdata[2], ==, "i2.example ip4:203.0.113.0/24");
	g_assert_cmpuint(spf->lookups, ==, 3);
	g_assert_cmpuint(spf->void_lookups, ==, 1);
	g_assert_cmpuint(spf->verdict.answers, ==, 4);
	g_assert_null(spf->explanation);
}

/* Where an error is, the chain leads to. */
static void test_chain_to_error(void)
{
	g_autoptr(SpfVerdict) spf = check("e.example TXT v=spf1 include:i.example -all\n"
					  "i.example TXT v=spf1 a:t.example\nt.example TIMEOUT x",
		"192.0.2.1", "x@e.example");

	g_assert_cmpint(spf->verdict.result, ==, RESULT_TEMPERROR);
	g_assert_cmpstr(spf->verdict.detail, ==, "t.example A");
	g_assert_cmpuint(spf->chain->len, ==, 2);
	g_assert_cmpstr(spf->chain->pdata[1], ==, "i.example a:t.example");
	g_assert_null(spf->term);
}

static const struct {
	const char *name;
	const char *zone;
	const char *explanation;
} explanations[] = {
	{ "plain", "e.example TXT v=spf1 -all exp=x.example\nx.example TXT Go away, %{s}!",
		"Go away, x@e.example!" },
	{ "none stated", "e.example TXT v=spf1 -all", NULL },
	{ "only with fail", "e.example TXT v=spf1 ~all exp=x.example\nx.example TXT No.", NULL },
	{ "exp-text is no modifier of ours", "e.example TXT v=spf1 -all exp-text=owned", NULL },
	{ "two texts", "e.example TXT v=spf1 -all exp=x.example\nx.example TXT a\nx.example TXT b",
		NULL },
	{ "broken", "e.example TXT v=spf1 -all exp=x.example\nx.example TXT 100% of it", NULL },
	{ "not ASCII", "e.example TXT v=spf1 -all exp=x.example\nx.example TXT caf\xC3\xA9", NULL },
	{ "time-out", "e.example TXT v=spf1 -all exp=x.example\nx.example TIMEOUT x", NULL },
	{ "of the record redirected to",
		"e.example TXT v=spf1 exp=x.example redirect=r.example\n"
		"r.example TXT v=spf1 -all exp=y.example\nx.example TXT x\ny.example TXT %{d} %{o}",
		"r.example e.example" },
	{ "not of the record included",
		"e.example TXT v=spf1 -include:i.example exp=x.example\n"
		"i.example TXT v=spf1 +all exp=y.example\nx.example TXT x %{d}\ny.example TXT y",
		"x e.example" },
	{ "not of one included before",
		"e.example TXT v=spf1 include:i.example -all exp=x.example\n"
		"i.example TXT v=spf1 -all exp=y.example\nx.example TXT x %{d}\ny.example TXT y",
		"x e.example" },
	{ "letters of explanations",
		"e.example TXT v=spf1 -all exp=x.example\n"
		"x.example TXT %{c}%_%{r}%%%{t}%-%{h} %{L} %{p}",
		"192.0.2.1 unknown%1700000000%20mail.helo.example x unknown" },
};

static void test_explanations(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(explanations); i++) {
		g_autoptr(SpfZone) zone = zone_from(explanations[i].zone);
		g_autoptr(Evidence) evidence = evidence_new();
		SpfRequest request = request_of("192.0.2.1", "x@e.example", "mail.helo.example");
		g_autoptr(SpfVerdict) first = NULL;
		g_autoptr(SpfVerdict) spf = NULL;
		g_autoptr(Context) context = context_new(evidence);
		unsigned rounds;

		first = spf_zone_check(zone, evidence, spf_check_mail_from, &request, &rounds);
		context->received = INT64_C(1700000000123);
		spf = spf_check_mail_from(&request, context);
		if (g_strcmp0(spf->explanation, explanations[i].explanation) != 0) {
			g_test_message("%s: got %s", explanations[i].name, spf->explanation);
			g_test_fail();
		}
	}
}

/* --- identities */

static void check_unknown(const SpfVerdict *spf, const char *reason)
{
	g_assert_cmpint(spf->verdict.result, ==, RESULT_NONE);
	g_assert_cmpstr(spf->verdict.reason, ==, reason);
	g_assert_false(spf->verdict.is_final);
	g_assert_null(spf->domain);
	g_assert_cmpuint(spf->chain->len, ==, 0);
}

static void test_unknown(void)
{
	static const struct {
		const char *client, *mail_from, *helo, *from_reason, *helo_reason;
	} unknown[] = {
		{ NULL, "x@e.example", "h.example", "no-client-ip", "no-client-ip" },
		{ "192.0.2.1", NULL, NULL, "no-mail-from", "no-helo" },
		{ "192.0.2.1", "", NULL, "no-helo", "no-helo" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(unknown); i++) {
		g_autoptr(Evidence) evidence = evidence_new();
		g_autoptr(Context) context = context_new(evidence);
		SpfRequest request =
			request_of(unknown[i].client, unknown[i].mail_from, unknown[i].helo);
		g_autoptr(SpfVerdict) from = spf_check_mail_from(&request, context);
		g_autoptr(SpfVerdict) helo = spf_check_helo(&request, context);

		check_unknown(from, unknown[i].from_reason);
		check_unknown(helo, unknown[i].helo_reason);
		g_assert_cmpuint(context->lacking->len, ==, 0);
	}
}

static void test_malformed(void)
{
	static const char *const addresses[] = { "x@example", "x@[192.0.2.1]", "x@a..example",
		"x@.example.com", "@", "x@", "x@example.", "x@e.\xFF.example",
		"x@a123456789012345678901234567890123456789012345678901234567890123.example" };

	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_autoptr(SpfVerdict) spf = check("", "192.0.2.1", addresses[i]);

		g_test_message("%s", addresses[i]);
		g_assert_cmpint(spf->verdict.result, ==, RESULT_NONE);
		g_assert_cmpstr(spf->verdict.reason, ==, "domain-malformed");
		g_assert_true(spf->verdict.is_final);
		g_assert_true(g_utf8_validate(spf->verdict.detail, -1, NULL));
	}
}

/* A final dot is dropped, U-labels become A-labels (RFC 8616, 4), "@" in a HELO name is no
 * address. */
static void test_domains(void)
{
	static const struct {
		const char *address, *domain;
	} good[] = { { "x@E.example.", "e.example" }, { "e.example", "e.example" },
		{ "@e.example", "e.example" }, { "a@b@e.example", "e.example" },
		{ "x@\xE6\x97\xA5\xE6\x9C\xAC.example", "xn--wgv71a.example" },
		{ "x@e_1.example", "e_1.example" } };

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(SpfVerdict) spf = check("", "192.0.2.1", good[i].address);

		g_assert_cmpstr(spf->verdict.reason, ==, "record-missing");
		g_assert_cmpstr(spf->domain, ==, good[i].domain);
	}
}

static SpfVerdict *check_sender(
	const char *zone_text, SpfCheck how, const char *mail_from, const char *helo)
{
	g_autoptr(SpfZone) zone = zone_from(zone_text);
	g_autoptr(Evidence) evidence = evidence_new();
	SpfRequest request = request_of("192.0.2.1", mail_from, helo);
	unsigned rounds;

	return spf_zone_check(zone, evidence, how, &request, &rounds);
}

static void test_helo(void)
{
	static const char zone[] = "h.example TXT v=spf1 -all exp=x.example\nx.example TXT %{s}\n"
				   "e.example TXT v=spf1 +all";
	g_autoptr(SpfVerdict) helo = check_sender(zone, spf_check_helo, "x@e.example", "H.example");
	g_autoptr(SpfVerdict) null = check_sender(zone, spf_check_mail_from, "", "H.example");
	g_autoptr(SpfVerdict) at = check_sender(zone, spf_check_helo, "", "x@e.example");

	g_assert_cmpint(helo->verdict.result, ==, RESULT_FAIL);
	g_assert_cmpint(helo->identity, ==, SPF_HELO);
	g_assert_cmpstr(helo->explanation, ==, "postmaster@H.example");
	g_assert_cmpint(null->verdict.result, ==, RESULT_FAIL);
	g_assert_cmpint(null->identity, ==, SPF_MAILFROM);
	g_assert_cmpstr(null->domain, ==, "h.example");
	g_assert_cmpstr(null->explanation, ==, "postmaster@H.example");
	g_assert_cmpint(at->verdict.result, ==, RESULT_NONE);
}

/* %{h} without a HELO name: no word can be given. */
static void test_helo_macro(void)
{
	static const char zone[] = "e.example TXT v=spf1 exists:%{h}.example +all";
	g_autoptr(SpfVerdict) without = NULL;
	g_autoptr(SpfZone) parsed = zone_from(zone);
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(Context) context = context_new(evidence);
	SpfRequest request = request_of("192.0.2.1", "x@e.example", NULL);

	spf_zone_fill(parsed, evidence);
	without = spf_check_mail_from(&request, context);
	g_assert_cmpstr(without->verdict.reason, ==, "no-helo");
	g_assert_false(without->verdict.is_final);
	g_assert_cmpuint(context->lacking->len, ==, 0);
}

/* RFC 8616, 4: a term with the local part in it does not match for one that is not ASCII. */
static void test_local_part(void)
{
	static const char zone[] = "e.example TXT v=spf1 exists:%{l}.x.example -all\n"
				   "abc.x.example A 127.0.0.2";
	g_autoptr(SpfVerdict) ascii = check(zone, "192.0.2.1", "abc@e.example");
	g_autoptr(SpfVerdict) other = check(zone, "192.0.2.1", "\xE3\x81\x82@e.example");

	g_assert_cmpint(ascii->verdict.result, ==, RESULT_PASS);
	g_assert_cmpint(other->verdict.result, ==, RESULT_FAIL);
	g_assert_cmpuint(other->void_lookups, ==, 0);
}

/* ... while the others do, and the domain of the sender is expanded as A-labels. */
static void test_u_labels(void)
{
	static const char zone[] = "xn--wgv71a.example TXT v=spf1 exists:%{s}.x.example "
				   "exists:%{d}.%{o}.x.example -all\n"
				   "xn--wgv71a.example.xn--wgv71a.example.x.example A 127.0.0.2";
	static const char explained[] = "xn--wgv71a.example TXT v=spf1 -all exp=x.example\n"
					"x.example TXT %{d} %{o}";
	g_autoptr(SpfVerdict) spf =
		check(zone, "192.0.2.1", "\xE3\x81\x82@\xE6\x97\xA5\xE6\x9C\xAC.example");
	g_autoptr(SpfVerdict) plain = check(zone, "192.0.2.1", "a@xn--wgv71a.example");
	g_autoptr(SpfVerdict) fails =
		check(explained, "192.0.2.1", "a@\xE6\x97\xA5\xE6\x9C\xAC.example");
	/* A record is ASCII (4.3): U-labels in it are no syntax. */
	g_autoptr(SpfVerdict) record =
		check("e.example TXT v=spf1 include:\xE6\x97\xA5\xE6\x9C\xAC.example -all",
			"192.0.2.1", "x@e.example");

	g_assert_cmpint(spf->verdict.result, ==, RESULT_PASS);
	g_assert_cmpstr(spf->term, ==, "exists:%{d}.%{o}.x.example");
	g_assert_cmpstr(spf->domain, ==, "xn--wgv71a.example");
	g_assert_cmpint(plain->verdict.result, ==, RESULT_PASS);
	g_assert_cmpstr(fails->explanation, ==, "xn--wgv71a.example xn--wgv71a.example");
	g_assert_cmpstr(record->verdict.reason, ==, "record-octet");
}

/* --- records as the DNS carries them: strings of at most 255 octets (3.3) */

static SpfVerdict *check_evidence(const char *rdata, const char *client)
{
	g_autofree char *text = g_strconcat(
		";q e.example. TXT NOERROR n=1\ne.example.\t300\tIN\tTXT\t", rdata, "\n", NULL);
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(Context) context = context_new(evidence);
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	SpfRequest request = request_of(client, "x@e.example", "h.example");

	evidence_parse(slice_of(text), "test", evidence, notes);
	g_assert_cmpuint(evidence_count(evidence), ==, 1);
	return spf_check_mail_from(&request, context);
}

static void test_strings(void)
{
	static const struct {
		const char *rdata;
		const char *client;
		AuthResult result;
		const char *term;
	} carried[] = {
		{ "\"v=spf1 ip4:192.0.2.1 -all\"", "192.0.2.1", RESULT_PASS, "ip4:192.0.2.1" },
		{ "\"v=spf1 ip4:192.0\" \".2.1 -a\" \"ll\"", "192.0.2.1", RESULT_PASS,
			"ip4:192.0.2.1" },
		{ "\"v=spf1 ip4:192.0\" \".2.1 -a\" \"ll\"", "192.0.2.2", RESULT_FAIL, "-all" },
		{ "\"v=s\" \"\" \"pf1 -all\"", "192.0.2.2", RESULT_FAIL, "-all" },
		/* nothing is put between them */
		{ "\"v=spf1\" \"-all\"", "192.0.2.2", RESULT_NONE, NULL },
		{ "\"v=spf1 ip4:192.0.2.1\" \"-all\"", "192.0.2.1", RESULT_PERMERROR, NULL },
		/* octets that a string of C could not hold */
		{ "\"v=spf1 +all\\000 -all\"", "192.0.2.2", RESULT_PERMERROR, NULL },
		{ "\"v=spf1 +all \\255\"", "192.0.2.2", RESULT_PERMERROR, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(carried); i++) {
		g_autoptr(SpfVerdict) spf = check_evidence(carried[i].rdata, carried[i].client);

		g_test_message("%s", carried[i].rdata);
		g_assert_true(spf->verdict.is_final);
		g_assert_cmpint(spf->verdict.result, ==, carried[i].result);
		g_assert_cmpstr(spf->term, ==, carried[i].term);
	}
}

/* --- what is lacking */

static void check_lacking(const Context *context, const char *name, DnsType type)
{
	const Question *question;

	g_assert_cmpuint(context->lacking->len, ==, 1);
	if (context->lacking->len != 1)
		return;
	question = g_ptr_array_index(context->lacking, 0);
	g_assert_cmpstr(question->name, ==, name);
	g_assert_cmpint(question->type, ==, type);
}

static void test_lacking(void)
{
	static const struct {
		const char *name;
		DnsType type;
	} asked[] = { { "e.example", DNS_TXT }, { "i.example", DNS_TXT }, { "m.example", DNS_MX },
		{ "h.example", DNS_A }, { "1.2.0.192.in-addr.arpa", DNS_PTR },
		{ "client.example", DNS_A }, { "client.example.x.example", DNS_TXT } };
	g_autoptr(SpfZone) zone =
		zone_from("e.example TXT v=spf1 include:i.example -all exp=%{p}.x.example\n"
			  "i.example TXT v=spf1 mx:M.example -all\nm.example MX h.example\n"
			  "h.example A 10.0.0.1\n1.2.0.192.in-addr.arpa PTR client.example\n"
			  "client.example A 192.0.2.1\nclient.example.x.example TXT why");
	g_autoptr(Evidence) evidence = evidence_new();
	SpfRequest request = request_of("192.0.2.1", "x@e.example", "h");
	g_autoptr(SpfVerdict) last = NULL;
	unsigned rounds;

	for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
		g_autoptr(Context) context = context_new(evidence);
		g_autoptr(SpfVerdict) spf = spf_check_mail_from(&request, context);

		check_lacking(context, asked[i].name, asked[i].type);
		g_assert_cmpint(spf->verdict.result, ==, RESULT_TEMPERROR);
		g_assert_cmpstr(spf->verdict.reason, ==, "answer-missing");
		g_assert_false(spf->verdict.is_final);
		g_assert_null(spf->explanation);
		g_assert_null(spf->term);
		evidence_add(evidence, spf_zone_answer(zone, asked[i].name, asked[i].type));
	}
	last = spf_zone_check(zone, evidence, spf_check_mail_from, &request, &rounds);
	g_assert_cmpuint(rounds, ==, 1);
	g_assert_cmpint(last->verdict.result, ==, RESULT_FAIL);
	g_assert_cmpstr(last->explanation, ==, "why");
}

/* The hosts of a term are asked for together: ten terms of ten hosts would take 111 rounds. */
static void test_rounds(void)
{
	GString *text = g_string_new("e.example TXT v=spf1 ");
	g_autoptr(SpfZone) zone = NULL;
	g_autoptr(Evidence) evidence = evidence_new();
	SpfRequest request = request_of("192.0.2.1", "x@e.example", "h");
	g_autoptr(SpfVerdict) spf = NULL;
	unsigned rounds;

	for (unsigned i = 0; i < 10; i++)
		g_string_append_printf(text, "mx:m%u.example ", i);
	g_string_append(text, "-all");
	for (unsigned i = 0; i < 100; i++)
		g_string_append_printf(
			text, "\nm%u.example MX h%u.example\nh%u.example A 10.0.0.1", i / 10, i, i);
	zone = zone_from(text->str);
	spf = spf_zone_check(zone, evidence, spf_check_mail_from, &request, &rounds);
	g_assert_cmpint(spf->verdict.result, ==, RESULT_FAIL);
	g_assert_cmpuint(spf->verdict.answers, ==, 111);
	g_assert_cmpuint(rounds, ==, 22);
	g_string_free(text, TRUE);
}

static void test_findings(void)
{
	static const struct {
		const char *zone, *code;
	} weak[] = { { "e.example TXT v=spf1 +all", "spf-pass-for-all" },
		{ "e.example TXT v=spf1 include:i.example -all\ni.example TXT v=spf1 +all",
			"spf-pass-for-all" },
		{ "e.example TXT v=spf1 ip4:192.0.0.0/8 -all", "spf-broad-network" },
		{ "e.example TXT v=spf1 a/1 -all\ne.example A 130.0.0.1", "spf-broad-network" },
		{ "e.example TXT v=spf1 ip4:192.0.2.1 ptr -all", "spf-ptr" },
		{ "e.example TXT v=spf1 ip4:192.0.2.1 redirect=%{p}.example", "spf-ptr" },
		{ "e.example TXT v=spf1 ?all", NULL },
		{ "e.example TXT v=spf1 ip4:0.0.0.0/9 a:%{d} ip4:192.0.2.1/9 -all", NULL } };

	for (size_t i = 0; i < G_N_ELEMENTS(weak); i++) {
		g_autoptr(SpfVerdict) spf = check(weak[i].zone, "192.0.2.1", "x@e.example");

		g_test_message("%s", weak[i].zone);
		g_assert_cmpuint(findings_count(spf->findings), ==, weak[i].code != NULL);
		if (weak[i].code != NULL)
			g_assert_nonnull(findings_find(spf->findings, weak[i].code));
	}
}

/* A record that is broken is shown all the same. */
static void test_broken_record(void)
{
	static const char record[] = "v=spf1 ip4:192.0.2.999\0\xFF -all";
	g_autoptr(SpfVerdict) spf =
		check_record(slice_make(record, sizeof record - 1), "192.0.2.1");

	g_assert_cmpint(spf->verdict.result, ==, RESULT_PERMERROR);
	g_assert_cmpstr(spf->record, ==, "v=spf1 ip4:192.0.2.999\\x00\\xFF -all");
}

static void test_outcomes(void)
{
	static const DnsOutcome failures[] = { DNS_SERVFAIL, DNS_REFUSED, DNS_FORMERR, DNS_NOTIMP,
		DNS_TIMEOUT, DNS_NETERR, (DnsOutcome)9 };

	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		g_autoptr(Evidence) evidence = evidence_new();
		g_autoptr(Context) context = context_new(evidence);
		SpfRequest request = request_of("192.0.2.1", "x@e.example", "h");
		Answer *answer = answer_new("e.example", DNS_TXT);
		g_autoptr(SpfVerdict) spf = NULL;

		answer->outcome = failures[i];
		answer->at = 1000;
		evidence_add(evidence, answer);
		spf = spf_check_mail_from(&request, context);
		g_assert_cmpint(spf->verdict.result, ==, RESULT_TEMPERROR);
		g_assert_cmpstr(spf->verdict.reason, ==, "dns-failure");
		g_assert_true(spf->verdict.is_final);
		g_assert_cmpuint(spf->verdict.answers, ==, 1);
		g_assert_cmpint(spf->verdict.youngest, ==, 1000);
	}
}

/* --- zones that crash, hang or mislead libspf2 when it is given the record */

static const struct {
	const char *file;
	const char *address;
	const char *client;
	AuthResult result;
	const char *reason;
} crashers[] = {
	{ "cve42118_exp.z", "x@e.example.com", "198.51.100.1", RESULT_FAIL, "term-matched" },
	{ "cve42118_mech.z", "x@e.example.com", "198.51.100.1", RESULT_FAIL, "term-matched" },
	{ "cve42118_mod.z", "x@e.example.com", "198.51.100.1", RESULT_FAIL, "term-matched" },
	{ "eleventh.z", "x@e.example.com", "192.0.2.1", RESULT_PERMERROR, "lookup-limit" },
	{ "exptext.z", "x@e.example.com", "192.0.2.1", RESULT_FAIL, "term-matched" },
	{ "include_tree_3.z", "x@e.example.com", "192.0.2.1", RESULT_PERMERROR, "lookup-limit" },
	{ "include_tree_4.z", "x@e.example.com", "192.0.2.1", RESULT_PERMERROR, "lookup-limit" },
	{ "include_tree_5.z", "x@e.example.com", "192.0.2.1", RESULT_PERMERROR, "lookup-limit" },
	{ "include_tree_6.z", "x@e.example.com", "192.0.2.1", RESULT_PERMERROR, "lookup-limit" },
	{ "ip4_cidr_wrap.z", "x@e.example.com", "198.51.100.1", RESULT_PERMERROR, "record-syntax" },
	{ "ip4_overlong.z", "x@e.example.com", "192.0.2.1", RESULT_PERMERROR, "record-syntax" },
	{ "long_ip4.z", "x@e.example.com", "198.51.100.1", RESULT_FAIL, "term-matched" },
	{ "long_ip6.z", "x@e.example.com", "198.51.100.1", RESULT_FAIL, "term-matched" },
	{ "macro_d2.z", "x@example.com", "192.0.2.1", RESULT_PASS, "term-matched" },
	{ "nested.z", "x@inc.example.com", "203.0.113.7", RESULT_PASS, "term-matched" },
};

static SpfZone *zone_of_file(const char *name)
{
	g_autofree char *path = g_strconcat("corpora/spf/crash-records/", name, NULL);
	g_autoptr(GBytes) file = suite_file(path);
	g_autofree char *text = slice_dup(slice_of_bytes(file));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	SpfZone *zone = spf_zone_new();

	for (char **line = lines; *line != NULL; line++)
		spf_zone_add_line(zone, *line);
	return zone;
}

static void test_crash_records(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(crashers); i++) {
		g_autoptr(SpfZone) zone = zone_of_file(crashers[i].file);
		g_autoptr(SpfVerdict) spf = check_in(zone, crashers[i].client, crashers[i].address);

		g_test_message("%s: %s %s", crashers[i].file, auth_result_word(spf->verdict.result),
			spf->verdict.reason);
		g_assert_cmpint(spf->verdict.result, ==, crashers[i].result);
		g_assert_cmpstr(spf->verdict.reason, ==, crashers[i].reason);
		g_assert_cmpuint(spf->lookups, <=, LIMIT_SPF_LOOKUPS);
	}
}

/* Sixteen thousand macros, each a long sender: stopped, and soon. */
static void test_expansion_limit(void)
{
	GString *record = g_string_new("v=spf1 exists:");
	g_autofree char *local = g_strnfill(100000, 'a');
	g_autofree char *address = g_strconcat(local, "@e.example", NULL);
	g_autoptr(SpfZone) zone = spf_zone_new();
	g_autoptr(SpfVerdict) spf = NULL;

	for (unsigned i = 0; i < 16000; i++)
		g_string_append(record, "%{s}");
	spf_zone_add(zone, "e.example", "TXT", slice_make(record->str, record->len));
	spf = check_in(zone, "192.0.2.1", address);
	g_assert_cmpint(spf->verdict.result, ==, RESULT_PERMERROR);
	g_assert_cmpstr(spf->verdict.reason, ==, "expansion-limit");
	g_string_free(record, TRUE);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/spf/rows", test_rows);
	g_test_add_func("/spf/long-records", test_long_records);
	g_test_add_func("/spf/many-ip4", test_many_ip4);
	g_test_add_func("/spf/octets", test_octets);
	g_test_add_func("/spf/chain", test_chain);
	g_test_add_func("/spf/chain-to-error", test_chain_to_error);
	g_test_add_func("/spf/explanations", test_explanations);
	g_test_add_func("/spf/unknown", test_unknown);
	g_test_add_func("/spf/malformed", test_malformed);
	g_test_add_func("/spf/domains", test_domains);
	g_test_add_func("/spf/helo", test_helo);
	g_test_add_func("/spf/helo-macro", test_helo_macro);
	g_test_add_func("/spf/local-part", test_local_part);
	g_test_add_func("/spf/u-labels", test_u_labels);
	g_test_add_func("/spf/strings", test_strings);
	g_test_add_func("/spf/lacking", test_lacking);
	g_test_add_func("/spf/rounds", test_rounds);
	g_test_add_func("/spf/findings", test_findings);
	g_test_add_func("/spf/broken-record", test_broken_record);
	g_test_add_func("/spf/outcomes", test_outcomes);
	g_test_add_func("/spf/crash-records", test_crash_records);
	g_test_add_func("/spf/expansion-limit", test_expansion_limit);
	return g_test_run();
}
