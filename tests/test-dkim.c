/* Tests of auth/dkim.h: messages that are signed here and then changed. */
#include "auth/dkim.h"
#include "base/text_time.h"
#include "dkim_suite.h"

#include <string.h>

static const char plain[] = "From: Alice <alice@example.com>\r\n"
			    "To: bob@example.net\r\n"
			    "Subject: =?utf-8?B?44GT44KT44Gr44Gh44Gv?= and  a\r\n"
			    "\tfolded   subject \r\n"
			    "Date: Tue, 24 Nov 2026 02:15:00 +0000\r\n"
			    "Message-ID: <1@example.com>\r\n"
			    "\r\n"
			    "Hello,\t  world \r\n"
			    "\r\n"
			    "two   words\r\n"
			    "\r\n"
			    "\r\n";

static SignerKey *rsa_key, *weak_key, *ed_key;

static void check_result(const Stage *stage, size_t index, const char *result, const char *reason)
{
	const DkimSignature *signature = stage_signature(stage, index);

	g_assert_cmpstr(auth_result_word(signature->verdict.result), ==, result);
	g_assert_cmpstr(signature->verdict.reason, ==, reason);
}

/* --- signed here */

typedef struct Change {
	const char *name;
	SignOptions options;
	const char *from, *to; /* replaced in the signed message */
	const char *record;    /* tags before p=, or a whole record beginning with "=" */
	const char *result, *reason;
	BodyHash body_hash;
	SignatureCheck signature;
	KeyStatus key;
	const char *finding; /* that must be there; NULL: none asked for */
} Change;

#define GOOD BODY_HASH_MATCH, SIGNATURE_VALID, KEY_FOUND

