/* All that an evaluator may see besides the message: answers, trust, clock, rules. Nothing else is
 * looked at; an answer that is not there is noted as lacking. */
#pragma once

#include "auth/memo.h"
#include "auth/verdict.h"
#include "dns/evidence.h"

typedef struct Trust Trust;           /* auth/smime.h */
typedef struct OrgDomains OrgDomains; /* auth/org_domain.h */

typedef enum DmarcRule { DMARC_RULE_9989, DMARC_RULE_7489, DMARC_RULE_PERIOD } DmarcRule;

typedef struct Context {
	Evidence *evidence;            /* borrowed */
	const Trust *trust;            /* borrowed; NULL: no certificate is trusted */
	const OrgDomains *org_domains; /* borrowed; the public suffix list; never NULL for DMARC */
	int64_t now;                   /* the clock, TIME_UNKNOWN where none was given */
	int64_t at;           /* the moment by which x= and certificates are judged; TIME_UNKNOWN */
	int64_t received;     /* of the message; TIME_UNKNOWN */
	bool is_headers_only; /* the body is not there: nothing is said of it */
	DmarcRule dmarc_rule;
	GPtrArray *lacking; /* of Question: asked and not recorded, each once; owned */
	Memo *memo;         /* referenced; its own, until context_share_memo() */
	GPtrArray *asked;   /* of const Answer *, borrowed from evidence: each once, in order */
} Context;

Context *context_new(Evidence *evidence);
/* Takes a reference. */
void context_share_memo(Context *context, Memo *memo);
void context_free(Context *context); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Context, context_free)

/* The answer, noted in asked and, where verdict is not NULL, counted for it; or NULL, noted in
 * lacking. name as domain_name_for_question() makes it. */
const Answer *context_ask(Context *context, const char *name, DnsType type, Verdict *verdict);
/* A verdict that stands on another's answers. */
void verdict_rest_on(Verdict *verdict, const Verdict *other);
