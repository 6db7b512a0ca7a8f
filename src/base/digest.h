/* Message digests (SHA-1 only to name what RFC 8301 forbids), a thin room around OpenSSL's EVP. */
#pragma once

#include "base/slice.h"

typedef enum DigestKind { DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512 } DigestKind;

#define DIGEST_KINDS 3
#define DIGEST_MAX   64 /* octets of the longest of them */

typedef struct DigestValue {
	unsigned char octets[DIGEST_MAX];
	size_t len;
} DigestValue;

typedef struct Digest Digest;

/* Running digest; a digest that is finished must not be fed again. */
Digest *digest_new(DigestKind kind);
void digest_add(Digest *digest, Slice octets);
DigestValue digest_finish(Digest *digest);
/* Another one that goes on from where digest is. */
Digest *digest_copy(const Digest *digest);
void digest_free(Digest *digest); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Digest, digest_free)

DigestValue digest_of(DigestKind kind, Slice octets);
/* HMAC with SHA-256 (RFC 2104). */
DigestValue digest_keyed(Slice key, Slice octets);
bool digest_equal(const DigestValue *a, const DigestValue *b);
/* Lower-case hexadecimal; owned by the caller. */
char *digest_hex(const DigestValue *value);

/* The library behind it, with its version; static. */
const char *digest_library(void);
