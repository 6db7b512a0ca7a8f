/* Imports: zone files entry by entry, answers out of records, dig's output. */
#include "suite.h"

#include "base/text_time.h"
#include "dns/import.h"
#include "dns/zone_reader.h"

#include <string.h>

static const struct {
	const char *text;
	const char *wanted; /* a line for each item: "LINE owner. TTL TYPE data", or what it is */
} zones[] = {
	{ "a A 192.0.2.1\n", "1 a.example. 0 1 192.0.2.1\n" },
	{ "a A 192.0.2.1", "1 a.example. 0 1 192.0.2.1\n" },
	{ "a A 192.0.2.1\r\nb 5 A 192.0.2.2\r\n",
		"1 a.example. 0 1 192.0.2.1\n2 b.example. 5 1 192.0.2.2\n" },
	{ "$TTL 1h30m\n@ NS ns\n\tMX 10 mail\n", "2 example. 5400 2 ns.example.\n"
						 "3 example. 5400 15 10 mail.example.\n" },
	{ "a 300 IN A 192.0.2.1\nb IN 1d A 192.0.2.1\nc A 192.0.2.1\n",
		"1 a.example. 300 1 192.0.2.1\n2 b.example. 86400 1 192.0.2.1\n"
		"3 c.example. 86400 1 192.0.2.1\n" },
	{ "$ORIGIN sub\n$ORIGIN deep\na A 192.0.2.1\n$ORIGIN other.\nb PTR c\n",
		"3 a.deep.sub.example. 0 1 192.0.2.1\n5 b.other. 0 12 c.other.\n" },
	{ "@ SOA ns host\\.master ( 7 ; serial\n 1h 15m\n 4w 5m )\n",
		"1 example. 0 6 ns.example. host\\046master.example. 7 3600 900 2419200 300\n" },
	{ "t TXT ( \"a ; ( b\"\n\"c\" ) ; d\n", "1 t.example. 0 16 \"a ; ( b\" \"c\"\n" },
	{ "t TXT \\\"x\\\" \\065\\; y\n", "1 t.example. 0 16 \"\\\"x\\\"\" \"A;\" \"y\"\n" },
	{ "t TYPE16 \\# 3 026162\n", "1 t.example. 0 16 \"ab\"\n" },
	{ "A.B. CNAME C\\.d\n", "1 a.b. 0 5 c\\046d.example.\n" },
	{ "*.w A 192.0.2.1\n", "1 *.w.example. 0 1 192.0.2.1\n" },
	{ "a RRSIG A 13 2 300 x\na CH TXT \"x\"\na TYPE65 \\# 0\n", "1 other\n2 other\n3 other\n" },
	{ ";q a. TXT NXDOMAIN n=0\n ;q no\nx TXT ( ;q no\n \"y\" )\n",
		"1 question\n3 x.example. 0 16 \"y\"\n" },
	{ "\n \n; c\n\t; d\n()\n", "" },
	/* Broken ones, and what stands behind them. */
	{ "a A 192.0.2.300\nb A 192.0.2.1\n", "1 bad\n2 b.example. 0 1 192.0.2.1\n" },
	{ "a TXT \"x\nb A 192.0.2.1\n", "1 bad\n2 b.example. 0 1 192.0.2.1\n" },
	{ "a TXT ( \"x\"\nb A 192.0.2.1\n", "1 bad\n2 b.example. 0 1 192.0.2.1\n" },
	{ "a TXT ( \"x\nb A 192.0.2.1\n", "1 bad\n2 b.example. 0 1 192.0.2.1\n" },
	{ "a A 192.0.2.1 )\nb A 192.0.2.1\n", "1 bad\n2 b.example. 0 1 192.0.2.1\n" },
	{ " A 192.0.2.1\n", "1 bad\n" },
	{ "a..b A 192.0.2.1\n A 192.0.2.2\n", "1 bad\n2 bad\n" },
	{ "a A x\n A 192.0.2.2\n", "1 bad\n2 a.example. 0 1 192.0.2.2\n" },
	{ "a TXT\nb\nc 300 IN\n", "1 bad\n2 bad\n3 bad\n" },
	{ "a MX 10 m..x\n", "1 bad\n" },
	{ "$INCLUDE /etc/passwd\n$GENERATE 1-9 a$ A 192.0.2.$\n$TTL soon\n",
		"1 bad\n2 bad\n3 bad\n" },
	{ "$ORIGIN a..b\nc A 192.0.2.1\nd. A 192.0.2.1\n", "1 bad\n2 bad\n3 d. 0 1 192.0.2.1\n" },
	{ "$TTL 99999999999\na 4294967295 A 192.0.2.1\n",
		"1 bad\n2 a.example. 4294967295 1 192.0.2.1\n" },
	{ "a A 192.0.2.1\\\n", "1 bad\n" },
};

