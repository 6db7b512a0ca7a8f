/* What senders publish: SPF gone through without a client, DMARC, mail hosts, keys; and the tables.
 */
#include "dns/evidence_file.h"
#include "report/json_read.h"
#include "report/saved_sender.h"
#include "report/survey_report.h"
#include "suite.h"
#include "survey/address_space.h"
#include "survey/share_table.h"
#include "survey/survey_tally.h"

#include <string.h>

/* Answers: "NAME TYPE DATA", or "NAME TYPE !OUTCOME"; what nothing is said of is NXDOMAIN for TXT
 * at and below the names of tests, and lacking where it is named "lacking". */

/* The answer to one question, from all lines that are of it. */
static void add_group(GString *text, const char *const *lines, const char *name, const char *type)
{
	g_autofree char *head = g_strdup_printf("%s %s ", name, type);
	g_autoptr(GString) records = g_string_new(NULL);
	const char *outcome = NULL;
	unsigned count = 0;

	for (; *lines != NULL; lines++) {
		const char *data = *lines + strlen(head);

		if (!g_str_has_prefix(*lines, head))
			continue;
		if (*data == '!') {
			outcome = data + 1;
			continue;
		}
		outcome = "NOERROR";
		count++;
		if (strcmp(type, "TXT") == 0)
			g_string_append_printf(records, "%s.\t300\tIN\tTXT\t\"%s\"\n", name, data);
		else
			g_string_append_printf(records, "%s.\t300\tIN\t%s\t%s\n", name, type, data);
	}
	g_string_append_printf(text, ";q %s. %s %s n=%u sec=%s\n%s", name, type,
		outcome != NULL ? outcome : "NXDOMAIN", count,
		g_str_has_prefix(name, "signed") ? "ad" : "no", records->str);
}

/* Adds what is lacking, until nothing is but what says so itself. */
static SenderExam *examine(const char *const *lines, const char *sender, const char *selectors)
{
	g_autoptr(Evidence) evidence = evidence_new();

	for (int round = 0;; round++) {
		SenderExam *exam = sender_exam_new(sender, selectors, evidence);
		g_autoptr(GString) text = g_string_new(";kantei-evidence 1\n");
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		bool is_added = false;

		for (guint i = 0; i < exam->lacking->len; i++) {
			const Question *question = g_ptr_array_index(exam->lacking, i);

			if (strstr(question->name, "lacking") != NULL)
				continue;
			add_group(text, lines, question->name, dns_type_word(question->type));
			is_added = true;
		}
		if (!is_added || round > 60)
			return exam;
		sender_exam_free(exam);
		evidence_parse(slice_make(text->str, text->len), "test", evidence, notes);
		/* Only that they have no crc is said of them. */
		g_assert_cmpuint(notes->len, ==, 1);
	}
}

static SenderExam *examine_spf(const char *record, const char *sender)
{
	static const char *const others[] = { "one.example TXT v=spf1 ip4:192.0.2.0/24 -all",
		"two.example TXT v=spf1 ip4:192.0.2.128/25 ip4:198.51.100.0/24 ~all",
		"plus.example TXT v=spf1 +all", "broken.example TXT v=spf1 ip4:1.2.3 -all",
		"twice.example TXT v=spf1 -all", "twice.example TXT v=spf1 ~all",
		"self.example TXT v=spf1 include:self.example -all",
		"deep.example TXT v=spf1 a:h.example a:h.example a:h.example a:h.example "
		"a:h.example a:h.example a:h.example a:h.example a:h.example -all",
		"fails.example TXT !SERVFAIL", "h.example A 203.0.113.7",
		"h.example AAAA 2001:db8::7", "h4.example A 203.0.113.9",
		"h4.example AAAA !NOERROR", "m.example MX 10 h.example.",
		"m.example MX 20 h4.example.", "joe.one.example A 127.0.0.2",
		"empty.example A !NOERROR", "empty.example AAAA !NOERROR",
		"many.example MX 1 h1.example.", "many.example MX 2 h2.example.",
		"many.example MX 3 h3.example.", "many.example MX 4 h4.example.",
		"many.example MX 5 h5.example.", "many.example MX 6 h6.example.",
		"many.example MX 7 h7.example.", "many.example MX 8 h8.example.",
		"many.example MX 9 h9.example.", "many.example MX 10 h10.example.",
		"many.example MX 11 h11.example." };
	const char *lines[G_N_ELEMENTS(others) + 2] = { NULL };
	g_autofree char *own = g_strdup_printf("d.example TXT %s", record);

	memcpy(lines, others, sizeof others);
	lines[G_N_ELEMENTS(others)] = record != NULL ? own : NULL;
	return examine(lines, sender, "");
}

