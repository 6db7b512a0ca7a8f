/* Tests of auth/smime.h on mail that openssl(1) signed and on published mail, with openssl(1) as
 * second opinion. */
#include "smime_suite.h"

#include <string.h>

/* One evaluation, with all that it needs and leaves. */
typedef struct Trial {
	Source *source;
	Facts *facts;
	Context *context;
	Findings *findings;
	SmimeVerdict *verdict;
} Trial;

static Trial *trial_new(Slice message, const Trust *trust, const char *at, const char *now)
{
	Trial *trial = g_new0(Trial, 1);
	Slice exact = suite_exact(message);
	g_autoptr(GBytes) bytes = g_bytes_new_take((gpointer)(guintptr)exact.data, exact.len);

	trial->source = source_new();
	trial->facts = facts_new(bytes, trial->source, NULL);
	trial->context = context_new(NULL);
	trial->context->trust = trust;
	trial->context->at = smime_suite_time(at);
	trial->context->received = trial->context->at;
	trial->context->now = smime_suite_time(now);
	trial->findings = findings_new();
	trial->verdict = smime_verify(trial->facts, trial->context, trial->findings);
	return trial;
}

static void trial_free(Trial *trial)
{
	smime_verdict_free(trial->verdict);
	findings_free(trial->findings);
	context_free(trial->context);
	facts_free(trial->facts);
	source_free(trial->source);
	g_free(trial);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trial, trial_free)

static const SmimeSigner *signer_of(const Trial *trial, guint index)
{
	return g_ptr_array_index(trial->verdict->signers, index);
}

#define THEN  "2021-12-03T00:00:00Z"
#define TODAY "2026-11-24T00:00:00Z"

/* A row of tests/smime/expected.tsv, whose README says what its columns mean. */
typedef struct Row {
	const char *file, *at, *trust, *result, *reason, *form, *openssl, *findings;
} Row;
#define COLUMNS 8

/* A NULL-terminated array of lines, each one split at its tabs: what rows point into. */
static GPtrArray *table;

static Row row_at(guint index)
{
	char **cells = g_ptr_array_index(table, index);
	Row row = { cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6],
		cells[7] };

	if (strcmp(row.at, "-") == 0)
		row.at = THEN;
	return row;
}

static void free_cells(gpointer cells)
{
	g_strfreev(cells);
}

static void read_table(void)
{
	g_autoptr(GBytes) file = suite_file("tests/smime/expected.tsv");
	Slice rest = slice_of_bytes(file);

	table = g_ptr_array_new_with_free_func(free_cells);
	while (rest.len > 0) {
		g_autofree char *line = slice_dup(slice_chop_eol(slice_take_line(&rest)));
		char **cells;

		if (line[0] == '#' || line[0] == '\0')
			continue;
		cells = g_strsplit(line, "\t", -1);
		if (g_strv_length(cells) != COLUMNS)
			g_error("expected.tsv: %s", line);
		g_ptr_array_add(table, cells);
	}
}

static void check_findings(const Row *row, const Findings *findings)
{
	g_auto(GStrv) codes = g_strsplit(row->findings, " ", -1);

	for (size_t i = 0; strcmp(row->findings, "-") != 0 && codes[i] != NULL; i++)
		if (findings_find(findings, codes[i]) == NULL) {
			g_test_message("missing finding: %s", codes[i]);
			g_test_fail();
		}
}

static void check_row(const Row *row, const Trust *trust, SuiteLines lines)
{
	g_autoptr(GBytes) stored = smime_suite_file(row->file);
	g_autoptr(GBytes) message = suite_lines(slice_of_bytes(stored), lines);
	g_autoptr(Trial) trial = trial_new(slice_of_bytes(message), trust, row->at, TODAY);
	const Verdict *verdict = &trial->verdict->verdict;

	g_test_message("%s, %s, at %s: %s %s %s, %s", row->file, suite_lines_word(lines), row->at,
		auth_result_word(verdict->result), verdict->reason,
		smime_form_word(trial->verdict->form),
		verdict->detail == NULL ? "" : verdict->detail);
	g_assert_cmpstr(verdict->reason, ==, row->reason);
	g_assert_cmpstr(auth_result_word(verdict->result), ==, row->result);
	g_assert_cmpstr(smime_form_word(trial->verdict->form), ==, row->form);
	g_assert_true(verdict->is_final == (strcmp(row->reason, "encrypted") != 0 &&
						   strcmp(row->reason, "compressed") != 0));
	check_findings(row, trial->findings);
}

