#include "auth/pubkey.h"

#include "base/limits.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#define ED25519_KEY_OCTETS 32
/* Real exponents are 3 or 65537; OpenSSL allows no longer ones with a modulus above 3,072 bits. */
#define RSA_EXPONENT_BITS_MOST 64

#define DER_INTEGER            0x02
#define DER_BIT_STRING         0x03
#define DER_SEQUENCE           0x30

struct PubKey {
	KeyAlgorithm algorithm;
	EVP_PKEY *pkey;
	EVP_PKEY_CTX *recovering[DIGEST_KINDS]; /* made when first needed */
};

/* DER's length (X.690, 8.1.3): one octet, or up to four that follow. */
static bool take_length(Slice *rest, size_t *ret_length)
{
	size_t length;
	size_t octets;

	if (rest->len == 0)
		return false;
	length = (unsigned char)rest->data[0];
	*rest = slice_sub(*rest, 1, rest->len);
	if (length >= 0x80) {
		octets = length & 0x7F;
		if (octets == 0 || octets > 4 || octets > rest->len)
			return false;
		length = 0;
		for (size_t i = 0; i < octets; i++)
			length = length << 8 | (unsigned char)rest->data[i];
		*rest = slice_sub(*rest, octets, rest->len);
	}
	*ret_length = length;
	return length <= rest->len;
}

/* Takes one element of that tag off the front of *rest. */
static bool take_element(Slice *rest, unsigned char tag, Slice *ret_content)
{
	size_t length;

	if (rest->len == 0 || (unsigned char)rest->data[0] != tag)
		return false;
	*rest = slice_sub(*rest, 1, rest->len);
	if (!take_length(rest, &length))
		return false;
	*ret_content = slice_sub(*rest, 0, length);
	*rest = slice_sub(*rest, length, rest->len);
	return true;
}

/* The RSAPublicKey inside a SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 3279, 2.3.1); spki is what
 * its SEQUENCE holds. */
