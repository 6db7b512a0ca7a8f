/* One evaluation of SPF: who sends, what was counted, how it was stopped, and the DNS as RFC 7208
 * has it used. Shared by the files of SPF only. */
#pragma once

#include "auth/context.h"
#include "auth/spf_macro.h"
#include "auth/spf_record.h"

/* A domain whose record is in use, and the include or redirect that led to it. */
typedef struct SpfLevel {
	const struct SpfLevel *parent; /* NULL: the first */
	const SpfTerm *via;            /* of parent's record; NULL: the first */
	char *domain;                  /* as it came, without a final dot: what %{d} shows */
	char *name;                    /* the same as a question */
	SpfRecord *record;             /* NULL until it is found, and where there is none */
} SpfLevel;

typedef struct SpfRun {
	Context *context;      /* borrowed */
	Verdict *verdict;      /* borrowed; set once the run is stopped */
	SpfMacroValues values; /* of the sender; domain and validated change on the way */
	char *sender;          /* these four are owned, values points to them */
	char *local_part;
	char *sender_domain;
	char *validated;

	GPtrArray *levels;     /* of SpfLevel, owned: all that were entered */
	const SpfLevel *level; /* where the evaluation is, or was stopped */
	const SpfTerm *term;   /* NULL: at no term yet */
	bool is_stopped;
	unsigned lookups;
	unsigned void_lookups;
	bool is_term_void; /* the term was counted as void already */
} SpfRun;

/* Stops the evaluation; the first reason counts. detail is taken over. Returns false. */
bool spf_run_stop(
	SpfRun *run, AuthResult result, const char *reason, const char *text, char *detail);
/* The same where no word can be given. */
bool spf_run_stop_unknown(
	SpfRun *run, AuthResult result, const char *reason, const char *text, char *detail);

typedef enum SpfReply {
	SPF_REPLY_FOUND,
	SPF_REPLY_VOID, /* the DNS spoke, and has nothing (4.6.4); also for a name that cannot be */
	SPF_REPLY_FAILED,  /* another code, no answer, or a CNAME chain without an end */
	SPF_REPLY_LACKING, /* not in the evidence: the run is stopped */
} SpfReply;

/* Asks for name (as a question; NULL is a name that cannot be), and gives the records found: an
 * array of const Rr *, to be freed by the caller; NULL unless FOUND. */
SpfReply spf_run_ask(SpfRun *run, const char *name, DnsType type, GPtrArray **ret_rrs);

/* A or AAAA, as the client's address has it (5). */
DnsType spf_run_address_type(const SpfRun *run);

/* A domain-spec of the record in use, expanded, cut to 253 octets from the left (7.3), without a
 * final dot; owned by the caller. NULL: the run is stopped. */
char *spf_run_expand(SpfRun *run, Slice domain_spec);
/* A text of the record in use that has local parts in it which no DNS name can hold (RFC 8616, 4).
 */
bool spf_run_is_beyond_dns(const SpfRun *run, Slice text);
/* Looks the client's name up (5.5, 7.3) where the text uses %{p}; false: the run is stopped. */
bool spf_run_prepare_macros(SpfRun *run, Slice text);

/* The names that the client's address points to, the first LIMIT_SPF_NAMES: an array of char *, to
 * be freed by the caller; empty unless FOUND. */
SpfReply spf_run_client_names(SpfRun *run, GPtrArray **ret_names);
