/* The header fields that a signature carries copies of (z=; RFC 6376, 3.5), against those that are
 * there. "For diagnostic use": no verdict rests on them. */
#pragma once

#include "auth/signed_message.h"

/* A copied field that is not there as it was copied. Values are printable, white space made one
 * space each, as relaxed canonicalisation has it. */
typedef struct DkimCopyDifference {
	char *name;    /* as copied, printable */
	char *copied;  /* what the signer saw */
	char *present; /* what stands in its place; NULL: nothing */
} DkimCopyDifference;

typedef struct DkimCopies {
	GPtrArray *differences; /* of DkimCopyDifference, in the order of z= */
	unsigned count;         /* fields that z= holds */
	bool is_cut;            /* more than are compared */
} DkimCopies;

/* NULL where there is no z=. A copy is compared with every field of its name, wherever it stands;
 * what is left on both sides is set side by side, from below. */
DkimCopies *dkim_copies_read(
	const SignatureTags *tags, const SignedMessage *message, const Fields *fields);
void dkim_copies_free(DkimCopies *copies); /* NULL is fine */

/* The copies as fields, "Name: value" with a line end each, in order; for the search of what
 * changed. Owned by the caller, of GString; empty where there is no z=. */
GPtrArray *dkim_copies_fields(const SignatureTags *tags);
