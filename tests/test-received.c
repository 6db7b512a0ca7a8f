/* Received fields: the published lines with their known fields, and the odd forms by name. */
#include "message/received.h"

#include "base/text_time.h"
#include "suite.h"
#include "tally.h"

#include <string.h>

enum {
	COL_KIND,
	COL_IP,
	COL_RDNS,
	COL_HELO,
	COL_BY,
	COL_IDENT,
	COL_ENVFROM,
	COL_ID,
	COL_AUTH,
	COL_RECEIVED,
	COLS
};

static Hop *parse_exact(Slice value)
{
	Slice exact = suite_exact(value);
	Hop *hop = received_parse(exact);

	g_free((gpointer)(guintptr)exact.data);
	return hop;
}

/* The corpus writes "[192.0.2.1]" as "!192.0.2.1!". */
static char *expected_name(const char *text)
{
	size_t len = strlen(text);

	if (len > 2 && text[0] == '!')
		return g_strdup_printf("[%.*s]", (int)len - 2, text + 1);
	return g_strdup(text);
}

/* All that the set gives of a line, as one text: ident and envfrom, which it also has, are no trace
 * information (RFC 5321, 4.4), and not read. */
static char *fields_text(const char *ip, const char *rdns, const char *helo, const char *by,
	const char *id, bool is_authenticated)
{
	return g_strdup_printf("ip=%s rdns=%s helo=%s by=%s id=%s auth=%d", ip,
		rdns != NULL ? rdns : "", helo != NULL ? helo : "", by != NULL ? by : "",
		id != NULL ? id : "", is_authenticated);
}

static char *words_of_suite(char **cols)
{
	g_autofree char *helo = expected_name(cols[COL_HELO]);

	if (strcmp(cols[COL_KIND], "ignored") == 0)
		return g_strdup("no client");
	return fields_text(cols[COL_IP], cols[COL_RDNS], helo, cols[COL_BY], cols[COL_ID],
		*cols[COL_AUTH] != '\0');
}

static char *words_of_kantei(char **cols)
{
	g_autoptr(Hop) hop = parse_exact(slice_of(cols[COL_RECEIVED]));
	char ip[INET_ADDR_TEXT];

	if (strcmp(cols[COL_KIND], "ignored") == 0 && (hop->is_local || hop->ip.family == 0))
		return g_strdup("no client");
	return fields_text(inet_addr_text(&hop->ip, ip), hop->rdns, hop->helo, hop->by, hop->id,
		hop->is_authenticated);
}

static void test_published_lines(void)
{
	g_autoptr(GBytes) file = suite_file("corpora/received/received_single.tsv");
	Tally *tally = tally_new("received/lines");
	Slice rest = slice_of_bytes(file);

	slice_take_line(&rest);
	for (unsigned number = 2; rest.len > 0; number++) {
		g_autofree char *line = slice_dup(slice_chop_eol(slice_take_line(&rest)));
		g_autofree char *name = g_strdup_printf("line %u", number);
		g_auto(GStrv) cols = g_strsplit(line, "\t", COLS);
		g_autofree char *suite = NULL;
		g_autofree char *kantei = NULL;

		g_assert_cmpuint(g_strv_length(cols), ==, COLS);
		suite = words_of_suite(cols);
		kantei = words_of_kantei(cols);
		tally_add(tally, name, suite, kantei);
	}
	tally_end(tally);
}

typedef struct OddForm {
	const char *value;
	const char *ip, *rdns, *helo, *by, *with; /* NULL: the field does not say */
	const char *marks; /* a authenticated, t TLS, l local, v name verified, d date known */
} OddForm;

