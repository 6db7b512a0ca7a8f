/* The published sets of DKIM signatures: what each set says of its messages, and for every
 * signature the three answers. tests/corpora/dkim/answers.tsv has those, with the result that
 * follows from them; second.py comes to the same answers in its own way (tests/shell/second.sh). */
#include "base/text_time.h"
#include "dkim_suite.h"
#include "mail_suite.h"
#include "suite.h"
#include "tally.h"

#include <string.h>

#define CORPORA "corpora/"
/* mail-auth verifies its messages at this second. */
#define STALWART_AT ((int64_t)1667843664 * 1000)

/* --- the messages */

static SpfZone *zone_of_set(const char *set)
{
	SpfZone *zone = spf_zone_new();
	g_autofree char *path = g_strconcat(CORPORA, set, "/dns.json", NULL);

	dns_json_load(zone, path);
	return zone;
}

/* The first two folders of a path are the set. */
static char *set_of(const char *message)
{
	g_auto(GStrv) parts = g_strsplit(message, "/", 3);

	return g_strconcat(parts[0], "/", parts[1], NULL);
}

/* "NAME TXT TEXT" in the place of what the set's DNS has of that name. */
static void override(SpfZone *zone, const char *cell)
{
	g_auto(GStrv) parts = g_strsplit(cell != NULL ? cell : "", " TXT ", 2);

	if (parts[0] == NULL || parts[1] == NULL)
		return;
	spf_zone_forget(zone, parts[0]);
	spf_zone_add(zone, parts[0], "TXT", slice_of(parts[1]));
}

/* The override of dkim_verifier's row of that title, or "NAME=FILE" with the record in a file. */
static char *override_of(const char *variant)
{
	g_autoptr(GPtrArray) rows = suite_table(CORPORA "dkim/dkim_verifier/expected.tsv");
	g_auto(GStrv) parts = g_strsplit(variant, "=", 2);

	if (parts[0] != NULL && parts[1] != NULL) {
		g_autofree char *path = g_strconcat(CORPORA, parts[1], NULL);
		g_autoptr(GBytes) text = suite_file(path);
		g_autofree char *record = slice_dup(slice_trim(slice_of_bytes(text)));

		return g_strconcat(parts[0], " TXT ", record, NULL);
	}
	for (guint i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);

		if (strcmp(cells[1], variant) == 0)
			return g_strdup(cells[5]);
	}
	return NULL;
}

static Mail *judge(const char *message, const char *record, GBytes *bytes)
{
	g_autofree char *set = set_of(message);
	g_autoptr(SpfZone) zone = zone_of_set(set);

	override(zone, record);
	return mail_judge(
		bytes, zone, NULL, strcmp(set, "dkim/stalwart") == 0 ? STALWART_AT : TIME_UNKNOWN);
}

static Mail *judge_file(const char *message, const char *record)
{
	g_autofree char *path = g_strconcat(CORPORA, message, NULL);
	g_autoptr(GBytes) bytes = suite_file(path);

	return judge(message, record, bytes);
}

/* --- three answers for every signature */

static char *answers_of(const DkimSignature *signature)
{
	g_assert_true(signature->verdict.is_final);
	return g_strdup_printf("%s %s %s, %s %s", body_hash_word(signature->body_hash),
		signature_check_word(signature->header_signature), key_status_word(signature->key),
		auth_result_word(signature->verdict.result), signature->verdict.reason);
}

/* message, variant, number, body hash, header signature, key, result, reason, note */
static void check_answers(Tally *tally, char *const *cells)
{
	guint number = (guint)g_ascii_strtoull(cells[2], NULL, 10);
	g_autofree char *record = override_of(cells[1]);
	g_autofree char *path = g_strconcat(CORPORA, cells[0], NULL);
	g_autofree char *name = g_strdup_printf("%s %s %s", cells[0], cells[1], cells[2]);
	g_autofree char *expected = g_strdup_printf(
		"%s %s %s, %s %s", cells[3], cells[4], cells[5], cells[6], cells[7]);
	g_autoptr(GBytes) file = suite_file(path);
	g_autoptr(Mail) mail = judge(cells[0], record, file);
	g_autofree char *found = NULL;

	g_assert_cmpuint(number, <, mail->kase->dkim->signatures->len);
	found = answers_of(dkim_signature(mail->kase->dkim, number));
	tally_add(tally, name, expected, found);
	for (int lines = 0; lines < SUITE_LINES; lines++) {
		g_autoptr(GBytes) stored = suite_lines(slice_of_bytes(file), (SuiteLines)lines);
		g_autoptr(Mail) other = judge(cells[0], record, stored);
		g_autofree char *same = answers_of(dkim_signature(other->kase->dkim, number));

		g_test_message("%s, %s", name, suite_lines_word((SuiteLines)lines));
		g_assert_cmpstr(same, ==, found);
	}
}

