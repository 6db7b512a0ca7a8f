/* The moments hidden in identifiers, and the clock table of a case. */
#include "analysis/clock_table.h"
#include "analysis/statement.h"
#include "analysis/wire_form.h"
#include "auth/org_domain.h"
#include "base/text_time.h"
#include "message/embedded_time.h"
#include "suite.h"

typedef struct Row {
	const char *text;
	const char *form; /* NULL: none is there */
	const char *time;
} Row;

static const Row rows[] = {
	{ "<000a01d7d47e$8b4e3b10$a1eab130$@example.jp>", "outlook", "2021-11-08T08:56:39Z" },
	{ "----=_NextPart_000_0012_01D7D47E.8B4E3B10", "outlook", "2021-11-08T08:56:39Z" },
	{ "<01d7d47e$8b4e3b1g$@example.jp>", NULL, NULL },
	{ "<9dd1df00-406e-11ec-81d3-0242ac130003@example.jp>", "uuid-1", "2021-11-08T08:33:58Z" },
	{ "<9dd1df00-406e-41ec-81d3-0242ac130003@example.jp>", NULL, NULL },
	{ "<123.45.1636358394123.JavaMail.root@example.jp>", "javamail", "2021-11-08T07:59:54Z" },
	{ "----=_Part_1_22.1636358394123", "unix-ms", "2021-11-08T07:59:54Z" },
	{ "<20211108075954.GA12@example.jp>", "civil", "2021-11-08T07:59:54Z" },
	{ "<202111080759.1A87xs01@example.jp>", "civil", "2021-11-08T07:59:00Z" },
	{ "<20211308075954.GA12@example.jp>", NULL, NULL },
	{ "<1636358394.77@example.jp>", "unix", "2021-11-08T07:59:54Z" },
	{ "<0636358394.77@example.jp>", NULL, NULL },
	{ "<a1636358394.77@example.jp>", NULL, NULL },
	{ "<16363583941.77@example.jp>", NULL, NULL },
	{ "", NULL, NULL },
	{ "$", NULL, NULL },
	{ "01d7d47e$", NULL, NULL },
	{ "01d7d47e$8b4e3b10", NULL, NULL },
};

static void test_embedded(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice text = suite_exact(slice_of(rows[i].text));
		EmbeddedTime found;
		bool is_found = embedded_time_find(text, &found);
		g_autofree char *time = is_found ? text_time_rfc3339(found.time) : NULL;

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(is_found ? found.form : NULL, ==, rows[i].form);
		g_assert_cmpstr(time, ==, rows[i].time);
		g_free((char *)(guintptr)text.data);
	}
}

static void test_thread_and_export(void)
{
	int64_t time = 0;

	/* 01 D7D47E8B4E and what makes 22 octets of it. */
	g_assert_true(embedded_time_of_thread(slice_of("AdfUfotOAAAAAAAAAAAAAAAAAAAAAA=="), &time));
	g_assert_cmpint(time / 1000, ==, 1636361799);
	g_assert_false(embedded_time_of_thread(slice_of("AdfUfotO"), &time));
	g_assert_false(
		embedded_time_of_thread(slice_of("AtfUfotOAAAAAAAAAAAAAAAAAAAAAA=="), &time));
	g_assert_true(embedded_time_of_gmail(slice_of("1716543210987654321@xxx"), &time));
	g_assert_cmpint(time / 1000, ==, 1637023173);
	g_assert_false(embedded_time_of_gmail(slice_of("1716543210987654321@gmail.com"), &time));
	g_assert_false(embedded_time_of_gmail(slice_of("171654321098765432199@xxx"), &time));
}

#define HOP(date) "Received: from a (a.example [192.0.2.1]) by mx.example with ESMTP; " date "\n"

static Case *case_of(const char *message, Evidence *evidence, OrgDomains *org_domains)
{
	g_autoptr(GBytes) bytes = suite_lines(slice_of(message), SUITE_LF);
	CaseInput input = { .source = source_new() };
	const CaseOptions options = { .evidence = evidence,
		.org_domains = org_domains,
		.now = TIME_UNKNOWN,
		.at = TIME_UNKNOWN };
	Case *kase;

	input.source->store_time = TIME_UNKNOWN;
	input.facts = facts_new(bytes, NULL, NULL);
	kase = case_new(&input);
	case_evaluate(kase, &options);
	return kase;
}

typedef struct Contradiction {
	const char *name;
	const char *message;
	const char *source, *code; /* NULL: there is none */
} Contradiction;

