/* Public keys of DKIM and ARC: the record at selector._domainkey.domain (RFC 6376, 3.6.1; RFC 8463;
 * RFC 8301), and checking a signature with one. */
#pragma once

#include "auth/context.h"
#include "base/digest.h"

typedef enum KeyStatus {
	KEY_FOUND,
	KEY_MISSING,  /* NXDOMAIN, or no TXT record */
	KEY_REVOKED,  /* p= is empty */
	KEY_UNUSABLE, /* broken, too weak, of another service, algorithm or hash */
	KEY_UNKNOWN,  /* not in the evidence, or the DNS failed */
} KeyStatus;

typedef enum SignatureCheck {
	SIGNATURE_UNCHECKED,
	SIGNATURE_VALID,
	SIGNATURE_ALTERED, /* made with this key, of another text */
	SIGNATURE_INVALID,
} SignatureCheck;

typedef enum KeyAlgorithm { KEY_RSA, KEY_ED25519 } KeyAlgorithm;

/* RSA keys below this count as none (RFC 8301, 3.2). */
#define KEY_RSA_BITS_LEAST 1024

/* A decoded key. */
typedef struct PubKey PubKey;

/* k= says which; octets are what p= decodes to: for RSA an RSAPublicKey (RFC 6376, 3.6.1) or, as
 * is common, a SubjectPublicKeyInfo; for Ed25519 the 32 octets (RFC 8463, 4). NULL where they are
 * no such key, or one that asks for unbounded work: modulus above LIMIT_RSA_BITS. */
PubKey *pubkey_new(KeyAlgorithm algorithm, Slice octets);
void pubkey_free(PubKey *key); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PubKey, pubkey_free)
int pubkey_bits(const PubKey *key);
/* As openssl(1) reads it: a SubjectPublicKeyInfo in PEM. Owned by the caller. */
char *pubkey_pem(const PubKey *key);

/* Checks a signature over digest, which kind made. *ret_signed is written on SIGNATURE_VALID and
 * SIGNATURE_ALTERED of RSA: the digest that was signed. SIGNATURE_ALTERED never comes of
 * Ed25519, whose signatures do not tell. */
SignatureCheck pubkey_check(PubKey *key, DigestKind kind, const DigestValue *digest,
	Slice signature, DigestValue *ret_signed);

typedef enum KeyProblem {
	KEY_OK,
	KEY_NO_LIST,         /* no tag list, or one with a tag twice (RFC 6376, 3.2) */
	KEY_WRONG_VERSION,   /* v= is not DKIM1, or not the first tag */
	KEY_NO_DATA,         /* p= is not there */
	KEY_EMPTY,           /* p= is empty: revoked */
	KEY_WRONG_TYPE,      /* k= is neither rsa nor ed25519 */
	KEY_NOT_BASE64,      /* p= */
	KEY_BROKEN,          /* p= holds no key */
	KEY_OTHER_ALGORITHM, /* than the signature's */
	KEY_OTHER_HASH,      /* h= does not list the signature's */
	KEY_OTHER_SERVICE,   /* s= lists neither email nor * */
	KEY_WEAK,            /* RSA below KEY_RSA_BITS_LEAST */
} KeyProblem;

/* What a key record says (RFC 6376, 3.6.1). */
typedef struct KeyRecord {
	KeyAlgorithm algorithm;
	PubKey *key;
	bool is_for_email;      /* s= */
	bool allows_sha1;       /* h= */
	bool allows_sha256;     /* h= */
	bool is_testing;        /* t=y */
	bool forbids_subdomain; /* t=s: the domain of i= must be d= itself */
} KeyRecord;

/* KEY_OK and the record, owned by the caller; or the first problem, up to KEY_BROKEN. */
KeyProblem key_record_parse(Slice text, KeyRecord **ret_record);
void key_record_free(KeyRecord *record); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyRecord, key_record_free)

/* Whether the record may serve a signature of that algorithm and hash: KEY_OK, or one of those
 * behind KEY_BROKEN. All but KEY_OTHER_ALGORITHM still let the signature be checked. */
KeyProblem key_record_fit(const KeyRecord *record, KeyAlgorithm algorithm, DigestKind digest);

const char *key_status_word(KeyStatus status);
const char *key_algorithm_word(KeyAlgorithm algorithm); /* as in k= */
const char *signature_check_word(SignatureCheck check);
