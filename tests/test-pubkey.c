/* Tests of auth/pubkey.h, auth/base64.h: key records, keys as DER, signatures. */
#include "auth/base64.h"
#include "auth/pubkey.h"
#include "dkim_suite.h"

#include <string.h>

static const struct {
	const char *text;
	const char *octets; /* NULL: no base64 */
} base64_rows[] = {
	{ "", "" },
	{ "Zg==", "f" },
	{ "Zg=", "f" },
	{ "Zg", "f" },
	{ "Zm8=", "fo" },
	{ "Zm9v", "foo" },
	{ " Z\r\n\tm 9 v ", "foo" },
	{ "Zm9vYmFy", "foobar" },
	{ "Zm9vYg = \r\n =", "foob" },
	{ "Zm9vY", NULL },
	{ "Z", NULL },
	{ "Zg===", NULL },
	{ "Zg==Zg==", NULL },
	{ "Zm9v!", NULL },
	{ "Zm-v", NULL },
	{ "Zm_v", NULL },
	{ "\xFF\xFE", NULL },
};

static void test_base64(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(base64_rows); i++) {
		Slice exact = suite_exact(slice_of(base64_rows[i].text));
		g_autoptr(GBytes) octets = base64_decode(exact);

		g_test_message("%s", base64_rows[i].text);
		g_assert_true((octets == NULL) == (base64_rows[i].octets == NULL));
		g_assert_true(
			octets == NULL || slice_is(slice_of_bytes(octets), base64_rows[i].octets));
		g_free((gpointer)(guintptr)exact.data);
	}
	g_assert_null(base64_decode(slice_make("Zm\0v", 4)));
}

#define KEY_1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnF" \
	"CjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY" \
	"9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
#define KEY_ED "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static const struct {
	const char *text;
	KeyProblem problem;
	KeyProblem fit; /* for rsa-sha256 */
} records[] = {
	{ "v=DKIM1; p=" KEY_1024, KEY_OK, KEY_OK },
	{ "p=" KEY_1024, KEY_OK, KEY_OK },
	{ "k=rsa; p=" KEY_1024 "; ", KEY_OK, KEY_OK },
	{ "p=" KEY_1024 "; v=DKIM1", KEY_WRONG_VERSION, KEY_OK },
	{ "v=DKIM1 ; x=y ; p=" KEY_1024, KEY_OK, KEY_OK },
	{ "v=dkim1; p=" KEY_1024, KEY_WRONG_VERSION, KEY_OK },
	{ "v=DKIM1; k=ed25519; p=" KEY_ED, KEY_OK, KEY_OTHER_ALGORITHM },
	{ "v=DKIM1; k=ed25519; p=" KEY_1024, KEY_BROKEN, KEY_OK },
	{ "v=DKIM1; k=rsa; p=" KEY_ED, KEY_BROKEN, KEY_OK },
	{ "v=DKIM1; k=dsa; p=" KEY_1024, KEY_WRONG_TYPE, KEY_OK },
	{ "v=DKIM1; p=", KEY_EMPTY, KEY_OK },
	{ "v=DKIM1; p= ; k=rsa", KEY_EMPTY, KEY_OK },
	{ "v=DKIM1; k=rsa", KEY_NO_DATA, KEY_OK },
	{ "", KEY_NO_DATA, KEY_OK },
	{ "v=DKIM1; p=" KEY_1024 "; p=" KEY_1024, KEY_NO_LIST, KEY_OK },
	{ "some text", KEY_NO_LIST, KEY_OK },
	{ "v=DKIM1; p=MIG@", KEY_NOT_BASE64, KEY_OK },
	{ "v=DKIM1; p=MIGf", KEY_BROKEN, KEY_OK },
	{ "v=DKIM1; h=sha1; p=" KEY_1024, KEY_OK, KEY_OTHER_HASH },
	{ "v=DKIM1; h= sha1 : sha256 ; p=" KEY_1024, KEY_OK, KEY_OK },
	{ "v=DKIM1; h=; p=" KEY_1024, KEY_OK, KEY_OTHER_HASH },
	{ "v=DKIM1; s=email; p=" KEY_1024, KEY_OK, KEY_OK },
	{ "v=DKIM1; s=other:*; p=" KEY_1024, KEY_OK, KEY_OK },
	{ "v=DKIM1; s=emails; p=" KEY_1024, KEY_OK, KEY_OTHER_SERVICE },
	{ "v=DKIM1; g=; n=; t=x:z; p=" KEY_1024, KEY_OK, KEY_OK },
};

static void test_records(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(records); i++) {
		Slice exact = suite_exact(slice_of(records[i].text));
		g_autoptr(KeyRecord) record = NULL;
		KeyProblem problem = key_record_parse(exact, &record);

		g_test_message("%s", records[i].text);
		g_assert_cmpint((int)problem, ==, (int)records[i].problem);
		g_assert_true((record != NULL) == (problem == KEY_OK));
		if (record != NULL)
			g_assert_cmpint((int)key_record_fit(record, KEY_RSA, DIGEST_SHA256), ==,
				(int)records[i].fit);
		g_free((gpointer)(guintptr)exact.data);
	}
}

static void test_flags(void)
{
	g_autoptr(KeyRecord) record = NULL;

	g_assert_true(key_record_parse(slice_of("t= s : y ; p=" KEY_1024), &record) == KEY_OK);
	g_assert_true(record->is_testing);
	g_assert_true(record->forbids_subdomain);
	g_assert_cmpint(pubkey_bits(record->key), ==, 1024);
}