typedef struct SpfRow {
	const char *record; /* of d.example */
	Publication state;
	char all;
	unsigned lookups, voids4, voids6;
	uint64_t ip4, ip6;
	const char *findings; /* codes, with blanks between them */
	bool is_open;
	bool is_incomplete;
} SpfRow;

#define VALID   PUBLICATION_PUBLISHED
#define INVALID PUBLICATION_INVALID
#define ALL4    (UINT64_C(1) << 32)
#define ALL6    ((uint64_t)INT64_MAX)

static const SpfRow spf_rows[] = {
	{ "v=spf1 -all", VALID, '-', .findings = "" },
	{ "v=spf1 ip4:192.0.2.0/24 -all", VALID, '-', .ip4 = 256, .findings = "" },
	{ "v=spf1", VALID, .findings = "survey-spf-no-end" },
	{ "something else", PUBLICATION_ABSENT, .findings = "" },
	/* Networks that overlap or touch, in any order, count once. */
	{ "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.64/26 ip4:192.0.2.0/25 ip4:192.0.2.9 ~all", VALID,
		'~', .ip4 = 256, .findings = "" },
	{ "v=spf1 ip4:192.0.2.128/25 ip4:192.0.3.0/24 ip4:192.0.2.0/25 ~all", VALID, '~',
		.ip4 = 512, .findings = "" },
	{ "v=spf1 ip4:192.0.2.77/24 -all", VALID, '-', .ip4 = 256, .findings = "" },
	{ "v=spf1 ip6:2001:db8::/48 ip6:2001:db8:0:7::/64 ip6:2001:db8:1::1 -all", VALID, '-',
		.ip6 = 65537, .findings = "" },
	{ "v=spf1 ip6:::ffff:192.0.2.1/128 -all", VALID, '-', .findings = "" },
	/* What an earlier term decides is not a later one's. */
	{ "v=spf1 -ip4:192.0.2.0/25 ip4:192.0.2.0/24 -all", VALID, '-', .ip4 = 128,
		.findings = "" },
	{ "v=spf1 ?ip4:192.0.2.0/24 ip4:192.0.2.0/25 -all", VALID, '-', .findings = "" },
	{ "v=spf1 -ip4:10.0.0.0/8 +all", VALID, '+', .ip4 = ALL4 - (1 << 24), .ip6 = ALL6,
		.findings = "survey-spf-all" },
	{ "v=spf1 all", VALID, '+', .ip4 = ALL4, .ip6 = ALL6, .findings = "survey-spf-all" },
	{ "v=spf1 ip4:128.0.0.0/1 ip4:0.0.0.0/1 -all", VALID, '-', .ip4 = ALL4,
		.findings = "survey-spf-broad survey-spf-broad" },
	{ "v=spf1 ip4:10.0.0.0/9 -all ip4:192.0.2.1", VALID, '-', .ip4 = 1 << 23, .findings = "" },
	/* Includes: what passes there; the rest of theirs is of no account. */
	{ "v=spf1 include:one.example include:two.example -all", VALID, '-', 2, .ip4 = 512,
		.findings = "" },
	{ "v=spf1 ?include:one.example include:two.example -all", VALID, '-', 2, .ip4 = 256,
		.findings = "" },
	{ "v=spf1 include:plus.example -all", VALID, '-', 1, .ip4 = ALL4, .ip6 = ALL6,
		.findings = "survey-spf-all" },
	{ "v=spf1 redirect=two.example", VALID, '~', 1, .ip4 = 384, .findings = "" },
	{ "v=spf1 ip4:198.51.100.0/24 redirect=two.example", VALID, '~', 1, .ip4 = 384,
		.findings = "" },
	{ "v=spf1 redirect=gone.example", INVALID, .lookups = 1,
		.findings = "survey-spf-redirect" },
	{ "v=spf1 include:gone.example -all", INVALID, '-', 1, .findings = "survey-spf-include" },
	{ "v=spf1 include:broken.example -all", INVALID, '-', 1, .findings = "survey-spf-syntax" },
	{ "v=spf1 include:twice.example -all", INVALID, '-', 1, .findings = "survey-spf-records" },
	{ "v=spf1 include:fails.example -all", VALID, '-', 1, .findings = "survey-spf-incomplete",
		.is_incomplete = true },
	{ "v=spf1 include:lacking.example -all", VALID, '-', 1, .findings = "survey-spf-incomplete",
		.is_incomplete = true },
	{ "v=spf1 ip4:192.0.2.0/33 -all", INVALID, .findings = "survey-spf-syntax" },
	{ "v=spf1 include: -all", INVALID, .findings = "survey-spf-syntax" },
	{ "v=spf1 -all\\009", INVALID, .findings = "survey-spf-syntax" },
	/* Hosts. */
	{ "v=spf1 a:h.example -all", VALID, '-', 1, .ip4 = 1, .ip6 = 1, .findings = "" },
	{ "v=spf1 a:h.example/24//48 -all", VALID, '-', 1, .ip4 = 256, .ip6 = 65536,
		.findings = "" },
	{ "v=spf1 a:h4.example -all", VALID, '-', 1, 0, 1, .ip4 = 1, .findings = "" },
	{ "v=spf1 mx:m.example -all", VALID, '-', 1, 0, 1, .ip4 = 2, .ip6 = 1, .findings = "" },
	{ "v=spf1 mx -all", VALID, '-', 1, 1, 1, .findings = "" },
	{ "v=spf1 exists:%{l}.one.example -all", VALID, '-', 1, .findings = "" },
	{ "v=spf1 exists:%{i}.one.example -all", VALID, '-', 1, .findings = "", .is_open = true },
	{ "v=spf1 -exists:%{i}.one.example -all", VALID, '-', 1, .findings = "" },
	{ "v=spf1 ptr -all", VALID, '-', 1, .findings = "survey-spf-ptr", .is_open = true },
	{ "v=spf1 include:%{d1r}.two.example -all", INVALID, '-', 1,
		.findings = "survey-spf-include" },
	{ "v=spf1 include:%{o1r}ne.example", INVALID, 0, 1, .findings = "survey-spf-include" },
	/* Limits. */
	{ "v=spf1 include:deep.example -all", VALID, '-', 10, .ip4 = 1, .ip6 = 1, .findings = "" },
	{ "v=spf1 include:deep.example mx:m.example -all", INVALID, '-', 11, 0, 1, .ip4 = 2,
		.ip6 = 1, .findings = "survey-spf-lookups" },
	{ "v=spf1 include:self.example -all", INVALID, '-', 50, .findings = "survey-spf-lookups" },
	{ "v=spf1 a:gone1.example a:empty.example -all", VALID, '-', 2, 2, 2, .findings = "" },
	{ "v=spf1 a:gone1.example a:empty.example mx:gone2.example -all", INVALID, '-', 3, 3, 3,
		.findings = "survey-spf-voids" },
	{ "v=spf1 a:h4.example a:h4.example a:h4.example -all", VALID, '-', 3, 0, 3, .ip4 = 1,
		.findings = "survey-spf-voids-ip6" },
	{ "v=spf1 mx:many.example -all", INVALID, '-', 1, 1, 1, .ip4 = 1,
		.findings = "survey-spf-mail-hosts" },
};