/* Every signature of every message has its row. */
static void check_complete(char *const *cells, char *const *next)
{
	g_autoptr(Mail) mail = judge_file(cells[0], NULL);
	bool is_last =
		next == NULL || strcmp(next[0], cells[0]) != 0 || strcmp(next[1], cells[1]) != 0;

	if (is_last)
		g_assert_cmpuint(g_ascii_strtoull(cells[2], NULL, 10) + 1, ==,
			mail->kase->dkim->signatures->len);
}

static void test_answers(void)
{
	g_autoptr(GPtrArray) rows = suite_table(CORPORA "dkim/answers.tsv");
	Tally *tally = tally_new("dkim/answers");

	for (guint i = 0; i < rows->len; i++) {
		check_answers(tally, rows->pdata[i]);
		check_complete(rows->pdata[i], i + 1 < rows->len ? rows->pdata[i + 1] : NULL);
	}
	tally_end(tally);
}

/* --- what the sets say */

/* The status that RFC 6376, 6.1 has for it; what RFC 8601 tells apart there is one. */
static const char *status_of(const Verdict *verdict)
{
	if (verdict->result == RESULT_PASS)
		return "SUCCESS";
	return verdict->result == RESULT_TEMPERROR ? "TEMPFAIL" : "PERMFAIL";
}

/* dkim_verifier's name for the reason of the first signature. */
static const char *error_word(const DkimVerdict *dkim)
{
	static const struct {
		const char *reason;
		const char *word;
	} words[] = { { "tag-missing", "DKIM_SIGERROR_MISSING_V" },
		{ "key-revoked", "DKIM_SIGERROR_KEY_REVOKED" },
		{ "key-hash", "DKIM_SIGERROR_KEY_HASHNOTINCLUDED" },
		{ "key-algorithm", "DKIM_SIGERROR_KEY_MISMATCHED_K" },
		{ "key-service", "DKIM_SIGERROR_KEY_NOTEMAILKEY" },
		{ "identity-not-domain", "DKIM_SIGERROR_DOMAIN_I" },
		{ "body-hash-mismatch", "DKIM_SIGERROR_CORRUPT_BH" },
		{ "signature-altered", "DKIM_SIGERROR_BADSIG" },
		{ "from-unsigned-duplicate", "DKIM_POLICYERROR_UNSIGNED_HEADER_ADDED" },
		{ "signature-valid", "" } };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].reason, dkim_signature(dkim, 0)->verdict.reason) == 0)
			return words[i].word;
	return dkim_signature(dkim, 0)->verdict.reason;
}

/* No signature that passes is of the author's organization. */
static bool is_unaligned(const Case *kase)
{
	const GPtrArray *dkim = dmarc_view(kase->dmarc)->dkim;

	for (guint i = 0; i < dkim->len; i++)
		if (((const DmarcAlignment *)dkim->pdata[i])->is_aligned)
			return false;
	return dkim->len > 0;
}

static void append_word(GString *line, const char *word)
{
	if (*word != '\0')
		g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", word);
}

/* dkim_verifier's warnings, and what is a finding here. */
static void append_warnings(GString *line, const Case *kase)
{
	static const struct {
		const char *code;
		const char *word;
	} words[] = { { "dkim-signed-in-future", "DKIM_SIGWARNING_FUTURE()" },
		{ "dkim-content-type-unsigned", "DKIM_SIGWARNING_UNSIGNED_HEADER(Content-Type)" },
		{ "dkim-reply-to-unsigned", "DKIM_SIGWARNING_UNSIGNED_HEADER(Reply-To)" } };

	if (is_unaligned(kase))
		append_word(line, "DKIM_SIGWARNING_FROM_NOT_IN_SDID()");
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (findings_find(kase->findings, words[i].code) != NULL)
			append_word(line, words[i].word);
	if (kase->dkim->verdict.result == RESULT_PASS &&
		findings_find(kase->findings, "dkim-unsigned-duplicate") != NULL)
		append_word(line, "(finding dkim-unsigned-duplicate)");
}

/* "0=SUCCESS 1=PERMFAIL" of as many signatures as the row speaks of. */
static void append_statuses(GString *line, const DkimVerdict *dkim, const char *expected)
{
	g_auto(GStrv) list = g_strsplit(expected, " ", -1);

	for (guint i = 0; list[i] != NULL && i < dkim->signatures->len; i++) {
		g_autofree char *word =
			g_strdup_printf("%u=%s", i, status_of(&dkim_signature(dkim, i)->verdict));

		append_word(line, word);
	}
}

/* file, title, result, error, warning, override */
static void check_dkim_verifier(Tally *tally, char *const *cells)
{
	g_autofree char *message = g_strconcat("dkim/dkim_verifier/", cells[0], NULL);
	g_autofree char *name = g_strconcat(cells[0], ": ", cells[1], NULL);
	g_autoptr(Mail) mail = judge_file(message, cells[5]);
	g_autoptr(GString) suite = g_string_new(cells[2]);
	g_autoptr(GString) kantei = g_string_new(NULL);

	append_word(suite, cells[3]);
	append_word(suite, cells[4]);
	append_statuses(kantei, mail->kase->dkim, cells[2]);
	append_word(kantei, error_word(mail->kase->dkim));
	append_warnings(kantei, mail->kase);
	tally_add(tally, name, suite->str, kantei->str);
}