static const Change changes[] = {
	{ "relaxed", { 0 }, NULL, NULL, NULL, "pass", "signature-valid", GOOD, NULL },
	{ "simple", { .canon = "simple/simple" }, NULL, NULL, NULL, "pass", "signature-valid", GOOD,
		NULL },
	{ "relaxed/simple", { .canon = "relaxed/simple" }, NULL, NULL, NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "simple/relaxed", { .canon = "simple/relaxed" }, NULL, NULL, NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "relaxed alone", { .canon = "relaxed" }, NULL, NULL, NULL, "pass", "signature-valid",
		GOOD, NULL },
	{ "unknown canonicalisation", { .canon = "relaxed/nowsp" }, NULL, NULL, NULL, "permerror",
		"canonicalisation-unknown", BODY_HASH_UNCHECKED, SIGNATURE_UNCHECKED, KEY_FOUND,
		NULL },
	{ "folded h=", { .names = "from : to\r\n\t:\r\n subject:date" }, NULL, NULL, NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "over-signed", { .names = "from:from:to:subject:subject:date" }, NULL, NULL, NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "over-signed Subject added", { .names = "from:to:subject:subject:date" }, "To: bob",
		"Subject: other\r\nTo: bob", NULL, "fail", "signature-altered", BODY_HASH_MATCH,
		SIGNATURE_ALTERED, KEY_FOUND, NULL },
	{ "names with empty places", { .names = "from::to:subject:date" }, NULL, NULL, NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "body changed", { 0 }, "two   words", "three words", NULL, "fail", "body-hash-mismatch",
		BODY_HASH_MISMATCH, SIGNATURE_VALID, KEY_FOUND, NULL },
	{ "body blanks changed", { 0 }, "two   words", "two words ", NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "body blanks changed, simple", { .canon = "relaxed/simple" }, "two   words", "two words",
		NULL, "fail", "body-hash-mismatch", BODY_HASH_MISMATCH, SIGNATURE_VALID, KEY_FOUND,
		NULL },
	{ "subject changed", { 0 }, "folded", "altered", NULL, "fail", "signature-altered",
		BODY_HASH_MATCH, SIGNATURE_ALTERED, KEY_FOUND, NULL },
	{ "subject refolded", { 0 }, "a\r\n\tfolded   subject ", "a folded\r\n subject", NULL,
		"pass", "signature-valid", GOOD, NULL },
	{ "subject refolded, simple", { .canon = "simple" }, "a\r\n\tfolded", "a folded", NULL,
		"fail", "signature-altered", BODY_HASH_MATCH, SIGNATURE_ALTERED, KEY_FOUND, NULL },
	{ "obsolete From, relaxed", { 0 }, "From: Alice", "From : Alice", NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "obsolete From, simple", { .canon = "simple" }, "From: Alice", "From : Alice", NULL,
		"fail", "signature-altered", BODY_HASH_MATCH, SIGNATURE_ALTERED, KEY_FOUND, NULL },
	{ "second Subject above", { 0 }, "From: Alice", "Subject: other\r\nFrom: Alice", NULL,
		"pass", "signature-valid", GOOD, "dkim-unsigned-duplicate" },
	{ "second From above", { 0 }, "From: Alice", "From: eve@example.org\r\nFrom: Alice", NULL,
		"policy", "from-unsigned-duplicate", GOOD, "dkim-unsigned-duplicate" },
	{ "second From below", { 0 }, "To: bob", "From: eve@example.org\r\nTo: bob", NULL, "fail",
		"signature-altered", BODY_HASH_MATCH, SIGNATURE_ALTERED, KEY_FOUND, NULL },
	{ "store's fields", { 0 }, "From: Alice", "Status: RO\r\nX-UID: 5\r\nFrom: Alice", NULL,
		"pass", "signature-valid", GOOD, NULL },
	{ "unsigned Subject", { .names = "from:to" }, NULL, NULL, NULL, "pass", "signature-valid",
		GOOD, "dkim-subject-unsigned" },
	{ "From not signed", { .names = "to:subject" }, NULL, NULL, NULL, "permerror",
		"from-not-signed", GOOD, NULL },
	{ "l= to the end", { .has_length = true, .length = 32, .canon = "relaxed/simple" },
		"two   words\r\n\r\n", "two   words\r\n", NULL, "pass", "signature-valid", GOOD,
		"dkim-length-tag" },
	{ "l= short", { .has_length = true, .length = 14 }, "two   words", "other", NULL, "policy",
		"body-partly-signed", GOOD, "dkim-body-partly-signed" },
	{ "l=0", { .has_length = true, .length = 0 }, NULL, NULL, NULL, "policy",
		"body-partly-signed", GOOD, "dkim-body-partly-signed" },
	{ "l= beyond the body", { .has_length = true, .length = 5000 }, NULL, NULL, NULL,
		"permerror", "length-beyond-body", GOOD, NULL },
	{ "l= beyond numbers", { .more = "l=99999999999999999999999;" }, NULL, NULL, NULL,
		"permerror", "length-beyond-body", GOOD, NULL },
	{ "l= negative", { .more = "l=-1;" }, NULL, NULL, NULL, "permerror", "length-invalid", GOOD,
		NULL },
	{ "x= passed", { .more = "t=1000; x=2000;" }, NULL, NULL, NULL, "fail", "expired", GOOD,
		NULL },
	{ "x= before t=", { .more = "t=2000; x=2000;" }, NULL, NULL, NULL, "permerror",
		"expires-before-signed", GOOD, NULL },
	{ "x= to come", { .more = "x=99999999999;" }, NULL, NULL, NULL, "pass", "signature-valid",
		GOOD, NULL },
	{ "t= to come", { .more = "t=99999999999;" }, NULL, NULL, NULL, "pass", "signature-valid",
		GOOD, "dkim-signed-in-future" },
	{ "t= no number", { .more = "t=yesterday;" }, NULL, NULL, NULL, "permerror", "time-invalid",
		GOOD, NULL },
	{ "i= within", { .more = "i=joe@a.example.com;" }, NULL, NULL, NULL, "pass",
		"signature-valid", GOOD, NULL },
	{ "i= within, t=s", { .more = "i=joe@a.example.com;" }, NULL, NULL, "t=s; ", "permerror",
		"identity-not-domain", GOOD, NULL },
	{ "i= equal, t=s", { .more = "i=@example.com;" }, NULL, NULL, "t=y:s; ", "pass",
		"signature-valid", GOOD, "key-testing" },
	{ "i= outside", { .more = "i=joe@badexample.com;" }, NULL, NULL, NULL, "permerror",
		"identity-outside-domain", GOOD, NULL },
	{ "i= without domain", { .more = "i=joe;" }, NULL, NULL, NULL, "permerror",
		"identity-invalid", GOOD, NULL },
	{ "q= other", { .more = "q=http;" }, NULL, NULL, NULL, "permerror", "query-unknown", GOOD,
		NULL },
	{ "no version", { .version = "u=1; " }, NULL, NULL, NULL, "permerror", "tag-missing", GOOD,
		NULL },
	{ "version 2", { .version = "v=2; " }, NULL, NULL, NULL, "permerror", "version-unknown",
		GOOD, NULL },
	{ "tag twice", { .more = "d=example.com;" }, NULL, NULL, NULL, "permerror", "tag-repeated",
		BODY_HASH_UNCHECKED, SIGNATURE_UNCHECKED, KEY_UNKNOWN, NULL },
	{ "no list", { .more = "wrong;" }, NULL, NULL, NULL, "permerror", "no-tag-list",
		BODY_HASH_UNCHECKED, SIGNATURE_UNCHECKED, KEY_UNKNOWN, NULL },
	{ "b= no base64", { 0 }, "; b=", "; b=!", NULL, "permerror", "signature-not-base64",
		BODY_HASH_MATCH, SIGNATURE_UNCHECKED, KEY_FOUND, NULL },
	{ "bh= no base64", { 0 }, "bh=", "bh=!", NULL, "permerror", "body-hash-unreadable",
		BODY_HASH_UNCHECKED, SIGNATURE_ALTERED, KEY_FOUND, NULL },
	{ "domain no name", { .domain = "exa'mple.com" }, NULL, NULL, NULL, "permerror",
		"domain-invalid", BODY_HASH_MATCH, SIGNATURE_UNCHECKED, KEY_UNKNOWN, NULL },
	{ "domain of one label", { .domain = "com" }, NULL, NULL, NULL, "permerror",
		"domain-invalid", BODY_HASH_MATCH, SIGNATURE_UNCHECKED, KEY_UNKNOWN, NULL },
	{ "domain U-label", { .domain = "\xE4\xBE\x8B\xE3\x81\x88.example.com" }, NULL, NULL, NULL,
		"pass", "signature-valid", GOOD, NULL },
	{ "algorithm unknown", { .algorithm = "rsa-sha512" }, NULL, NULL, NULL, "permerror",
		"algorithm-unknown", BODY_HASH_UNCHECKED, SIGNATURE_UNCHECKED, KEY_FOUND, NULL },
	{ "rsa-sha1", { .algorithm = "rsa-sha1" }, NULL, NULL, NULL, "permerror",
		"algorithm-retired", GOOD, NULL },
	{ "rsa-sha1, body changed", { .algorithm = "rsa-sha1" }, "two   words", "three words", NULL,
		"permerror", "algorithm-retired", BODY_HASH_MISMATCH, SIGNATURE_VALID, KEY_FOUND,
		NULL },
	{ "key for sha1", { 0 }, NULL, NULL, "h=sha1; ", "permerror", "key-hash", BODY_HASH_MATCH,
		SIGNATURE_VALID, KEY_UNUSABLE, NULL },
	{ "key for both", { 0 }, NULL, NULL, "h=sha1 : sha256; ", "pass", "signature-valid", GOOD,
		NULL },
	{ "key of another service", { 0 }, NULL, NULL, "s=tlsrpt; ", "permerror", "key-service",
		BODY_HASH_MATCH, SIGNATURE_VALID, KEY_UNUSABLE, NULL },
	{ "key of services", { 0 }, NULL, NULL, "s=tlsrpt:*; g=; n=no te; ", "pass",
		"signature-valid", GOOD, NULL },
	{ "key revoked", { 0 }, NULL, NULL, "=v=DKIM1; p=", "permerror", "key-revoked",
		BODY_HASH_MATCH, SIGNATURE_UNCHECKED, KEY_REVOKED, NULL },
	{ "key of another version", { 0 }, NULL, NULL, "=v=DKIM2; p=", "permerror", "key-version",
		BODY_HASH_MATCH, SIGNATURE_UNCHECKED, KEY_UNUSABLE, NULL },
	{ "no key at all", { 0 }, NULL, NULL, "=v=spf1 -all", "permerror", "key-version",
		BODY_HASH_MATCH, SIGNATURE_UNCHECKED, KEY_UNUSABLE, NULL },
	{ "wildcard text", { 0 }, NULL, NULL, "=hello", "permerror", "key-malformed",
		BODY_HASH_MATCH, SIGNATURE_UNCHECKED, KEY_UNUSABLE, NULL },
};

