/* The boundary: the four rules, recorded results that are ours or forged, MAIL FROM. */
#include "base/domain_name.h"
#include "message/facts.h"
#include "suite.h"
#include "tally.h"

#include <jansson.h>

#include <string.h>

typedef struct Row {
	const char *name;
	const char *message;
	const char *border_host, *border_net, *authserv_id; /* NULL: not given */
	const char *ip, *rule;
	const char *mail_from, *mail_from_rule;
	unsigned trusted;
	const char *finding; /* must be there; NULL: none is asked for */
} Row;

#define OURS \
	"Received: from s.example (s.example [198.51.100.7]) by mx.ours.example with ESMTP; 1 " \
	"May 2024 00:00 +0000\n"
#define INTERNAL \
	"Received: from mx.ours.example (mx.ours.example [10.0.0.1]) by store.ours.example with " \
	"ESMTP; 1 May 2024 00:01 +0000\n"
#define FORGED \
	"Received: from bank.example (bank.example [203.0.113.9]) by mx.ours.example with ESMTP; " \
	"1 May 2024 00:00 +0000\n"
#define AR_OURS "Authentication-Results: mx.ours.example; spf=pass smtp.mailfrom=a@s.example\n"
#define REST    "From: a@s.example\nDate: 1 May 2024 00:00 +0000\n\nbody\n"

/* What a sender writes below the line that our host wrote of him. */
#define CLAIM(by) \
	"Received: from mail.bank.example (mail.bank.example [203.0.113.9]) by " by " with " \
	"ESMTP; 1 May 2020 00:00 +0000\n"
#define LINE(client, by, with) \
	"Received: from " client " by " by " with " with "; 1 May 2024 00:00 +0000\n"

