/* Key records of hostile domains: what is taken for a key can be used, in bounded time. */
#include "auth/pubkey.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);
	g_autoptr(KeyRecord) record = NULL;
	DigestValue digest = digest_of(DIGEST_SHA256, text);
	DigestValue signed_digest;

	if (key_record_parse(text, &record) != KEY_OK)
		return 0;
	g_assert_nonnull(record->key);
	g_assert_cmpint(pubkey_bits(record->key), <=, LIMIT_RSA_BITS);
	key_record_fit(record, KEY_RSA, DIGEST_SHA256);
	pubkey_check(record->key, DIGEST_SHA256, &digest, text, &signed_digest);
	return 0;
}