static void test_rows(void)
{
	g_autoptr(GHashTable) trusts =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)trust_free);

	for (guint i = 0; i < table->len; i++) {
		Row row = row_at(i);
		Trust *trust = g_hash_table_lookup(trusts, row.trust);

		if (trust == NULL) {
			trust = trust_new();
			smime_suite_trust(trust, row.trust);
			g_hash_table_insert(trusts, (gpointer)(guintptr)row.trust, trust);
		}
		for (int lines = 0; lines < SUITE_LINES; lines++)
			check_row(&row, trust, (SuiteLines)lines);
	}
}

/* openssl(1) 3.0 does not know EdDSA in CMS; later ones might. */
static bool openssl_knows_eddsa(void)
{
	g_autofree char *content = smime_suite_path("content");
	g_autofree char *signer = smime_suite_path("carlos.crt");
	g_autofree char *key = smime_suite_path("carlos.key");
	const char *argv[] = { "openssl", "cms", "-sign", "-in", content, "-signer", signer,
		"-inkey", key, "-out", "/dev/null", NULL };
	g_autofree char *said = smime_suite_complaint(argv);

	return said == NULL;
}

static void check_opinion(const Row *row, const char *said, bool knows_eddsa)
{
	bool is_eddsa = strcmp(row->openssl, "eddsa") == 0;
	const char *words = row->openssl;

	if (is_eddsa)
		words = knows_eddsa ? "verifies" : "CMS Verification failure";
	if (said != NULL)
		g_test_message("%s", said);
	g_assert_true((said == NULL) == (strcmp(words, "verifies") == 0));
	g_assert_true(said == NULL || strstr(said, words) != NULL);
}

static void test_second_opinion(void)
{
	static const SuiteLines forms[] = { SUITE_LF, SUITE_CRLF };
	bool knows_eddsa = openssl_knows_eddsa();

	for (guint i = 0; i < table->len * G_N_ELEMENTS(forms); i++) {
		Row row = row_at(i / G_N_ELEMENTS(forms));
		SuiteLines lines = forms[i % G_N_ELEMENTS(forms)];
		g_autoptr(GBytes) stored = smime_suite_file(row.file);
		g_autoptr(GBytes) message = suite_lines(slice_of_bytes(stored), lines);
		g_autofree char *said = smime_suite_openssl(
			slice_of_bytes(message), row.trust, smime_suite_time(row.at));

		g_test_message("%s, %s, at %s", row.file, suite_lines_word(lines), row.at);
		check_opinion(&row, said, knows_eddsa);
	}
}

/* Every row that the README names for an item is there. */
static void test_readme(void)
{
	g_autoptr(GBytes) file = suite_file("tests/smime/README");
	g_autofree char *text = slice_dup(slice_of_bytes(file));
	g_auto(GStrv) words = g_strsplit_set(text, " \n;:,", -1);
	unsigned found = 0;

	for (size_t i = 0; words[i] != NULL; i++) {
		bool is_row = !g_str_has_suffix(words[i], ".eml") || strchr(words[i], '*') != NULL;

		for (guint j = 0; !is_row && j < table->len; j++)
			is_row = strcmp(row_at(j).file, words[i]) == 0;
		if (!is_row)
			g_test_message("no row: %s", words[i]);
		g_assert_true(is_row);
		found += g_str_has_suffix(words[i], ".eml") ? 1 : 0;
	}
	g_assert_cmpuint(found, >, 100);
}

static void test_record(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(GBytes) message = smime_suite_file("good.eml");
	g_autoptr(Trial) trial = NULL;
	const SmimeSigner *signer;

	g_assert_cmpint(smime_suite_trust(trust, "root.pem"), ==, 1);
	g_assert_cmpuint(trust_roots(trust), ==, 1);
	trial = trial_new(slice_of_bytes(message), trust, THEN, TODAY);
	g_assert_cmpuint(trial->verdict->signers->len, ==, 1);
	g_assert_cmpuint(trial->verdict->best, ==, 0);
	g_assert_true(trial->verdict->is_content_canonicalised);
	g_assert_false(trial->verdict->has_protected_headers);
	g_assert_false(trial->verdict->is_revocation_checked);
	g_assert_nonnull(findings_find(trial->findings, "smime-certificate-expired-since"));
	g_assert_nonnull(findings_find(trial->findings, "smime-signing-time-far"));
	signer = signer_of(trial, 0);
	g_assert_cmpstr(signer->subject, ==, "CN=alice,O=kantei");
	g_assert_cmpstr(signer->issuer, ==, "CN=inter,O=kantei");
	g_assert_cmpuint(strlen(signer->fingerprint), ==, 64);
	/* openssl draws 20 octets; those that are zero in front are not shown. */
	g_assert_cmpuint(strlen(signer->serial), <=, 40);
	g_assert_cmpuint(strspn(signer->serial, "0123456789ABCDEF"), ==, strlen(signer->serial));
	g_assert_cmpuint(strlen(signer->serial), >, 20);
	g_assert_cmpstr(signer->matched, ==, "Alice@Example.COM");
	g_assert_null(signer->matched_sender);
	g_assert_cmpstr(signer->digest_algorithm, ==, "sha256");
	g_assert_cmpstr(signer->key_algorithm, ==, "RSA");
	g_assert_cmpint(signer->key_bits, ==, 2048);
	g_assert_cmpstr(signer->policy_class, ==, "sponsor");
	g_assert_true(signer->digest == SMIME_YES && signer->signature == SMIME_YES);
	g_assert_true(signer->at_reception.chain == SMIME_YES);
	g_assert_true(signer->at_now.chain == SMIME_NO);
	g_assert_nonnull(signer->at_now.problem);
	g_assert_true(signer->not_before == smime_suite_time("2021-01-01"));
	g_assert_true(signer->not_after == smime_suite_time("2023-01-01"));
	g_assert_cmpuint(signer->path->len, ==, 3);
	g_assert_cmpstr(((const SmimeLink *)g_ptr_array_index(signer->path, 2))->subject, ==,
		"CN=root,O=kantei");
	g_assert_cmpstr(((const SmimeLink *)g_ptr_array_index(signer->path, 0))->fingerprint, ==,
		signer->fingerprint);
}

