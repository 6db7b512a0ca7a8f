/* Live DNS against a server of our own on loopback: what is made of every way to answer. */
#include "dns_server.h"
#include "suite.h"

#include "dns/evidence_file.h"
#include "dns/live.h"

#include <string.h>

#define TIMEOUT_MS 600u

static Live *new_live(unsigned parallel, const char *first, const char *second)
{
	g_autoptr(GPtrArray) resolvers = g_ptr_array_new_with_free_func(g_free);
	LiveOptions options = { resolvers, TIMEOUT_MS, parallel };
	g_autoptr(GError) error = NULL;
	Live *live;

	g_ptr_array_add(resolvers, g_strdup(first));
	if (second != NULL)
		g_ptr_array_add(resolvers, g_strdup(second));
	live = live_new(&options, &error);
	g_assert_no_error(error);
	return live;
}

static void take_answer(Answer *answer, gpointer data)
{
	g_ptr_array_add(data, answer);
}

static GPtrArray *new_answers(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)answer_free);
}

static void poll_all(Live *live, GPtrArray *answers)
{
	while (live_outstanding(live) > 0)
		live_poll(live, 1000, take_answer, answers);
}

static Answer *ask_one(Live *live, const char *name, DnsType type)
{
	g_autoptr(GPtrArray) answers = new_answers();
	g_autoptr(Question) question = question_new(name, type);

	live_ask(live, question);
	live_ask(live, question);
	g_assert_cmpuint(live_outstanding(live), ==, 1);
	poll_all(live, answers);
	g_assert_cmpuint(answers->len, ==, 1);
	return g_ptr_array_steal_index(answers, 0);
}

