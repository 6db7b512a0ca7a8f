/* The published suites of RFC 7208 and RFC 4408 and mail-auth's, every case at one go and in
 * rounds. */
#include "spf_zone.h"
#include "suite.h"
#include "tally.h"

#include <string.h>

typedef struct Suite {
	const char *path;
	const char *set;
	const char *explanations; /* the set of them; NULL: explanations count with the result */
	SpfCheck check;
	unsigned most_rounds;
	unsigned rounds;
	Tally *results;
	Tally *texts;
} Suite;

typedef struct Case {
	char *name;
	const char *results;     /* words with commas between them */
	const char *explanation; /* NULL: not stated */
	SpfRequest request;
} Case;

/* As mail-auth asks: a HELO that fails is definitive, and MAIL FROM no longer matters (RFC 7208,
 * 2.4). */
static SpfVerdict *check_helo_first(const SpfRequest *request, Context *context)
{
	g_autoptr(SpfVerdict) helo = spf_check_helo(request, context);

	if (!helo->verdict.is_final || helo->verdict.result == RESULT_FAIL)
		return g_steal_pointer(&helo);
	return spf_check_mail_from(request, context);
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

/* Kantei's word where it is not one of those that the suite allows. */
static void count_result(Suite *suite, const Case *c, const SpfVerdict *spf)
{
	const char *word = auth_result_word(spf->verdict.result);
	g_auto(GStrv) allowed = g_strsplit(c->results, ",", -1);
	bool agrees = g_strv_contains((const char *const *)allowed, word);

	g_assert_true(spf->verdict.is_final);
	if (!agrees)
		g_test_message(
			"%s: %s (%s: %s)", c->name, word, spf->verdict.reason, spf->verdict.detail);
	tally_add(suite->results, c->name, agrees ? word : c->results, word);
}

static void count_explanation(Suite *suite, const Case *c, const SpfVerdict *spf)
{
	if (c->explanation == NULL)
		return;
	if (suite->texts == NULL)
		g_assert_cmpstr(explanation_of(spf), ==, c->explanation);
	else if (spf->verdict.result == RESULT_FAIL)
		tally_add(suite->texts, c->name, c->explanation, explanation_of(spf));
}

/* At one go, in rounds from an empty snapshot, and again with what the rounds filled it with. */
static void run_case(Suite *suite, const SpfZone *zone, const Case *c)
{
	g_autoptr(Evidence) filled = evidence_new();
	g_autoptr(Evidence) empty = evidence_new();
	g_autoptr(SpfVerdict) at_once = NULL;
	g_autoptr(SpfVerdict) in_rounds = NULL;
	g_autoptr(SpfVerdict) again = NULL;
	unsigned rounds;

	spf_zone_fill(zone, filled);
	at_once = spf_zone_check(zone, filled, suite->check, &c->request, &rounds);
	in_rounds = spf_zone_check(zone, empty, suite->check, &c->request, &rounds);
	suite->rounds += rounds;
	suite->most_rounds = MAX(suite->most_rounds, rounds);
	again = spf_zone_check(zone, empty, suite->check, &c->request, &rounds);
	g_assert_cmpuint(rounds, ==, 1);
	count_result(suite, c, at_once);
	count_explanation(suite, c, at_once);
	compare_rounds(c, at_once, in_rounds);
	compare_rounds(c, at_once, again);
}

/* "T id client mail-from helo results explanation" */
static void run_line(Suite *suite, const SpfZone *zone, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	g_autoptr(GString) name = NULL;
	g_autoptr(GString) mail_from = NULL;
	g_autoptr(GString) helo = NULL;
	g_autoptr(GString) explanation = NULL;
	Case c;

	g_assert_cmpuint(g_strv_length(words), ==, 7);
	name = spf_zone_unescape(words[1]);
	mail_from = spf_zone_unescape(words[3]);
	helo = spf_zone_unescape(words[4]);
	explanation = spf_zone_unescape(words[6]);
	c = (Case) { name->str, words[5], strcmp(words[6], "-") == 0 ? NULL : explanation->str,
		{ .helo = helo->str, .mail_from = mail_from->str } };
	g_assert_true(inet_addr_parse(slice_of(words[2]), &c.request.client_ip));
	run_case(suite, zone, &c);
}

static void run_lines(Suite *suite)
{
	g_autoptr(GBytes) file = suite_file(suite->path);
	g_autofree char *text = slice_dup(slice_of_bytes(file));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	SpfZone *zone = spf_zone_new();

	for (char **line = lines; *line != NULL; line++) {
		if (**line == 'S') {
			spf_zone_free(zone);
			zone = spf_zone_new();
		} else if (**line == 'Z') {
			spf_zone_add_line(zone, *line);
		} else if (**line == 'T') {
			run_line(suite, zone, *line);
		}
	}
	spf_zone_free(zone);
}

static void run_suite(Suite suite)
{
	suite.results = tally_new(suite.set);
	if (suite.explanations != NULL)
		suite.texts = tally_new(suite.explanations);
	run_lines(&suite);
	g_test_message("%s: %u rounds, at most %u", suite.set, suite.rounds, suite.most_rounds);
	tally_end(suite.results);
	if (suite.texts != NULL)
		tally_end(suite.texts);
}

static void test_rfc7208(void)
{
	run_suite((Suite) { "corpora/spf/rfc7208.txt", "spf/rfc7208", "spf/rfc7208-explanations",
		.check = spf_check_mail_from });
}

static void test_rfc4408(void)
{
	run_suite((Suite) { "corpora/spf/rfc4408.txt", "spf/rfc4408", "spf/rfc4408-explanations",
		.check = spf_check_mail_from });
}

static void test_stalwart(void)
{
	run_suite(
		(Suite) { "corpora/spf/stalwart.txt", "spf/stalwart", .check = check_helo_first });
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/spf/suite/rfc7208", test_rfc7208);
	g_test_add_func("/spf/suite/rfc4408", test_rfc4408);
	g_test_add_func("/spf/suite/stalwart", test_stalwart);
	return g_test_run();
}
