/* Canonicalisation of header fields and bodies (RFC 6376, 3.4), as it is hashed. */
#pragma once

#include "base/digest.h"
#include "message/fields.h"

typedef enum CanonKind { CANON_SIMPLE, CANON_RELAXED } CanonKind;

#define CANON_WHOLE_BODY UINT64_MAX

typedef struct CanonBody {
	DigestValue digest;
	uint64_t length; /* octets of the canonical body */
	uint64_t hashed; /* of which went into the digest: at most limit */
} CanonBody;

/* Lone LFs count as CRLF (that is how the message was sent; stores keep LF). limit is l=. */
CanonBody canon_body(Slice body, CanonKind canon, DigestKind digest, uint64_t limit);
/* Appends the field's canonical form; with its CRLF where is_last is false. */
void canon_header(GString *out, const Field *field, CanonKind canon);
/* The canonical body as text, for --dump and tests. */
GString *canon_body_text(Slice body, CanonKind canon);