static char *codes_of(const Findings *findings)
{
	GString *codes = g_string_new(NULL);

	for (size_t i = 0; i < findings_count(findings); i++)
		g_string_append_printf(
			codes, "%s%s", i > 0 ? " " : "", findings_get(findings, i)->code);
	return g_string_free(codes, FALSE);
}

static void test_spf(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(spf_rows); i++) {
		const SpfRow *row = &spf_rows[i];
		g_autoptr(SenderExam) exam = examine_spf(row->record, "joe@d.example");
		const SpfExam *spf = exam->spf;
		g_autofree char *codes = codes_of(spf->findings);

		g_test_message("%s", row->record);
		g_assert_cmpstr(publication_word(spf->state), ==, publication_word(row->state));
		g_assert_cmpint(spf->all, ==, row->all);
		g_assert_cmpuint(spf->lookups, ==, row->lookups);
		g_assert_cmpuint(spf->void_lookups[0], ==, row->voids4);
		g_assert_cmpuint(spf->void_lookups[1], ==, row->voids6);
		g_assert_cmpuint(spf->ip4, ==, row->ip4);
		g_assert_cmpuint(spf->ip6, ==, row->ip6);
		g_assert_cmpstr(codes, ==, row->findings);
		g_assert_true(spf->is_open == row->is_open);
		g_assert_true(spf->is_complete == !row->is_incomplete);
	}
}

