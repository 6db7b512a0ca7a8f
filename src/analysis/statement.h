/* What follows from a case, in words: what is proven, what is likely, what is only claimed, and
 * what is not known. No legal conclusion; each statement stands on named bytes, a key, a date. */
#pragma once

#include "analysis/case.h"

typedef enum Tier {
	TIER_PROVEN,  /* by a signature and the key or certificate that is named */
	TIER_LIKELY,  /* by lines that the receiver wrote, which whoever holds the mailbox can edit
		       */
	TIER_CLAIMED, /* the sender's word */
	TIER_UNKNOWN,
} Tier;

typedef struct Statement {
	Tier tier;
	const char *code;
	const char *text; /* static English sentence, marked with N_, with places {1}, {2} … */
	GPtrArray *args;  /* of char *, UTF-8: what stands in the places */
} Statement;

/* Of Statement, by tiers. Owned by the caller. Pure; the case is evaluated. */
GPtrArray *statements_new(const Case *kase);

static inline const Statement *statement_get(const GPtrArray *statements, size_t index)
{
	return (const Statement *)g_ptr_array_index(statements, index);
}

const char *tier_word(Tier tier); /* "proven", "likely", "claimed", "unknown" */
