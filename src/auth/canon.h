/* Canonicalisation of header fields and bodies (RFC 6376, 3.4), as it is hashed. */
#pragma once

#include "base/digest.h"
#include "message/fields.h"

#include <stdint.h>

typedef enum CanonKind { CANON_SIMPLE, CANON_RELAXED } CanonKind;

#define CANON_WHOLE_BODY UINT64_MAX

typedef struct CanonBody {
	DigestValue digest;
	uint64_t length; /* octets of the canonical body */
	uint64_t hashed; /* of which went into the digest: at most limit */
} CanonBody;

/* Lone LFs count as CRLF (that is how the message was sent; stores keep LF). limit is l=. */
CanonBody canon_body(Slice body, CanonKind canon, DigestKind digest, uint64_t limit);
/* What of body stands behind its first limit canonical octets: from the first line on that is not
 * wholly among them. Points into body. */
Slice canon_body_rest(Slice body, CanonKind canon, uint64_t limit);
/* The same in pieces, each of which but the last ends with a line end: what bodies have in common
 * that differ at their ends is hashed once. */
typedef struct CanonRun CanonRun;
CanonRun *canon_run_new(CanonKind canon, DigestKind digest, uint64_t limit);
void canon_run_add(CanonRun *run, Slice lines);
/* Another one that goes on from where run is. */
CanonRun *canon_run_copy(CanonRun *run);
/* A run that is finished must not be fed again. */
CanonBody canon_run_finish(CanonRun *run);
void canon_run_free(CanonRun *run); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CanonRun, canon_run_free)

/* The canonical body as text, for --dump and tests. */
GString *canon_body_text(Slice body, CanonKind canon);

/* Appends the field's canonical form with its CRLF. A lone LF inside a folded field counts as
 * CRLF; a bare CR stays. */
void canon_header(GString *out, const Field *field, CanonKind canon);
/* Appends the form in which a signature covers its own field (3.7): left_out, which must lie
 * inside the value, deleted, and without the last CRLF. */
void canon_header_without(GString *out, const Field *field, Slice left_out, CanonKind canon);