static GBytes *replaced(GBytes *message, const char *from, const char *to)
{
	Slice text = slice_of_bytes(message);
	GString *out = g_string_new(NULL);
	ssize_t at = from != NULL ? slice_find(text, slice_of(from)) : 0;

	g_assert_cmpint(at, >=, 0);
	g_string_append_len(out, text.data, at);
	if (from != NULL) {
		g_string_append(out, to);
		at += (ssize_t)strlen(from);
	}
	g_string_append_len(out, text.data + at, (gssize)text.len - at);
	return g_string_free_to_bytes(out);
}

static Evidence *evidence_for(const Change *change, const SignerKey *key)
{
	Evidence *evidence = evidence_new();
	const char *more = change->record;
	g_autofree char *record =
		more != NULL && more[0] == '=' ? g_strdup(more + 1) : signer_key_record(key, more);

	suite_txt(evidence, "test._domainkey.example.com", record);
	suite_txt(evidence, "test._domainkey.xn--r8jz45g.example.com", record);
	return evidence;
}

static void check_change(const Change *change, GBytes *message, const SignerKey *key)
{
	g_autoptr(Stage) stage = stage_new(g_bytes_ref(message), evidence_for(change, key));
	const DkimSignature *signature;

	stage->context->at = (int64_t)1795486500 * 1000; /* the Date of the message */
	stage_verify(stage);
	signature = stage_signature(stage, 0);
	check_result(stage, 0, change->result, change->reason);
	g_assert_cmpstr(
		body_hash_word(signature->body_hash), ==, body_hash_word(change->body_hash));
	g_assert_cmpstr(signature_check_word(signature->header_signature), ==,
		signature_check_word(change->signature));
	g_assert_cmpstr(key_status_word(signature->key), ==, key_status_word(change->key));
	g_assert_true(
		change->finding == NULL || findings_find(stage->findings, change->finding) != NULL);
	g_assert_true(signature->verdict.is_final);
	g_assert_cmpstr(stage->dkim->verdict.reason, ==, change->reason);
	g_assert_cmpuint(stage->context->lacking->len, ==, 0);
}

