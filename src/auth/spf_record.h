/* SPF records: which of the TXT records is one (RFC 7208, 4.5), and what it says (12). */
#pragma once

#include "base/inet_addr.h"

typedef enum SpfTermKind {
	SPF_TERM_ALL,
	SPF_TERM_INCLUDE,
	SPF_TERM_A,
	SPF_TERM_MX,
	SPF_TERM_PTR,
	SPF_TERM_IP4,
	SPF_TERM_IP6,
	SPF_TERM_EXISTS,
	SPF_TERM_REDIRECT,
} SpfTermKind;

#define SPF_NO_PREFIX (-1)

typedef struct SpfTerm {
	SpfTermKind kind;
	char qualifier;    /* one of + - ~ ? */
	Slice text;        /* as written */
	Slice domain_spec; /* absent where there is none */
	int prefix4;       /* SPF_NO_PREFIX where none is given */
	int prefix6;
	InetAddr network; /* ip4 and ip6; an IPv4-mapped one is left as it is */
} SpfTerm;

typedef struct SpfRecord {
	char *text;        /* owned; slices point into it */
	GArray *terms;     /* of SpfTerm: the directives in order */
	SpfTerm *redirect; /* NULL where there is none, or "all" makes it void (6.1) */
	Slice exp;         /* domain-spec; absent where there is none */
} SpfRecord;

typedef enum SpfFaultKind {
	SPF_FAULT_OCTET,    /* outside of printable ASCII */
	SPF_FAULT_TERM,     /* not as the grammar has it */
	SPF_FAULT_REPEATED, /* a second redirect= or exp= (6) */
	SPF_FAULT_TERMS,    /* more than LIMIT_SPF_TERMS */
} SpfFaultKind;

typedef struct SpfFault {
	SpfFaultKind kind;
	Slice where; /* in the text that was parsed */
} SpfFault;

/* Begins with a version section of exactly "v=spf1". */
bool spf_record_is_one(Slice text);
/* Copies text, which is_one; NULL where it breaks the grammar anywhere (4.6). */
SpfRecord *spf_record_parse(Slice text, SpfFault *reterr_fault);
void spf_record_free(SpfRecord *record); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpfRecord, spf_record_free)

/* A term that asks the DNS, of which ten are allowed (4.6.4). */
bool spf_term_is_lookup(const SpfTerm *term);