static void test_details(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(GBytes) named = smime_suite_file("is-name.eml");
	g_autoptr(GBytes) covered = smime_suite_file("covered.eml");
	g_autoptr(GBytes) sender = smime_suite_file("sender.eml");
	g_autoptr(GBytes) stored = smime_suite_file("good.eml");
	g_autoptr(GBytes) crlf = suite_lines(slice_of_bytes(stored), SUITE_CRLF);
	g_autoptr(Trial) trial = NULL;

	g_assert_cmpint(smime_suite_trust(trust, "root.pem"), ==, 1);
	trial = trial_new(slice_of_bytes(named), trust, THEN, NULL);
	g_assert_cmpstr(signer_of(trial, 0)->subject, ==,
		"CN=anb\\, "
		"c,O=\xE6\xA0\xAA\xE5\xBC\x8F\xE4\xBC\x9A\xE7\xA4\xBE\xE9\x91\x91\xE5\xAE\x9A");
	g_assert_true(signer_of(trial, 0)->at_now.chain == SMIME_UNCHECKED);
	trial_free(g_steal_pointer(&trial));
	trial = trial_new(slice_of_bytes(covered), trust, THEN, TODAY);
	g_assert_true(trial->verdict->has_protected_headers);
	g_assert_null(findings_find(trial->findings, "smime-from-differs"));
	g_assert_null(findings_find(trial->findings, "smime-header-not-covered"));
	trial_free(g_steal_pointer(&trial));
	trial = trial_new(slice_of_bytes(sender), trust, THEN, TODAY);
	g_assert_cmpstr(signer_of(trial, 0)->matched_sender, ==, "Alice@Example.COM");
	g_assert_null(signer_of(trial, 0)->matched);
	trial_free(g_steal_pointer(&trial));
	trial = trial_new(slice_of_bytes(crlf), trust, THEN, TODAY);
	g_assert_false(trial->verdict->is_content_canonicalised);
}

static void test_no_clock(void)
{
	static const struct {
		const char *file;
		AuthResult result;
		const char *reason;
		bool is_final;
	} cases[] = { { "good.eml", RESULT_NONE, "no-clock", false },
		{ "tampered.eml", RESULT_FAIL, "digest-mismatch", true },
		{ "from-other.eml", RESULT_POLICY, "address-mismatch", true } };
	g_autoptr(Trust) trust = trust_new();

	g_assert_cmpint(smime_suite_trust(trust, "root.pem"), ==, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) message = smime_suite_file(cases[i].file);
		g_autoptr(Trial) trial = trial_new(slice_of_bytes(message), trust, NULL, TODAY);

		g_test_message("%s", cases[i].file);
		g_assert_cmpint(trial->verdict->verdict.result, ==, cases[i].result);
		g_assert_cmpstr(trial->verdict->verdict.reason, ==, cases[i].reason);
		g_assert_true(trial->verdict->verdict.is_final == cases[i].is_final);
		g_assert_true(signer_of(trial, 0)->at_reception.chain == SMIME_UNCHECKED);
	}
}

