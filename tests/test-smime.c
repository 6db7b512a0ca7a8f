/* Tests of auth/smime.h on mail that openssl(1) signed and on published mail, with openssl(1) as
 * second opinion. */
#include "auth/smime.h"
#include "base/text_time.h"
#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>

#define KEYS "corpora/smime/rfc9216/pem"

/* Where tests/smime/make.sh put its files; NULL where it failed. */
static char *made;

static GBytes *made_file(const char *name)
{
	g_autofree char *path = g_build_filename(made, name, NULL);
	g_autoptr(GError) error = NULL;
	char *data = NULL;
	gsize len = 0;

	if (!g_file_get_contents(path, &data, &len, &error))
		g_error("%s", error->message);
	return g_bytes_new_take(data, len);
}

/* Takes bytes over. */
static void add_trust(Trust *trust, GBytes *bytes, int count)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(trust_add_pem(trust, slice_of_bytes(bytes), "test", &error), ==, count);
	g_assert_no_error(error);
	g_bytes_unref(bytes);
}

static int64_t time_of(const char *text)
{
	int64_t time = TIME_UNKNOWN;

	g_assert_true(text == NULL || text_time_parse_rfc3339(slice_of(text), &time));
	return time;
}

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
	trial->context->at = time_of(at);
	trial->context->received = trial->context->at;
	trial->context->now = time_of(now);
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

typedef struct Row {
	const char *file;
	AuthResult result;
	const char *reason;
	SmimeForm form;
	bool openssl;        /* openssl(1) verifies it, at the same time */
	const char *at;      /* NULL: THEN */
	const char *finding; /* that must be there; NULL */
} Row;

