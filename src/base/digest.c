#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

struct Digest {
	EVP_MD_CTX *ctx;
};

/* Fetched once: OpenSSL looks through its providers each time it is given EVP_sha256() or the like.
 */
static const EVP_MD *algorithm(DigestKind kind)
{
	static const char *const names[DIGEST_KINDS] = { "SHA1", "SHA256", "SHA512" };
	static EVP_MD *fetched[DIGEST_KINDS];
	static gsize is_ready;

	if (g_once_init_enter(&is_ready)) {
		for (size_t i = 0; i < DIGEST_KINDS; i++)
			fetched[i] = EVP_MD_fetch(NULL, names[i], NULL);
		g_once_init_leave(&is_ready, 1);
	}
	return fetched[kind];
}

Digest *digest_new(DigestKind kind)
{
	Digest *digest = g_new0(Digest, 1);

	digest->ctx = EVP_MD_CTX_new();
	g_assert(digest->ctx != NULL);
	if (EVP_DigestInit_ex(digest->ctx, algorithm(kind), NULL) != 1)
		g_error("OpenSSL offers no such digest");
	return digest;
}

void digest_add(Digest *digest, Slice octets)
{
	if (octets.len > 0 && EVP_DigestUpdate(digest->ctx, octets.data, octets.len) != 1)
		g_error("OpenSSL's digest refuses octets");
}

DigestValue digest_finish(Digest *digest)
{
	DigestValue value = { .len = 0 };
	unsigned int len = 0;

	if (EVP_DigestFinal_ex(digest->ctx, value.octets, &len) != 1)
		g_error("OpenSSL's digest does not end");
	value.len = len;
	return value;
}

Digest *digest_copy(const Digest *digest)
{
	Digest *copy = g_new0(Digest, 1);

	copy->ctx = EVP_MD_CTX_new();
	g_assert(copy->ctx != NULL);
	if (EVP_MD_CTX_copy_ex(copy->ctx, digest->ctx) != 1)
		g_error("OpenSSL's digest cannot be copied");
	return copy;
}

void digest_free(Digest *digest)
{
	if (digest == NULL)
		return;
	EVP_MD_CTX_free(digest->ctx);
	g_free(digest);
}

DigestValue digest_of(DigestKind kind, Slice octets)
{
	g_autoptr(Digest) digest = digest_new(kind);

	digest_add(digest, octets);
	return digest_finish(digest);
}

#define HMAC_BLOCK ((size_t)64) /* octets that SHA-256 takes at a time */

static Digest *hmac_start(const DigestValue *key, unsigned char pad)
{
	unsigned char block[HMAC_BLOCK];
	Digest *digest = digest_new(DIGEST_SHA256);

	for (size_t i = 0; i < HMAC_BLOCK; i++)
		block[i] = (unsigned char)((i < key->len ? key->octets[i] : 0) ^ pad);
	digest_add(digest, slice_make((const char *)block, HMAC_BLOCK));
	return digest;
}

DigestValue digest_keyed(Slice key, Slice octets)
{
	DigestValue short_key = { .len = key.len };
	g_autoptr(Digest) inner = NULL;
	g_autoptr(Digest) outer = NULL;
	DigestValue digest;

	if (key.len > HMAC_BLOCK)
		short_key = digest_of(DIGEST_SHA256, key);
	else if (key.len > 0)
		memcpy(short_key.octets, key.data, key.len);
	inner = hmac_start(&short_key, 0x36);
	outer = hmac_start(&short_key, 0x5C);
	digest_add(inner, octets);
	digest = digest_finish(inner);
	digest_add(outer, slice_make((const char *)digest.octets, digest.len));
	return digest_finish(outer);
}

bool digest_equal(const DigestValue *a, const DigestValue *b)
{
	return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

char *digest_hex(const DigestValue *value)
{
	static const char digits[] = "0123456789abcdef";
	char *text = g_malloc(2 * value->len + 1);

	for (size_t i = 0; i < value->len; i++) {
		text[2 * i] = digits[value->octets[i] >> 4];
		text[2 * i + 1] = digits[value->octets[i] & 15];
	}
	text[2 * value->len] = '\0';
	return text;
}

const char *digest_library(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}