static void append_item(GString *out, ZoneStep step, const ZoneItem *item)
{
	g_string_append_printf(out, "%u ", (unsigned)item->line);
	if (step == ZONE_RECORD)
		g_string_append_printf(out, "%s. %u %u %s\n", item->rr->owner, item->rr->ttl,
			(unsigned)item->rr->type, item->rr->presentation);
	else
		g_string_append(out, step == ZONE_OTHER      ? "other\n"
				     : step == ZONE_QUESTION ? "question\n"
							     : "bad\n");
}

static char *read_zone(const char *text, const char *origin)
{
	Slice exact = suite_exact(slice_of(text));
	g_autoptr(ZoneReader) zone = zone_reader_new(exact, 1, origin);
	GString *out = g_string_new(NULL);
	ZoneItem item;
	ZoneStep step;

	while ((step = zone_reader_next(zone, &item)) != ZONE_END) {
		append_item(out, step, &item);
		g_assert_true((step == ZONE_BAD) == (item.problem != NULL));
		if (step == ZONE_RECORD)
			rr_free(item.rr);
	}
	g_free((gpointer)(guintptr)exact.data);
	return g_string_free(out, FALSE);
}

static void test_zone(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		g_autofree char *got = read_zone(zones[i].text, "example");

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, zones[i].wanted);
	}
}

static void test_no_origin(void)
{
	g_autofree char *got =
		read_zone("a A 192.0.2.1\n@ A 192.0.2.1\nb. A 192.0.2.1\nc. NS d\n", NULL);
	g_autofree char *root = read_zone("a A 192.0.2.1\n@ NS b\n", "");

	g_assert_cmpstr(got, ==, "1 bad\n2 bad\n3 b. 0 1 192.0.2.1\n4 bad\n");
	g_assert_cmpstr(root, ==, "1 a. 0 1 192.0.2.1\n2 . 0 2 b.\n");
}

/* Parentheses that are never closed do not make the file be read again for every line of it. */
static void test_open_parentheses(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *got = NULL;

	for (int i = 0; i < 200000; i++)
		g_string_append(text, "a TXT (\n");
	got = read_zone(text->str, "example");
	g_assert_true(g_str_has_prefix(got, "1 bad\n2 bad\n"));
	g_assert_cmpuint(strlen(got), <, 1000);
}

static void note_problem(gpointer user, uint64_t line, const char *text)
{
	g_string_append_printf(user, "%u: %s\n", (unsigned)line, text);
}

/* What is imported, without crc and duration, and below it the problems. */
static char *result_of(const EvidenceSet *set, const GString *problems)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < evidence_set_count(set); i++) {
		Slice rest = evidence_set_get(set, i)->text;
		Slice head = slice_take_line(&rest);

		slice_append(out, slice_sub(head, 0, (size_t)slice_find(head, slice_of(" crc="))));
		g_string_append_c(out, '\n');
		slice_append(out, rest);
	}
	g_string_append(out, problems->str);
	return g_string_free(out, FALSE);
}

typedef void (*Importer)(Import *import, Slice text);

static char *import_all(const char *text, int64_t taken, Importer how)
{
	g_autoptr(EvidenceSet) set = evidence_set_new();
	g_autoptr(RecordPool) pool = record_pool_new();
	g_autoptr(GString) problems = g_string_new(NULL);
	g_autoptr(GPtrArray) answers = NULL;
	Slice exact = suite_exact(slice_of(text));
	uint64_t left_out;
	Import import = { .set = set,
		.pool = pool,
		.taken = taken,
		.origin = "example",
		.problem = note_problem,
		.user = problems };

	how(&import, exact);
	g_free((gpointer)(guintptr)exact.data);
	answers = record_pool_answers(pool, "test", &left_out);
	g_assert_cmpuint(left_out, ==, 0);
	for (guint i = 0; i < answers->len; i++)
		evidence_set_add(set, g_ptr_array_index(answers, i));
	evidence_set_unite(set);
	if (import.undated > 0)
		g_string_append_printf(problems, "undated %u from %u\n", (unsigned)import.undated,
			(unsigned)import.undated_line);
	if (import.passed_over > 0)
		g_string_append_printf(problems, "passed over %u\n", (unsigned)import.passed_over);
	return result_of(set, problems);
}

typedef struct Row {
	const char *text;
	int64_t taken;
	const char *wanted;
} Row;