/* What is not known is not absent. */
static void test_unknown(void)
{
	static const struct {
		const char *sender;
		Publication spf, dmarc;
		MxState mx;
	} rows[] = {
		{ "joe@lacking.example", PUBLICATION_UNKNOWN, PUBLICATION_UNKNOWN, MX_UNKNOWN },
		{ "fails.example", PUBLICATION_UNKNOWN, PUBLICATION_UNKNOWN, MX_UNKNOWN },
		{ "late.example", PUBLICATION_UNKNOWN, PUBLICATION_ABSENT, MX_ABSENT },
		{ "gone.example", PUBLICATION_ABSENT, PUBLICATION_ABSENT, MX_ABSENT },
		{ "no-mail.example", PUBLICATION_ABSENT, PUBLICATION_ABSENT, MX_NULL },
		{ "two.example", PUBLICATION_INVALID, PUBLICATION_INVALID, MX_PUBLISHED },
	};
	static const char *const lines[] = { "fails.example TXT !SERVFAIL",
		"_dmarc.fails.example TXT !REFUSED", "fails.example MX !NETERR",
		"late.example TXT !TIMEOUT", "no-mail.example MX 0 .",
		"two.example TXT v=spf1 -all", "two.example TXT v=spf1 +all",
		"two.example MX 10 a.example.", "two.example MX 5 b.example.",
		"_dmarc.two.example TXT v=DMARC1; p=none",
		"_dmarc.two.example TXT v=DMARC1; p=reject", NULL };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(SenderExam) exam = examine(lines, rows[i].sender, "");

		g_test_message("%s", rows[i].sender);
		g_assert_cmpint(exam->spf->state, ==, rows[i].spf);
		g_assert_cmpint(exam->dmarc->state, ==, rows[i].dmarc);
		g_assert_cmpint(exam->mx->state, ==, rows[i].mx);
	}
	{
		g_autoptr(SenderExam) exam = examine(lines, "two.example", "");
		g_autoptr(SenderExam) none = examine(lines, "no domain", "");

		g_assert_cmpstr(g_ptr_array_index(exam->mx->hosts, 0), ==, "5 b.example");
		g_assert_cmpuint(exam->mx->hosts->len, ==, 2);
		g_assert_null(none->domain);
		g_assert_null(none->spf);
	}
}

