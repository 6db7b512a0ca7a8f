/* Looking DMARC records up: at one name, and up the tree (RFC 9989, 4.10). */
#pragma once

#include "auth/dmarc_record.h"

/* TXT records looked at below one _dmarc name; a real one holds one to three. */
#define LIMIT_DMARC_TXT 100u

typedef enum DmarcLookup {
	DMARC_FOUND,
	DMARC_ABSENT,
	DMARC_SEVERAL, /* more than one record, which counts as none */
	DMARC_FAILED,  /* the DNS did not answer: nothing is known */
	DMARC_LACKING, /* the evidence does not hold the answer */
} DmarcLookup;

typedef struct DmarcStep {
	char *domain; /* "example.com" */
	char *name;   /* "_dmarc.example.com"; NULL where it would be too long for a name */
	DmarcLookup lookup;
	DmarcRecord *record; /* with DMARC_FOUND, else NULL */
} DmarcStep;

/* Asks one question; the answer counts for verdict. domain is in normal form. */
DmarcStep *dmarc_step_new(
	const char *domain, Context *context, Verdict *verdict, Findings *findings);
void dmarc_step_free(DmarcStep *step); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcStep, dmarc_step_free)

typedef struct DmarcWalk {
	char *start;
	GPtrArray *steps;  /* of DmarcStep, longest name first */
	char *org_domain;  /* NULL where a step failed or is lacking */
	DmarcLookup state; /* DMARC_FOUND: org_domain is known; else DMARC_FAILED or _LACKING */
} DmarcWalk;

/* At most LIMIT_TREE_WALK questions. Where an answer is lacking the walk goes on, so that all of
 * it is asked in one round; it stops where the DNS failed. */
DmarcWalk *dmarc_walk(const char *start, Context *context, Verdict *verdict, Findings *findings);
void dmarc_walk_free(DmarcWalk *walk); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DmarcWalk, dmarc_walk_free)

/* The policy record (4.10.1): of the start itself, else of its organizational domain, else of the
 * public suffix domain that says it is one; borrowed. NULL where there is none: *ret_state is then
 * DMARC_ABSENT, DMARC_SEVERAL where the start has several, or why the walk does not tell. */
const DmarcStep *dmarc_walk_policy(const DmarcWalk *walk, DmarcLookup *ret_state);

static inline const DmarcStep *dmarc_walk_step(const DmarcWalk *walk, size_t index)
{
	return (const DmarcStep *)g_ptr_array_index(walk->steps, index);
}