/* Whether a signature that expires had expired cannot be said without a moment to judge it by. */
static void test_expiry_without_clock(void)
{
	const SignOptions options = { .more = "t=1000; x=2000;" };
	const Change change = { .name = "x= without a clock" };
	g_autoptr(GBytes) message = signer_sign(rsa_key, slice_of(plain), &options);
	g_autoptr(Stage) stage = stage_new(g_bytes_ref(message), evidence_for(&change, rsa_key));

	stage->context->at = TIME_UNKNOWN;
	stage_verify(stage);
	check_result(stage, 0, "none", "no-clock");
	g_assert_false(stage_signature(stage, 0)->verdict.is_final);
	g_assert_false(stage->dkim->verdict.is_final);
}

static void test_changes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autoptr(GBytes) signed_one =
			signer_sign(rsa_key, slice_of(plain), &changes[i].options);
		g_autoptr(GBytes) changed = replaced(signed_one, changes[i].from, changes[i].to);

		for (int lines = 0; lines < SUITE_LINES; lines++) {
			g_autoptr(GBytes) stored =
				suite_lines(slice_of_bytes(changed), (SuiteLines)lines);

			g_test_message(
				"%s, %s", changes[i].name, suite_lines_word((SuiteLines)lines));
			check_change(&changes[i], stored, rsa_key);
		}
	}
}

static void test_ed25519(void)
{
	static const SignOptions options = { .algorithm = "ed25519-sha256" };
	g_autoptr(GBytes) message = signer_sign(ed_key, slice_of(plain), &options);
	g_autofree char *record = signer_key_record(ed_key, NULL);
	g_autofree char *other = signer_key_record(rsa_key, NULL);
	g_autoptr(Stage) good = stage_new(g_bytes_ref(message), NULL);
	g_autoptr(Stage) bad = stage_new(replaced(message, "folded", "altered"), NULL);
	g_autoptr(Stage) mixed = stage_new(g_bytes_ref(message), NULL);

	suite_txt(good->evidence, "test._domainkey.example.com", record);
	stage_verify(good);
	check_result(good, 0, "pass", "signature-valid");
	g_assert_cmpint(stage_signature(good, 0)->key_bits, ==, 256);
	suite_txt(bad->evidence, "test._domainkey.example.com", record);
	stage_verify(bad);
	check_result(bad, 0, "fail", "signature-invalid");
	suite_txt(mixed->evidence, "test._domainkey.example.com", other);
	stage_verify(mixed);
	check_result(mixed, 0, "permerror", "key-algorithm");
	suite_more_txt(mixed->evidence, "test._domainkey.example.com", record);
	stage_verify(mixed);
	check_result(mixed, 0, "pass", "signature-valid");
	g_assert_nonnull(findings_find(mixed->findings, "key-several-records"));
}

