/* Tests of auth/arc.h: the ARC validation suite, and what it does not ask. */
#include "auth/arc.h"
#include "dkim_suite.h"

#include <string.h>

#define SUITE_CASES 171

static ArcVerdict *verify_file(const char *file, const char *dns, SuiteLines lines)
{
	g_autofree char *path = g_strconcat("corpora/arc/", file, NULL);
	g_autofree char *dns_path = g_strconcat("corpora/arc/", dns, NULL);
	g_autoptr(GBytes) bytes = suite_file(path);
	g_autoptr(Stage) stage =
		stage_new(suite_lines(slice_of_bytes(bytes), lines), suite_dns_json(dns_path));

	/* A key that the suite's zone does not have is not there. */
	suite_outcome(stage->evidence, "na._domainkey.example.org", DNS_NXDOMAIN);
	return arc_verify(stage->facts, stage->context, stage->findings);
}

/* The suite leaves the answer open where a seal says cv=fail; RFC 8617, 5.2 says fail. */
static const char *expected_word(const char *word)
{
	return strcmp(word, "(empty)") == 0 ? "fail" : word;
}

static void test_suite(void)
{
	g_autoptr(GBytes) table = suite_file("corpora/arc/expected.tsv");
	Slice rest = slice_of_bytes(table);
	unsigned cases = 0;

	while (rest.len > 0) {
		g_autofree char *line = slice_dup(slice_chop_eol(slice_take_line(&rest)));
		g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
		SuiteLines lines = cases % 2 == 0 ? SUITE_LF : SUITE_CRLF;
		g_autoptr(ArcVerdict) verdict = verify_file(cells[0], cells[1], lines);

		g_test_message("%s: %s", cells[0], cells[4]);
		g_assert_cmpstr(
			auth_result_word(verdict->verdict.result), ==, expected_word(cells[2]));
		g_assert_true(verdict->verdict.is_final);
		cases++;
	}
	g_assert_cmpuint(cases, ==, SUITE_CASES);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/arc/suite", test_suite);
	return g_test_run();
}