static SignatureCheck check_text(
	PubKey *key, DigestKind kind, const char *text, GBytes *signature, DigestValue *found)
{
	DigestValue digest = digest_of(kind, slice_of(text));

	return pubkey_check(key, kind, &digest, slice_of_bytes(signature), found);
}

static void check_forms(const SignerKey *signer, bool is_bare, DigestKind kind)
{
	g_autoptr(GBytes) octets = signer_key_octets(signer, is_bare);
	g_autoptr(PubKey) key = pubkey_new(KEY_RSA, slice_of_bytes(octets));
	g_autoptr(GBytes) signature = signer_make(signer, kind, slice_of("text"));
	g_autoptr(GBytes) short_one = g_bytes_new_from_bytes(signature, 0, 100);
	DigestValue signed_digest = { .len = 0 };
	DigestValue right = digest_of(kind, slice_of("text"));

	g_assert_nonnull(key);
	g_assert_true(check_text(key, kind, "text", signature, &signed_digest) == SIGNATURE_VALID);
	g_assert_true(
		check_text(key, kind, "other", signature, &signed_digest) == SIGNATURE_ALTERED);
	g_assert_true(digest_equal(&signed_digest, &right));
	g_assert_true(
		check_text(key, kind, "text", short_one, &signed_digest) == SIGNATURE_INVALID);
}

static void test_rsa(void)
{
	g_autoptr(SignerKey) signer = signer_key_new(1024);
	g_autoptr(SignerKey) other = signer_key_new(1024);
	g_autoptr(GBytes) octets = signer_key_octets(other, false);
	g_autoptr(PubKey) key = pubkey_new(KEY_RSA, slice_of_bytes(octets));
	g_autoptr(GBytes) signature = signer_make(signer, DIGEST_SHA256, slice_of("text"));
	DigestValue found = { .len = 0 };

	check_forms(signer, false, DIGEST_SHA256);
	check_forms(signer, true, DIGEST_SHA256);
	check_forms(signer, false, DIGEST_SHA1);
	g_assert_true(
		check_text(key, DIGEST_SHA256, "text", signature, &found) == SIGNATURE_INVALID);
	/* A signature by the right key with another hash's DigestInfo is none of this hash. */
	g_assert_true(check_text(key, DIGEST_SHA1, "text", signature, &found) == SIGNATURE_INVALID);
}

/* Every cut of a key, and every octet of it changed: no over-read, and no crash. */
static void test_broken_der(void)
{
	g_autoptr(GBytes) octets = base64_decode(slice_of(KEY_1024));
	Slice whole = slice_of_bytes(octets);

	for (size_t i = 0; i < whole.len; i++) {
		Slice cut = suite_exact(slice_sub(whole, 0, i));
		Slice changed = suite_exact(whole);
		g_autoptr(PubKey) none = pubkey_new(KEY_RSA, cut);
		g_autoptr(PubKey) maybe = NULL;

		((char *)(guintptr)changed.data)[i] ^= (char)0xFF;
		maybe = pubkey_new(KEY_RSA, changed);
		g_assert_null(none);
		g_free((gpointer)(guintptr)cut.data);
		g_free((gpointer)(guintptr)changed.data);
	}
}

/* An RSAPublicKey with a modulus of so many octets, all of them 0xFF, and that exponent. */
static PubKey *made_key(size_t octets, const char *exponent, size_t exponent_len)
{
	g_autoptr(GString) inner = g_string_new(NULL);
	g_autoptr(GString) der = g_string_new(NULL);

	g_string_append_printf(inner, "\x02\x82%c%c", 1, 1);
	inner->str[2] = (char)((octets + 1) >> 8);
	inner->str[3] = (char)((octets + 1) & 0xFF);
	g_string_append_c(inner, '\0');
	for (size_t i = 0; i < octets; i++)
		g_string_append_c(inner, (char)0xFF);
	g_string_append_c(inner, 2);
	g_string_append_c(inner, (char)exponent_len);
	g_string_append_len(inner, exponent, (gssize)exponent_len);
	g_string_append_len(der, "\x30\x82", 2);
	g_string_append_c(der, (char)(inner->len >> 8));
	g_string_append_c(der, (char)(inner->len & 0xFF));
	g_string_append_len(der, inner->str, (gssize)inner->len);
	return pubkey_new(KEY_RSA, slice_make(der->str, der->len));
}

static void test_bounds(void)
{
	static const struct {
		size_t octets;
		const char *exponent;
		size_t exponent_len;
		bool is_key;
	} rows[] = { { 256, "\x01\x00\x01", 3, true }, { 256, "\x03", 1, true },
		{ 1024, "\x01\x00\x01", 3, true }, { 1025, "\x01\x00\x01", 3, false },
		{ 256, "\x01", 1, false }, { 256, "\x02", 1, false }, { 256, "\0", 1, false },
		{ 256, "", 0, false }, { 256, "\x81", 1, false },
		{ 256, "\x01\1\1\1\1\1\1\1\1", 9, false } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(PubKey) key =
			made_key(rows[i].octets, rows[i].exponent, rows[i].exponent_len);

		g_test_message("row %u", (unsigned)i);
		g_assert_true((key != NULL) == rows[i].is_key);
		g_assert_true(key == NULL || pubkey_bits(key) == (int)rows[i].octets * 8);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/pubkey/base64", test_base64);
	g_test_add_func("/pubkey/records", test_records);
	g_test_add_func("/pubkey/flags", test_flags);
	g_test_add_func("/pubkey/rsa", test_rsa);
	g_test_add_func("/pubkey/broken-der", test_broken_der);
	g_test_add_func("/pubkey/bounds", test_bounds);
	return g_test_run();
}