static void test_dmarc(void)
{
	static const char *const lines[] = { "_dmarc.own.example TXT v=DMARC1; p=reject; "
					     "rua=mailto:a@b.example, mailto:c@d.example",
		"_dmarc.signed.org.example TXT v=DMARC1; p=none",
		"_dmarc.org.example TXT v=DMARC1; p=quarantine; sp=reject; np=none; t=y",
		"there.org.example MX 10 a.example.",
		"_dmarc.rua.example TXT v=DMARC1; rua=mailto:a@b.example",
		"_dmarc.bare.example TXT v=DMARC1; p=block", "_dmarc.list.example TXT v=DMARC1; p",
		NULL };
	static const struct {
		const char *domain;
		Publication state;
		const char *found_at, *policy, *p, *sp, *np, *rua, *findings;
		bool is_testing;
	} rows[] = {
		{ "own.example", VALID, "own.example", "reject", "reject", NULL, NULL,
			"mailto:a@b.example, mailto:c@d.example", "", false },
		{ "signed.org.example", VALID, "signed.org.example", "none", "none", NULL, NULL,
			NULL, "", false },
		{ "there.org.example", VALID, "org.example", "quarantine", "quarantine", "reject",
			"none", NULL, "", true },
		{ "gone.org.example", VALID, "org.example", "none", "quarantine", "reject", "none",
			NULL, "", true },
		{ "org.example", VALID, "org.example", "none", "quarantine", "reject", "none", NULL,
			"", true },
		{ "rua.example", VALID, "rua.example", "none", NULL, NULL, NULL,
			"mailto:a@b.example", "", false },
		{ "bare.example", INVALID, "bare.example", NULL, NULL, NULL, NULL, NULL,
			"dmarc-record-value survey-dmarc-no-policy", false },
		{ "list.example", INVALID, "list.example", NULL, NULL, NULL, NULL, NULL,
			"dmarc-record-malformed", false },
		{ "nothing.example", PUBLICATION_ABSENT, NULL, NULL, NULL, NULL, NULL, NULL, "",
			false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(SenderExam) exam = examine(lines, rows[i].domain, "");
		const DmarcExam *dmarc = exam->dmarc;
		g_autofree char *codes = codes_of(dmarc->findings);

		g_test_message("%s", rows[i].domain);
		g_assert_cmpint(dmarc->state, ==, rows[i].state);
		g_assert_cmpstr(dmarc->found_at, ==, rows[i].found_at);
		g_assert_cmpstr(dmarc_policy_word(dmarc->policy), ==, rows[i].policy);
		g_assert_cmpstr(dmarc_policy_word(dmarc->p), ==, rows[i].p);
		g_assert_cmpstr(dmarc_policy_word(dmarc->sp), ==, rows[i].sp);
		g_assert_cmpstr(dmarc_policy_word(dmarc->np), ==, rows[i].np);
		g_assert_cmpstr(dmarc->rua, ==, rows[i].rua);
		g_assert_cmpstr(codes, ==, rows[i].findings);
		g_assert_true(dmarc->is_testing == rows[i].is_testing);
		g_assert_true(dmarc->is_own == (g_strcmp0(dmarc->found_at, rows[i].domain) == 0));
	}
}

/* --- keys */

#define ED25519 "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
/* RSA of 512 bits: too short. */
#define RSA512 \
	"p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Q" \
	"uKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="

static void test_keys(void)
{
	static const char *const lines[] = {
		"ed._domainkey.k.example TXT v=DKIM1; k=ed25519; t=y; " ED25519,
		"short._domainkey.k.example TXT v=DKIM1; " RSA512,
		"revoked._domainkey.k.example TXT v=DKIM1; p=",
		"bad._domainkey.k.example TXT v=DKIM1; p=xx",
		"other._domainkey.k.example TXT v=DKIM1; k=ed25519; s=tls; " ED25519,
		"late._domainkey.k.example TXT !TIMEOUT", NULL
	};
	static const struct {
		const char *status, *problem;
		int bits;
		bool is_testing;
	} rows[] = { { "found", NULL, 256, true }, { "unusable", "weak", 512, false },
		{ "revoked", "empty", 0, false }, { "unusable", "broken", 0, false },
		{ "unusable", "service", 256, false }, { "missing", NULL, 0, false },
		{ "unknown", NULL, 0, false }, { "unknown", NULL, 0, false } };
	g_autoptr(SenderExam) exam =
		examine(lines, "joe@k.example", "ed, short;revoked bad  other none late lacking");

	g_assert_cmpuint(exam->keys->len, ==, G_N_ELEMENTS(rows));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const KeyExam *key = g_ptr_array_index(exam->keys, i);

		g_test_message("%s", key->selector);
		g_assert_cmpstr(key_status_word(key->status), ==, rows[i].status);
		g_assert_cmpstr(key_problem_word(key->problem), ==, rows[i].problem);
		g_assert_cmpint(key->bits, ==, rows[i].bits);
		g_assert_true(key->is_testing == rows[i].is_testing);
	}
}

