/* ARC (RFC 8617): the chain, verified and shown, never a credit. */
#pragma once

#include "auth/context.h"
#include "auth/dkim.h"
#include "message/facts.h"

typedef struct ArcSet {
	unsigned instance;
	char *seal_domain; /* d= of ARC-Seal */
	char *seal_selector;
	char *cv;             /* none, pass, fail as written; NULL */
	int64_t sealed_at;    /* t=; TIME_UNKNOWN */
	Verdict seal;         /* of its ARC-Seal */
	char *message_domain; /* d= of ARC-Message-Signature */
	Verdict message;      /* of its AMS; only the newest must pass (5.2) */
	BodyHash body_hash;   /* of its AMS */
	size_t results_field, message_field, seal_field; /* NO_FIELD where missing */
	char *results_authserv_id;                       /* of the ARC-Authentication-Results */
} ArcSet;

typedef struct ArcVerdict {
	Verdict verdict; /* none, pass or fail (RFC 8617, 4.4; RFC 8601 method "arc"); temperror
			  * while an answer is missing */
	GPtrArray *sets; /* of ArcSet, i=1 first */
	unsigned oldest_pass; /* 5.2 step 5; 0 where every set passes or none was asked */
} ArcVerdict;

ArcVerdict *arc_verify(const Facts *facts, Context *context, Findings *findings);
/* The same, with the hashes that DKIM and it have in common made once: message is of these facts'
 * fields. */
ArcVerdict *arc_verify_with(
	const Facts *facts, SignedMessage *message, Context *context, Findings *findings);
static inline const ArcSet *arc_set(const ArcVerdict *verdict, size_t index)
{
	return (const ArcSet *)g_ptr_array_index(verdict->sets, index);
}

void arc_verdict_free(ArcVerdict *verdict); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArcVerdict, arc_verdict_free)