static const Row rows[] = {
	{ "plain.eml", RESULT_NONE, "no-signature", SMIME_FORM_NONE, false, NULL, NULL },
	{ "good.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL,
		"smime-header-not-covered" },
	{ "x-type.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "sha384.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "sha512.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "pss.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "keyid.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-ec.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-name.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-old.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-no-eku.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	/* RFC 8550, 4.4.4 accepts it; OpenSSL's S/MIME purpose does not. */
	{ "is-any-eku.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, false, NULL, NULL },
	{ "from-case.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "opaque.eml", RESULT_PASS, "signed", SMIME_FORM_OPAQUE, true, NULL, NULL },
	{ "opaque-x.eml", RESULT_PASS, "signed", SMIME_FORM_OPAQUE, true, NULL, NULL },
	{ "opaque-octets.eml", RESULT_PASS, "signed", SMIME_FORM_OPAQUE, false, NULL, NULL },
	{ "opaque-bare.eml", RESULT_PASS, "signed", SMIME_FORM_OPAQUE, true, NULL, NULL },
	{ "opaque-covered.eml", RESULT_PASS, "signed", SMIME_FORM_OPAQUE, true, NULL, NULL },
	{ "covered.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "differing.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL,
		"smime-from-differs" },
	{ "two.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL,
		"smime-several-signers" },
	{ "trailing.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL,
		"smime-trailing-octets" },

	{ "tampered.eml", RESULT_FAIL, "digest-mismatch", SMIME_FORM_DETACHED, false, NULL, NULL },
	{ "stripped.eml", RESULT_FAIL, "digest-mismatch", SMIME_FORM_DETACHED, false, NULL, NULL },
	{ "opaque-tampered.eml", RESULT_FAIL, "digest-mismatch", SMIME_FORM_OPAQUE, false, NULL,
		NULL },
	{ "bad-signature.eml", RESULT_FAIL, "signature-invalid", SMIME_FORM_DETACHED, false, NULL,
		NULL },
	{ "content-in-detached.eml", RESULT_FAIL, "content-ambiguous", SMIME_FORM_DETACHED, false,
		NULL, NULL },
	{ "three-parts.eml", RESULT_FAIL, "content-ambiguous", SMIME_FORM_DETACHED, false, NULL,
		NULL },
	/* openssl(1) accepts it (RFC 5652 does), we are stricter. */
	{ "no-attributes.eml", RESULT_FAIL, "attributes-missing", SMIME_FORM_DETACHED, true, NULL,
		NULL },
	{ "attributes-as-content.eml", RESULT_FAIL, "attributes-as-content", SMIME_FORM_OPAQUE,
		true, NULL, NULL },

	{ "sha1.eml", RESULT_POLICY, "algorithm-weak", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-small.eml", RESULT_POLICY, "key-weak", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-sha1-chain.eml", RESULT_POLICY, "chain-weak", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-unknown.eml", RESULT_POLICY, "untrusted", SMIME_FORM_DETACHED, false, NULL, NULL },
	{ "is-own.eml", RESULT_POLICY, "untrusted", SMIME_FORM_DETACHED, false, NULL, NULL },
	{ "is-outside.eml", RESULT_POLICY, "chain-invalid", SMIME_FORM_DETACHED, false, NULL,
		NULL },
	{ "is-critical.eml", RESULT_POLICY, "chain-invalid", SMIME_FORM_DETACHED, false, NULL,
		NULL },
	{ "is-wrong-eku.eml", RESULT_POLICY, "wrong-purpose", SMIME_FORM_DETACHED, false, NULL,
		NULL },
	{ "is-wrong-ku.eml", RESULT_POLICY, "wrong-purpose", SMIME_FORM_DETACHED, false, NULL,
		NULL },
	{ "is-other-address.eml", RESULT_POLICY, "address-mismatch", SMIME_FORM_DETACHED, true,
		NULL, NULL },
	{ "is-both.eml", RESULT_POLICY, "address-mismatch", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "is-utf8-ascii.eml", RESULT_POLICY, "address-mismatch", SMIME_FORM_DETACHED, true, NULL,
		NULL },
	{ "is-none.eml", RESULT_POLICY, "no-address", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "from-other.eml", RESULT_POLICY, "address-mismatch", SMIME_FORM_DETACHED, true, NULL,
		NULL },
	{ "from-two.eml", RESULT_POLICY, "from-several", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "from-twice.eml", RESULT_POLICY, "from-several", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "sender.eml", RESULT_POLICY, "address-mismatch", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "from-utf8.eml", RESULT_PASS, "signed", SMIME_FORM_DETACHED, true, NULL, NULL },
	{ "good.eml", RESULT_POLICY, "expired", SMIME_FORM_DETACHED, false, "2023-01-02", NULL },
	{ "good.eml", RESULT_POLICY, "not-yet-valid", SMIME_FORM_DETACHED, false, "2020-12-31",
		NULL },
	{ "list-footer.eml", RESULT_POLICY, "signature-not-at-root", SMIME_FORM_NESTED, false, NULL,
		NULL },
	{ "forwarded.eml", RESULT_POLICY, "signature-not-at-root", SMIME_FORM_NESTED, false, NULL,
		NULL },

	{ "certs-only.eml", RESULT_NONE, "certs-only", SMIME_FORM_CERTS_ONLY, false, NULL, NULL },
	{ "certs-attached.eml", RESULT_NONE, "no-signature", SMIME_FORM_NONE, false, NULL, NULL },
	{ "no-signer.eml", RESULT_NEUTRAL, "no-signer", SMIME_FORM_DETACHED, false, NULL, NULL },
	{ "encrypted.eml", RESULT_NONE, "encrypted", SMIME_FORM_ENCRYPTED, false, NULL, NULL },
	{ "enveloped-in-detached.eml", RESULT_PERMERROR, "cms-not-signed", SMIME_FORM_DETACHED,
		false, NULL, NULL },
	{ "opaque-missing.eml", RESULT_PERMERROR, "content-missing", SMIME_FORM_OPAQUE, false, NULL,
		NULL },
	{ "no-certificate.eml", RESULT_PERMERROR, "no-certificate", SMIME_FORM_DETACHED, false,
		NULL, NULL },
	{ "cut.eml", RESULT_PERMERROR, "cms-malformed", SMIME_FORM_DETACHED, false, NULL, NULL },
	{ "openpgp.eml", RESULT_NONE, "openpgp", SMIME_FORM_OPENPGP, false, NULL, NULL },
	{ "openpgp-encrypted.eml", RESULT_NONE, "openpgp", SMIME_FORM_OPENPGP, false, NULL, NULL },
};

static void check_row(const Row *row, const Trust *trust, SuiteLines lines)
{
	g_autoptr(GBytes) stored = made_file(row->file);
	g_autoptr(GBytes) message = suite_lines(slice_of_bytes(stored), lines);
	g_autoptr(Trial) trial =
		trial_new(slice_of_bytes(message), trust, row->at == NULL ? THEN : row->at, TODAY);
	const SmimeVerdict *verdict = trial->verdict;

	g_test_message("%s, %s, at %s: %s, %s", row->file, suite_lines_word(lines),
		row->at == NULL ? THEN : row->at, verdict->verdict.reason,
		verdict->verdict.detail == NULL ? "" : verdict->verdict.detail);
	g_assert_cmpstr(verdict->verdict.reason, ==, row->reason);
	g_assert_cmpstr(
		auth_result_word(verdict->verdict.result), ==, auth_result_word(row->result));
	g_assert_cmpstr(smime_form_word(verdict->form), ==, smime_form_word(row->form));
	g_assert_true(verdict->verdict.is_final == (strcmp(row->reason, "encrypted") != 0));
	g_assert_true(row->finding == NULL || findings_find(trial->findings, row->finding) != NULL);
}

static void test_rows(void)
{
	g_autoptr(Trust) trust = trust_new();

	add_trust(trust, made_file("root.pem"), 1);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (int lines = 0; lines < SUITE_LINES; lines++)
			check_row(&rows[i], trust, (SuiteLines)lines);
}

/* The exit status of a command, whose output is thrown away. */
static int run(const char *const argv[])
{
	g_autoptr(GError) error = NULL;
	int status = -1;

	if (!g_spawn_sync(NULL, (char **)(guintptr)argv, NULL,
		    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
		    NULL, NULL, NULL, NULL, &status, &error)) {
		g_test_message("%s", error->message);
		return -1;
	}
	return status;
}

static bool openssl_verifies(const char *file, const char *ca, const char *at)
{
	g_autofree char *message = g_build_filename(made, file, NULL);
	g_autofree char *roots = g_build_filename(made, ca, NULL);
	g_autofree char *epoch = g_strdup_printf("%" G_GINT64_FORMAT, time_of(at) / 1000);
	const char *argv[] = { "openssl", "cms", "-verify", "-in", message, "-CAfile", roots,
		"-no-CApath", "-no-CAstore", "-attime", epoch, "-purpose", "smimesign", "-out",
		"/dev/null", NULL };

	return run(argv) == 0;
}

static void test_second_opinion(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *at = rows[i].at == NULL ? THEN : rows[i].at;

		g_test_message("%s at %s", rows[i].file, at);
		g_assert_true(openssl_verifies(rows[i].file, "root.pem", at) == rows[i].openssl);
	}
}

static void test_record(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(GBytes) message = made_file("good.eml");
	g_autoptr(Trial) trial = NULL;
	const SmimeSigner *signer;

	add_trust(trust, made_file("root.pem"), 1);
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
	g_assert_cmpuint(strlen(signer->serial), ==, 40);
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
	g_assert_true(signer->not_before == time_of("2021-01-01"));
	g_assert_true(signer->not_after == time_of("2023-01-01"));
	g_assert_cmpuint(signer->path->len, ==, 3);
	g_assert_cmpstr(g_ptr_array_index(signer->path, 2), ==, "CN=root,O=kantei");
}

static void test_details(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(GBytes) named = made_file("is-name.eml");
	g_autoptr(GBytes) covered = made_file("covered.eml");
	g_autoptr(GBytes) sender = made_file("sender.eml");
	g_autoptr(GBytes) stored = made_file("good.eml");
	g_autoptr(GBytes) crlf = suite_lines(slice_of_bytes(stored), SUITE_CRLF);
	g_autoptr(Trial) trial = NULL;

	add_trust(trust, made_file("root.pem"), 1);
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

	add_trust(trust, made_file("root.pem"), 1);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) message = made_file(cases[i].file);
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

	add_trust(trust, made_file("root.pem"), 1);
	add_trust(trust, made_file("inter.crl"), 1);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) message = made_file(cases[i].file);
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
	g_autoptr(GBytes) message = made_file("good.eml");
	g_autoptr(Trial) trial = trial_new(slice_of_bytes(message), NULL, THEN, TODAY);
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(trial->verdict->verdict.reason, ==, "untrusted");
	g_assert_cmpstr(trust_identity(one), ==, trust_identity(two));
	add_trust(one, made_file("root.pem"), 1);
	g_assert_cmpstr(trust_identity(one), !=, trust_identity(two));
	add_trust(one, made_file("inter.crl"), 1);
	add_trust(two, made_file("inter.crl"), 1);
	add_trust(two, made_file("root.pem"), 1);
	add_trust(two, made_file("root.pem"), 0);
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
	g_autoptr(GBytes) message = made_file("good.eml");
	g_autoptr(Trial) trial = NULL;

	add_trust(trust, made_file("inter/crt"), 1);
	g_assert_cmpuint(trust_roots(trust), ==, 0);
	trial = trial_new(slice_of_bytes(message), trust, THEN, TODAY);
	g_assert_cmpstr(trial->verdict->verdict.reason, ==, "untrusted");
}

/* A certificate that did not come along is found among those that were given. */
static void test_given_certificate(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(GBytes) message = made_file("no-certificate.eml");
	g_autoptr(Trial) trial = NULL;

	add_trust(trust, made_file("root.pem"), 1);
	add_trust(trust, made_file("inter/crt"), 1);
	add_trust(trust, made_file("alice.crt"), 1);
	trial = trial_new(slice_of_bytes(message), trust, THEN, TODAY);
	g_assert_cmpstr(trial->verdict->verdict.reason, ==, "signed");
}

/* --- published mail */

static GBytes *pem_of_der(const char *path)
{
	g_autoptr(GBytes) der = suite_file(path);
	g_autofree char *base64 =
		g_base64_encode(g_bytes_get_data(der, NULL), g_bytes_get_size(der));
	GString *pem = g_string_new("-----BEGIN CERTIFICATE-----\n");

	for (size_t at = 0; base64[at] != '\0'; at += MIN(64, strlen(base64 + at)))
		g_string_append_printf(pem, "%.64s\n", base64 + at);
	g_string_append(pem, "-----END CERTIFICATE-----\n");
	return g_string_free_to_bytes(pem);
}

/* expected.tsv says what Thunderbird makes of them: SHA-1 it does not accept. */
static void test_thunderbird(void)
{
	static const struct {
		const char *file, *reason;
	} cases[] = { { "alice.env.eml", "encrypted" },
		{ "alice.dsig.SHA1.multipart.bad.eml", "digest-mismatch" },
		{ "alice.dsig.SHA1.multipart.env.eml", "encrypted" },
		{ "alice.dsig.SHA1.multipart.eml", "algorithm-weak" },
		{ "alice.dsig.SHA1.multipart.mismatch-econtent.eml", "content-ambiguous" },
		{ "alice.dsig.SHA256.multipart.bad.eml", "digest-mismatch" },
		{ "alice.dsig.SHA256.multipart.eml", "signed" },
		{ "alice.dsig.SHA256.multipart.env.eml", "encrypted" },
		{ "alice.dsig.SHA256.multipart.mismatch-econtent.eml", "content-ambiguous" },
		{ "alice.sig.SHA1.opaque.eml", "algorithm-weak" },
		{ "alice.sig.SHA1.opaque.env.eml", "encrypted" },
		{ "alice.sig.SHA256.opaque.eml", "signed" },
		{ "alice.sig.SHA256.opaque.env.eml", "encrypted" } };
	g_autoptr(Trust) trust = trust_new();

	add_trust(trust, suite_file("corpora/smime/thunderbird/TestCA.pem"), 1);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
			g_strconcat("corpora/smime/thunderbird/", cases[i].file, NULL);
		g_autoptr(GBytes) message = suite_file(path);
		g_autoptr(Trial) trial =
			trial_new(slice_of_bytes(message), trust, "2026-02-01", "2026-02-01");

		g_test_message("%s", cases[i].file);
		g_assert_cmpstr(trial->verdict->verdict.reason, ==, cases[i].reason);
	}
}