static const Contradiction contradictions[] = {
	{ "in order", HOP("8 Nov 2021 09:00:00 +0000") "Date: 8 Nov 2021 08:59:00 +0000\n\n", NULL,
		NULL },
	{ "within the skew of clocks",
		HOP("8 Nov 2021 09:00:00 +0000") "Date: 8 Nov 2021 09:14:00 +0000\n\n", NULL,
		NULL },
	{ "written after it came",
		HOP("8 Nov 2021 09:00:00 +0000") "Date: 8 Nov 2021 10:00:00 +0000\n\n", "date",
		"after-reception" },
	{ "hops that go back",
		HOP("8 Nov 2021 09:00:00 +0000") HOP("8 Nov 2021 12:00:00 +0000") "\n", "received",
		"later-than-next-hop" },
	{ "an old message under a new date",
		HOP("8 Nov 2021 09:00:00 +0000") "Date: 8 Nov 2021 08:59:00 +0000\n"
						 "Message-ID: <1600000000.1@a.example>\n\n",
		"message-id", "far-from-date" },
	{ "a boundary from the future",
		HOP("8 Nov 2021 09:00:00 +0000") "Content-Type: multipart/mixed; "
						 "boundary=\"=_1.1700000000000\"\n\n",
		"mime-boundary", "after-reception" },
	{ "a signature that is older than the message",
		HOP("8 Nov 2021 09:00:00 +0000") "Date: 8 Nov 2021 08:59:00 +0000\n"
						 "DKIM-Signature: v=1; d=a.example; s=s; "
						 "t=1600000000\n\n",
		"dkim-t", "signed-before-date" },
	{ "a signature that had expired",
		HOP("8 Nov 2021 09:00:00 +0000") "DKIM-Signature: v=1; d=a.example; s=s; "
						 "t=1600000000; x=1600000001\n\n",
		"dkim-x", "expired-before-reception" },
};

static void test_contradictions(void)
{
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(OrgDomains) org_domains = org_domains_new_builtin();

	for (size_t i = 0; i < G_N_ELEMENTS(contradictions); i++) {
		const Contradiction *row = &contradictions[i];
		g_autoptr(Case) kase = case_of(row->message, evidence, org_domains);
		g_autoptr(GPtrArray) table = clock_table_new(kase);
		const ClockEntry *found = NULL;

		g_test_message("%s", row->name);
		for (guint k = 0; k < table->len; k++) {
			const ClockEntry *entry = clock_table_entry(table, k);

			g_assert_true(
				k == 0 || clock_table_entry(table, k - 1)->time <= entry->time);
			g_assert_cmpuint(
				entry->offset + entry->length, <=, kase->facts->message.len);
			if (entry->contradiction != NULL)
				found = entry;
		}
		g_assert_cmpstr(
			found != NULL ? clock_source_word(found->source) : NULL, ==, row->source);
		g_assert_cmpstr(found != NULL ? found->contradiction : NULL, ==, row->code);
	}
}

/* Nothing that passes: nothing is proven, and the author is a claim. */
static void test_statements(void)
{
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(OrgDomains) org_domains = org_domains_new_builtin();
	g_autoptr(Case) kase = case_of(
		HOP("8 Nov 2021 09:00:00 +0000") "From: a@a.example\n\n", evidence, org_domains);
	g_autoptr(GPtrArray) statements = statements_new(kase);
	bool has_author = false;

	for (guint i = 0; i < statements->len; i++) {
		const Statement *statement = statement_get(statements, i);

		g_assert_cmpint(statement->tier, !=, TIER_PROVEN);
		has_author = has_author || g_strcmp0(statement->code, "author") == 0;
	}
	g_assert_true(has_author);
}

/* The four ways to store one message are one message. */
static void test_wire_form(void)
{
	const char *text = "Status: RO\nFrom: a@a.example\nX-Mozilla-Status: 0001\nTo: b\n\nbody\n";
	DigestValue wanted =
		digest_of(DIGEST_SHA256, slice_of("From: a@a.example\r\nTo: b\r\n\r\nbody\r\n"));

	for (int lines = SUITE_LF; lines <= SUITE_CRLF; lines++) {
		g_autoptr(GBytes) bytes = suite_lines(slice_of(text), (SuiteLines)lines);
		g_autoptr(Facts) facts = facts_new(bytes, NULL, NULL);
		WireForm form = wire_form(facts);

		g_assert_true(digest_equal(&form.sha256, &wanted));
		g_assert_cmpuint(form.store_fields, ==, 2);
		g_assert_cmpstr(wire_line_ends(&form), ==, lines == SUITE_LF ? "lf" : "crlf");
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/clock/embedded", test_embedded);
	g_test_add_func("/clock/thread-and-export", test_thread_and_export);
	g_test_add_func("/clock/contradictions", test_contradictions);
	g_test_add_func("/clock/statements", test_statements);
	g_test_add_func("/clock/wire-form", test_wire_form);
	return g_test_run();
}
