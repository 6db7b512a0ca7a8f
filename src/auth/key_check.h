/* A signature tried against the keys that the evidence has for it (RFC 6376, 6.1.2 and 6.1.3). */
#pragma once

#include "auth/context.h"
#include "auth/dkim_signature.h"

/* What was found out; every part of it as far as the evidence goes. */
typedef struct KeyCheck {
	KeyStatus status;
	KeyProblem problem; /* with KEY_REVOKED and KEY_UNUSABLE */
	bool is_recorded;   /* the evidence has an answer */
	DnsOutcome outcome; /* of the answer */
	DnsSecurity security;
	int64_t at;     /* when the answer was taken (ms); TIME_UNKNOWN: undated or none */
	size_t records; /* TXT records at the name */
	KeyAlgorithm algorithm;
	int bits; /* 0: no key could be decoded */
	bool is_testing;
	bool forbids_subdomain;
	SignatureCheck signature;
	DigestValue signed_digest; /* recovered (RSA); len 0 otherwise */
} KeyCheck;

/* header is the digest that the signature ought to cover. Asks nothing where tags has no name to
 * ask for. The answer is counted for no verdict: the caller knows whether its verdict rests on it,
 * and calls key_check_rest_on() then. */
KeyCheck key_check(const SignatureTags *tags, const DigestValue *header, Context *context);
/* The keys of the signature's algorithm that are recorded, usable for it or not; of PubKey, owned
 * by the caller. Empty where there is none. */
GPtrArray *key_check_keys(const SignatureTags *tags, Context *context);
void key_check_rest_on(const SignatureTags *tags, Context *context, Verdict *verdict);

/* Sets verdict where the key forbids a pass, and says so. */
bool key_check_settles(const KeyCheck *check, const SignatureTags *tags, Verdict *verdict);