static const Row rows[] = {
	{ "inferred", "Return-Path: <a@s.example>\n" INTERNAL OURS FORGED REST, NULL, NULL, NULL,
		"198.51.100.7", "inferred", "a@s.example", "return-path", 0, NULL },
	{ "results above", INTERNAL AR_OURS OURS REST, NULL, NULL, NULL, "198.51.100.7",
		"trusted-results", "a@s.example", "recorded", 1, NULL },
	{ "results above, id given", AR_OURS OURS REST, NULL, NULL, "mx.ours.example",
		"198.51.100.7", "trusted-results", "a@s.example", "recorded", 1, NULL },
	{ "results directly below our line", OURS AR_OURS FORGED REST, NULL, NULL, NULL,
		"198.51.100.7", "inferred", NULL, "none", 0, "results-below-own-line" },
	{ "results directly below our line, id given", OURS AR_OURS AR_OURS FORGED REST, NULL, NULL,
		"mx.ours.example", "198.51.100.7", "inferred", NULL, "none", 0,
		"results-below-own-line" },
	{ "results forged", OURS FORGED AR_OURS REST, NULL, NULL, "mx.ours.example", "198.51.100.7",
		"inferred", NULL, "none", 0, "results-forged-below-boundary" },
	{ "results forged below true ones", AR_OURS OURS FORGED AR_OURS REST, NULL, NULL,
		"mx.ours.example", "198.51.100.7", "trusted-results", "a@s.example", "recorded", 1,
		"results-forged-below-boundary" },
	{ "results forged directly below true ones", AR_OURS OURS AR_OURS FORGED REST, NULL, NULL,
		"mx.ours.example", "198.51.100.7", "trusted-results", "a@s.example", "recorded", 1,
		"results-below-own-line" },
	{ "border host", INTERNAL OURS FORGED REST, "mx.ours.example", NULL, NULL, "198.51.100.7",
		"border", NULL, "none", 0, NULL },
	{ "border below a dot", INTERNAL OURS FORGED REST, ".ours.example", NULL, NULL,
		"198.51.100.7", "border", NULL, "none", 0, NULL },
	{ "border net", OURS FORGED REST, NULL, "198.51.100.0/24", NULL, "203.0.113.9", "border",
		NULL, "none", 0, NULL },
	{ "border not there", OURS REST, "mx.other.example", NULL, NULL, "198.51.100.7", "inferred",
		NULL, "none", 0, "border-not-found" },
	{ "no Received", "Return-Path: <>\n" REST, NULL, NULL, NULL, "", "none", "", "return-path",
		0, "envelope-no-received" },
	{ "submission",
		"Received: from pc ([198.51.100.9]) by mx.ours.example with ESMTPSA; 1 May 2024 "
		"00:00 +0000\n" REST,
		NULL, NULL, NULL, "", "none", NULL, "none", 0, "envelope-internal-submission" },
	{ "no address",
		"Received: from x.example by mx.ours.example with ESMTP; 1 May 2024\n" FORGED REST,
		NULL, NULL, NULL, "", "inferred", NULL, "none", 0, "boundary-without-address" },
	{ "Return-Path below", OURS "Return-Path: <x@bank.example>\n" FORGED REST, NULL, NULL, NULL,
		"198.51.100.7", "inferred", NULL, "none", 0, "return-path-below-boundary" },
	{ "Gmail before ARC",
		"Received: by 2002:a05:6504:: with SMTP id x; 1 May 2024 00:00 +0000\n"
		"Return-Path: <a@s.example>\n"
		"Received: from s.example (s.example. [198.51.100.7]) by mx.google.com with ESMTPS "
		"id x; 1 May 2024 00:00 +0000\n"
		"Received-SPF: pass (google.com: domain of a@s.example designates 198.51.100.7 as "
		"permitted sender) client-ip=198.51.100.7;\n"
		"Authentication-Results: mx.google.com; spf=pass smtp.mail=a@s.example\n" REST,
		NULL, NULL, "mx.google.com", "198.51.100.7", "inferred", "a@s.example",
		"return-path", 2, NULL },
	{ "Exchange Online",
		"Received: from A.prod.outlook.com (2603:10b6:1::1) by B.prod.outlook.com "
		"(2603:1096:1::1) with Microsoft SMTP Server; 1 May 2024 00:00 +0000\n"
		"Authentication-Results: spf=pass (sender IP is 198.51.100.7) "
		"smtp.mailfrom=s.example; dkim=none\n"
		"Received-SPF: Pass (protection.outlook.com: domain of s.example) "
		"receiver=protection.outlook.com; client-ip=198.51.100.8; helo=s.example\n"
		"Received: from s.example (198.51.100.7) by A.mail.protection.outlook.com "
		"(10.1.1.1) with Microsoft SMTP Server; 1 May 2024 00:00 +0000\n" REST,
		NULL, NULL, NULL, "198.51.100.7", "trusted-results", "s.example", "recorded", 2,
		"envelope-client-ip-differs" },
	{ "neighbours of one /16 do not hide a client",
		"Received: from x.s.example (x.ours.example [198.51.100.7]) by mx.ours.example "
		"with ESMTP; 1 May 2024 00:00 +0000\n" REST,
		NULL, NULL, NULL, "198.51.100.7", "inferred", NULL, "none", 0, NULL },
	/* The sender is near the receiver, and writes the line that would come next. */
	{ "a customer of the receiving provider",
		LINE("evil (p1234.tokyo.ocn.ne.jp [153.1.2.3])", "mx1.ocn.ne.jp", "ESMTP")
			CLAIM("evil") REST,
		NULL, NULL, NULL, "203.0.113.9", "inferred", NULL, "none", 0, "boundary-in-doubt" },
	{ "a customer, and our networks are given",
		LINE("evil (p1234.tokyo.ocn.ne.jp [153.1.2.3])", "mx1.ocn.ne.jp", "ESMTP")
			CLAIM("evil") REST,
		NULL, "153.9.0.0/16", NULL, "153.1.2.3", "border", NULL, "none", 0, NULL },
	{ "two machines in one cloud",
		LINE("evil (ec2-3-1-2-3.compute-1.amazonaws.com [3.1.2.3])",
			"inbound-smtp.us-west-2.amazonaws.com", "SMTP") CLAIM("evil") REST,
		NULL, NULL, NULL, "203.0.113.9", "inferred", NULL, "none", 0, "boundary-in-doubt" },
	{ "one /16",
		LINE("evil (h7.hosting.example [153.1.2.3])",
			"mx1.corp.example (mx1.corp.example [153.1.99.9])", "ESMTP") CLAIM("evil")
			REST,
		NULL, NULL, NULL, "203.0.113.9", "inferred", NULL, "none", 0, "boundary-in-doubt" },
	{ "one prefecture",
		LINE("mail.evil.tokyo.jp (mail.evil.tokyo.jp [203.0.5.5])", "mx.pref.tokyo.jp",
			"ESMTP") CLAIM("mail.evil.tokyo.jp") REST,
		NULL, NULL, NULL, "203.0.113.9", "inferred", NULL, "none", 0, "boundary-in-doubt" },
	{ "a submission",
		LINE("evil (p1.isp.example [153.1.2.3])", "mx1.corp.example (Postfix)", "ESMTPSA")
			CLAIM("evil") REST,
		NULL, NULL, NULL, "203.0.113.9", "inferred", NULL, "none", 0,
		"boundary-below-submission" },
	{ "results below the doubt are no word of ours",
		LINE("evil (p1234.tokyo.ocn.ne.jp [153.1.2.3])", "mx1.ocn.ne.jp",
			"ESMTP") "Authentication-Results: mx1.ocn.ne.jp; spf=pass "
				 "smtp.mailfrom=a@bank.example\n" CLAIM("evil") REST,
		NULL, NULL, NULL, "203.0.113.9", "trusted-results", NULL, "none", 0,
		"boundary-in-doubt" },
	{ "a tenant of Exchange Online",
		LINE("mail-x.outbound.protection.outlook.com "
		     "(mail-x.outbound.protection.outlook.com [40.107.1.1])",
			"X.mail.protection.outlook.com", "Microsoft SMTP Server")
			CLAIM("mail-x.outbound.protection.outlook.com") REST,
		NULL, NULL, NULL, "203.0.113.9", "inferred", NULL, "none", 0, "boundary-in-doubt" },
	{ "border host below a line that is not proven",
		LINE("x.s.example (x.s.example [198.51.100.7])", "store.ours.example", "ESMTP")
			FORGED REST,
		"mx.ours.example", NULL, NULL, "203.0.113.9", "border", NULL, "none", 0,
		"boundary-in-doubt" },
	{ "relays proven by their network",
		LINE("mx.ours.example (mx.ours.example [192.0.2.5])", "store.ours.example", "ESMTP")
			OURS FORGED REST,
		NULL, "192.0.2.0/24", NULL, "198.51.100.7", "border", NULL, "none", 0, NULL },
};

