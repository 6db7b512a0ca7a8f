/* The sets of an Authenticated Received Chain, collected, and the chain's structure judged: steps 1
 * to 3 of RFC 8617, 5.2. */
#pragma once

#include "auth/arc.h"
#include "auth/dkim_signature.h"

typedef struct ArcLink {
	size_t results_field, message_field, seal_field; /* NO_FIELD where missing */
	SignatureTags *message;                          /* NULL where missing */
	SignatureTags *seal;
} ArcLink;

typedef struct ArcChain {
	GPtrArray *links; /* of ArcLink, i=1 first, up to the highest instance */
	bool is_there;    /* the message has an ARC field at all */
	/* The first thing that is wrong; reason NULL: nothing is. */
	const char *reason;
	const char *text;
	char *detail;
} ArcChain;

/* fields must outlive the result. */
ArcChain *arc_chain_collect(const Fields *fields);
void arc_chain_free(ArcChain *chain); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArcChain, arc_chain_free)

static inline const ArcLink *arc_chain_link(const ArcChain *chain, size_t index)
{
	return (const ArcLink *)g_ptr_array_index(chain->links, index);
}