/* --- the tables */

#define S "TXT v=spf1 -all"
#define D "TXT v=DMARC1; p=none"

static const char *const published[] = { "both.example " S, "_dmarc.both.example " D,
	"spf.example " S, "dmarc.example TXT x", "_dmarc.dmarc.example " D,
	"bad.example TXT v=spf1 x", "late.example TXT !TIMEOUT", NULL };

static ShareTable *table_of(const Roster *roster, const char *unit, UnitRule rule,
	RecordRule records, const char *cross)
{
	ShareTable *table = share_table_new(
		roster, unit != NULL ? roster_column(roster, unit) : ROSTER_NONE, rule, records);
	ClassList *classes = class_list_new(roster, cross, NULL);

	share_table_add_classes(table, classes);
	for (size_t row = 0; row < roster_row_count(roster); row++) {
		g_autoptr(SenderExam) exam = examine(published, roster_cell(roster, row, 0), "");

		share_table_add(table, row, exam);
	}
	share_table_finish(table);
	return table;
}

static char *row_text(const ShareRow *row)
{
	return g_strdup_printf("%d: %d %d %d %d %d", (int)row->units, (int)row->spf,
		(int)row->dmarc, (int)row->both, (int)row->neither, (int)row->unknown);
}

static void test_table(void)
{
	static const char text[] = "address,unit,capital\n"
				   "a@both.example,A,\"1,000\"\n"
				   "b@spf.example,A,1000\n"
				   "dmarc.example,B,999\n"
				   "c@bad.example,C,-\n"
				   "d@late.example,D,２０００\n"
				   "e@both.example,D,5\n"
				   "f@gone.example,,2000\n";
	static const struct {
		const char *unit;
		UnitRule rule;
		RecordRule records;
		const char *total;  /* units: SPF DMARC both neither unknown */
		const char *first;  /* capital under 1000 */
		const char *second; /* up to 2000 */
		const char *rest;
	} rows[] = {
		{ NULL, RULE_ALL, RECORDS_SET, "7: 4 3 2 1 1", "2: 1 2 1 0 0", "2: 2 1 1 0 0",
			"1: 1 0 0 0 0" },
		{ NULL, RULE_ALL, RECORDS_VALID, "7: 3 3 2 2 1", "2: 1 2 1 0 0", "2: 2 1 1 0 0",
			"1: 0 0 0 1 0" },
		{ "unit", RULE_ALL, RECORDS_SET, "5: 2 1 0 1 1", "1: 0 1 0 0 0", "1: 1 0 0 0 0",
			"1: 1 0 0 0 0" },
		{ "unit", RULE_ANY, RECORDS_SET, "5: 3 3 2 1 0", "1: 0 1 0 0 0", "1: 1 1 1 0 0",
			"1: 1 0 0 0 0" },
	};
	g_autoptr(Roster) roster = roster_parse(slice_of(text), NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(ShareTable) table = table_of(roster, rows[i].unit, rows[i].rule,
			rows[i].records, "capital=..1000,1000..2000,2000..");
		g_autofree char *total = row_text(share_table_total(table));
		g_autofree char *first = row_text(share_table_class(table, 0, 0));
		g_autofree char *second = row_text(share_table_class(table, 0, 1));
		g_autofree char *rest = row_text(share_table_class(table, 0, 3));

		g_test_message("%zu", i);
		g_assert_cmpstr(total, ==, rows[i].total);
		g_assert_cmpstr(first, ==, rows[i].first);
		g_assert_cmpstr(second, ==, rows[i].second);
		g_assert_cmpstr(rest, ==, rows[i].rest);
	}
}