static void test_dkim_verifier(void)
{
	g_autoptr(GPtrArray) rows = suite_table(CORPORA "dkim/dkim_verifier/expected.tsv");
	Tally *tally = tally_new("dkim/dkim_verifier");

	/* The first row is the heads of the columns. */
	for (guint i = 1; i < rows->len; i++)
		check_dkim_verifier(tally, rows->pdata[i]);
	tally_end(tally);
}

/* The best signature's word; for the sets whose expected.tsv is: message, override, result, why. */
static void run_plain_set(const char *set)
{
	g_autofree char *path = g_strconcat(CORPORA, set, "/expected.tsv", NULL);
	g_autoptr(GPtrArray) rows = suite_table(path);
	Tally *tally = tally_new(set);

	for (guint i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);
		g_autofree char *message = g_strconcat(set, "/", cells[0], NULL);
		g_autofree char *record = override_of(cells[1]);
		g_autoptr(Mail) mail = judge_file(message, record);

		g_assert_true(mail->kase->dkim->verdict.is_final);
		tally_add(tally, cells[0], cells[2],
			auth_result_word(mail->kase->dkim->verdict.result));
	}
	tally_end(tally);
}

/* As dkimpy's tests do: its message signed with one of its keys, verified with one of its records.
 * record, private key, result, reason, why */
static void check_key(Tally *tally, Slice message, char *const *cells)
{
	static const SignOptions rsa = { .canon = "simple/simple" };
	static const SignOptions ed25519 = { .algorithm = "ed25519-sha256" };
	g_autofree char *path = g_strconcat(CORPORA "dkim/dkimpy/", cells[1], NULL);
	g_autofree char *variant =
		g_strconcat("test._domainkey.example.com=dkim/dkimpy/", cells[0], NULL);
	g_autofree char *record = override_of(variant);
	g_autofree char *name = g_strconcat(cells[0], " ", cells[1], NULL);
	g_autofree char *expected = g_strconcat(cells[2], " ", cells[3], NULL);
	g_autoptr(SignerKey) key = signer_key_read(path);
	g_autoptr(GBytes) signed_one =
		signer_sign(key, message, g_str_has_suffix(cells[1], ".private") ? &rsa : &ed25519);
	g_autoptr(Mail) mail = judge("dkim/dkimpy/", record, signed_one);
	const Verdict *verdict = &dkim_signature(mail->kase->dkim, 0)->verdict;
	g_autofree char *found =
		g_strconcat(auth_result_word(verdict->result), " ", verdict->reason, NULL);

	tally_add(tally, name, expected, found);
}

static void test_dkimpy_keys(void)
{
	g_autoptr(GPtrArray) rows = suite_table(CORPORA "dkim/dkimpy/keys.tsv");
	g_autoptr(GBytes) stored = suite_file(CORPORA "dkim/dkimpy/test.message");
	g_autoptr(GBytes) message = suite_lines(slice_of_bytes(stored), SUITE_CRLF);
	Tally *tally = tally_new("dkim/dkimpy-keys");

	for (guint i = 0; i < rows->len; i++)
		check_key(tally, slice_of_bytes(message), rows->pdata[i]);
	tally_end(tally);
}

static void test_rfc(void)
{
	run_plain_set("dkim/rfc");
}

static void test_dkimpy(void)
{
	run_plain_set("dkim/dkimpy");
}

static void test_stalwart(void)
{
	run_plain_set("dkim/stalwart");
}

/* Why the date matters: one of them expired the day after. */
static void test_stalwart_later(void)
{
	static const struct {
		int64_t after_ms;
		const char *reason;
	} moments[] = { { (int64_t)86400 * 1000, "signature-valid" },
		{ (int64_t)86401 * 1000, "expired" } };
	g_autoptr(SpfZone) zone = zone_of_set("dkim/stalwart");
	g_autoptr(GBytes) bytes = suite_file(CORPORA "dkim/stalwart/dkim-005.eml");

	for (size_t i = 0; i < G_N_ELEMENTS(moments); i++) {
		g_autoptr(Mail) mail =
			mail_judge(bytes, zone, NULL, STALWART_AT + moments[i].after_ms);

		g_assert_cmpstr(mail->kase->dkim->verdict.reason, ==, moments[i].reason);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/dkim/suite/rfc", test_rfc);
	g_test_add_func("/dkim/suite/dkim-verifier", test_dkim_verifier);
	g_test_add_func("/dkim/suite/dkimpy", test_dkimpy);
	g_test_add_func("/dkim/suite/dkimpy-keys", test_dkimpy_keys);
	g_test_add_func("/dkim/suite/stalwart", test_stalwart);
	g_test_add_func("/dkim/suite/stalwart-later", test_stalwart_later);
	g_test_add_func("/dkim/suite/answers", test_answers);
	return g_test_run();
}
