/* Corners of DKIM that the published sets leave out: bodies that are empty or have no end, names in
 * h=, white space, and keys of every shape (tests/corpora/README has the whole list). */
#include "auth/dkim_dump.h"
#include "dkim_suite.h"
#include "dns/evidence_file.h"

#include <string.h>

#define KEY_NAME "test._domainkey.example.com"

static const char header[] = "From: Alice <alice@example.com>\r\n"
			     "To: bob@example.net\r\n"
			     "Subject: corners\r\n"
			     "Date: Tue, 24 Nov 2026 02:15:00 +0000\r\n";

static SignerKey *key, *other_key;

static GBytes *joined(const char *first, const char *second, const char *third)
{
	g_autofree char *text = g_strconcat(first, second, third, NULL);

	return g_bytes_new(text, strlen(text));
}

static GBytes *replaced(GBytes *message, const char *from, const char *to)
{
	g_autofree char *text = slice_dup(slice_of_bytes(message));
	char *at = strstr(text, from);

	g_assert_nonnull(at);
	*at = '\0';
	return joined(text, to, at + strlen(from));
}

/* "pass signature-valid" of the only signature; takes evidence over. */
static char *verify(GBytes *message, Evidence *evidence)
{
	g_autoptr(Stage) stage = stage_new(g_bytes_ref(message), evidence);
	const Verdict *verdict;

	stage_verify(stage);
	verdict = &stage_signature(stage, 0)->verdict;
	return g_strconcat(auth_result_word(verdict->result), " ", verdict->reason, NULL);
}

static Evidence *evidence_of(const char *record)
{
	Evidence *evidence = evidence_new();

	suite_txt(evidence, KEY_NAME, record);
	return evidence;
}

static char *verify_with(GBytes *message, const SignerKey *signer)
{
	g_autofree char *record = signer_key_record(signer, NULL);

	return verify(message, evidence_of(record));
}

/* --- bodies (3.4.3, 3.4.4) */

static const struct {
	const char *name;
	const char *signed_body; /* with the empty line before it; NULL: not even that */
	const char *shown_body;
	bool simple, relaxed; /* whether it is the same body */
} bodies[] = {
	{ "no body, no empty line", NULL, NULL, true, true },
	{ "an empty line appears", NULL, "\r\n", true, true },
	{ "an empty line goes", "\r\n", NULL, true, true },
	{ "empty lines appear", "\r\n", "\r\n\r\n\r\n", true, true },
	{ "empty lines go", "\r\n\r\n\r\n", "\r\n", true, true },
	{ "blanks appear", "\r\n", "\r\n \t\r\n", false, true },
	{ "blanks go", "\r\n \t\r\n", "\r\n", false, true },
	{ "text appears", "\r\n", "\r\nx\r\n", false, false },
	{ "no line end", "\r\ntext", "\r\ntext", true, true },
	{ "a line end appears", "\r\ntext", "\r\ntext\r\n", true, true },
	{ "a line end goes", "\r\ntext\r\n", "\r\ntext", true, true },
	{ "blanks at an end without line end", "\r\ntext", "\r\ntext \t", false, true },
	{ "an empty line at the front", "\r\n\r\ntext\r\n", "\r\n\r\ntext\r\n", true, true },
	{ "an empty line at the front goes", "\r\n\r\ntext\r\n", "\r\ntext\r\n", false, false },
};

static void check_body(size_t row, const char *canon, bool is_same)
{
	SignOptions options = { .canon = canon };
	g_autoptr(GBytes) message = joined(header, bodies[row].signed_body, NULL);
	g_autoptr(GBytes) signed_one = signer_sign(key, slice_of_bytes(message), &options);
	g_autoptr(GBytes) stored = NULL;
	g_autofree char *found = NULL;
	Slice text = slice_of_bytes(signed_one);
	size_t shown_header = (size_t)slice_find(text, slice_of(header)) + strlen(header);
	g_autofree char *top = slice_dup(slice_sub(text, 0, shown_header));

	stored = joined(top, bodies[row].shown_body, NULL);
	found = verify_with(stored, key);
	g_test_message("%s, %s", bodies[row].name, canon);
	g_assert_cmpstr(found, ==, is_same ? "pass signature-valid" : "fail body-hash-mismatch");
}

static void test_bodies(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		check_body(i, "simple/simple", bodies[i].simple);
		check_body(i, "relaxed/simple", bodies[i].simple);
		check_body(i, "simple/relaxed", bodies[i].relaxed);
		check_body(i, "relaxed/relaxed", bodies[i].relaxed);
	}
}

/* --- h= (5.4.2) */