static const OddForm odd_forms[] = {
	{ "from VM-4-11-centos.localdomain([43.133.0.251]) by ifmta0007.nifty.com with ESMTP id 1 "
	  "for "
	  "<a@nifty.com>; Wed, 1 May 2024 00:00:00 +0900",
		"43.133.0.251", NULL, "VM-4-11-centos.localdomain", "ifmta0007.nifty.com", "ESMTP",
		"d" },
	{ "from sonic.example.com (1.2.3.4)\r\n by atlas207.mail.bf1.yahoo.comwith SMTPs; Wed, 1 "
	  "May 2024 00:00:00 +0000",
		"1.2.3.4", "sonic.example.com", "sonic.example.com", "atlas207.mail.bf1.yahoo.com",
		"SMTPs", "td" },
	{ "(qmail 27981 invoked by uid 225); 1 Nov 2003 07:05:19 -0000", NULL, NULL, NULL, NULL,
		NULL, "ld" },
	{ "by host.example with UTF8SMTPSA id 1; Wed, 1 May 2024 00:00:00 +0000", NULL, NULL, NULL,
		"host.example", "UTF8SMTPSA", "atld" },
	{ "from localhost ([2a02:8109::1]) by smtp.gmail.com with UTF8SMTPSA id x", "2a02:8109::1",
		NULL, "localhost", "smtp.gmail.com", "UTF8SMTPSA", "at" },
	{ "from BN8NAM12.example (2603:10b6:408:ee::17) by SA1PR.example (2603:10b6:806::5) with "
	  "Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE) id 15.20.1 via Frontend "
	  "Transport; "
	  "Wed, 1 May 2024 00:00:00 +0000",
		"2603:10b6:408:ee::17", NULL, "BN8NAM12.example", "SA1PR.example",
		"Microsoft SMTP Server", "td" },
	{ "from a.example (a.example. [192.0.2.7]) by mx.google.com with ESMTPS id x for "
	  "<b@example.jp> (version=TLS1_3 cipher=TLS_AES_128 bits=128/128); Wed, 01 May 2024 "
	  "00:00:00 "
	  "-0700 (PDT)",
		"192.0.2.7", "a.example", "a.example", "mx.google.com", "ESMTPS", "tvd" },
	{ "by 2002:a05:6214:c29:b0:6f5:2c1 with SMTP id a9csp1; Wed, 1 May 2024 00:00:00 +0000",
		NULL, NULL, NULL, "2002:a05:6214:c29:b0:6f5:2c1", "SMTP", "ld" },
	{ "from h.example (r.example [192.0.2.1]) (using TLSv1.3 with cipher X (256/256 bits)) "
	  "(Authenticated sender: u@example) by m.example (Postfix) with ESMTPSA id 1; 1 May 2024 "
	  "00:00 +0000",
		"192.0.2.1", "r.example", "h.example", "m.example", "ESMTPSA", "atvd" },
	{ "from h.example (r.example [192.0.2.1] (may be forged)) by m.example with SMTP",
		"192.0.2.1", "r.example", "h.example", "m.example", "SMTP", "" },
	{ "from h.example (unknown [IPv6:2001:db8::1]) by m.example with ESMTP tls TLS_X",
		"2001:db8::1", NULL, "h.example", "m.example", "ESMTP", "t" },
	{ "from mail.example (HELO evil (r.ours [192.0.2.9])) (203.0.113.5) by m.example with SMTP",
		"203.0.113.5", "mail.example", "evil (r.ours [192.0.2.9])", "m.example", "SMTP",
		"" },
	{ "from x(authenticated bits=0)([203.0.113.5]) by m.example with SMTP", "203.0.113.5", NULL,
		"x", "m.example", "SMTP", "" },
	{ "from by (unknown [203.0.113.5]) by m.example with SMTP", "203.0.113.5", NULL, "by",
		"m.example", "SMTP", "" },
	{ "from smtp-gw7.example.co.jp ([192.0.2.89]) by n.example.co.jp (Lotus SMTP MTA Internal "
	  "build v1.2 hotfix4 (684.3 7-31-1998)) with SMTP id 00000000.00000000; Thu, 29 Apr 2009 "
	  "12:34:29 +0900",
		"192.0.2.89", NULL, "smtp-gw7.example.co.jp", "n.example.co.jp", "SMTP", "d" },
	{ "from unknown [192.0.2.41] by smtp-gw5.example.co.jp with ESMTP id 1", "192.0.2.41", NULL,
		"unknown", "smtp-gw5.example.co.jp", "ESMTP", "" },
	{ "from (smtp-gw1.example.ne.jp [192.0.2.90]) by smtp6.example.ne.jp with smtp id 1",
		"192.0.2.90", "smtp-gw1.example.ne.jp", NULL, "smtp6.example.ne.jp", "smtp", "v" },
	{ "from mail.ours ([127.0.0.1]) by localhost (n.ours [127.0.0.1]) (amavisd-new, port "
	  "10024) "
	  "with ESMTP id 1",
		"127.0.0.1", NULL, "mail.ours", "localhost", "ESMTP", "" },
	{ "from x.example.ne.jp (unknown [192.0.2.45]) by lsean.ezweb.ne.jp (EZweb Mail) with SMTP",
		"192.0.2.45", NULL, "x.example.ne.jp", "lsean.ezweb.ne.jp", "SMTP", "" },
	{ "from x.prod.outlook.com ([fe80::1]) by x.prod.outlook.com ([fe80::1%12]) with mapi id "
	  "15",
		"fe80::1", NULL, "x.prod.outlook.com", "x.prod.outlook.com", "mapi", "l" },
	{ "from h (unclosed by m.example with SMTP; Wed, 1 May 2024 00:00:00 +0000", NULL, NULL,
		"h", "m.example", "SMTP", "d" },
	{ "", NULL, NULL, NULL, NULL, NULL, "l" },
	{ "; ; ;", NULL, NULL, NULL, NULL, NULL, "l" },
};

