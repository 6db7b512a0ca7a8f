/* One signature, DKIM's or ARC's, examined: body hash, header signature and key apart, each as far
 * as it can be, and the word that follows from them (RFC 6376, 6.1; RFC 8301). */
#pragma once

#include "auth/key_check.h"
#include "auth/signed_message.h"

typedef enum BodyHash { BODY_HASH_UNCHECKED, BODY_HASH_MATCH, BODY_HASH_MISMATCH } BodyHash;

typedef struct SignatureExam {
	BodyHash body_hash;
	CanonBody body; /* digest.len 0 where it was not made */
	DigestValue header_digest;
	bool is_expired;     /* at context->at */
	bool is_body_absent; /* only the header is there (context->is_headers_only) */
	bool has_clock;      /* context->at is known */
	KeyCheck key;
	/* permerror: the signature breaks its grammar, or its key or algorithm must not be used;
	 * fail: body or header are others, or it had expired; policy: it covers only the beginning
	 * of the body; temperror: no key could be had. What spoils a signature whatever its key is
	 * comes first, and rests on no answer. */
	Verdict verdict;
} SignatureExam;

/* tags are those of message's field at index field: a DKIM-Signature or ARC-Message-Signature. */
void signature_examine(SignatureExam *exam, SignedMessage *message, const SignatureTags *tags,
	size_t field, Context *context);
/* An ARC-Seal, which has no body and whose header hash is made otherwise (RFC 8617, 5.1.1). */
void signature_examine_seal(SignatureExam *exam, const SignatureTags *tags,
	const DigestValue *header, Context *context);
void signature_exam_clear(SignatureExam *exam);
