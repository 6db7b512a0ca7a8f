/* The SPF that a domain publishes, without a client: the record and all that it includes, gone
 * through as for a host that no term matches (RFC 7208). */
#pragma once

#include "base/limits.h"
#include "survey/publication.h"

typedef struct SpfExam {
	Publication state; /* invalid: some host gets a permerror by it */
	bool is_complete;  /* all answers are there that the rest of this depends on */
	char *record;      /* printable; NULL where there is none, or there are several */
	char all; /* qualifier of the "all" by which the check ends, through redirects; 0: none */
	unsigned lookups;         /* terms that ask the DNS (4.6.4), at most LIMIT_SURVEY_LOOKUPS */
	unsigned void_lookups[2]; /* of them void: for a client of IPv4, of IPv6 */
	/* How many addresses get a pass, and how many networks of 64 bits of IPv6. */
	uint64_t ip4, ip6;
	bool is_open;       /* and others, by terms that depend on the client */
	Findings *findings; /* what is wrong with it */
	Basis basis;        /* the answer with the record */
} SpfExam;

/* domain is in normal form; sender is the address, or the domain once more, for macros. */
SpfExam *spf_exam_new(const char *domain, const char *sender, Context *context);
void spf_exam_free(SpfExam *exam); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpfExam, spf_exam_free)
