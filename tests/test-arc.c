/* Tests of auth/arc.h: the ARC validation suite, and mail-auth's messages. */
#include "auth/arc.h"
#include "base/text_time.h"
#include "mail_suite.h"
#include "suite.h"
#include "tally.h"

#include <string.h>

static const char *judge(GBytes *bytes, const char *dns)
{
	g_autoptr(SpfZone) zone = spf_zone_new();
	g_autoptr(Mail) mail = NULL;

	dns_json_load(zone, dns);
	mail = mail_judge(bytes, zone, NULL, TIME_UNKNOWN);
	g_assert_true(mail->kase->arc->verdict.is_final);
	return auth_result_word(mail->kase->arc->verdict.result);
}

/* As stored, and the same for every way to store it. */
static const char *judge_file(const char *path, const char *dns)
{
	g_autoptr(GBytes) bytes = suite_file(path);
	const char *word = judge(bytes, dns);

	for (int lines = 0; lines < SUITE_LINES; lines++) {
		g_autoptr(GBytes) stored = suite_lines(slice_of_bytes(bytes), (SuiteLines)lines);

		g_assert_cmpstr(judge(stored, dns), ==, word);
	}
	return word;
}

/* The suite leaves the answer open where a seal says cv=fail; RFC 8617, 5.2 says fail. */
static const char *expected_word(const char *word)
{
	return strcmp(word, "(empty)") == 0 ? "fail" : word;
}

/* message, dns.json, result, section, what it is about */
static void test_validation_suite(void)
{
	g_autoptr(GPtrArray) rows = suite_table("corpora/arc/expected.tsv");
	Tally *tally = tally_new("arc/validation-suite");

	for (guint i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strconcat("corpora/arc/", cells[0], NULL);
		g_autofree char *dns = g_strconcat("corpora/arc/", cells[1], NULL);
		g_autofree char *name = g_strconcat(cells[0], ": ", cells[4], NULL);

		tally_add(tally, name, expected_word(cells[2]), judge_file(path, dns));
	}
	tally_end(tally);
}

/* Both chains are whole; one of them has a set by Ed25519. */
static void test_stalwart(void)
{
	static const char *const files[] = { "arc-001.eml", "arc-002.eml" };
	Tally *tally = tally_new("arc/stalwart");

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strconcat("corpora/dkim/stalwart/", files[i], NULL);

		tally_add(tally, files[i], "pass",
			judge_file(path, "corpora/dkim/stalwart/dns.json"));
	}
	tally_end(tally);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/arc/validation-suite", test_validation_suite);
	g_test_add_func("/arc/stalwart", test_stalwart);
	return g_test_run();
}