static void test_classes(void)
{
	static const char text[] = "address,size,a=b\nx,S,1\ny,L,2\nz,M,2\nv,,3\n";
	static const struct {
		const char *spec;
		const char *names; /* with | between them; NULL: refused */
	} rows[] = { { "size", "S|L|M|" }, { "SIZE=L,M", "L|M|*" }, { "a=b", "1|2|3" },
		{ "a=b=..2,2..", "..2|2..|*" }, { "none", NULL }, { "size=9..1", NULL },
		{ "size=1..x", NULL } };
	g_autoptr(Roster) roster = roster_parse(slice_of(text), NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(ClassList) list = class_list_new(roster, rows[i].spec, &error);
		g_autoptr(GString) names = g_string_new(NULL);

		g_test_message("%s", rows[i].spec);
		g_assert_true((list == NULL) == (rows[i].names == NULL));
		g_assert_true((error == NULL) == (list != NULL));
		for (size_t k = 0; list != NULL && k < class_list_count(list); k++) {
			const char *name = class_list_name(list, k);

			g_string_append_printf(
				names, "%s%s", k > 0 ? "|" : "", name != NULL ? name : "*");
		}
		if (list != NULL)
			g_assert_cmpstr(names->str, ==, rows[i].names);
	}
}

static void test_tally(void)
{
	static const char *const senders[] = { "both.example", "spf.example", "bad.example",
		"late.example", "gone.example", "sub.both.example", "no domain" };
	g_autoptr(SurveyTally) tally = survey_tally_new();

	for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
		g_autoptr(SenderExam) exam = examine(published, senders[i], "");

		survey_tally_add(tally, exam);
	}
	survey_tally_finish(tally);
	g_assert_cmpuint(tally->senders, ==, 7);
	g_assert_cmpuint(tally->without_domain, ==, 1);
	g_assert_cmpuint(tally->spf[PUBLICATION_PUBLISHED], ==, 2);
	g_assert_cmpuint(tally->spf[PUBLICATION_INVALID], ==, 1);
	g_assert_cmpuint(tally->spf[PUBLICATION_ABSENT], ==, 2);
	g_assert_cmpuint(tally->spf[PUBLICATION_UNKNOWN], ==, 1);
	g_assert_cmpuint(tally->dmarc[PUBLICATION_PUBLISHED], ==, 2);
	g_assert_cmpuint(tally->inherited, ==, 1);
	g_assert_cmpuint(tally->policies[0], ==, 2);
	g_assert_cmpuint(tally->all[0], ==, 2);
	g_assert_cmpstr(
		g_array_index(tally->findings, TallyFinding, 0).code, ==, "survey-spf-syntax");
}

/* --- what was saved */

/* The line of a sender that is the only one of its list. */
static char *line_of(const char *name, const SenderExam *exam)
{
	g_autoptr(Roster) roster = roster_parse_by(
		slice_of("domain,x\na,\"b\nc\"\n"), (const char *const[]) { "domain", NULL }, NULL);
	const SurveySender sender = { roster, 0, exam };
	GString *line = g_string_new(NULL);

	g_test_message("%s", name);
	survey_jsonl_printer.sender(line, NULL, &sender);
	g_assert_cmpint(line->str[line->len - 1], ==, '\n');
	g_string_truncate(line, line->len - 1);
	return g_string_free(line, FALSE);
}

static SavedSender *read_back(const char *line, GError **reterr_error)
{
	json_t *json = json_read_line(slice_of(line), NULL);

	g_assert_nonnull(json);
	return saved_sender_new(json, reterr_error);
}