static BoundaryOptions *options_of(const Row *row)
{
	BoundaryOptions *options = boundary_options_new();
	BorderNet net = { .is_outside = false };

	if (row->border_host != NULL)
		g_ptr_array_add(options->border_hosts, g_strdup(row->border_host));
	if (row->border_net != NULL && inet_net_parse(slice_of(row->border_net), &net.net))
		g_array_append_val(options->border_nets, net);
	if (row->authserv_id != NULL)
		g_ptr_array_add(options->authserv_ids, g_strdup(row->authserv_id));
	return options;
}

static unsigned count_trusted(const Facts *facts)
{
	unsigned trusted = 0;

	for (guint i = 0; i < facts->recorded->len; i++)
		trusted += facts_recorded(facts, i)->is_trusted;
	return trusted;
}

static void check_row(const Row *row, SuiteLines lines)
{
	g_autoptr(GBytes) bytes = suite_lines(slice_of(row->message), lines);
	g_autoptr(BoundaryOptions) options = options_of(row);
	g_autoptr(Facts) facts = facts_new(bytes, NULL, options);
	bool is_in_doubt = row->finding != NULL && g_str_has_prefix(row->finding, "boundary-") &&
			   strcmp(row->finding, "boundary-without-address") != 0;
	char ip[INET_ADDR_TEXT];

	g_test_message("%s, %s", row->name, suite_lines_word(lines));
	g_assert_cmpstr(inet_addr_text(&facts->envelope.client_ip, ip), ==, row->ip);
	g_assert_cmpstr(boundary_rule_word(facts->envelope.rule), ==, row->rule);
	g_assert_cmpstr(facts->envelope.mail_from, ==, row->mail_from);
	g_assert_cmpstr(
		mail_from_rule_word(facts->envelope.mail_from_rule), ==, row->mail_from_rule);
	g_assert_cmpuint(count_trusted(facts), ==, row->trusted);
	g_assert_cmpint(facts->envelope.is_in_doubt, ==, is_in_doubt);
	/* A line below the doubt has the date that its writer liked. */
	if (is_in_doubt)
		g_assert_cmpint(facts->received, ==, INT64_C(1714521600000));
	if (row->finding != NULL)
		g_assert_nonnull(findings_find(facts->findings, row->finding));
	else
		g_assert_null(findings_find(facts->findings, "results-forged-below-boundary"));
}

static void test_rules(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int lines = 0; lines < SUITE_LINES; lines++)
			check_row(&rows[i], (SuiteLines)lines);
}

static void test_options(void)
{
	g_autoptr(GBytes) bytes = suite_lines(slice_of(INTERNAL OURS FORGED REST), SUITE_LF);
	g_autoptr(BoundaryOptions) options = boundary_options_new();
	g_autoptr(Facts) facts = NULL;

	g_assert_true(inet_addr_parse(slice_of("203.0.113.9"), &options->client_ip));
	options->mail_from = g_strdup("");
	facts = facts_new(bytes, NULL, options);
	g_assert_cmpint(facts->envelope.rule, ==, BOUNDARY_OPTION);
	g_assert_cmpuint(facts->envelope.hop, ==, 2);
	g_assert_cmpstr(facts->envelope.helo, ==, "bank.example");
	g_assert_cmpstr(facts->envelope.mail_from, ==, "");
	g_assert_cmpuint(facts->envelope.plausible_count, ==, 1);
}