#define TRACE "X-Trace: one\r\nX-Trace: two\r\nX-Trace: three\r\n"
#define NAMED "pass signature-valid"
#define OTHER "fail signature-altered"

static const struct {
	const char *name;
	const char *names;
	const char *from, *to; /* replaced after signing; NULL: nothing */
	const char *result;
} lists[] = {
	{ "a name that is not there", "from:x-absent:x-absent", NULL, NULL, NAMED },
	{ "a name that was not there appears", "from:x-absent", "X-Trace: one",
		"X-Absent: 1\r\nX-Trace: one", OTHER },
	{ "a name that is not there, between others", "from:x-absent:subject", "X-Trace: one",
		"X-Absent: 1\r\nX-Trace: one", OTHER },
	{ "repeated names", "from:x-trace:x-trace:x-trace", NULL, NULL, NAMED },
	{ "repeated names count from the bottom", "from:x-trace", "X-Trace: two", "X-Trace: 2",
		NAMED },
	{ "the bottom one is signed", "from:x-trace", "X-Trace: three", "X-Trace: 3", OTHER },
	{ "two are signed", "from:x-trace:x-trace", "X-Trace: one", "X-Trace: 1", NAMED },
	{ "the second is signed", "from:x-trace:x-trace", "X-Trace: two", "X-Trace: 2", OTHER },
	{ "their order is signed", "from:x-trace:x-trace:x-trace", TRACE,
		"X-Trace: two\r\nX-Trace: one\r\nX-Trace: three\r\n", OTHER },
	{ "one more above", "from:x-trace:x-trace:x-trace", "X-Trace: one",
		"X-Trace: zero\r\nX-Trace: one", NAMED },
	{ "one more above, over-signed", "from:x-trace:x-trace:x-trace:x-trace", "X-Trace: one",
		"X-Trace: zero\r\nX-Trace: one", OTHER },
	{ "other fields between them", "from:x-trace:x-trace", "X-Trace: three",
		"X-Else: 1\r\nX-Trace: three", NAMED },
	{ "names in other letters", "FROM:X-TRACE:sUBJECT", "Subject", "SUBJECT", NAMED },
	{ "folded and spaced", "from \r\n\t:\r\n \tx-trace\t: subject", NULL, NULL, NAMED },
};

static void test_lists(void)
{
	g_autofree char *text = g_strconcat(header, TRACE, "\r\nHello.\r\n", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		SignOptions options = { .names = lists[i].names };
		g_autoptr(GBytes) signed_one = signer_sign(key, slice_of(text), &options);
		g_autoptr(GBytes) stored =
			lists[i].from != NULL ? replaced(signed_one, lists[i].from, lists[i].to)
					      : g_bytes_ref(signed_one);
		g_autofree char *found = verify_with(stored, key);

		g_test_message("%s", lists[i].name);
		g_assert_cmpstr(found, ==, lists[i].result);
	}
}

/* --- white space (3.2, 3.5) */

static GBytes *plain_signed(const SignerKey *signer, const SignOptions *options)
{
	g_autoptr(GBytes) message = joined(header, "\r\nHello.\r\n", NULL);

	return signer_sign(signer, slice_of_bytes(message), options);
}

static void test_tag_blanks(void)
{
	static const char *const canons[] = { "simple/simple", "relaxed/relaxed" };

	for (size_t i = 0; i < G_N_ELEMENTS(canons); i++) {
		SignOptions options = { .canon = canons[i],
			.more = "t \r\n\t=\t1000\r\n ;\tx-y_z = \t;q\t=\r\n\tdns/txt : http ; " };
		SignOptions allowed = options;
		g_autoptr(GBytes) bad = plain_signed(key, &options);
		g_autofree char *bad_found = verify_with(bad, key);
		g_autoptr(GBytes) good = NULL;
		g_autofree char *found = NULL;

		allowed.more = "t \r\n\t=\t1000\r\n ;\tx_y = \t;q\t=\r\n\tdns/txt : http ; ";
		good = plain_signed(key, &allowed);
		found = verify_with(good, key);
		g_assert_cmpstr(found, ==, "pass signature-valid");
		g_assert_cmpstr(bad_found, ==, "permerror no-tag-list");
	}
}

/* The message with the folds inside b= made others; none of the fields below has any. */
static GBytes *refolded(GBytes *message, const char *fold)
{
	g_autofree char *text = slice_dup(slice_of_bytes(message));
	char *signature = strstr(text, "; b=") + strlen("; b=");
	g_auto(GStrv) lines = g_strsplit(signature, "\r\n\t", -1);
	g_autofree char *changed = g_strjoinv(fold, lines);

	g_assert_cmpuint(g_strv_length(lines), >, 5);
	*signature = '\0';
	return joined(text, changed, NULL);
}