static void test_weak_key(void)
{
	static const SignOptions options = { 0 };
	g_autofree char *record = signer_key_record(weak_key, NULL);
	g_autoptr(Stage) stage = stage_new(signer_sign(weak_key, slice_of(plain), &options), NULL);

	suite_txt(stage->evidence, "test._domainkey.example.com", record);
	stage_verify(stage);
	check_result(stage, 0, "permerror", "key-weak");
	g_assert_cmpint(stage_signature(stage, 0)->key_bits, ==, 768);
	g_assert_true(stage_signature(stage, 0)->header_signature == SIGNATURE_VALID);
	g_assert_true(stage_signature(stage, 0)->key == KEY_UNUSABLE);
}

/* --- what the evidence says of the key, or does not */

static void test_answers(void)
{
	static const SignOptions options = { 0 };
	g_autoptr(Stage) stage = stage_new(signer_sign(rsa_key, slice_of(plain), &options), NULL);
	const Question *lacking;

	stage_verify(stage);
	check_result(stage, 0, "temperror", "answer-missing");
	g_assert_false(stage->dkim->verdict.is_final);
	g_assert_true(stage_signature(stage, 0)->key == KEY_UNKNOWN);
	g_assert_true(stage_signature(stage, 0)->body_hash == BODY_HASH_MATCH);
	g_assert_cmpuint(stage->context->lacking->len, ==, 1);
	lacking = g_ptr_array_index(stage->context->lacking, 0);
	g_assert_cmpstr(lacking->name, ==, "test._domainkey.example.com");
	g_assert_cmpint((int)lacking->type, ==, (int)DNS_TXT);

	suite_outcome(stage->evidence, "test._domainkey.example.com", DNS_SERVFAIL);
	stage_verify(stage);
	check_result(stage, 0, "temperror", "key-unavailable");
	g_assert_true(stage->dkim->verdict.is_final);
	suite_outcome(stage->evidence, "test._domainkey.example.com", DNS_TIMEOUT);
	stage_verify(stage);
	check_result(stage, 0, "temperror", "key-unavailable");
	suite_outcome(stage->evidence, "test._domainkey.example.com", DNS_NXDOMAIN);
	stage_verify(stage);
	check_result(stage, 0, "permerror", "key-missing");
	g_assert_true(stage_signature(stage, 0)->key == KEY_MISSING);
	g_assert_cmpuint(stage->dkim->verdict.answers, ==, 1);
	suite_txt(stage->evidence, "test._domainkey.example.com", NULL);
	stage_verify(stage);
	check_result(stage, 0, "permerror", "key-missing");
}

/* What is wrong without any key stays wrong without its answer. */
static void test_final_without_answer(void)
{
	static const SignOptions options = { 0 };
	g_autoptr(GBytes) message = signer_sign(rsa_key, slice_of(plain), &options);
	g_autoptr(Stage) stage = stage_new(replaced(message, "two", "three"), NULL);

	stage_verify(stage);
	check_result(stage, 0, "fail", "body-hash-mismatch");
	g_assert_true(stage->dkim->verdict.is_final);
	g_assert_cmpuint(stage->dkim->verdict.answers, ==, 0);
	g_assert_cmpuint(stage->context->lacking->len, ==, 1);
}

/* Signed an hour after the message's Date, at the given time of reception. */
static bool is_in_future(const char *received)
{
	static const SignOptions options = { .more = "t=1795490100;" };
	g_autoptr(GBytes) signed_one = signer_sign(rsa_key, slice_of(plain), &options);
	g_autoptr(GString) text = g_string_new(received);
	g_autoptr(Stage) stage = NULL;

	g_string_append_len(
		text, slice_of_bytes(signed_one).data, (gssize)slice_of_bytes(signed_one).len);
	stage = stage_new(g_bytes_new(text->str, text->len), NULL);
	stage->context->received = stage->facts->received;
	stage->context->at = stage->facts->received;
	stage_verify(stage);
	return findings_find(stage->findings, "dkim-signed-in-future") != NULL;
}

