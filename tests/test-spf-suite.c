/* The published suites of RFC 7208 and RFC 4408, every case at one go and in rounds. */
#include "spf_zone.h"
#include "suite.h"

#include <string.h>

typedef struct Tally {
	const char *path;
	unsigned cases;
	unsigned agreeing;
	unsigned explanations;
	unsigned same_explanations;
	unsigned rounds;
	unsigned most_rounds;
} Tally;

typedef struct Case {
	const char *name;
	const char *results;     /* words with commas between them */
	const char *explanation; /* NULL: not stated */
	SpfRequest request;
} Case;

static bool is_among(const char *word, const char *words)
{
	g_auto(GStrv) list = g_strsplit(words, ",", -1);

	return g_strv_contains((const char *const *)list, word);
}

/* The suites call what a receiver says by default DEFAULT. */
static const char *explanation_of(const SpfVerdict *spf)
{
	return spf->explanation != NULL ? spf->explanation : "DEFAULT";
}

static void compare_rounds(const Case *c, const SpfVerdict *one, const SpfVerdict *other)
{
	if (one->verdict.result != other->verdict.result ||
		strcmp(one->verdict.reason, other->verdict.reason) != 0 ||
		g_strcmp0(one->verdict.detail, other->verdict.detail) != 0 ||
		g_strcmp0(one->explanation, other->explanation) != 0 ||
		g_strcmp0(one->term, other->term) != 0 || one->lookups != other->lookups ||
		one->void_lookups != other->void_lookups) {
		g_test_message("%s: in rounds it comes to something else", c->name);
		g_test_fail();
	}
}

static void judge(Tally *tally, const Case *c, const SpfVerdict *spf)
{
	const char *word = auth_result_word(spf->verdict.result);
	bool agrees = is_among(word, c->results) && spf->verdict.is_final;

	tally->cases++;
	tally->agreeing += agrees;
	if (!agrees) {
		g_test_message("%s: want %s, got %s (%s: %s)", c->name, c->results, word,
			spf->verdict.reason, spf->verdict.detail);
		g_test_fail();
	}
	if (c->explanation == NULL || spf->verdict.result != RESULT_FAIL)
		return;
	tally->explanations++;
	tally->same_explanations += strcmp(explanation_of(spf), c->explanation) == 0;
	if (strcmp(explanation_of(spf), c->explanation) != 0) {
		g_test_message("%s: want \"%s\", got \"%s\"", c->name, c->explanation,
			explanation_of(spf));
		g_test_fail();
	}
}

static void run_case(Tally *tally, const SpfZone *zone, const Case *c)
{
	g_autoptr(Evidence) filled = evidence_new();
	g_autoptr(Evidence) empty = evidence_new();
	g_autoptr(SpfVerdict) at_once = NULL;
	g_autoptr(SpfVerdict) in_rounds = NULL;
	g_autoptr(SpfVerdict) again = NULL;
	unsigned rounds;

	spf_zone_fill(zone, filled);
	at_once = spf_zone_check(zone, filled, spf_check_mail_from, &c->request, &rounds);
	in_rounds = spf_zone_check(zone, empty, spf_check_mail_from, &c->request, &rounds);
	tally->rounds += rounds;
	tally->most_rounds = MAX(tally->most_rounds, rounds);
	again = spf_zone_check(zone, empty, spf_check_mail_from, &c->request, &rounds);
	g_assert_cmpuint(rounds, ==, 1);
	judge(tally, c, at_once);
	compare_rounds(c, at_once, in_rounds);
	compare_rounds(c, at_once, again);
}

/* "T id client mail-from helo results explanation" */
static void run_line(Tally *tally, const SpfZone *zone, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	GString *mail_from;
	GString *helo;
	GString *explanation;
	Case c;

	g_assert_cmpuint(g_strv_length(words), ==, 7);
	mail_from = spf_zone_unescape(words[3]);
	helo = spf_zone_unescape(words[4]);
	explanation = spf_zone_unescape(words[6]);
	c = (Case) { words[1], words[5], strcmp(words[6], "-") == 0 ? NULL : explanation->str,
		{ .helo = helo->str, .mail_from = mail_from->str } };
	g_assert_true(inet_addr_parse(slice_of(words[2]), &c.request.client_ip));
	run_case(tally, zone, &c);
	g_string_free(mail_from, TRUE);
	g_string_free(helo, TRUE);
	g_string_free(explanation, TRUE);
}

static void run_suite(Tally *tally)
{
	g_autoptr(GBytes) file = suite_file(tally->path);
	g_auto(GStrv) lines = NULL;
	g_autofree char *text = slice_dup(slice_of_bytes(file));
	SpfZone *zone = spf_zone_new();

	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		if (**line == 'S') {
			spf_zone_free(zone);
			zone = spf_zone_new();
		} else if (**line == 'Z') {
			spf_zone_add_line(zone, *line);
		} else if (**line == 'T') {
			run_line(tally, zone, *line);
		}
	}
	spf_zone_free(zone);
}

static void test_suite(const char *name, const char *path, unsigned cases, unsigned explanations)
{
	Tally tally = { .path = path };

	run_suite(&tally);
	g_test_message("%s: %u of %u agree, %u of %u explanations; %u rounds, at most %u", name,
		tally.agreeing, tally.cases, tally.same_explanations, tally.explanations,
		tally.rounds, tally.most_rounds);
	g_assert_cmpuint(tally.cases, ==, cases);
	g_assert_cmpuint(tally.agreeing, ==, cases);
	g_assert_cmpuint(tally.explanations, ==, explanations);
	g_assert_cmpuint(tally.same_explanations, ==, explanations);
}

static void test_rfc7208(void)
{
	test_suite("rfc7208", "corpora/spf/rfc7208.txt", 203, 22);
}

static void test_rfc4408(void)
{
	test_suite("rfc4408", "corpora/spf/rfc4408.txt", 191, 22);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/spf/suite/rfc7208", test_rfc7208);
	g_test_add_func("/spf/suite/rfc4408", test_rfc4408);
	return g_test_run();
}