static void test_revocation(void)
{
	/* The revocation is of 2021-06-01; the CRL speaks for December 2021. */
	static const struct {
		const char *file, *at, *reason;
		bool is_checked;
		const char *finding;
	} cases[] = { { "is-revoked.eml", THEN, "revoked", true, NULL },
		{ "is-revoked.eml", "2021-05-31", "signed", true,
			"smime-certificate-revoked-since" },
		{ "good.eml", THEN, "signed", true, NULL },
		{ "good.eml", "2021-03-01", "signed", true, NULL },
		{ "good.eml", "2022-03-01", "signed", false, NULL },
		{ "is-unknown.eml", THEN, "untrusted", false, NULL } };
	g_autoptr(Trust) trust = trust_new();

	g_assert_cmpint(smime_suite_trust(trust, "root.pem"), ==, 1);
	g_assert_cmpint(smime_suite_trust(trust, "inter.crl"), ==, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) message = smime_suite_file(cases[i].file);
		g_autoptr(Trial) trial =
			trial_new(slice_of_bytes(message), trust, cases[i].at, cases[i].at);

		g_test_message("%s at %s", cases[i].file, cases[i].at);
		g_assert_cmpstr(trial->verdict->verdict.reason, ==, cases[i].reason);
		g_assert_true(trial->verdict->is_revocation_checked == cases[i].is_checked);
		g_assert_true(cases[i].finding == NULL ||
			      findings_find(trial->findings, cases[i].finding) != NULL);
	}
}

static void test_trust(void)
{
	g_autoptr(Trust) one = trust_new();
	g_autoptr(Trust) two = trust_new();
	g_autoptr(GBytes) message = smime_suite_file("good.eml");
	g_autoptr(Trial) trial = trial_new(slice_of_bytes(message), NULL, THEN, TODAY);
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(trial->verdict->verdict.reason, ==, "untrusted");
	g_assert_cmpstr(trust_identity(one), ==, trust_identity(two));
	g_assert_cmpint(smime_suite_trust(one, "root.pem"), ==, 1);
	g_assert_cmpstr(trust_identity(one), !=, trust_identity(two));
	g_assert_cmpint(smime_suite_trust(one, "inter.crl"), ==, 1);
	g_assert_cmpint(smime_suite_trust(two, "inter.crl"), ==, 1);
	g_assert_cmpint(smime_suite_trust(two, "root.pem"), ==, 1);
	g_assert_cmpint(smime_suite_trust(two, "root.pem"), ==, 0);
	g_assert_cmpstr(trust_identity(one), ==, trust_identity(two));
	g_assert_cmpint(
		trust_add_pem(one,
			slice_of("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
			"broken.pem", &error),
		==, -1);
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, "broken.pem"));
}

/* An authority that is trusted by name is no root: the chain has to go on to one. */
static void test_intermediate_is_no_root(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(GBytes) message = smime_suite_file("good.eml");
	g_autoptr(Trial) trial = NULL;

	g_assert_cmpint(smime_suite_trust(trust, "inter/crt"), ==, 1);
	g_assert_cmpuint(trust_roots(trust), ==, 0);
	trial = trial_new(slice_of_bytes(message), trust, THEN, TODAY);
	g_assert_cmpstr(trial->verdict->verdict.reason, ==, "untrusted");
}

/* A certificate that did not come along is found among those that were given. */
static void test_given_certificate(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(GBytes) message = smime_suite_file("no-certificate.eml");
	g_autoptr(Trial) trial = NULL;

	g_assert_cmpint(smime_suite_trust(trust, "root.pem"), ==, 1);
	g_assert_cmpint(smime_suite_trust(trust, "inter/crt"), ==, 1);
	g_assert_cmpint(smime_suite_trust(trust, "alice.crt"), ==, 1);
	trial = trial_new(slice_of_bytes(message), trust, THEN, TODAY);
	g_assert_cmpstr(trial->verdict->verdict.reason, ==, "signed");
}

static void test_files(gconstpointer said)
{
	g_test_message("tests/smime/make.sh: %s", (const char *)said);
	g_test_fail();
}

int main(int argc, char **argv)
{
	g_autofree char *said = NULL;
	int status;

	suite_init(&argc, &argv);
	said = smime_suite_make();
	if (said != NULL) {
		g_test_add_data_func("/smime/files", said, test_files);
		return g_test_run();
	}
	read_table();
	g_test_add_func("/smime/rows", test_rows);
	g_test_add_func("/smime/second-opinion", test_second_opinion);
	g_test_add_func("/smime/readme", test_readme);
	g_test_add_func("/smime/record", test_record);
	g_test_add_func("/smime/details", test_details);
	g_test_add_func("/smime/no-clock", test_no_clock);
	g_test_add_func("/smime/revocation", test_revocation);
	g_test_add_func("/smime/trust/identity", test_trust);
	g_test_add_func("/smime/trust/intermediate", test_intermediate_is_no_root);
	g_test_add_func("/smime/trust/given-certificate", test_given_certificate);
	smime_mbox_add_tests();
	status = g_test_run();
	smime_suite_remove();
	g_ptr_array_unref(table);
	return status;
}
