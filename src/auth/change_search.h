/* Why a DKIM signature does not verify: a bounded search over what is known to happen to mail. What
 * is found explains; it is no verdict, and never turns one. */
#pragma once

#include "auth/change.h"
#include "auth/dkim.h"

/* Body and header are searched apart, as they are signed apart. */
typedef struct ChangeSearch {
	bool is_body_searched;   /* its hash is another one */
	bool is_header_searched; /* its signature does not verify, and tells of what was signed */
	ChangeFound *body;       /* NULL: nothing was found */
	ChangeFound *header;
	/* With it the whole signature would verify: what was not searched is right as it is. */
	bool is_explained;
	unsigned tries;
	uint64_t octets; /* gone through */
	bool is_cut;     /* the search ended at its limits: not everything was tried */
} ChangeSearch;

/* NULL where there is nothing to explain: body hash and header signature are right, or cannot be
 * compared. Counted and not timed: the same message and evidence give the same result on every
 * machine. context is asked for the key anew, where each try has to be verified with it. */
ChangeSearch *change_search(const Facts *facts, const DkimSignature *signature, Context *context);
void change_search_free(ChangeSearch *search); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChangeSearch, change_search_free)

/* For every signature, in order: of ChangeSearch, NULL where there is nothing to explain. Behind
 * the first few that fail nothing is searched, and is_cut says so. Owned by the caller. */
GPtrArray *change_search_all(const Facts *facts, const DkimVerdict *dkim, Context *context);