/* Date is no time of reception, and clocks differ by some minutes. */
static void test_signed_in_future(void)
{
	g_assert_false(is_in_future(""));
	g_assert_true(is_in_future("Received: from a.example ([192.0.2.1]) by b.example;\r\n"
				   "\tTue, 24 Nov 2026 02:59:00 +0000\r\n"));
	g_assert_false(is_in_future("Received: from a.example ([192.0.2.1]) by b.example;\r\n"
				    "\tTue, 24 Nov 2026 03:01:00 +0000\r\n"));
}

/* SPOOF_CASES S-A3: programs that stop at NUL ask for a key of somebody else's. */
static void test_nul_in_selector(void)
{
	static const SignOptions options = { 0 };
	g_autoptr(GBytes) message = signer_sign(rsa_key, slice_of(plain), &options);
	g_autoptr(GBytes) text = replaced(message, "s=test;", "s=test.a?.b;");
	gsize len;
	const char *data = g_bytes_get_data(text, &len);
	char *copy = g_memdup2(data, len);
	g_autoptr(Stage) stage = NULL;

	*strchr(copy, '?') = '\0';
	stage = stage_new(g_bytes_new_take(copy, len), NULL);
	stage_verify(stage);
	check_result(stage, 0, "permerror", "nul-octet");
	g_assert_cmpuint(stage->context->lacking->len, ==, 0);
	g_assert_cmpuint(stage->context->asked->len, ==, 0);
	g_assert_nonnull(findings_find(stage->findings, "dkim-nul-octet"));
}

/* --- several signatures */

static void test_best(void)
{
	static const SignOptions ours = { 0 };
	static const SignOptions other = { .domain = "example.org" };
	static const SignOptions google = { .field = "X-Google-DKIM-Signature",
		.domain = "1e100.net" };
	g_autofree char *record = signer_key_record(rsa_key, NULL);
	g_autoptr(GBytes) one = signer_sign(rsa_key, slice_of(plain), &ours);
	g_autoptr(GBytes) two = signer_sign(rsa_key, slice_of_bytes(one), &other);
	g_autoptr(GBytes) three = signer_sign(rsa_key, slice_of_bytes(two), &google);
	g_autoptr(Stage) stage = stage_new(g_bytes_ref(three), NULL);

	suite_txt(stage->evidence, "test._domainkey.example.com", record);
	suite_txt(stage->evidence, "test._domainkey.example.org", record);
	suite_txt(stage->evidence, "test._domainkey.1e100.net", record);
	stage_verify(stage);
	g_assert_cmpuint(stage->dkim->signatures->len, ==, 3);
	g_assert_true(stage_signature(stage, 0)->is_google);
	check_result(stage, 0, "pass", "signature-valid");
	g_assert_cmpuint(stage->dkim->best, ==, 2); /* of the author's domain */
	suite_txt(stage->evidence, "test._domainkey.example.com", "p=");
	stage_verify(stage);
	g_assert_cmpuint(stage->dkim->best, ==, 1);
	g_assert_true(stage->dkim->verdict.result == RESULT_PASS);
	suite_outcome(stage->evidence, "test._domainkey.example.org", DNS_NXDOMAIN);
	stage_verify(stage);
	g_assert_cmpuint(stage->dkim->best, ==, 2);
	g_assert_cmpstr(stage->dkim->verdict.reason, ==, "key-revoked");
	g_assert_cmpuint(stage->dkim->verdict.answers, ==, 2);
}

static void test_waiting_beats_failing(void)
{
	static const SignOptions ours = { 0 };
	static const SignOptions other = { .domain = "example.org" };
	g_autoptr(GBytes) one = signer_sign(rsa_key, slice_of(plain), &ours);
	g_autoptr(Stage) stage = stage_new(signer_sign(rsa_key, slice_of_bytes(one), &other), NULL);

	suite_txt(stage->evidence, "test._domainkey.example.com", "p=");
	stage_verify(stage);
	g_assert_false(stage->dkim->verdict.is_final);
	g_assert_cmpstr(stage->dkim->verdict.reason, ==, "answer-missing");
}

static void test_none(void)
{
	g_autoptr(Stage) stage = stage_new(g_bytes_new_static(plain, strlen(plain)), NULL);

	stage_verify(stage);
	g_assert_true(stage->dkim->verdict.result == RESULT_NONE);
	g_assert_cmpstr(stage->dkim->verdict.reason, ==, "no-signature");
	g_assert_true(stage->dkim->verdict.is_final);
	g_assert_true(stage->dkim->best == (size_t)-1);
}