/* A CMS object of RFC 4134 or OpenSSL's suite as an opaque message. */
static GBytes *wrap_cms(const char *path, const char *from)
{
	g_autoptr(GBytes) der = suite_file(path);
	g_autofree char *base64 =
		g_base64_encode(g_bytes_get_data(der, NULL), g_bytes_get_size(der));
	char *message = g_strdup_printf("From: %s\nContent-Type: application/pkcs7-mime\n"
					"Content-Transfer-Encoding: base64\n\n%s\n",
		from, base64);

	return g_bytes_new_take(message, strlen(message));
}

static void test_published_objects(void)
{
	/* Section 4 of RFC 4134: DSA, SHA-1 and RSA of 1,024 bits, of 1999. */
	static const struct {
		const char *path, *from;
		AuthResult result;
		const char *reason;
		guint signers;
	} cases[] = {
		{ "rfc4134/4.1.bin", "AliceDSS@example.com", RESULT_FAIL, "attributes-as", 0 },
		{ "openssl/80-test_cms_data/ct_multiple_attr.cms", "a@example.com", RESULT_FAIL,
			"content-type-repeated", 1 },
		{ "openssl/80-test_cms_data/no_ct_attr.cms", "a@example.com", RESULT_FAIL,
			"content-type-missing", 1 },
		{ "openssl/80-test_cms_data/no_md_attr.cms", "a@example.com", RESULT_FAIL,
			"message-digest-missing", 1 },
		{ "openssl/80-test_cms_data/bad_signtime_attr.cms", "a@example.com", RESULT_FAIL,
			"attribute-unsigned", 1 },
	};
	g_autoptr(Trust) trust = trust_new();

	add_trust(trust, pem_of_der("corpora/smime/rfc4134/CarlDSSSelf.cer"), 1);
	add_trust(trust, pem_of_der("corpora/smime/rfc4134/CarlRSASelf.cer"), 1);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("corpora/smime/", cases[i].path, NULL);
		g_autoptr(GBytes) message = wrap_cms(path, cases[i].from);
		g_autoptr(Trial) trial =
			trial_new(slice_of_bytes(message), trust, "2002-11-01", TODAY);

		g_test_message("%s: %s", cases[i].path, trial->verdict->verdict.reason);
		g_assert_cmpstr(trial->verdict->verdict.reason, ==, cases[i].reason);
		g_assert_cmpint(trial->verdict->verdict.result, ==, cases[i].result);
		g_assert_cmpuint(trial->verdict->signers->len, ==, cases[i].signers);
	}
}

