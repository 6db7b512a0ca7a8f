/* DKIM (RFC 6376, 8301, 8463): every signature, in three answers that are kept apart. */
#pragma once

#include "auth/canon.h"
#include "auth/context.h"
#include "auth/dkim_copies.h"
#include "auth/pubkey.h"
#include "auth/signature_exam.h"
#include "auth/signed_message.h"
#include "message/facts.h"

typedef struct DkimSignature {
	Verdict verdict;
	size_t field;   /* index in Fields */
	bool is_google; /* X-Google-DKIM-Signature: shown apart, never counts */
	/* As the tags say, printable; NULL where the tag is absent or could not be read. */
	char *domain; /* d=, normal form */
	char *selector;
	char *identity;  /* i=, or its default "@d" */
	char *algorithm; /* a= */
	char *b;         /* b=, base64 without blanks */
	CanonKind header_canon;
	CanonKind body_canon;
	int64_t signed_at; /* t=, ms; TIME_UNKNOWN */
	int64_t expires;   /* x= */
	bool is_expired;   /* at context->at */

	BodyHash body_hash;
	DigestValue body_digest_signed; /* bh=; len 0 where it could not be read */
	DigestValue body_digest_found;
	SignatureCheck header_signature;
	DigestValue header_digest_found;
	DigestValue header_digest_signed; /* recovered from an RSA signature; len 0 otherwise */
	KeyStatus key;
	KeyAlgorithm key_algorithm;
	int key_bits;    /* 0: no key */
	bool is_testing; /* t=y in the key */
	DnsSecurity key_security;
	int64_t key_at; /* when the key's answer was taken (ms); TIME_UNKNOWN: undated or none */
	char *key_name; /* s._domainkey.d, as asked; NULL */

	/* Coverage */
	GPtrArray *signed_fields;   /* of char *, lower case, as h= lists them */
	GPtrArray *unsigned_fields; /* of char *: visible fields that are there and not signed */
	GPtrArray *addable_fields;  /* of char *: visible fields of which one more on top would not
				     * break the signature, as h= lists no more than there are */
	uint64_t body_length;       /* octets of the canonical body */
	uint64_t body_signed;       /* of which are signed */
	bool has_length_tag;

	DkimCopies *copies; /* z=; NULL where the tag is absent */
} DkimSignature;

typedef struct DkimVerdict {
	Verdict verdict;       /* the best signature's; aligned ones (with a From domain) first */
	GPtrArray *signatures; /* of DkimSignature, topmost first */
	size_t best;           /* index of the one that gave the verdict; (size_t)-1 */
} DkimVerdict;

DkimVerdict *dkim_verify(const Facts *facts, Context *context, Findings *findings);
/* The same, with the hashes that ARC and it have in common made once: message is of these facts'
 * fields. */
DkimVerdict *dkim_verify_with(
	const Facts *facts, SignedMessage *message, Context *context, Findings *findings);
void dkim_verdict_free(DkimVerdict *verdict); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DkimVerdict, dkim_verdict_free)

static inline const DkimSignature *dkim_signature(const DkimVerdict *verdict, size_t index)
{
	return (const DkimSignature *)g_ptr_array_index(verdict->signatures, index);
}

const char *body_hash_word(BodyHash body_hash);