static bool unwrap_spki(Slice spki, Slice *ret_key)
{
	/* OBJECT IDENTIFIER rsaEncryption; parameters are NULL, and some leave them out. */
	static const char rsa[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01";
	Slice algorithm;
	Slice bits;

	if (!take_element(&spki, DER_SEQUENCE, &algorithm) || !slice_starts(algorithm, rsa))
		return false;
	if (!take_element(&spki, DER_BIT_STRING, &bits) || bits.len == 0 || bits.data[0] != 0)
		return false;
	bits = slice_sub(bits, 1, bits.len);
	return take_element(&bits, DER_SEQUENCE, ret_key);
}

/* Modulus and exponent as unsigned numbers. What stands behind the key is no part of it. */
static bool split_rsa(Slice der, Slice *ret_modulus, Slice *ret_exponent)
{
	Slice key;
	Slice inner;

	if (!take_element(&der, DER_SEQUENCE, &key))
		return false;
	if (key.len > 0 && (unsigned char)key.data[0] == DER_SEQUENCE) {
		if (!unwrap_spki(key, &inner))
			return false;
		key = inner;
	}
	return take_element(&key, DER_INTEGER, ret_modulus) &&
	       take_element(&key, DER_INTEGER, ret_exponent);
}

static BIGNUM *number(Slice octets)
{
	if (octets.len == 0 || ((unsigned char)octets.data[0] & 0x80) != 0)
		return NULL;
	/* An integer as long as the longest modulus, with its sign octet; more is not read. */
	if (octets.len > LIMIT_RSA_BITS / 8 + 1)
		return NULL;
	return BN_bin2bn((const unsigned char *)octets.data, (int)octets.len, NULL);
}

/* An exponent of 1 would let anybody sign. */
static bool is_sound(const BIGNUM *modulus, const BIGNUM *exponent)
{
	return BN_num_bits(modulus) >= 2 && BN_num_bits(modulus) <= LIMIT_RSA_BITS &&
	       BN_is_odd(modulus) && BN_num_bits(exponent) >= 2 &&
	       BN_num_bits(exponent) <= RSA_EXPONENT_BITS_MOST && BN_is_odd(exponent);
}

static EVP_PKEY *rsa_from_params(OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static EVP_PKEY *rsa_from_numbers(const BIGNUM *modulus, const BIGNUM *exponent)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (build != NULL && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		pkey = rsa_from_params(params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	return pkey;
}

/* By a short walk of our own: OpenSSL's general decoder takes twenty times as long. */
static EVP_PKEY *decode_rsa(Slice der)
{
	EVP_PKEY *pkey = NULL;
	BIGNUM *modulus;
	BIGNUM *exponent;
	Slice modulus_octets;
	Slice exponent_octets;

	if (!split_rsa(der, &modulus_octets, &exponent_octets))
		return NULL;
	modulus = number(modulus_octets);
	exponent = number(exponent_octets);
	if (modulus != NULL && exponent != NULL && is_sound(modulus, exponent))
		pkey = rsa_from_numbers(modulus, exponent);
	BN_free(modulus);
	BN_free(exponent);
	return pkey;
}

static EVP_PKEY *decode_ed25519(Slice octets)
{
	if (octets.len != ED25519_KEY_OCTETS)
		return NULL;
	return EVP_PKEY_new_raw_public_key(
		EVP_PKEY_ED25519, NULL, (const unsigned char *)octets.data, octets.len);
}

PubKey *pubkey_new(KeyAlgorithm algorithm, Slice octets)
{
	EVP_PKEY *pkey = algorithm == KEY_RSA ? decode_rsa(octets) : decode_ed25519(octets);
	PubKey *key;

	ERR_clear_error();
	if (pkey == NULL)
		return NULL;
	key = g_new0(PubKey, 1);
	key->algorithm = algorithm;
	key->pkey = pkey;
	return key;
}

void pubkey_free(PubKey *key)
{
	if (key == NULL)
		return;
	for (size_t i = 0; i < DIGEST_KINDS; i++)
		EVP_PKEY_CTX_free(key->recovering[i]);
	EVP_PKEY_free(key->pkey);
	g_free(key);
}

int pubkey_bits(const PubKey *key)
{
	/* OpenSSL counts 253 for the size of the group; the key is known by its 256. */
	return key->algorithm == KEY_ED25519 ? 256 : EVP_PKEY_get_bits(key->pkey);
}

char *pubkey_pem(const PubKey *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data = NULL;
	char *text = NULL;
	long len;

	if (bio != NULL && PEM_write_bio_PUBKEY(bio, key->pkey) == 1) {
		len = BIO_get_mem_data(bio, &data);
		text = g_strndup(data, (gsize)len);
	}
	BIO_free(bio);
	if (text == NULL)
		g_error("OpenSSL cannot write a key that it has read");
	return text;
}

static const EVP_MD *message_digest(DigestKind kind)
{
	switch (kind) {
	case DIGEST_SHA1:
		return EVP_sha1();
	case DIGEST_SHA256:
		return EVP_sha256();
	case DIGEST_SHA512:
		return EVP_sha512();
	}
	g_assert_not_reached();
}

static bool begin_recovering(EVP_PKEY_CTX *ctx, DigestKind kind)
{
	return EVP_PKEY_verify_recover_init(ctx) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(ctx, message_digest(kind)) == 1;
}

/* NULL where OpenSSL does not take the key for that. */
static EVP_PKEY_CTX *recovering_context(PubKey *key, DigestKind kind)
{
	EVP_PKEY_CTX *ctx = key->recovering[kind];

	if (ctx != NULL)
		return ctx;
	ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
	if (ctx != NULL && !begin_recovering(ctx, kind)) {
		EVP_PKEY_CTX_free(ctx);
		return NULL;
	}
	key->recovering[kind] = ctx;
	return ctx;
}

/* Takes the PKCS#1 v1.5 padding and the DigestInfo off (RFC 8017, 8.2.2); OpenSSL compares the
 * whole encoding, so what comes out was signed with this key. */
static bool recover(PubKey *key, DigestKind kind, Slice signature, DigestValue *ret_digest)
{
	EVP_PKEY_CTX *ctx = recovering_context(key, kind);
	unsigned char octets[LIMIT_RSA_BITS / 8];
	size_t len = sizeof octets;

	if (ctx == NULL ||
		EVP_PKEY_verify_recover(ctx, octets, &len, (const unsigned char *)signature.data,
			signature.len) != 1 ||
		len > DIGEST_MAX)
		return false;
	memcpy(ret_digest->octets, octets, len);
	ret_digest->len = len;
	return true;
}

static SignatureCheck check_rsa(PubKey *key, DigestKind kind, const DigestValue *digest,
	Slice signature, DigestValue *ret_signed)
{
	DigestValue found = { .len = 0 };

	if (!recover(key, kind, signature, &found))
		return SIGNATURE_INVALID;
	*ret_signed = found;
	return digest_equal(&found, digest) ? SIGNATURE_VALID : SIGNATURE_ALTERED;
}

/* RFC 8463, 3: PureEdDSA over the digest. */
static SignatureCheck check_ed25519(EVP_PKEY *pkey, const DigestValue *digest, Slice signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;

	ok = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	     EVP_DigestVerify(ctx, (const unsigned char *)signature.data, signature.len,
		     digest->octets, digest->len) == 1;
	EVP_MD_CTX_free(ctx);
	return ok ? SIGNATURE_VALID : SIGNATURE_INVALID;
}

SignatureCheck pubkey_check(PubKey *key, DigestKind kind, const DigestValue *digest,
	Slice signature, DigestValue *ret_signed)
{
	SignatureCheck check = key->algorithm == KEY_RSA
				       ? check_rsa(key, kind, digest, signature, ret_signed)
				       : check_ed25519(key->pkey, digest, signature);

	ERR_clear_error();
	return check;
}

const char *key_status_word(KeyStatus status)
{
	static const char *const words[] = { "found", "missing", "revoked", "unusable", "unknown" };

	return words[status];
}

const char *key_algorithm_word(KeyAlgorithm algorithm)
{
	return algorithm == KEY_RSA ? "rsa" : "ed25519";
}

const char *signature_check_word(SignatureCheck check)
{
	static const char *const words[] = { "unchecked", "valid", "altered", "invalid" };

	return words[check];
}