static bool make_files(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *script = suite_path("tests/smime/make.sh");
	g_autofree char *keys = suite_path(KEYS);
	g_autofree char *full = g_canonicalize_filename(keys, NULL);
	const char *argv[] = { "sh", script, NULL, full, NULL };

	made = g_dir_make_tmp("kantei-smime-XXXXXX", &error);
	g_assert_no_error(error);
	argv[2] = made;
	return run(argv) == 0;
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

	for (const char *name = dir == NULL ? NULL : g_dir_read_name(dir); name != NULL;
		name = g_dir_read_name(dir)) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	g_remove(path);
}

static void test_files(void)
{
	g_test_message("tests/smime/make.sh needs openssl(1)");
	g_test_fail();
}

int main(int argc, char **argv)
{
	int status;

	suite_init(&argc, &argv);
	if (!make_files()) {
		g_test_add_func("/smime/files", test_files);
		return g_test_run();
	}
	g_test_add_func("/smime/rows", test_rows);
	g_test_add_func("/smime/second-opinion", test_second_opinion);
	g_test_add_func("/smime/record", test_record);
	g_test_add_func("/smime/details", test_details);
	g_test_add_func("/smime/no-clock", test_no_clock);
	g_test_add_func("/smime/revocation", test_revocation);
	g_test_add_func("/smime/trust/identity", test_trust);
	g_test_add_func("/smime/trust/intermediate", test_intermediate_is_no_root);
	g_test_add_func("/smime/trust/given-certificate", test_given_certificate);
	g_test_add_func("/smime/thunderbird", test_thunderbird);
	g_test_add_func("/smime/published-objects", test_published_objects);
	status = g_test_run();
	remove_tree(made);
	g_free(made);
	return status;
}
