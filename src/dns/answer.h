/* An answer of the DNS, or how it failed, as it was received and when. */
#pragma once

#include "base/inet_addr.h"
#include "dns/question.h"

#include <stdint.h>

/* Response codes (RFC 1035, 4.1.1) by their numbers; the last two are no answer at all. */
typedef enum DnsOutcome {
	DNS_NOERROR = 0,
	DNS_FORMERR = 1,
	DNS_SERVFAIL = 2,
	DNS_NXDOMAIN = 3,
	DNS_NOTIMP = 4,
	DNS_REFUSED = 5,
	/* other response codes keep their number and are written RCODEn */
	DNS_TIMEOUT = 1000, /* nobody answered within the deadline */
	DNS_NETERR = 1001,  /* closed port, no route, broken packets */
} DnsOutcome;

typedef enum DnsSecurity {
	DNSSEC_UNKNOWN, /* "?" */
	DNSSEC_NO,      /* the resolver did not vouch for it */
	DNSSEC_AD,      /* the resolver says that it validated it */
	DNSSEC_BOGUS,   /* the resolver says that validation failed */
	DNSSEC_SECURE,  /* kantei validated it itself */
	DNSSEC_INSECURE,
} DnsSecurity;

typedef struct Rr {
	char *owner;  /* normal form, no final dot */
	uint32_t ttl; /* seconds, as received */
	DnsType type;
	/* By type: the text of TXT with its strings joined and any octet in it (RFC 7208, 3.3;
	 * RFC 6376, 3.6.2.2), and how many strings it had; an address; a name and, for MX, its
	 * preference. A type we do not ask for has only its presentation form. */
	GString *text;
	unsigned strings;
	InetAddr addr;
	char *name;
	uint16_t preference;
	char *presentation; /* of the rdata, as in the evidence file */
} Rr;

typedef struct Answer {
	Question question;
	DnsOutcome outcome;
	GPtrArray *rrs; /* of Rr: the CNAME chain in order, then the records of the type asked */
	int64_t at;     /* when it came; TIME_UNKNOWN where a hand-written file does not say */
	uint32_t ms;    /* how long it took */
	char *via;      /* "192.0.2.53@53/udp" */
	DnsSecurity security;
	int64_t soa;    /* negative TTL in seconds, or -1 */
	int ede;        /* extended DNS error (RFC 8914), or -1 */
	int cd;         /* outcome of the question with checking disabled, or -1 */
	unsigned tries; /* 0 where not said */
	bool has_crc;
	uint64_t line; /* line of the ;q in the evidence file, from 1; 0 where it has none */
	char *digest;  /* what answer_digest() made; NULL until it is asked for */
} Answer;

Answer *answer_new(const char *name, DnsType type);
void answer_free(Answer *answer); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

void rr_free(Rr *rr); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rr, rr_free)
Rr *rr_copy(const Rr *rr);

/* The n-th record of the type asked at the end of the CNAME chain, from 0; NULL behind the last.
 * A chain longer than LIMIT_CNAME_CHAIN, or a loop, has none. */
const Rr *answer_rr(const Answer *answer, size_t index);
size_t answer_count(const Answer *answer);

/* The name the CNAME chain ends at (question.name without one). Lives as long as answer. */
const char *answer_canonical_name(const Answer *answer);
bool answer_is_chain_broken(const Answer *answer); /* loop, or longer than the limit */

/* NOERROR or NXDOMAIN: the DNS spoke. Everything else says nothing of the name. */
bool answer_is_usable(const Answer *answer);

/* The outcome's word, and NODATA where the name is there, without a record of the type; static. */
const char *answer_status(const Answer *answer);
/* Seconds for which all of it may be kept: the smallest TTL, or the negative one; -1 where unknown.
 */
int64_t answer_ttl(const Answer *answer);

const char *dns_outcome_word(DnsOutcome outcome); /* "NXDOMAIN"; static */
/* Such a word, in any case. */
bool dns_outcome_parse(Slice word, DnsOutcome *ret_outcome);
const char *dns_security_word(DnsSecurity security);

/* What an answer says, in hexadecimal, without what differs from one asking to the next: the
 * outcome, then owner, type and rdata of each record, in order. No TTL, no time. Of SHA-256 as many
 * octets as keep two answers from being taken for one. Made once: it lives as long as answer, of
 * which nothing may change any more. */
const char *answer_digest(const Answer *answer);
