/* libspf2 as the distribution ships it (1.2.10), matching one term at a time.
 *
 * libspf2 crashes, hangs or errs on records that a stranger may publish, so it is never given one.
 * It gets a record of one directive that is made here from the parsed term, in which a name of our
 * own stands for the target-name; through its record hook and its DNS layer it then asks for "the
 * addresses of the target", "its mail hosts", and so on. So no octet that others wrote reaches
 * libspf2, nothing that it looks up can be forged, and counting, limits and macros are ours. */
#pragma once

#include "auth/memo.h"
#include "auth/spf_record.h"
#include "dns/evidence.h"

#define SPF_TARGET SIZE_MAX /* the term's target-name, instead of the number of a host */

/* One record of an answer. */
typedef struct SpfValue {
	InetAddr addr;  /* A and AAAA */
	bool is_within; /* PTR: the name is the target, or below it */
} SpfValue;

/* What libspf2 asks for the term: the records of type of the target or, for A and AAAA, of the
 * host-th of the names that the last answer of MX or PTR gave; of PTR those of the client. Appends
 * to values (of SpfValue). false: the evaluation is stopped. */
typedef bool (*SpfAsk)(gpointer data, size_t host, DnsType type, GArray *values);

typedef enum SpfMatch {
	SPF_MATCH_NO,
	SPF_MATCH_YES,
	SPF_MATCH_STOPPED, /* ask said so */
	SPF_MATCH_BROKEN,  /* libspf2 refused the term, or had no memory: not seen */
} SpfMatch;

typedef struct SpfEngine SpfEngine;

/* memo is borrowed. libspf2 is only started for a term that asks, or that memo does not know. */
SpfEngine *spf_engine_new(const InetAddr *client, Memo *memo, SpfAsk ask, gpointer data);
void spf_engine_free(SpfEngine *engine); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpfEngine, spf_engine_free)

/* Every mechanism but include, which is check_host() again. */
SpfMatch spf_engine_match(SpfEngine *engine, const SpfTerm *term);