static size_t count_dots(const char *text)
{
	size_t dots = 0;

	for (; *text != '\0'; text++)
		dots += *text == '.';
	return dots;
}

/* "!1.2/16" of SpamAssassin is "!1.2.0.0/16". */
static void add_net(BoundaryOptions *options, const char *word)
{
	BorderNet net = { .is_outside = word[0] == '!' };
	g_auto(GStrv) halves = g_strsplit(word + net.is_outside, "/", 2);
	g_autoptr(GString) text = g_string_new(halves[0]);

	if (strchr(word, ':') == NULL)
		for (size_t dots = count_dots(halves[0]); dots < 3; dots++)
			g_string_append(text, ".0");
	if (halves[1] != NULL)
		g_string_append_printf(text, "/%s", halves[1]);
	g_assert_true(inet_net_parse(slice_of(text->str), &net.net));
	g_array_append_val(options->border_nets, net);
}

static char *ip_word(const InetAddr *ip)
{
	char text[INET_ADDR_TEXT];

	return g_strdup(ip->family != 0 ? inet_addr_text(ip, text) : "none");
}

static const char *find_conf(json_t *conf, const char *name)
{
	for (size_t i = 0; i < json_array_size(conf); i++) {
		const char *line = json_string_value(json_array_get(conf, i));

		if (g_str_has_prefix(line, name))
			return line;
	}
	return NULL;
}

/* Internal networks are the trusted ones where nothing else is said. */
static void add_nets(BoundaryOptions *options, json_t *conf)
{
	const char *line = find_conf(conf, "internal_networks ");
	g_auto(GStrv) words = NULL;

	if (line == NULL)
		line = find_conf(conf, "trusted_networks ");
	words = g_strsplit(line != NULL ? line : "", " ", -1);
	for (size_t i = 1; words[0] != NULL && words[i] != NULL; i++)
		add_net(options, words[i]);
}

/* The first relay that is not internal; none where all are. */
static InetAddr first_external(json_t *chain)
{
	static const char *const lists[] = { "trusted", "untrusted" };
	InetAddr ip = { .family = 0 };

	for (size_t list = 0; list < G_N_ELEMENTS(lists); list++) {
		json_t *relays = json_object_get(chain, lists[list]);

		for (size_t i = 0; ip.family == 0 && i < json_array_size(relays); i++) {
			json_t *relay = json_array_get(relays, i);

			if (strcmp(json_string_value(json_object_get(relay, "intl")), "1") != 0)
				inet_addr_parse(
					slice_of(json_string_value(json_object_get(relay, "ip"))),
					&ip);
		}
	}
	return ip;
}

/* The client at the boundary; "none" where all relays are internal. */
static char *words_of_kantei(json_t *chain)
{
	g_autoptr(BoundaryOptions) options = boundary_options_new();
	const char *headers = json_string_value(json_object_get(chain, "headers"));
	g_autofree char *message = g_strconcat(headers, "\n\nbody\n", NULL);
	g_autoptr(GBytes) bytes = suite_lines(slice_of(message), SUITE_LF);
	g_autoptr(Facts) facts = NULL;

	add_nets(options, json_object_get(chain, "conf"));
	facts = facts_new(bytes, NULL, options);
	return ip_word(&facts->envelope.client_ip);
}

/* Our border wrote down the first relay that is not internal: the boundary. */
static void test_chains(void)
{
	g_autoptr(GBytes) file = suite_file("corpora/received/received_chains.json");
	json_t *chains = json_loadb(g_bytes_get_data(file, NULL), g_bytes_get_size(file), 0, NULL);
	Tally *tally = tally_new("received/chains");

	for (size_t i = 0; i < json_array_size(chains); i++) {
		json_t *chain = json_array_get(chains, i);
		InetAddr ip = first_external(chain);
		g_autofree char *name = g_strdup_printf("chain %zu", i + 1);
		g_autofree char *suite = ip_word(&ip);
		g_autofree char *kantei = words_of_kantei(chain);

		tally_add(tally, name, suite, kantei);
	}
	tally_end(tally);
	json_decref(chains);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/boundary/rules", test_rules);
	g_test_add_func("/boundary/options", test_options);
	g_test_add_func("/boundary/chains", test_chains);
	return g_test_run();
}
