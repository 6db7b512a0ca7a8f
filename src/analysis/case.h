/* The case of one message: its facts, all verdicts, what was recorded, findings and marks. */
#pragma once

#include "auth/arc.h"
#include "auth/change_search.h"
#include "auth/context.h"
#include "auth/dkim.h"
#include "auth/dkim_dump.h"
#include "auth/dmarc.h"
#include "auth/smime.h"
#include "auth/spf.h"
#include "message/facts.h"

typedef enum Method { METHOD_SMIME, METHOD_SPF, METHOD_DKIM, METHOD_DMARC } Method;
#define METHODS 4

typedef enum Mark { MARK_YES, MARK_NO, MARK_UNKNOWN } Mark;

/* The octets that a message may have had before its store changed them. */
typedef enum CaseVariant { VARIANT_STORED, VARIANT_MBOXRD, VARIANT_MBOXO } CaseVariant;
#define CASE_VARIANTS 3

/* Who asked a question: a bit for each method, and one for ARC. */
#define ASKED_BY(method) (1u << (unsigned)(method))
#define ASKED_BY_ARC     (1u << METHODS)

/* What is evaluated; taken over by the case, but for boundary. */
typedef struct CaseInput {
	Source *source;
	Facts *facts;       /* of the octets as stored */
	Findings *findings; /* of the store; NULL is fine */
	/* By which facts was made, and what un-quoting gives is read; borrowed, must outlive the
	 * case; NULL is fine. */
	const BoundaryOptions *boundary;
} CaseInput;

typedef struct Difference {
	Method method;
	char *recorded; /* the word as it was recorded */
	const char *recomputed;
	const char *cause; /* static code */
	const char *text;  /* static English sentence, marked with N_ */
} Difference;

typedef struct SpfHop {
	size_t hop; /* index into the facts' hops */
	SpfVerdict *spf;
} SpfHop;

typedef struct Case {
	Source *source;
	uint64_t number; /* of all messages that were read in this run, from 1 */
	const BoundaryOptions *boundary;
	/* VARIANT_STORED is always there; the others once a signature does not fit it, and only
	 * where un-quoting the mailbox's own format changes an octet. */
	Facts *all_facts[CASE_VARIANTS];
	bool are_variants_read;
	const Facts *facts; /* of the variant that counts */
	CaseVariant variant;
	SpfVerdict *spf; /* MAIL FROM: the one that counts */
	SpfVerdict *spf_helo;
	GPtrArray *spf_hops; /* of SpfHop: what SPF would be for other plausible hops */
	DkimVerdict *dkim;
	DmarcVerdict *dmarc;
	ArcVerdict *arc;
	SmimeVerdict *smime;
	GPtrArray *dumps;   /* of DkimDump, or NULL each, likewise; NULL where not asked for */
	GPtrArray *changes; /* of ChangeSearch, or NULL each, for the signatures of dkim; NULL until
			     * case_explain() */
	GPtrArray *differences;   /* of Difference */
	Findings *store_findings; /* or NULL */
	Findings *findings;       /* of the store, the facts and the verdicts */
	GPtrArray *lacking;       /* of Question: answers the evidence does not have */
	GPtrArray *answers; /* of const Answer *, borrowed from the evidence: asked, in order */
	GPtrArray *masked;  /* of Answer: those of answers that case_redact() made; or NULL */
	GArray *lacking_by; /* of unsigned, for each of lacking: who asked (ASKED_BY…) */
	GArray *answers_by; /* the same for answers */
	Mark marks[METHODS];
	bool is_stale[METHODS]; /* the mark is unknown because the evidence is too old to say no */
	int64_t horizon_ms;     /* of the options it was evaluated by */
	bool is_unread; /* it could not be evaluated, and the facts are not its own (unread.h) */
} Case;

typedef struct CaseOptions {
	Evidence *evidence;
	const Trust *trust;
	const OrgDomains *org_domains;
	DmarcRule dmarc_rule;
	int64_t now;          /* TIME_UNKNOWN: no clock was given */
	int64_t at;           /* --at TIME; TIME_UNKNOWN: the message's reception */
	bool is_headers_only; /* of the messages only the header is there */
	Memo *memo;           /* borrowed; what messages have in common; NULL is fine */
	int64_t horizon_ms;   /* evidence younger than this after reception may say no */
	bool explains;        /* case_explain() is to follow the last evaluation */
	bool dumps;           /* which then makes what signatures are verified by hand with */
} CaseOptions;

/* A fresh case; nothing evaluated yet. Takes over what input holds. */
Case *case_new(CaseInput *input);
/* Evaluates everything anew with the evidence there is. True when nothing is lacking. Pure: the
 * same input, evidence and options give the same case. */
bool case_evaluate(Case *kase, const CaseOptions *options);
/* Adds what only an account of the message needs, and what costs more than the verdicts: why
 * signatures do not verify. Changes no verdict. */
void case_explain(Case *kase, const CaseOptions *options);
void case_free(Case *kase); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

const Verdict *case_verdict(const Case *kase, Method method);
/* The result's word as the tables print it: "bestguesspass" for a DMARC that would pass if a
 * record existed, else the RFC 8601 word. */
const char *case_result_word(const Case *kase, Method method);
const char *method_word(Method method); /* "smime", "spf", "dkim", "dmarc" */
/* The word of one bit of ASKED_BY…, by its number: a method's, or "arc"; NULL behind the last. */
const char *asker_word(unsigned number);
const char *mark_word(Mark mark); /* "yes", "no", "unknown" */