static char *marks_of(const Hop *hop)
{
	return g_strdup_printf("%s%s%s%s%s", hop->is_authenticated ? "a" : "",
		hop->is_tls ? "t" : "", hop->is_local ? "l" : "", hop->rdns_verified ? "v" : "",
		hop->date != TIME_UNKNOWN ? "d" : "");
}

static void test_odd_forms(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(odd_forms); i++) {
		const OddForm *row = &odd_forms[i];
		g_autoptr(Hop) hop = parse_exact(slice_of(row->value));
		g_autofree char *marks = marks_of(hop);
		char ip[INET_ADDR_TEXT];

		g_test_message("%s", row->value);
		g_assert_cmpstr(inet_addr_text(&hop->ip, ip), ==, row->ip != NULL ? row->ip : "");
		g_assert_cmpstr(hop->rdns, ==, row->rdns);
		g_assert_cmpstr(hop->helo, ==, row->helo);
		g_assert_cmpstr(hop->by, ==, row->by);
		g_assert_cmpstr(hop->with, ==, row->with);
		g_assert_cmpstr(marks, ==, row->marks);
	}
}

static void test_hostile(void)
{
	static const char *const repeated[] = { "(", ")", "<", "[", "\"", ";", "(a) ", "from ",
		"by x ", "\\", "[1.2.3.4] ", "((a)", "with " };

	for (size_t i = 0; i < G_N_ELEMENTS(repeated); i++) {
		GString *value = g_string_new("from x (y [192.0.2.1]) ");
		g_autoptr(Hop) hop = NULL;

		g_test_message("%s", repeated[i]);
		while (value->len < 1000 * 1000)
			g_string_append(value, repeated[i]);
		hop = parse_exact(slice_make(value->str, value->len));
		g_assert_nonnull(hop);
		g_string_free(value, TRUE);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/received/published-lines", test_published_lines);
	g_test_add_func("/received/odd-forms", test_odd_forms);
	g_test_add_func("/received/hostile", test_hostile);
	return g_test_run();
}