static void test_too_many(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(Stage) stage = NULL;

	for (int i = 0; i < 100; i++)
		g_string_append_printf(text,
			"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from; l=%d; "
			"bh=AAAA; b=AAAA\r\n",
			i);
	g_string_append(text, plain);
	stage = stage_new(g_bytes_new(text->str, text->len), NULL);
	stage_verify(stage);
	g_assert_cmpuint(stage->dkim->signatures->len, ==, 32);
	g_assert_nonnull(findings_find(stage->findings, "dkim-too-many-signatures"));
	g_assert_nonnull(findings_find(stage->findings, "dkim-too-many-body-hashes"));
	check_result(stage, 31, "permerror", "too-many-body-hashes");
}

static void test_coverage(void)
{
	static const SignOptions options = {
		.names = "From:to:Subject", .has_length = true, .length = 20
	};
	g_autofree char *record = signer_key_record(rsa_key, NULL);
	g_autoptr(Stage) stage = stage_new(signer_sign(rsa_key, slice_of(plain), &options), NULL);
	const DkimSignature *signature;

	suite_txt(stage->evidence, "test._domainkey.example.com", record);
	stage_verify(stage);
	signature = stage_signature(stage, 0);
	g_assert_cmpuint(signature->signed_fields->len, ==, 3);
	g_assert_cmpstr(g_ptr_array_index(signature->signed_fields, 0), ==, "from");
	g_assert_cmpuint(signature->unsigned_fields->len, ==, 2);
	g_assert_cmpstr(g_ptr_array_index(signature->unsigned_fields, 0), ==, "date");
	g_assert_cmpstr(g_ptr_array_index(signature->unsigned_fields, 1), ==, "message-id");
	g_assert_cmpuint(signature->body_length, ==, 27);
	g_assert_cmpuint(signature->body_signed, ==, 20);
	g_assert_true(signature->has_length_tag);
	g_assert_cmpstr(signature->identity, ==, "@example.com");
	g_assert_cmpstr(signature->key_name, ==, "test._domainkey.example.com");
}

/* The digest that an altered message was signed with is the one the right one has. */
static void test_recovered(void)
{
	static const SignOptions options = { 0 };
	g_autofree char *record = signer_key_record(rsa_key, NULL);
	g_autoptr(GBytes) message = signer_sign(rsa_key, slice_of(plain), &options);
	g_autoptr(Stage) good = stage_new(g_bytes_ref(message), NULL);
	g_autoptr(Stage) bad = stage_new(replaced(message, "folded", "altered"), NULL);

	suite_txt(good->evidence, "test._domainkey.example.com", record);
	suite_txt(bad->evidence, "test._domainkey.example.com", record);
	stage_verify(good);
	stage_verify(bad);
	g_assert_true(digest_equal(&stage_signature(bad, 0)->header_digest_signed,
		&stage_signature(good, 0)->header_digest_found));
	g_assert_false(digest_equal(&stage_signature(bad, 0)->header_digest_signed,
		&stage_signature(bad, 0)->header_digest_found));
}

int main(int argc, char **argv)
{
	int status;

	suite_init(&argc, &argv);
	rsa_key = signer_key_new(2048);
	weak_key = signer_key_new(768);
	ed_key = signer_key_new(0);
	g_test_add_func("/dkim/changes", test_changes);
	g_test_add_func("/dkim/expiry-without-clock", test_expiry_without_clock);
	g_test_add_func("/dkim/ed25519", test_ed25519);
	g_test_add_func("/dkim/weak-key", test_weak_key);
	g_test_add_func("/dkim/answers", test_answers);
	g_test_add_func("/dkim/final-without-answer", test_final_without_answer);
	g_test_add_func("/dkim/signed-in-future", test_signed_in_future);
	g_test_add_func("/dkim/nul-in-selector", test_nul_in_selector);
	g_test_add_func("/dkim/best", test_best);
	g_test_add_func("/dkim/waiting-beats-failing", test_waiting_beats_failing);
	g_test_add_func("/dkim/none", test_none);
	g_test_add_func("/dkim/too-many", test_too_many);
	g_test_add_func("/dkim/coverage", test_coverage);
	g_test_add_func("/dkim/recovered", test_recovered);
	status = g_test_run();
	signer_key_free(rsa_key);
	signer_key_free(weak_key);
	signer_key_free(ed_key);
	return status;
}
