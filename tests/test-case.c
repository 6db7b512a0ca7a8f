/* The case of a message: what counts where the boundary is in doubt, and when a "no" may be said.
 */
#include "analysis/case.h"
#include "auth/org_domain.h"
#include "base/limits.h"
#include "base/text_time.h"
#include "spf_zone.h"
#include "suite.h"

#include <string.h>

#define DAY INT64_C(86400000)

/* 1 May 2024 00:00 UTC, the date of the lines below. */
#define RECEIVED INT64_C(1714521600000)

#define HEAD     "Return-Path: <a@bank.example>\n"
#define LINE(client, by, with) \
	"Received: from " client " by " by " with " with "; 1 May 2024 00:00 +0000\n"
/* What the sender writes below: a line with the bank's own address. */
#define CLAIM(by) \
	"Received: from mail.bank.example (mail.bank.example [203.0.113.9]) by " by " with " \
	"ESMTP; 1 May 2024 00:00 +0000\n"
#define HONEST \
	LINE("mail.bank.example (mail.bank.example [203.0.113.9])", "mx.ours.example", "ESMTP")
#define JUNK(selector, hash) \
	"DKIM-Signature: v=1; a=rsa-sha256; d=bank.example; s=" selector "; h=from; bh=" hash \
	"; b=AAAA\n"
/* SHA-256 of "body" with CRLF, and of something else. */
#define THIS_BODY  "Ck5SoRNWUpSR4X0COv7R5ub2pUTtl6xz4dTFz++ji4M="
#define OTHER_BODY "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="
#define REST       "From: a@bank.example\nSubject: s\n\nbody\n"

typedef struct Scene {
	SpfZone *zone;
	Evidence *evidence;
	OrgDomains *org_domains;
	CaseOptions options;
	int64_t at; /* of all answers */
	Case *kase;
} Scene;

static Scene *scene_new(const char *message, int64_t at)
{
	Scene *scene = g_new0(Scene, 1);
	g_autoptr(GBytes) bytes = suite_lines(slice_of(message), SUITE_CRLF);
	CaseInput input = { .source = source_new() };

	scene->at = at;
	scene->zone = spf_zone_new();
	spf_zone_add(scene->zone, "bank.example", "TXT", slice_of("v=spf1 ip4:203.0.113.9 -all"));
	spf_zone_add(scene->zone, "_dmarc.bank.example", "TXT", slice_of("v=DMARC1; p=reject"));
	scene->evidence = evidence_new();
	scene->org_domains = org_domains_new_builtin();
	input.facts = facts_new(bytes, NULL, NULL);
	scene->kase = case_new(&input);
	scene->options = (CaseOptions) { .evidence = scene->evidence,
		.org_domains = scene->org_domains,
		.dmarc_rule = DMARC_RULE_9989,
		.now = TIME_UNKNOWN,
		.at = TIME_UNKNOWN,
		.horizon_ms = 30 * DAY };
	return scene;
}

static void scene_free(Scene *scene)
{
	case_free(scene->kase);
	org_domains_free(scene->org_domains);
	evidence_free(scene->evidence);
	spf_zone_free(scene->zone);
	g_free(scene);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scene, scene_free)

static void evaluate(Scene *scene)
{
	for (unsigned rounds = 0; !case_evaluate(scene->kase, &scene->options); rounds++) {
		g_assert_cmpuint(rounds, <, LIMIT_ROUNDS);
		for (guint i = 0; i < scene->kase->lacking->len; i++) {
			const Question *question = g_ptr_array_index(scene->kase->lacking, i);
			Answer *answer =
				spf_zone_answer(scene->zone, question->name, question->type);

			answer->at = scene->at;
			evidence_add(scene->evidence, answer);
		}
	}
}

/* "y", "n", "u" for each method in the order S/MIME, SPF, DKIM, DMARC. */
static void check_marks(const Scene *scene, const char *expected)
{
	char marks[METHODS + 1] = { '\0' };

	for (int i = 0; i < METHODS; i++)
		marks[i] = mark_word(scene->kase->marks[i])[0];
	g_assert_cmpstr(marks, ==, expected);
}

typedef struct Row {
	const char *name;
	const char *message;
	int64_t at;
	const char *marks;
	const char *spf_reason; /* NULL: not asked */
} Row;

