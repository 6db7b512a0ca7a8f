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

const char *key_status_word(KeyStatus status);
const char *signature_check_word(SignatureCheck check);