static void check_rows(const Row *rows, size_t count, Importer how)
{
	for (size_t i = 0; i < count; i++) {
		g_autofree char *got = import_all(rows[i].text, rows[i].taken, how);

		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, rows[i].wanted);
	}
}

#define DAY INT64_C(1640995200000) /* 2022-01-01 */
#define ON  " at=2022-01-01T00:00:00.000Z ms=0 via=test sec=?\n"

static const Row imports[] = {
	{ "a A 192.0.2.1\na A 192.0.2.2\na A 192.0.2.1\na TXT x\n", DAY,
		";q a.example. A NOERROR n=2" ON "a.example.\t0\tIN\tA\t192.0.2.1\n"
		"a.example.\t0\tIN\tA\t192.0.2.2\n"
		";q a.example. TXT NOERROR n=1" ON "a.example.\t0\tIN\tTXT\t\"x\"\n" },
	/* A chain answers for the types at its end; one that leads nowhere, for itself. */
	{ "a CNAME b\nb CNAME c.other.\nc.other. TXT x\nd CNAME e\n", DAY,
		";q a.example. CNAME NOERROR n=1" ON "a.example.\t0\tIN\tCNAME\tb.example.\n"
		";q a.example. TXT NOERROR n=3" ON "a.example.\t0\tIN\tCNAME\tb.example.\n"
		"b.example.\t0\tIN\tCNAME\tc.other.\nc.other.\t0\tIN\tTXT\t\"x\"\n"
		";q b.example. CNAME NOERROR n=1" ON "b.example.\t0\tIN\tCNAME\tc.other.\n"
		";q b.example. TXT NOERROR n=2" ON "b.example.\t0\tIN\tCNAME\tc.other.\n"
		"c.other.\t0\tIN\tTXT\t\"x\"\n"
		";q c.other. TXT NOERROR n=1" ON "c.other.\t0\tIN\tTXT\t\"x\"\n"
		";q d.example. CNAME NOERROR n=1" ON "d.example.\t0\tIN\tCNAME\te.example.\n" },
	{ "a CNAME b\nb CNAME a\n", DAY,
		";q a.example. CNAME NOERROR n=1" ON "a.example.\t0\tIN\tCNAME\tb.example.\n"
		";q b.example. CNAME NOERROR n=1" ON "b.example.\t0\tIN\tCNAME\ta.example.\n" },
	{ "a A 192.0.2.1\na RRSIG x\nb A 192.0.2.1\n", TIME_UNKNOWN,
		"undated 2 from 1\npassed over 1\n" },
	/* What comments of kantei say: failures, times, what belongs together. */
	{ ";q a.example. TXT NXDOMAIN n=0 soa=9 at=2021-05-05T00:00:00Z ms=3 via=x sec=ad\n"
	  ";q b.example. A NOERROR n=2 at=2021-05-05T00:00:00Z crc=00000000\nb A 192.0.2.1\n A "
	  "192.0.2.2\n"
	  " A 192.0.2.3\n",
		DAY,
		";q a.example. TXT NXDOMAIN n=0 soa=9 at=2021-05-05T00:00:00.000Z ms=3 via=x "
		"sec=ad\n"
		";q b.example. A NOERROR n=2 at=2021-05-05T00:00:00.000Z ms=0 sec=?\n"
		"b.example.\t0\tIN\tA\t192.0.2.1\nb.example.\t0\tIN\tA\t192.0.2.2\n"
		";q b.example. A NOERROR n=1" ON "b.example.\t0\tIN\tA\t192.0.2.3\n" },
	{ ";q b.example. A NOERROR n=2 at=2021-05-05\nb A 192.0.2.1\n;q c.example. A NOERROR n=1 "
	  "at=x\n"
	  ";q d.example. A NOERROR n=1 at=2021-05-05\nd A x\n;q e.example. A SERVFAIL n=0\n",
		TIME_UNKNOWN,
		"1: left out: fewer records follow than n= of this line says\n3: at= is no time\n"
		"5: the record's data cannot be read\n"
		"4: left out: fewer records follow than n= of this line says\nundated 1 from 6\n" },
};

static void test_import_zone(void)
{
	check_rows(imports, G_N_ELEMENTS(imports), import_zone);
}

#define HEAD(status, flags, answers) \
	";; ->>HEADER<<- opcode: QUERY, status: " status ", id: 1\n;; flags: qr rd ra" flags \
	"; QUERY: 1, ANSWER: " answers ", AUTHORITY: 1, ADDITIONAL: 1\n\n"