static const struct {
	const char *name;
	DnsType type;
	DnsOutcome outcome;
	size_t count;
	DnsSecurity security;
	int64_t soa;
	int ede;
	int cd;
	unsigned tries; /* UINT_MAX: any */
	const char *transport;
} cases[] = {
	{ "plain.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 0, "/udp" },
	{ "secure.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_AD, -1, -1, -1, 0, "/udp" },
	{ "big.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 0, "/udp" },
	{ "odd\\032\\000\\255name.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 0,
		"/udp" },
	{ "nxdomain.example", DNS_TXT, DNS_NXDOMAIN, 0, DNSSEC_NO, 60, -1, -1, 0, "/udp" },
	{ "nodata.example", DNS_MX, DNS_NOERROR, 0, DNSSEC_NO, 60, -1, -1, 0, "/udp" },
	{ "cname.example", DNS_A, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 0, "/udp" },
	{ "servfail.example", DNS_TXT, DNS_SERVFAIL, 0, DNSSEC_UNKNOWN, -1, -1, -1, 0, "/udp" },
	{ "lost-zone.example", DNS_TXT, DNS_SERVFAIL, 0, DNSSEC_UNKNOWN, -1, 22, -1, 0, "/udp" },
	{ "refused.example", DNS_TXT, DNS_REFUSED, 0, DNSSEC_UNKNOWN, -1, -1, -1, 0, "/udp" },
	{ "bogus.example", DNS_TXT, DNS_SERVFAIL, 0, DNSSEC_BOGUS, -1, 6, DNS_NOERROR, UINT_MAX,
		"/udp" },
	{ "bogus-and-broken.example", DNS_TXT, DNS_SERVFAIL, 0, DNSSEC_UNKNOWN, -1, 6, DNS_SERVFAIL,
		UINT_MAX, "/udp" },
	{ "wrong-id.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 0, "/udp" },
	{ "lossy.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 2, "/udp" },
	{ "truncated.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 2, "/tcp" },
	{ "no-tcp.example", DNS_TXT, DNS_NETERR, 0, DNSSEC_UNKNOWN, -1, -1, -1, 3, "/tcp" },
	{ "garbage.example", DNS_TXT, DNS_NETERR, 0, DNSSEC_UNKNOWN, -1, -1, -1, 3, "/udp" },
	{ "referral.example", DNS_TXT, DNS_NETERR, 0, DNSSEC_UNKNOWN, -1, -1, -1, 3, "/udp" },
	{ "silent.example", DNS_TXT, DNS_TIMEOUT, 0, DNSSEC_UNKNOWN, -1, -1, -1, UINT_MAX, "/udp" },
	{ "formerr.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 2, "/udp" },
	{ "formerr.other.example", DNS_TXT, DNS_NOERROR, 1, DNSSEC_NO, -1, -1, -1, 0, "/udp" },
};

static void test_behaviour(void)
{
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(0, dns_server_address(server), NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Answer) answer = ask_one(live, cases[i].name, cases[i].type);
		g_autofree char *via =
			g_strconcat(dns_server_address(server), cases[i].transport, NULL);
		g_autoptr(GString) text = evidence_format(answer);
		g_autoptr(Answer) again = evidence_parse_group(slice_make(text->str, text->len));
		g_autoptr(GString) twice = again != NULL ? evidence_format(again) : NULL;

		g_test_message("%s", text->str);
		g_assert_cmpstr(answer->question.name, ==, cases[i].name);
		g_assert_cmpint(answer->outcome, ==, cases[i].outcome);
		g_assert_cmpuint(answer_count(answer), ==, cases[i].count);
		g_assert_cmpint(answer->security, ==, cases[i].security);
		g_assert_cmpint(answer->soa, ==, cases[i].soa);
		g_assert_cmpint(answer->ede, ==, cases[i].ede);
		g_assert_cmpint(answer->cd, ==, cases[i].cd);
		if (cases[i].tries != UINT_MAX)
			g_assert_cmpuint(answer->tries, ==, cases[i].tries);
		g_assert_cmpstr(answer->via, ==, via);
		g_assert_cmpint(answer->at, >, 0);
		g_assert_nonnull(twice);
		g_assert_cmpstr(twice->str, ==, text->str);
	}
	dns_server_free(server);
}

static void test_contents(void)
{
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(0, dns_server_address(server), NULL);
	g_autoptr(Answer) big = ask_one(live, "big.example", DNS_TXT);
	g_autoptr(Answer) chain = ask_one(live, "cname.example", DNS_A);
	const Rr *rr = answer_rr(big, 0);

	g_assert_cmpuint(rr->text->len, ==, 1100);
	g_assert_cmpuint(rr->strings, ==, 5);
	g_assert_cmpuint(chain->rrs->len, ==, 2);
	g_assert_cmpstr(answer_canonical_name(chain), ==, "end");
	rr = answer_rr(chain, 0);
	g_assert_cmpstr(rr->presentation, ==, "192.0.2.1");
	g_assert_cmpuint(rr->ttl, ==, 60);
	dns_server_free(server);
}

static void test_closed_port(void)
{
	g_autofree char *address = g_strdup_printf("[127.0.0.1]:%u", dns_server_closed_port());
	g_autoptr(Live) live = new_live(0, address, NULL);
	gint64 before = g_get_monotonic_time();
	g_autoptr(Answer) answer = ask_one(live, "plain.example", DNS_TXT);

	g_assert_cmpint(answer->outcome, ==, DNS_NETERR);
	g_assert_cmpint((g_get_monotonic_time() - before) / 1000, <, TIMEOUT_MS);
}

static void test_deadline(void)
{
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(0, dns_server_address(server), NULL);
	gint64 before = g_get_monotonic_time();
	g_autoptr(Answer) answer = ask_one(live, "silent.example", DNS_TXT);
	gint64 took = (g_get_monotonic_time() - before) / 1000;

	g_assert_cmpint(answer->outcome, ==, DNS_TIMEOUT);
	g_assert_cmpint(took, >=, TIMEOUT_MS);
	g_assert_cmpint(took, <, 2 * TIMEOUT_MS);
	g_assert_cmpuint(answer->tries, >=, 3);
	g_assert_cmpuint(answer->tries, ==, dns_server_packets(server));
	dns_server_free(server);
}

static void queue_many(Live *live, unsigned count, const char *kind)
{
	for (unsigned i = 0; i < count; i++) {
		g_autofree char *name = g_strdup_printf("%s.n%u.example", kind, i);
		g_autoptr(Question) question = question_new(name, DNS_TXT);

		live_ask(live, question);
	}
}

static GPtrArray *ask_many(Live *live, unsigned count, const char *kind)
{
	GPtrArray *answers = new_answers();

	queue_many(live, count, kind);
	poll_all(live, answers);
	return answers;
}

static void assert_all_good(const GPtrArray *answers, unsigned count)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	unsigned good = 0;

	for (guint i = 0; i < answers->len; i++) {
		Answer *answer = g_ptr_array_index(answers, i);

		g_hash_table_add(names, answer->question.name);
		good += answer->outcome == DNS_NOERROR && answer_count(answer) == 1;
	}
	g_assert_cmpuint(answers->len, ==, count);
	g_assert_cmpuint(g_hash_table_size(names), ==, count);
	g_assert_cmpuint(good, ==, count);
}

static void test_many(void)
{
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(2000, dns_server_address(server), NULL);
	g_autoptr(GPtrArray) answers = ask_many(live, 2000, "plain");
	g_autoptr(GPtrArray) lossy = ask_many(live, 200, "lossy");
	g_autoptr(GPtrArray) long_ones = ask_many(live, 20, "truncated");

	assert_all_good(answers, 2000);
	assert_all_good(lossy, 200);
	assert_all_good(long_ones, 20);
	dns_server_free(server);
}

/* The dead one holds up the first questions, not all. */
static void test_dead_server(void)
{
	DnsServer *dead = dns_server_new();
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(4, dns_server_address(dead), dns_server_address(server));
	g_autoptr(GPtrArray) answers = NULL;

	dns_server_set_silent(dead, true);
	answers = ask_many(live, 200, "plain");
	assert_all_good(answers, 200);
	g_assert_cmpuint(dns_server_packets(dead), <, 10);
	dns_server_free(dead);
	dns_server_free(server);
}

static void test_second_server(void)
{
	DnsServer *server = dns_server_new();
	g_autofree char *closed = g_strdup_printf("127.0.0.1@%u", dns_server_closed_port());
	g_autoptr(Live) live = new_live(0, closed, dns_server_address(server));
	g_autoptr(GPtrArray) answers = ask_many(live, 50, "plain");
	g_autoptr(Answer) failure = ask_one(live, "servfail.example", DNS_TXT);

	assert_all_good(answers, 50);
	g_assert_cmpint(failure->outcome, ==, DNS_SERVFAIL);
	dns_server_free(server);
}

static void poll_for_ms(Live *live, gint64 ms, GPtrArray *answers)
{
	gint64 until = g_get_monotonic_time() + ms * 1000;

	while (g_get_monotonic_time() < until)
		live_poll(live, 20, take_answer, answers);
}

/* A server that dies: what is asked then has no answer until it is back, and is asked by few
 * packets meanwhile. */
static void test_outage(void)
{
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(8, dns_server_address(server), NULL);
	g_autoptr(Answer) before = ask_one(live, "plain.example", DNS_TXT);
	g_autoptr(GPtrArray) answers = new_answers();
	unsigned packets;

	g_assert_cmpuint(live_silence_ms(live), ==, 0);
	dns_server_set_silent(server, true);
	queue_many(live, 100, "plain");
	poll_for_ms(live, 5 * (gint64)TIMEOUT_MS, answers);
	packets = dns_server_packets(server);
	g_assert_cmpuint(answers->len, ==, 0);
	g_assert_cmpuint(live_outstanding(live), ==, 100);
	g_assert_cmpuint(live_silence_ms(live), >, 2 * TIMEOUT_MS);
	poll_for_ms(live, 2 * (gint64)TIMEOUT_MS, answers);
	g_assert_cmpuint(dns_server_packets(server) - packets, <, 20);
	dns_server_set_silent(server, false);
	poll_all(live, answers);
	assert_all_good(answers, 100);
	g_assert_cmpuint(live_silence_ms(live), ==, 0);
	dns_server_free(server);
}

/* Its port is closed instead: refusals come at once, and are no answers either. */
static void test_outage_closed(void)
{
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(8, dns_server_address(server), NULL);
	g_autoptr(Answer) before = ask_one(live, "plain.example", DNS_TXT);
	g_autoptr(GPtrArray) answers = new_answers();

	dns_server_free(server);
	queue_many(live, 20, "plain");
	poll_for_ms(live, 3 * (gint64)TIMEOUT_MS, answers);
	g_assert_cmpuint(answers->len, ==, 0);
	g_assert_cmpuint(live_silence_ms(live), >, 0);
}

/* No server ever spoke: each question has its time-out, and the silence is known. */
static void test_never_there(void)
{
	DnsServer *server = dns_server_new();
	g_autoptr(Live) live = new_live(8, dns_server_address(server), NULL);
	g_autoptr(Answer) silent = NULL;
	g_autoptr(Answer) good = NULL;

	dns_server_set_silent(server, true);
	silent = ask_one(live, "plain.example", DNS_TXT);
	g_assert_cmpint(silent->outcome, ==, DNS_TIMEOUT);
	g_assert_cmpuint(live_silence_ms(live), >=, TIMEOUT_MS);
	dns_server_set_silent(server, false);
	good = ask_one(live, "plain.example", DNS_TXT);
	g_assert_cmpint(good->outcome, ==, DNS_NOERROR);
	g_assert_cmpuint(live_silence_ms(live), ==, 0);
	dns_server_free(server);
}

/* Late answers, and a Live that is freed with questions on their way. */
static void test_given_up(void)
{
	DnsServer *server = dns_server_new();
	Live *live = new_live(10, dns_server_address(server), NULL);
	g_autoptr(GPtrArray) answers = new_answers();

	queue_many(live, 50, "silent");
	live_poll(live, 10, take_answer, answers);
	live_poll(live, 10, take_answer, answers);
	g_assert_cmpuint(live_outstanding(live), ==, 50);
	live_free(live);
	dns_server_free(server);
}

static void test_resolver_names(void)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = { { "192.0.2.1", true }, { "192.0.2.1@5353", true }, { "[192.0.2.1]:53", true },
		{ "2001:db8::1", true }, { "2001:db8::1@53", true }, { "[2001:db8::1]:5353", true },
		{ "[2001:db8::1]", true }, { "localhost", false }, { "192.0.2.1@", false },
		{ "192.0.2.1@0", false }, { "192.0.2.1@65536", false }, { "", false },
		{ "[2001:db8::1]:", false }, { "@53", false } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) resolvers = g_ptr_array_new();
		LiveOptions options = { resolvers, 0, 0 };
		g_autoptr(GError) error = NULL;
		g_autoptr(Live) live = NULL;
		g_autofree char *text = g_strdup(rows[i].text);

		g_test_message("%s", rows[i].text);
		g_ptr_array_add(resolvers, text);
		live = live_new(&options, &error);
		g_assert_cmpint(live != NULL, ==, rows[i].good);
		g_assert_cmpint(error == NULL, ==, rows[i].good);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/live/behaviour", test_behaviour);
	g_test_add_func("/live/contents", test_contents);
	g_test_add_func("/live/closed-port", test_closed_port);
	g_test_add_func("/live/deadline", test_deadline);
	g_test_add_func("/live/many", test_many);
	g_test_add_func("/live/dead-server", test_dead_server);
	g_test_add_func("/live/second-server", test_second_server);
	g_test_add_func("/live/outage", test_outage);
	g_test_add_func("/live/outage-closed", test_outage_closed);
	g_test_add_func("/live/never-there", test_never_there);
	g_test_add_func("/live/given-up", test_given_up);
	g_test_add_func("/live/resolver-names", test_resolver_names);
	return g_test_run();
}