/* White space in b= is neither data nor hashed (3.7), whatever the canonicalisation. */
static void test_signature_blanks(void)
{
	static const char *const canons[] = { "simple/simple", "relaxed/relaxed" };
	static const char *const folds[] = { "", " ", " \t \r\n \t", "\r\n ", "\t" };

	for (size_t i = 0; i < G_N_ELEMENTS(canons) * G_N_ELEMENTS(folds); i++) {
		SignOptions options = { .canon = canons[i % 2] };
		g_autoptr(GBytes) signed_one = plain_signed(key, &options);
		g_autoptr(GBytes) stored = refolded(signed_one, folds[i / 2]);
		g_autofree char *found = verify_with(stored, key);

		g_test_message("%s, fold %zu", options.canon, i / 2);
		g_assert_cmpstr(found, ==, "pass signature-valid");
	}
}

/* p= with white space, and without its padding. */
static void test_key_blanks(void)
{
	static const SignOptions options = { 0 };
	g_autoptr(GBytes) message = plain_signed(key, &options);
	g_autofree char *record = signer_key_record(key, NULL);
	g_autoptr(GString) spaced = g_string_new(NULL);
	g_autofree char *found = NULL;

	for (const char *at = record; *at != '\0'; at++) {
		g_string_append_c(spaced, *at);
		if (at > strstr(record, "p=") + 1 && (at - record) % 7 == 0)
			g_string_append(spaced, at - record > 60 ? " \t " : "\r\n ");
	}
	found = verify(message, evidence_of(spaced->str));
	g_assert_cmpstr(found, ==, "pass signature-valid");
}

/* A key in several strings, as the DNS carries it (3.6.2.2): nothing is put between them. */
static Evidence *evidence_in_strings(const char *record, size_t length)
{
	g_autoptr(GString) text =
		g_string_new(";q " KEY_NAME ". TXT NOERROR n=1\n" KEY_NAME ". 60 IN TXT");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	Evidence *evidence = evidence_new();

	for (size_t at = 0; at < strlen(record); at += length)
		g_string_append_printf(text, " \"%.*s\"", (int)length, record + at);
	g_string_append_c(text, '\n');
	evidence_parse(slice_make(text->str, text->len), "test", evidence, notes);
	g_assert_cmpuint(evidence_count(evidence), ==, 1);
	return evidence;
}

static void test_key_strings(void)
{
	static const SignOptions options = { 0 };
	static const size_t lengths[] = { 255, 254, 100, 7, 1 };
	g_autoptr(GBytes) message = plain_signed(key, &options);
	g_autofree char *record = signer_key_record(key, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autofree char *found = verify(message, evidence_in_strings(record, lengths[i]));

		g_test_message("strings of %zu octets", lengths[i]);
		g_assert_cmpstr(found, ==, "pass signature-valid");
	}
}

/* --- keys (3.6.1; RFC 8301) */

static char *bare_record(const SignerKey *signer)
{
	g_autoptr(GBytes) octets = signer_key_octets(signer, true);
	g_autofree char *text = g_base64_encode(
		(const guchar *)slice_of_bytes(octets).data, slice_of_bytes(octets).len);

	return g_strconcat("p=", text, NULL);
}

static void check_bits(const SignerKey *signer, int bits, bool is_enough)
{
	static const SignOptions options = { 0 };
	g_autoptr(GBytes) message = plain_signed(signer, &options);
	g_autofree char *record = signer_key_record(signer, NULL);
	g_autofree char *bare = bare_record(signer);
	const char *const records[] = { record, bare };

	for (size_t i = 0; i < G_N_ELEMENTS(records); i++) {
		g_autoptr(Stage) stage = stage_new(g_bytes_ref(message), evidence_of(records[i]));

		stage_verify(stage);
		g_test_message("%d bits, %s", bits, i == 0 ? "SPKI" : "PKCS#1");
		g_assert_cmpstr(stage_signature(stage, 0)->verdict.reason, ==,
			is_enough ? "signature-valid" : "key-weak");
		/* Weak or not, what the signature says is told. */
		g_assert_true(stage_signature(stage, 0)->header_signature == SIGNATURE_VALID);
		g_assert_cmpint(stage_signature(stage, 0)->key_bits, ==, bits);
	}
}

static void test_bits(void)
{
	static const unsigned made[] = { 512, 1023, 1024, 1025, 1536 };
	g_autoptr(SignerKey) four = signer_key_read("tests/data/keys/rsa-4096.pem");
	g_autoptr(SignerKey) eight = signer_key_read("tests/data/keys/rsa-8192.pem");

	for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
		g_autoptr(SignerKey) signer = signer_key_new(made[i]);

		check_bits(signer, (int)made[i], made[i] >= 1024);
	}
	check_bits(four, 4096, true);
	check_bits(eight, 8192, true);
}