#define ASKED(name, type) ";; QUESTION SECTION:\n;" name "\t\tIN\t" type "\n\n"
#define END \
	";; Query time: 7 msec\n;; SERVER: 2001:db8::53#5353(2001:db8::53) (TCP)\n" \
	";; WHEN: Sat Jan 01 09:00:00 JST 2022\n;; MSG SIZE  rcvd: 9\n\n"
#define DUG " at=2022-01-01T00:00:00.000Z ms=7 via=2001:db8::53@5353/tcp sec="

static const Row digs[] = {
	{ "; <<>> DiG 9.18 <<>> TXT a.example\n" HEAD("NOERROR", " ad", "2") ASKED(
		  "A.example.", "TXT") ";; ANSWER SECTION:\na.example. 5 IN CNAME "
				       "b.example.\nb.example. 6 IN TXT \"x;\" (\n\"y\")\n\n" END,
		TIME_UNKNOWN,
		";q a.example. TXT NOERROR n=2" DUG "ad\na.example.\t5\tIN\tCNAME\tb.example.\n"
		"b.example.\t6\tIN\tTXT\t\"x;\" \"y\"\n" },
	{ HEAD("NXDOMAIN", "", "0")
			ASKED("a.example.", "A") ";; AUTHORITY SECTION:\nexample. 900 IN SOA a. b. "
						 "(\n 1 ; serial\n 2 3 4 300 )\n\n" END,
		TIME_UNKNOWN, ";q a.example. A NXDOMAIN n=0 soa=300" DUG "no\n" },
	{ HEAD("SERVFAIL", "",
		  "0") ";; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags: do; udp: 1232\n"
		       "; EDE: 22 (No Reachable Authority)\n; EDE: 6 (DNSSEC Bogus): (x)\n" ASKED(
			       "a.example.", "MX") END HEAD("REFUSED", "", "0")
			       ASKED("b.example.", "MX") END,
		TIME_UNKNOWN,
		";q a.example. MX SERVFAIL n=0 ede=6" DUG "bogus\n"
		";q b.example. MX REFUSED n=0" DUG "?\n" },
	/* Without dig's last lines; with a zone of time that is not known. */
	{ HEAD("NOERROR", "", "0") ASKED("a.example.", "A"), DAY,
		";q a.example. A NOERROR n=0 at=2022-01-01T00:00:00.000Z ms=0 sec=no\n" },
	{ HEAD("NOERROR", "", "0")
			ASKED("a.example.", "A") ";; WHEN: Sat Jan 01 09:00:00 XYZT 2022\n",
		TIME_UNKNOWN, "undated 1 from 1\n" },
	/* What is no answer, or not a whole one. */
	{ HEAD("NOERROR", " tc", "0") ASKED("a.example.", "A") END HEAD("NOERROR", "", "2") ASKED(
		  "b.example.", "A") ";; ANSWER SECTION:\nb.example. 1 IN A 192.0.2.1\n",
		DAY,
		"1: left out: it is truncated\n"
		"12: left out: it has not as many records as its header says\n" },
	{ HEAD("NOERROR", "", "1")
			ASKED("b.example.", "A") ";; ANSWER SECTION:\nb.example. 1 IN A x\n",
		DAY, "1: left out: a record of it cannot be read\n" },
	{ HEAD("SURPRISE", "", "0") ASKED("b.example.", "A") HEAD(
		  "NOERROR", "", "0") ";; ->>HEADER<<- opcode: UPDATE, status: NOERROR, id: 1\n",
		DAY,
		"1: left out: its status is not known\n7: left out: it does not say what was "
		"asked\n"
		"10: left out: this is no answer to a query\n" },
	{ HEAD("NOERROR", "", "0") ASKED("a.example.", "DNSKEY") END
		"x. 1 IN A 192.0.2.1\ny. 1 IN A 192.0.2.1\n;; no servers could be reached\n",
		DAY,
		"12: passed over: this is in no answer of dig; records alone are read with -f "
		"zone\n"
		"14: no answer came, and dig does not say here to what question\npassed over 1\n" },
};

static void test_dig(void)
{
	check_rows(digs, G_N_ELEMENTS(digs), import_dig);
}

static Rr *new_text(const char *owner, const char *text)
{
	Rr *rr = g_new0(Rr, 1);

	rr->owner = g_strdup(owner);
	rr->type = DNS_TXT;
	rr->text = g_string_new(text);
	rr->presentation = g_strdup_printf("\"%s\"", text);
	return rr;
}

