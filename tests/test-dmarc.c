#include "auth/dmarc.h"
#include "auth/dmarc_record.h"
#include "auth/dmarc_walk.h"
#include "base/limits.h"
#include "base/text_time.h"
#include "dmarc_suite.h"
#include "dns/evidence_file.h"
#include "suite.h"

#include <string.h>

/* --- records */

static void test_record_is(void)
{
	static const struct {
		const char *text;
		bool is_record;
	} rows[] = {
		{ "v=DMARC1", true },
		{ "v=DMARC1;", true },
		{ "v=DMARC1; p=none", true },
		{ "v\t= DMARC1 ;p=none", true },
		{ "V=DMARC1; p=none", true },
		{ "v=dmarc1; p=none", false },
		{ "v=DMARC1p=none", false },
		{ "v=DMARC1 p=none", false },
		{ "v=DMARC12; p=none", false },
		{ "v=DMARC", false },
		{ " v=DMARC1; p=none", false },
		{ "p=none; v=DMARC1", false },
		{ "\"v=DMARC1; p=none\"", false },
		{ "v", false },
		{ "v=", false },
		{ "", false },
		{ "v=spf1 -all", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice text = suite_exact(slice_of(rows[i].text));

		g_test_message("%s", rows[i].text);
		g_assert_true(dmarc_record_is(text) == rows[i].is_record);
		g_free((gpointer)(guintptr)text.data);
	}
}

#define FULL  DMARC_USE_FULL
#define NONE  DMARC_USE_AS_NONE
#define NOT   DMARC_USE_NOT_AT_ALL
#define WRONG DMARC_USE_IS_MALFORMED

static void test_record_use(void)
{
	static const struct {
		const char *text;
		DmarcUse by_9989;
		DmarcUse by_7489;
		const char *fault;
	} rows[] = {
		{ "v=DMARC1; p=none", FULL, FULL, NULL },
		{ "v=DMARC1;p=REJECT;", FULL, FULL, NULL },
		{ "v=DMARC1; p=none;; ; rua=mailto:a@b.example", FULL, FULL, NULL },
		{ "v=DMARC1; p=none; unknown=x; x-y=1", WRONG, WRONG, "x-y=1" },
		{ "v=DMARC1; p=none; unknown=x", FULL, FULL, NULL },
		{ "v=DMARC1; P=none", FULL, FULL, NULL },
		{ "v=DMARC1; sp=none; p=reject", FULL, FULL, NULL },
		{ "v=DMARC1", NOT, NOT, NULL },
		{ "v=DMARC1; p=", NOT, NOT, "p=" },
		{ "v=DMARC1; p=block", NOT, NOT, "p=block" },
		{ "v=DMARC1; p=none, rua=mailto:a@b.example", NOT, NOT,
			"p=none, rua=mailto:a@b.example" },
		{ "v=DMARC1; p=block; rua=mailto:a@b.example", NONE, NONE, "p=block" },
		{ "v=DMARC1; rua=mailto:a@b.example", NONE, NONE, NULL },
		{ "v=DMARC1; rua=mailto:a@b.example!10m", NONE, NONE, NULL },
		{ "v=DMARC1; rua=a@b.example", NOT, NOT, "rua=a@b.example" },
		{ "v=DMARC1; rua=mailto:b.example", NOT, NOT, "rua=mailto:b.example" },
		{ "v=DMARC1; rua=mailto:", NOT, NOT, "rua=mailto:" },
		{ "v=DMARC1; rua=x, mailto:a@b.example", NONE, NONE, NULL },
		{ "v=DMARC1; rua=mailto:a b@b.example", NOT, NOT, "rua=mailto:a b@b.example" },
		{ "v=DMARC1; rua=https://b.example/dmarc", NONE, NONE, NULL },
		{ "v=DMARC1; ruf=mailto:a@b.example", NOT, NOT, NULL },
		{ "v=DMARC1; p=none; sp=block", NOT, NOT, "sp=block" },
		{ "v=DMARC1; p=none; np=block", NOT, FULL, "np=block" },
		{ "v=DMARC1; p=none; np=block; rua=mailto:a@b.example", NONE, FULL, "np=block" },
		{ "v=DMARC1; p=none; adkim=x", FULL, FULL, "adkim=x" },
		{ "v=DMARC1; p=none; pct=101", FULL, FULL, "pct=101" },
		{ "v=DMARC1; p=none; reject", WRONG, WRONG, "reject" },
		{ "v=DMARC1; p=none; p=reject", WRONG, WRONG, "p=reject" },
		{ "v=DMARC1; p=none; P=reject", WRONG, WRONG, "P=reject" },
		{ "v=DMARC1; p=none; =reject", WRONG, WRONG, "=reject" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice text = suite_exact(slice_of(rows[i].text));
		g_autoptr(DmarcRecord) record = dmarc_record_parse(text);

		g_test_message("%s", rows[i].text);
		g_assert_true(dmarc_record_is(text));
		g_assert_cmpint(dmarc_record_use(record, DMARC_RULE_9989), ==, rows[i].by_9989);
		g_assert_cmpint(dmarc_record_use(record, DMARC_RULE_7489), ==, rows[i].by_7489);
		g_assert_cmpstr(record->fault, ==, rows[i].fault);
		g_free((gpointer)(guintptr)text.data);
	}
}

static void test_record_tags(void)
{
	g_autoptr(DmarcRecord) record = dmarc_record_parse(
		slice_of("v=DMARC1; p=Quarantine; sp=none; np=reject; adkim=S; aspf=r; t=y; psd=n; "
			 "pct=7; rua=mailto:a@b.example"));
	g_autoptr(DmarcRecord) wrong = dmarc_record_parse(
		slice_of("v=DMARC1; p=none; adkim=strict; aspf=; t=1; psd=x; pct=-1"));
	g_autoptr(DmarcRecord) octets = dmarc_record_parse(slice_make("v=DMARC1; p=\0\xFF", 14));

	g_assert_cmpint(record->p, ==, DMARC_POLICY_QUARANTINE);
	g_assert_cmpint(record->sp, ==, DMARC_POLICY_NONE);
	g_assert_cmpint(record->np, ==, DMARC_POLICY_REJECT);
	g_assert_true(record->is_dkim_strict);
	g_assert_false(record->is_spf_strict);
	g_assert_true(record->is_testing);
	g_assert_cmpint(record->psd, ==, DMARC_PSD_NO);
	g_assert_cmpuint(record->percent, ==, 7);
	g_assert_true(record->has_report_uri);

	g_assert_false(wrong->is_dkim_strict || wrong->is_spf_strict || wrong->is_testing);
	g_assert_cmpint(wrong->psd, ==, DMARC_PSD_UNSAID);
	g_assert_cmpuint(wrong->percent, ==, 100);
	g_assert_cmpstr(wrong->fault, ==, "adkim=strict");
	g_assert_cmpint(octets->p, ==, DMARC_POLICY_INVALID);
	g_assert_true(g_utf8_validate(octets->text, -1, NULL));
}

/* --- the walk */

static void test_walk(void)
{
	static const struct {
		const char *start;
		const char *zone;
		const char *org; /* NULL: not known */
		const char *names;
		DmarcLookup state;
	} rows[] = {
		/* RFC 9989, 4.10.2 */
		{ "a.mail.example.com",
			"_dmarc.mail.example.com TXT v=DMARC1; p=none\n"
			"_dmarc.example.com TXT v=DMARC1; p=none",
			"example.com", "a.mail.example.com mail.example.com example.com com",
			DMARC_FOUND },
		{ "a.mail.example.com", "_dmarc.mail.example.com TXT v=DMARC1; p=none; psd=n",
			"mail.example.com", "a.mail.example.com mail.example.com", DMARC_FOUND },
		{ "a.mail.example.com", "_dmarc.com TXT v=DMARC1; p=none; psd=y", "example.com",
			"a.mail.example.com mail.example.com example.com com", DMARC_FOUND },
		/* 4.10 */
		{ "a.b.c.d.e.f.g.h.i.j.mail.example.com", "",
			"a.b.c.d.e.f.g.h.i.j.mail.example.com",
			"a.b.c.d.e.f.g.h.i.j.mail.example.com g.h.i.j.mail.example.com "
			"h.i.j.mail.example.com i.j.mail.example.com j.mail.example.com "
			"mail.example.com example.com com",
			DMARC_FOUND },
		/* eight labels and seven */
		{ "a.b.c.d.e.f.example.com", "", "a.b.c.d.e.f.example.com",
			"a.b.c.d.e.f.example.com b.c.d.e.f.example.com c.d.e.f.example.com "
			"d.e.f.example.com e.f.example.com f.example.com example.com com",
			DMARC_FOUND },
		/* psd=y where the walk starts says nothing of the level below */
		{ "example.com", "_dmarc.example.com TXT v=DMARC1; p=none; psd=y", "example.com",
			"example.com", DMARC_FOUND },
		/* the level below was never asked */
		{ "a.b.c.d.e.f.g.h.i.example.com",
			"_dmarc.e.f.g.h.i.example.com TXT v=DMARC1; psd=y; p=none",
			"d.e.f.g.h.i.example.com",
			"a.b.c.d.e.f.g.h.i.example.com e.f.g.h.i.example.com", DMARC_FOUND },
		/* several records count as none; so does what is no record */
		{ "m.example.com",
			"_dmarc.m.example.com TXT v=DMARC1; p=none\n"
			"_dmarc.m.example.com TXT v=DMARC1; p=none\n"
			"_dmarc.example.com TXT v=DMARC1; p=none\n"
			"_dmarc.example.com TXT hello\n_dmarc.com TXT v=dmarc1; psd=y",
			"example.com", "m.example.com example.com com", DMARC_FOUND },
		/* psd=n wins over what lies above; a broken record says no psd */
		{ "m.example.com",
			"_dmarc.m.example.com TXT v=DMARC1; p=none; broken; psd=n\n"
			"_dmarc.example.com TXT v=DMARC1; p=none; psd=n",
			"example.com", "m.example.com example.com", DMARC_FOUND },
		{ "m.example.com", "_dmarc.example.com SERVFAIL", NULL, "m.example.com example.com",
			DMARC_FAILED },
		{ "m.example.com", "_dmarc.example.com LACKING", NULL,
			"m.example.com example.com com", DMARC_LACKING },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(DmarcScene) scene = dmarc_scene_new(rows[i].start, "", "");
		g_autoptr(DmarcWalk) walk = NULL;
		GString *names = g_string_new(NULL);
		Verdict verdict = VERDICT_INIT;

		g_test_message("row %zu: %s", i, rows[i].start);
		dmarc_scene_add_all(scene, rows[i].zone);
		do {
			dmarc_walk_free(walk);
			walk = dmarc_walk(rows[i].start, scene->context, &verdict, scene->findings);
		} while (dmarc_scene_answer(scene));
		for (guint j = 0; j < walk->steps->len; j++)
			g_string_append_printf(
				names, "%s%s", j > 0 ? " " : "", dmarc_walk_step(walk, j)->domain);
		g_assert_cmpstr(walk->org_domain, ==, rows[i].org);
		g_assert_cmpstr(names->str, ==, rows[i].names);
		g_assert_cmpint(walk->state, ==, rows[i].state);
		g_assert_cmpuint(walk->steps->len, <=, LIMIT_TREE_WALK);
		g_string_free(names, TRUE);
	}
}

/* --- one author domain, both rules */

static char *say(const DmarcView *view)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(
		text, "%s %s", auth_result_word(view->verdict.result), view->verdict.reason);
	if (!view->verdict.is_final)
		g_string_append(text, " unknown");
	if (view->policy != NULL)
		g_string_append_printf(
			text, " %s=%s@%s", view->policy_tag, view->policy, view->record_domain);
	if (view->is_testing)
		g_string_append(text, " t");
	if (view->percent != 100)
		g_string_append_printf(text, " %u%%", view->percent);
	if (view->bestguess)
		g_string_append(text, " bestguess");
	return g_string_free(text, FALSE);
}

typedef struct ViewRow {
	const char *name;
	const char *zone;
	const char *from;
	const char *spf;
	const char *dkim;
	const char *by_9989;
	const char *by_7489; /* NULL: the same */
} ViewRow;

static void check_view_row(const ViewRow *row)
{
	g_autoptr(DmarcScene) scene = dmarc_scene_new(row->from, row->spf, row->dkim);
	g_autoptr(DmarcVerdict) verdict = NULL;
	g_autofree char *by_9989 = NULL;
	g_autofree char *by_7489 = NULL;

	g_test_message("%s", row->name);
	dmarc_scene_add_all(scene, row->zone);
	verdict = dmarc_scene_evaluate(scene);
	by_9989 = say(verdict->rfc9989);
	by_7489 = say(verdict->rfc7489);
	g_assert_cmpstr(by_9989, ==, row->by_9989);
	g_assert_cmpstr(by_7489, ==, row->by_7489 != NULL ? row->by_7489 : row->by_9989);
}

#define EXAMPLE "_dmarc.example.com TXT v=DMARC1; p=reject"
#define STRICT  "_dmarc.example.com TXT v=DMARC1; p=reject; adkim=s; aspf=s"

static void test_alignment(void)
{
	static const ViewRow rows[] = {
		{ "SPF itself", EXAMPLE, "example.com", "pass example.com", "",
			"pass spf-aligned p=reject@example.com", NULL },
		{ "both", EXAMPLE, "example.com", "pass b.example.com", "pass a.example.com",
			"pass both-aligned p=reject@example.com", NULL },
		{ "second signature", EXAMPLE, "example.com", "fail example.com",
			"pass example.net, pass example.com",
			"pass dkim-aligned p=reject@example.com", NULL },
		{ "strict, itself", STRICT, "example.com", "", "pass example.com",
			"pass dkim-aligned p=reject@example.com", NULL },
		{ "strict, below", STRICT, "example.com", "pass m.example.com",
			"pass m.example.com", "fail not-aligned p=reject@example.com", NULL },
		{ "strict holds for sub-domains too", STRICT, "m.example.com", "",
			"pass example.com", "fail not-aligned p=reject@example.com", NULL },
		{ "others", EXAMPLE, "example.com", "pass example.net", "pass example.org",
			"fail not-aligned p=reject@example.com", NULL },
		{ "nothing", EXAMPLE, "example.com", "softfail example.com", "fail example.com",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "policy is no pass", EXAMPLE, "example.com", "", "policy example.com",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "Google's own is no signature", EXAMPLE, "example.com", "", "google example.com",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "a public suffix is not aligned", "_dmarc.example.co.jp TXT v=DMARC1; p=none",
			"example.co.jp", "", "pass co.jp", "fail not-aligned p=none@example.co.jp",
			NULL },
		{ "a suffix that is not aligned by either", EXAMPLE, "example.com", "", "pass com",
			"fail not-aligned p=reject@example.com", NULL },
		{ "RFC 9989, B.4.3",
			"_dmarc.bank.example TXT v=DMARC1; p=reject; psd=y\n"
			"_dmarc.giant.bank.example TXT v=DMARC1; p=quarantine",
			"giant.bank.example", "pass mail.giant.bank.example",
			"pass mail.mega.bank.example",
			"pass spf-aligned p=quarantine@giant.bank.example",
			"pass both-aligned p=quarantine@giant.bank.example" },
		{ "psd=n parts what the list joins",
			"_dmarc.a.example.com TXT v=DMARC1; p=reject; psd=n\n" EXAMPLE,
			"a.example.com", "", "pass example.com",
			"fail not-aligned p=reject@a.example.com",
			"pass dkim-aligned p=reject@a.example.com" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_view_row(&rows[i]);
}

static void test_policy(void)
{
	static const ViewRow rows[] = {
		{ "of the organization", EXAMPLE "; sp=none", "m.example.com", "", "",
			"fail nothing-passed sp=none@example.com", NULL },
		{ "sp is for those below", EXAMPLE "; sp=none", "example.com", "", "",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "p for those below", EXAMPLE, "m.example.com", "", "",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "a record between author and organization does not count",
			EXAMPLE "\n_dmarc.b.example.com TXT v=DMARC1; p=none", "a.b.example.com",
			"", "", "fail nothing-passed p=reject@example.com", NULL },
		{ "t=y", EXAMPLE "; t=y; pct=20", "example.com", "", "",
			"fail nothing-passed p=quarantine@example.com t",
			"fail nothing-passed p=reject@example.com 20%" },
		{ "t=y, one below that", "_dmarc.example.com TXT v=DMARC1; p=quarantine; t=y",
			"example.com", "", "", "fail nothing-passed p=none@example.com t",
			"fail nothing-passed p=quarantine@example.com" },
		{ "np", EXAMPLE "; sp=none; np=quarantine", "ghost.example.com", "", "",
			"fail nothing-passed np=quarantine@example.com",
			"fail nothing-passed sp=none@example.com" },
		{ "np, but it exists", EXAMPLE "; sp=none; np=quarantine\nm.example.com TXT hello",
			"m.example.com", "", "", "fail nothing-passed sp=none@example.com", NULL },
		{ "np, but it cannot be known",
			EXAMPLE "; sp=none; np=quarantine\nm.example.com SERVFAIL", "m.example.com",
			"", "", "fail nothing-passed sp=none@example.com", NULL },
		{ "of the public suffix",
			"_dmarc.bank.example TXT v=DMARC1; p=reject; psd=y; sp=quarantine",
			"m.giant.bank.example", "pass giant.bank.example", "",
			"pass spf-aligned sp=quarantine@bank.example",
			"pass spf-aligned sp=quarantine@bank.example" },
		{ "as none", "_dmarc.example.com TXT v=DMARC1; rua=mailto:a@example.com",
			"example.com", "", "", "fail nothing-passed p=none@example.com", NULL },
		{ "no policy", "_dmarc.example.com TXT v=DMARC1; sp=reject", "example.com",
			"pass example.com", "", "none record-without-policy", NULL },
		{ "malformed", "_dmarc.example.com TXT v=DMARC1; p=none; oops", "example.com",
			"pass example.com", "", "permerror record-malformed", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_view_row(&rows[i]);
}

static void test_no_record(void)
{
	static const ViewRow rows[] = {
		{ "nothing", "", "example.com", "", "", "none no-record", NULL },
		{ "would pass", "", "example.com", "pass m.example.com", "",
			"none no-record bestguess", NULL },
		{ "would pass by DKIM", "", "a.example.com", "fail example.com",
			"pass b.example.com", "none no-record bestguess", NULL },
		{ "would not pass", "", "example.com", "pass example.net", "pass example.net",
			"none no-record", NULL },
		{ "SPF unknown", "", "example.com", "unknown", "", "none no-record", NULL },
		{ "SPF unknown, DKIM would", "", "example.com", "unknown", "pass example.com",
			"none no-record bestguess", NULL },
		{ "two records", EXAMPLE "\n" EXAMPLE, "example.com", "pass example.com", "",
			"none several-records", NULL },
		{ "two records, one above",
			"_dmarc.m.example.com TXT v=DMARC1; p=none\n"
			"_dmarc.m.example.com TXT v=DMARC1; p=none\n" EXAMPLE,
			"m.example.com", "pass example.com", "",
			"pass spf-aligned p=reject@example.com", "none several-records" },
		{ "record at the apex", "example.com TXT v=DMARC1; p=reject", "example.com",
			"pass example.com", "", "none no-record bestguess", NULL },
		{ "version in small letters", "_dmarc.example.com TXT v=dmarc1; p=reject",
			"example.com", "", "", "none no-record", NULL },
		{ "a record in the place of one in small letters",
			"_dmarc.example.com TXT v=dmarc1; p=none\n" EXAMPLE, "example.com", "", "",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "values in other letters",
			"_dmarc.example.com TXT v=DMARC1; p=REJECT; sp=None; adkim=S; t=Y",
			"example.com", "", "pass m.example.com",
			"fail not-aligned p=quarantine@example.com t",
			"fail not-aligned p=reject@example.com" },
		{ "more than eight labels, record in between",
			"_dmarc.d.e.f.g.example.com TXT v=DMARC1; p=none\n" EXAMPLE,
			"a.b.c.d.e.f.g.example.com", "pass example.com", "",
			"pass spf-aligned p=reject@example.com", NULL },
		{ "more than eight labels, record of one's own",
			"_dmarc.a.b.c.d.e.f.g.h.example.com TXT v=DMARC1; p=none\n" EXAMPLE,
			"a.b.c.d.e.f.g.h.example.com", "pass example.com", "",
			"pass spf-aligned p=none@a.b.c.d.e.f.g.h.example.com", NULL },
		{ "more than eight labels, out of the walk's sight",
			"_dmarc.c.d.e.f.g.h.i.example.com TXT v=DMARC1; p=none; psd=n\n" EXAMPLE,
			"a.b.c.d.e.f.g.h.i.example.com", "pass example.com", "",
			"pass spf-aligned p=reject@example.com", NULL },
		{ "other text", "_dmarc.example.com TXT v=spf1 -all\n" EXAMPLE, "example.com", "",
			"", "fail nothing-passed p=reject@example.com", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_view_row(&rows[i]);
}

/* What cannot be evaluated is never dressed up as fail or none. */
static void test_not_known(void)
{
	static const ViewRow rows[] = {
		{ "record failed", "_dmarc.example.com SERVFAIL", "example.com", "pass example.com",
			"", "temperror dns-failure", NULL },
		{ "record lacking", "_dmarc.example.com LACKING", "example.com", "pass example.com",
			"", "temperror answer-missing unknown", NULL },
		{ "organization's record failed", "_dmarc.example.com SERVFAIL", "m.example.com",
			"", "", "temperror dns-failure", NULL },
		{ "organization's record lacking", "_dmarc.example.com LACKING", "m.example.com",
			"", "", "temperror answer-missing unknown", NULL },
		{ "suffix failed, not needed", EXAMPLE "\n_dmarc.com SERVFAIL", "example.com",
			"pass example.com", "", "pass spf-aligned p=reject@example.com", NULL },
		{ "suffix failed, needed", EXAMPLE "\n_dmarc.com SERVFAIL", "example.com",
			"pass m.example.com", "", "temperror dns-failure p=reject@example.com",
			"pass spf-aligned p=reject@example.com" },
		{ "suffix lacking, needed", EXAMPLE "\n_dmarc.com LACKING", "example.com",
			"pass m.example.com", "",
			"temperror answer-missing unknown p=reject@example.com",
			"pass spf-aligned p=reject@example.com" },
		{ "SPF temperror", EXAMPLE, "example.com", "temperror example.com", "",
			"temperror spf-temperror p=reject@example.com", NULL },
		{ "SPF temperror elsewhere", EXAMPLE, "example.com", "temperror example.net", "",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "SPF temperror, DKIM passes", EXAMPLE, "example.com", "temperror example.com",
			"pass example.com", "pass dkim-aligned p=reject@example.com", NULL },
		{ "DKIM temperror", EXAMPLE, "example.com", "fail example.com",
			"temperror m.example.com", "temperror dkim-temperror p=reject@example.com",
			NULL },
		{ "DKIM temperror elsewhere", EXAMPLE, "example.com", "fail example.com",
			"temperror example.net", "fail nothing-passed p=reject@example.com", NULL },
		{ "no envelope", EXAMPLE, "example.com", "unknown", "",
			"none spf-unknown unknown p=reject@example.com", NULL },
		{ "no envelope, DKIM passes", EXAMPLE, "example.com", "unknown", "pass example.com",
			"pass dkim-aligned p=reject@example.com", NULL },
		{ "SPF lacks an answer", EXAMPLE, "example.com", "missing example.com", "",
			"temperror spf-unknown unknown p=reject@example.com", NULL },
		{ "SPF lacks an answer elsewhere", EXAMPLE, "example.com", "missing example.net",
			"", "fail nothing-passed p=reject@example.com", NULL },
		{ "DKIM lacks its key", EXAMPLE, "example.com", "", "missing example.com",
			"temperror dkim-unknown unknown p=reject@example.com", NULL },
		{ "DKIM lacks its key elsewhere", EXAMPLE, "example.com", "", "missing example.net",
			"fail nothing-passed p=reject@example.com", NULL },
		{ "both not known", EXAMPLE, "example.com", "unknown", "temperror example.com",
			"none spf-unknown unknown p=reject@example.com", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_view_row(&rows[i]);
}

/* --- several author domains, periods */

typedef struct AuthorRow {
	const char *name;
	const char *zone;
	const char *from;
	const char *spf;
	const char *dkim;
	const char *expected; /* result reason domain */
	const char *finding;
} AuthorRow;

static void check_author_row(const AuthorRow *row)
{
	g_autoptr(DmarcScene) scene = dmarc_scene_new(row->from, row->spf, row->dkim);
	g_autoptr(DmarcVerdict) verdict = NULL;
	g_autofree char *found = NULL;

	g_test_message("%s", row->name);
	dmarc_scene_add_all(scene, row->zone);
	verdict = dmarc_scene_evaluate(scene);
	found = g_strdup_printf("%s %s %s", auth_result_word(verdict->verdict.result),
		verdict->verdict.reason, verdict->domain != NULL ? verdict->domain : "-");
	g_assert_cmpstr(found, ==, row->expected);
	g_assert_true((verdict->domain == NULL) == (dmarc_view(verdict) == NULL));
	if (row->finding != NULL)
		g_assert_nonnull(findings_find(scene->findings, row->finding));
	else
		g_assert_cmpuint(findings_count(scene->findings), ==, 0);
}

#define TWO EXAMPLE "\n_dmarc.example.org TXT v=DMARC1; p=none"

static void test_authors(void)
{
	static const AuthorRow rows[] = {
		{ "none", EXAMPLE, "", "", "", "none no-author-domain -", NULL },
		{ "no name", EXAMPLE, "!", "", "", "none author-domain-invalid -", NULL },
		{ "the same twice", EXAMPLE, "example.com, example.com", "pass example.com", "",
			"pass spf-aligned example.com", NULL },
		{ "one of two passes", TWO, "example.com, example.org", "pass example.com", "",
			"fail not-aligned example.org", "from-several-domains" },
		{ "the other way round", TWO, "example.org, example.com", "pass example.com", "",
			"fail not-aligned example.org", "from-several-domains" },
		{ "the strictest", TWO, "example.org, example.com", "", "",
			"fail nothing-passed example.com", "from-several-domains" },
		{ "both pass", TWO, "example.org, example.com", "pass example.com",
			"pass example.org", "pass dkim-aligned example.org",
			"from-several-domains" },
		{ "one has no record", EXAMPLE, "example.com, example.org", "pass example.com", "",
			"none no-record example.org", "from-several-domains" },
		{ "one is no name", EXAMPLE, "example.com, !", "pass example.com", "",
			"none author-domain-invalid example.com", NULL },
		{ "repeated field", EXAMPLE, "2:example.com, example.com", "pass example.com", "",
			"permerror from-repeated example.com", NULL },
		{ "repeated field, spoofed", TWO, "2:example.com, example.org", "pass example.org",
			"", "fail not-aligned example.com", "from-several-domains" },
		{ "more than are evaluated", EXAMPLE "; sp=none",
			"a.example.com, b.example.com, c.example.com, "
			"d.example.com, e.example.com, f.example.com, g.example.com, "
			"h.example.com, i.example.com",
			"pass example.com", "", "permerror author-domains-limit a.example.com",
			"author-domains-limit" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_author_row(&rows[i]);
}

static void test_period(void)
{
	static const struct {
		const char *received;
		DmarcRule asked;
		DmarcRule counts;
	} rows[] = {
		{ "2021-12-03", DMARC_RULE_PERIOD, DMARC_RULE_7489 },
		{ "2026-04-30T23:59:59.999Z", DMARC_RULE_PERIOD, DMARC_RULE_7489 },
		{ "2026-05-01T00:00:00Z", DMARC_RULE_PERIOD, DMARC_RULE_9989 },
		{ NULL, DMARC_RULE_PERIOD, DMARC_RULE_9989 },
		{ "2021-12-03", DMARC_RULE_9989, DMARC_RULE_9989 },
		{ NULL, DMARC_RULE_7489, DMARC_RULE_7489 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(DmarcScene) scene =
			dmarc_scene_new("a.example.com", "pass example.com", "");
		g_autoptr(DmarcVerdict) verdict = NULL;

		g_test_message("row %zu", i);
		dmarc_scene_add_all(scene, "_dmarc.a.example.com TXT v=DMARC1; p=reject; psd=n");
		scene->context->dmarc_rule = rows[i].asked;
		if (rows[i].received != NULL)
			g_assert_true(text_time_parse_rfc3339(
				slice_of(rows[i].received), &scene->context->received));
		verdict = dmarc_scene_evaluate(scene);
		g_assert_cmpint(verdict->rule, ==, rows[i].counts);
		g_assert_true(
			dmarc_view(verdict) ==
			(rows[i].counts == DMARC_RULE_7489 ? verdict->rfc7489 : verdict->rfc9989));
		g_assert_cmpint(verdict->verdict.result, ==,
			rows[i].counts == DMARC_RULE_7489 ? RESULT_PASS : RESULT_FAIL);
		g_assert_nonnull(findings_find(scene->findings, "dmarc-rules-differ"));
	}
}

/* What the verdict rests on, and the names asked. */
static void test_account(void)
{
	g_autoptr(DmarcScene) scene =
		dmarc_scene_new("a.example.com", "pass m.example.com", "fail example.com");
	g_autoptr(DmarcVerdict) verdict = NULL;
	static const char *const names[] = { "_dmarc.a.example.com", "_dmarc.example.com",
		"_dmarc.com", "_dmarc.m.example.com" };

	dmarc_scene_add_all(scene, EXAMPLE);
	verdict = dmarc_scene_evaluate(scene);
	g_assert_cmpuint(verdict->rfc9989->walk->len, ==, G_N_ELEMENTS(names));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpstr(verdict->rfc9989->walk->pdata[i], ==, names[i]);
	g_assert_cmpuint(verdict->rfc7489->walk->len, ==, 2);
	g_assert_cmpstr(verdict->rfc9989->org_domain, ==, "example.com");
	g_assert_cmpstr(verdict->rfc9989->spf->org_domain, ==, "example.com");
	g_assert_cmpstr(verdict->rfc9989->record, ==, "v=DMARC1; p=reject");
	/* six answers of the walks, SPF's and the signature's */
	g_assert_cmpuint(verdict->verdict.answers, ==, 8);
	g_assert_cmpint(verdict->verdict.youngest, ==, 2000);
}

/* A record in several strings, as the DNS carries it (RFC 9989, 4.5). */
static void test_strings(void)
{
	g_autoptr(DmarcScene) scene = dmarc_scene_new("example.com", "", "pass m.example.com");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(DmarcVerdict) verdict = NULL;
	g_autofree char *said = NULL;

	evidence_parse(
		slice_of(";q _dmarc.example.com. TXT NOERROR n=2\n"
			 "_dmarc.example.com. 60 IN TXT \"v=DMA\" \"RC1; p=re\" \"ject; adk\" "
			 "\"im=s\"\n"
			 "_dmarc.example.com. 60 IN TXT \"v=DMARC1\" \"p=none\"\n"),
		"test", scene->evidence, notes);
	verdict = dmarc_scene_evaluate(scene);
	said = say(verdict->rfc9989);
	g_assert_cmpstr(said, ==, "fail not-aligned p=reject@example.com");
}

/* Nothing is asked twice over the rounds, and a name that is too long is not asked at all. */
static void test_long_name(void)
{
	GString *name = g_string_new(NULL);

	for (int i = 0; i < 125; i++)
		g_string_append(name, "a.");
	g_string_append(name, "bc");
	{
		g_autoptr(DmarcScene) scene = dmarc_scene_new(name->str, "", "");
		g_autoptr(DmarcVerdict) verdict = dmarc_scene_evaluate(scene);

		g_assert_cmpstr(verdict->verdict.reason, ==, "no-record");
		g_assert_cmpuint(verdict->rfc9989->walk->len, ==, LIMIT_TREE_WALK - 1);
	}
	g_string_free(name, TRUE);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/dmarc/record/is", test_record_is);
	g_test_add_func("/dmarc/record/use", test_record_use);
	g_test_add_func("/dmarc/record/tags", test_record_tags);
	g_test_add_func("/dmarc/walk", test_walk);
	g_test_add_func("/dmarc/alignment", test_alignment);
	g_test_add_func("/dmarc/policy", test_policy);
	g_test_add_func("/dmarc/no-record", test_no_record);
	g_test_add_func("/dmarc/not-known", test_not_known);
	g_test_add_func("/dmarc/authors", test_authors);
	g_test_add_func("/dmarc/period", test_period);
	g_test_add_func("/dmarc/account", test_account);
	g_test_add_func("/dmarc/strings", test_strings);
	g_test_add_func("/dmarc/long-name", test_long_name);
	return g_test_run();
}