/* Several records at a selector: the one that serves is used, wherever it stands. */
static void test_several_keys(void)
{
	static const SignOptions options = { 0 };
	g_autoptr(SignerKey) ed25519 = signer_key_new(0);
	g_autoptr(GBytes) message = plain_signed(key, &options);
	g_autofree char *right = signer_key_record(key, NULL);
	g_autofree char *wrong = signer_key_record(other_key, NULL);
	g_autofree char *other_kind = signer_key_record(ed25519, NULL);
	const struct {
		const char *records[3];
		const char *result;
	} rows[] = {
		{ { right, wrong }, "pass signature-valid" },
		{ { wrong, right }, "pass signature-valid" },
		{ { other_kind, right }, "pass signature-valid" },
		{ { "v=DKIM1; p=", right }, "pass signature-valid" },
		{ { right, "v=DKIM1; p=" }, "pass signature-valid" },
		{ { "google-site-verification=x", "v=spf1 -all", right }, "pass signature-valid" },
		{ { wrong, other_kind }, "fail signature-invalid" },
		{ { other_kind, wrong }, "fail signature-invalid" },
		{ { "v=spf1 -all", "v=DKIM1; p=" }, "permerror key-revoked" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Evidence *evidence = evidence_of(rows[i].records[0]);
		g_autofree char *found = NULL;

		for (size_t j = 1; j < 3 && rows[i].records[j] != NULL; j++)
			suite_more_txt(evidence, KEY_NAME, rows[i].records[j]);
		found = verify(message, evidence);
		g_test_message("row %zu", i);
		g_assert_cmpstr(found, ==, rows[i].result);
	}
}

/* --- thirty signatures (4.2: "may have multiple") */

static void test_thirty(void)
{
	static const SignOptions options = { 0 };
	g_autofree char *record = signer_key_record(key, NULL);
	GBytes *message = plain_signed(key, &options);
	g_autoptr(Stage) stage = NULL;

	for (unsigned i = 1; i < 30; i++) {
		GBytes *more = signer_sign(key, slice_of_bytes(message), &options);

		g_bytes_unref(message);
		message = more;
	}
	stage = stage_new(message, evidence_of(record));
	stage_verify(stage);
	g_assert_cmpuint(stage->dkim->signatures->len, ==, 30);
	for (unsigned i = 0; i < 30; i++)
		g_assert_true(stage_signature(stage, i)->verdict.result == RESULT_PASS);
	g_assert_null(findings_find(stage->findings, "dkim-too-many-signatures"));
	g_assert_null(findings_find(stage->findings, "dkim-too-many-body-hashes"));
	g_assert_cmpuint(stage->context->asked->len, ==, 1);
}

/* The names of --dump's files come from a worker that is not believed. */
static void test_dump_names(void)
{
	static const struct {
		const char *name;
		bool is_good;
	} rows[] = {
		{ "message12-signature1-header.txt", true },
		{ "message12-signature32-key.pem", true },
		{ "message12-signature33-key.pem", false },
		{ "message12-signature0-key.pem", false },
		{ "message1-signature1-header.txt", false },
		{ "message12-signature1-header.txt/x", false },
		{ "../message12-signature1-header.txt", false },
		{ "message12-signature1-../../x", false },
		{ "", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i].name);
		g_assert_true(dkim_dump_has_name("12", rows[i].name) == rows[i].is_good);
	}
}

int main(int argc, char **argv)
{
	int status;

	suite_init(&argc, &argv);
	key = signer_key_new(2048);
	other_key = signer_key_new(2048);
	g_test_add_func("/dkim/corners/bodies", test_bodies);
	g_test_add_func("/dkim/corners/lists", test_lists);
	g_test_add_func("/dkim/corners/tag-blanks", test_tag_blanks);
	g_test_add_func("/dkim/corners/signature-blanks", test_signature_blanks);
	g_test_add_func("/dkim/corners/key-blanks", test_key_blanks);
	g_test_add_func("/dkim/corners/key-strings", test_key_strings);
	g_test_add_func("/dkim/corners/bits", test_bits);
	g_test_add_func("/dkim/corners/several-keys", test_several_keys);
	g_test_add_func("/dkim/corners/thirty", test_thirty);
	g_test_add_func("/dkim/corners/dump-names", test_dump_names);
	status = g_test_run();
	signer_key_free(key);
	signer_key_free(other_key);
	return status;
}