/* An answer for each time at which a record was last seen, of what was there then. */
static void test_times(void)
{
	g_autoptr(RecordPool) pool = record_pool_new();
	g_autoptr(GString) got = g_string_new(NULL);
	g_autoptr(GPtrArray) answers = NULL;
	uint64_t left_out;

	record_pool_add(pool, new_text("a", "old"), 1, 5);
	record_pool_add(pool, new_text("a", "new"), 4, 7);
	record_pool_add(pool, new_text("a", "new"), 8, 9);
	record_pool_add(pool, new_text("a", "once"), 6, 6);
	answers = record_pool_answers(pool, "x", &left_out);
	for (guint i = 0; i < answers->len; i++) {
		const Answer *answer = g_ptr_array_index(answers, i);

		g_string_append_printf(got, "%d:", (int)answer->at);
		for (guint j = 0; j < answer->rrs->len; j++)
			g_string_append_printf(got, " %s",
				((const Rr *)g_ptr_array_index(answer->rrs, j))->presentation);
		g_string_append_c(got, '\n');
	}
	g_assert_cmpstr(got->str, ==, "9: \"new\"\n6: \"new\" \"once\"\n5: \"old\" \"new\"\n");
	g_assert_cmpuint(left_out, ==, 0);
}

/* Many aliases of a name with many records that were seen at many times end, and say so. */
static void test_limits(void)
{
	g_autoptr(RecordPool) pool = record_pool_new();
	g_autoptr(GPtrArray) answers = NULL;
	uint64_t left_out;
	uint64_t records = 0;

	for (int i = 0; i < 5000; i++) {
		g_autofree char *text = g_strdup_printf("%d", i);
		g_autofree char *owner = g_strdup_printf("a%d", i);
		Rr *alias = g_new0(Rr, 1);

		record_pool_add(pool, new_text("z", text), 0, i);
		alias->owner = g_steal_pointer(&owner);
		alias->type = DNS_CNAME;
		alias->name = g_strdup("z");
		alias->presentation = g_strdup("z.");
		record_pool_add(pool, alias, 0, 5000);
	}
	answers = record_pool_answers(pool, "x", &left_out);
	for (guint i = 0; i < answers->len; i++)
		records += ((const Answer *)g_ptr_array_index(answers, i))->rrs->len;
	g_assert_cmpuint(left_out, >, 5000 - 64);
	g_assert_cmpuint(records, <=, 10000 * 100);
}

static char *texts_of(const EvidenceSet *set)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < evidence_set_count(set); i++)
		slice_append(out, evidence_set_get(set, i)->text);
	return g_string_free(out, FALSE);
}

static void add(EvidenceSet *set, const char *name, DnsOutcome outcome, int64_t at)
{
	g_autoptr(Answer) answer = answer_new(name, DNS_A);

	answer->outcome = outcome;
	answer->at = at;
	evidence_set_add(set, answer);
}

/* Failures first, then by time, whatever the order in which they came. */
static void test_unite(void)
{
	static const struct {
		const char *name;
		DnsOutcome outcome;
		int64_t at;
	} rows[] = { { "a", DNS_TIMEOUT, 9 }, { "a", DNS_NXDOMAIN, 2 }, { "a", DNS_NOERROR, 7 },
		{ "a", DNS_NOERROR, TIME_UNKNOWN }, { "b", DNS_SERVFAIL, 1 },
		{ "a", DNS_NXDOMAIN, 2 } };
	static const size_t order[] = { 0, 3, 1, 2, 4 };
	g_autofree char *first = NULL;

	for (size_t turn = 0; turn < G_N_ELEMENTS(rows); turn++) {
		g_autoptr(EvidenceSet) set = evidence_set_new();
		g_autofree char *text = NULL;

		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			size_t row = (i + turn) % G_N_ELEMENTS(rows);

			add(set, rows[row].name, rows[row].outcome, rows[row].at);
		}
		g_assert_cmpuint(evidence_set_unite(set), ==, 1);
		g_assert_cmpuint(evidence_set_count(set), ==, G_N_ELEMENTS(order));
		for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
			g_assert_cmpint(evidence_set_get(set, i)->at, ==, rows[order[i]].at);
			g_assert_true(evidence_set_is_last(set, i) == (i >= 3));
		}
		g_assert_cmpuint(evidence_set_span(set, 0), ==, 4);
		text = texts_of(set);
		if (first == NULL)
			first = g_steal_pointer(&text);
		else
			g_assert_cmpstr(text, ==, first);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/import/zone", test_zone);
	g_test_add_func("/import/no-origin", test_no_origin);
	g_test_add_func("/import/open-parentheses", test_open_parentheses);
	g_test_add_func("/import/zone-answers", test_import_zone);
	g_test_add_func("/import/dig", test_dig);
	g_test_add_func("/import/times", test_times);
	g_test_add_func("/import/limits", test_limits);
	g_test_add_func("/import/unite", test_unite);
	return g_test_run();
}