static const Row rows[] = {
	{ "honest", HEAD HONEST REST, RECEIVED, "nyny", NULL },
	/* Near the receiver, and a forged line below: the sender must not choose his address. */
	{ "customer",
		HEAD LINE("evil (p1.tokyo.ours.example [153.1.2.3])", "mx.ours.example", "ESMTP")
			CLAIM("evil") REST,
		RECEIVED, "nunu", "boundary-in-doubt" },
	{ "one /16",
		HEAD LINE("evil (h.hosting.example [153.1.2.3])",
			"mx.ours.example (mx.ours.example [153.1.9.9])", "ESMTP") CLAIM("evil")
			REST,
		RECEIVED, "nunu", "boundary-in-doubt" },
	{ "submission",
		HEAD LINE("evil (p1.isp.example [153.1.2.3])", "mx.ours.example", "ESMTPSA")
			CLAIM("evil") REST,
		RECEIVED, "nunu", "boundary-in-doubt" },
	{ "the choice does not matter",
		HEAD LINE("evil (p1.tokyo.ours.example [153.1.2.3])", "mx.ours.example", "ESMTP")
			LINE("x (x.example [198.51.100.1])", "p1.tokyo.ours.example", "ESMTP") REST,
		RECEIVED, "nnnn", "term-matched" },
	/* A no of the DNS, in time and too late. */
	{ "key missing", HEAD HONEST JUNK("k", THIS_BODY) REST, RECEIVED, "nyny", NULL },
	{ "key missing, asked late", HEAD HONEST JUNK("k", THIS_BODY) REST, RECEIVED + 31 * DAY,
		"nyuy", NULL },
	{ "key missing, asked at an unknown time", HEAD HONEST JUNK("k", THIS_BODY) REST,
		TIME_UNKNOWN, "nyuy", NULL },
	{ "key missing, received at an unknown time", HEAD JUNK("k", THIS_BODY) REST, RECEIVED,
		"nuuu", NULL },
	{ "body altered, asked late", HEAD HONEST JUNK("k", OTHER_BODY) REST, RECEIVED + 31 * DAY,
		"nyny", NULL },
	{ "a junk signature does not hide the late no",
		HEAD HONEST JUNK("k", THIS_BODY) JUNK("j", OTHER_BODY) REST, RECEIVED + 31 * DAY,
		"nyuy", NULL },
	{ "nor above it", HEAD HONEST JUNK("j", OTHER_BODY) JUNK("k", THIS_BODY) REST,
		RECEIVED + 31 * DAY, "nyuy", NULL },
	{ "no signature, asked late", HEAD HONEST REST, RECEIVED + 31 * DAY, "nyny", NULL },
	{ "SPF fails late",
		HEAD LINE("x (x.example [198.51.100.1])", "mx.ours.example", "ESMTP") REST,
		RECEIVED + 31 * DAY, "nunu", NULL },
	{ "SPF fails on the last day",
		HEAD LINE("x (x.example [198.51.100.1])", "mx.ours.example", "ESMTP") REST,
		RECEIVED + 30 * DAY, "nnnn", NULL },
	{ "SPF fails early",
		HEAD LINE("x (x.example [198.51.100.1])", "mx.ours.example", "ESMTP") REST,
		RECEIVED - 90 * DAY, "nnnn", NULL },
};

static void test_marks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *row = &rows[i];
		g_autoptr(Scene) scene = scene_new(row->message, row->at);

		g_test_message("%s", row->name);
		evaluate(scene);
		check_marks(scene, row->marks);
		if (row->spf_reason != NULL)
			g_assert_cmpstr(scene->kase->spf->verdict.reason, ==, row->spf_reason);
	}
}

static void test_evidence_time(void)
{
	static const struct {
		int64_t at;
		bool is_early, is_late;
	} times[] = { { RECEIVED, false, false }, { RECEIVED - 31 * DAY, true, false },
		{ RECEIVED + 31 * DAY, false, true } };

	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		g_autoptr(Scene) scene = scene_new(HEAD HONEST REST, times[i].at);

		evaluate(scene);
		g_assert_cmpint(findings_find(scene->kase->findings, "evidence-early") != NULL, ==,
			times[i].is_early);
		g_assert_cmpint(findings_find(scene->kase->findings, "evidence-late") != NULL, ==,
			times[i].is_late);
	}
}

/* Pure: once more with the same evidence, and the same again. */
static void test_again(void)
{
	g_autoptr(Scene) scene = scene_new(HEAD HONEST JUNK("k", THIS_BODY) REST, RECEIVED);
	size_t findings;

	evaluate(scene);
	findings = findings_count(scene->kase->findings);
	g_assert_true(case_evaluate(scene->kase, &scene->options));
	check_marks(scene, "nyny");
	g_assert_cmpuint(findings_count(scene->kase->findings), ==, findings);
}

/* "name spf,dkim|…" for the answers, or for what is lacking. */
static char *askers_text(const Case *kase, bool is_lacking)
{
	const GArray *askers = is_lacking ? kase->lacking_by : kase->answers_by;
	GString *text = g_string_new(NULL);

	g_assert_cmpuint(askers->len, ==, is_lacking ? kase->lacking->len : kase->answers->len);
	for (guint i = 0; i < askers->len; i++) {
		const Question *question =
			is_lacking
				? g_ptr_array_index(kase->lacking, i)
				: &((const Answer *)g_ptr_array_index(kase->answers, i))->question;

		g_string_append(text, question->name);
		for (unsigned bit = 0; asker_word(bit) != NULL; bit++)
			if ((g_array_index(askers, unsigned, i) & (1u << bit)) != 0)
				g_string_append_printf(text, " %s", asker_word(bit));
		g_string_append_c(text, '|');
	}
	return g_string_free(text, FALSE);
}

/* Each answer is of those that asked for it; what two asked is there once. */
static void test_askers(void)
{
	g_autoptr(Scene) scene = scene_new(
		"Return-Path: <a@two.bank.example>\n" HONEST JUNK("k", THIS_BODY) REST, RECEIVED);
	g_autofree char *lacking = NULL;
	g_autofree char *answers = NULL;

	spf_zone_add(scene->zone, "two.bank.example", "TXT",
		slice_of("v=spf1 include:_dmarc.bank.example -all"));
	case_evaluate(scene->kase, &scene->options);
	lacking = askers_text(scene->kase, true);
	g_assert_cmpstr(lacking, ==,
		"k._domainkey.bank.example dkim|two.bank.example spf|mail.bank.example spf|"
		"_dmarc.bank.example dmarc|_dmarc.example dmarc|");
	evaluate(scene);
	answers = askers_text(scene->kase, false);
	g_assert_cmpstr(answers, ==,
		"k._domainkey.bank.example dkim|two.bank.example spf|"
		"_dmarc.bank.example spf dmarc|mail.bank.example spf|_dmarc.example dmarc|");
	g_assert_cmpuint(scene->kase->lacking->len, ==, 0);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/case/marks", test_marks);
	g_test_add_func("/case/evidence-time", test_evidence_time);
	g_test_add_func("/case/again", test_again);
	g_test_add_func("/case/askers", test_askers);
	return g_test_run();
}