static const struct {
	const char *sender, *selectors;
} saved[] = { { "both.example", "" }, { "joe@bad.example", "s1 none late" },
	{ "late.example", "lacking" }, { "sub.both.example", "" }, { "gone.example", "ed" },
	{ "no domain", "s1" }, { "lacking.example", "a b" } };

static void test_saved(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(saved); i++) {
		g_autoptr(SenderExam) exam =
			examine(published, saved[i].sender, saved[i].selectors);
		g_autofree char *line = line_of(saved[i].sender, exam);
		g_autoptr(SavedSender) again = read_back(line, NULL);
		g_autofree char *second = NULL;

		g_assert_nonnull(again);
		g_assert_cmpuint(again->row, ==, 1);
		g_assert_cmpuint(again->cells->len, ==, 2);
		g_assert_cmpstr(g_ptr_array_index(again->cells, 1), ==, "b\nc");
		second = line_of("once more", again->exam);
		g_assert_cmpstr(line, ==, second);
	}
}

/* Each member under another name. */
static void test_damaged(void)
{
	g_autoptr(SenderExam) exam = examine(published, "bad.example", "none");
	g_autofree char *line = line_of("bad.example", exam);
	unsigned members = 0;

	for (const char *c = strstr(line, "\":"); c != NULL; c = strstr(c + 1, "\":")) {
		g_autofree char *before = g_strndup(line, (gsize)(c - line));
		g_autofree char *other = g_strdup_printf("%sx%s", before, c);
		g_autoptr(GError) error = NULL;
		g_autoptr(SavedSender) sender = NULL;

		members++;
		/* What a finding says more is not there in each. */
		if (g_str_has_suffix(before, "detail"))
			continue;
		g_test_message("%s", strrchr(before, '"'));
		sender = read_back(other, &error);
		g_assert_null(sender);
		g_assert_nonnull(error);
	}
	g_assert_cmpuint(members, >, 40);
}

static void test_hostile(void)
{
	static const char *const values[][2] = { { "\"code\":\"survey-spf-syntax\"",
							 "\"code\":\"\\u001b[2J\"" },
		{ "\"severity\":\"warning\"", "\"severity\":\"grave\"" },
		{ "\"text\":\"", "\"text\":\"\\u202e" }, { "\"state\":\"invalid\"", "\"state\":7" },
		{ "\"outcome\":\"NOERROR\"", "\"outcome\":\"FINE\"" },
		{ "\"lookups\":0", "\"lookups\":4294967296" },
		{ "\"lookups\":0", "\"lookups\":-1" }, { "\"cells\":[\"a\"", "\"cells\":[7" },
		{ "\"all\":null", "\"all\":\"!all\"" } };
	g_autoptr(SenderExam) exam = examine(published, "bad.example", "none");
	g_autofree char *line = line_of("bad.example", exam);

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		g_auto(GStrv) parts = g_strsplit(line, values[i][0], 2);
		g_autofree char *other = g_strjoinv(values[i][1], parts);
		g_autoptr(GError) error = NULL;
		g_autoptr(SavedSender) sender = NULL;

		g_test_message("%s", values[i][1]);
		g_assert_cmpuint(g_strv_length(parts), ==, 2);
		sender = read_back(other, &error);
		g_assert_null(sender);
		g_assert_nonnull(error);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/survey/spf", test_spf);
	g_test_add_func("/survey/unknown", test_unknown);
	g_test_add_func("/survey/dmarc", test_dmarc);
	g_test_add_func("/survey/keys", test_keys);
	g_test_add_func("/survey/table", test_table);
	g_test_add_func("/survey/classes", test_classes);
	g_test_add_func("/survey/tally", test_tally);
	g_test_add_func("/survey/saved", test_saved);
	g_test_add_func("/survey/damaged", test_damaged);
	g_test_add_func("/survey/hostile", test_hostile);
	return g_test_run();
}
