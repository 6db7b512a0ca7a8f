/* Identifier alignment (RFC 9989, 4.4 and 4.10.2; RFC 7489, 3.1): what SPF and DKIM found, held
 * against the author domain. */
#pragma once

#include "auth/dmarc.h"
#include "auth/dmarc_walk.h"

/* How a domain's organizational domain is found. */
typedef enum DmarcOrgBy { DMARC_ORG_BY_WALK, DMARC_ORG_BY_LIST } DmarcOrgBy;

typedef struct DmarcAligner {
	DmarcOrgBy by;
	const char *author;     /* the author domain */
	const char *author_org; /* NULL where it is not known; author_state says why */
	DmarcLookup author_state;
	bool is_spf_strict;
	bool is_dkim_strict;
	Context *context;
	Verdict *verdict; /* that the answers count for */
	GPtrArray *walk;  /* of char *: gets the names asked, each once */
	Findings *findings;
} DmarcAligner;

/* What there is to say of all identifiers together. The words about SPF and DKIM are only said of
 * an identifier that is aligned, or could be. */
typedef struct DmarcTally {
	bool spf_aligned; /* passed and is aligned */
	bool dkim_aligned;
	bool anything_passed;
	bool is_lacking; /* an answer for the alignment of what passed is not recorded */
	bool is_failed;  /* … or failed */
	bool spf_unknown;
	bool spf_temperror;
	bool dkim_unknown;
	bool dkim_temperror;
	AuthResult unknown_result; /* of what is unknown: temperror where an answer is missing */
} DmarcTally;

/* ret_spf: NULL where SPF did not pass; ret_dkim: of DmarcAlignment, one for each signature that
 * passed. Both owned by the caller. spf and dkim may be NULL: not known. */
DmarcTally dmarc_align(const DmarcAligner *aligner, const SpfVerdict *spf, const DkimVerdict *dkim,
	DmarcAlignment **ret_spf, GPtrArray **ret_dkim);
void dmarc_alignment_free(DmarcAlignment *alignment); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcAlignment, dmarc_alignment_free)

/* Adds a copy of name unless names holds it. */
void dmarc_note_name(GPtrArray *names, const char *name);
