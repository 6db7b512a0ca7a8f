/* What of an answer goes into the survey: whether something is published, and how good the word of
 * the DNS for it is.
 *
 * The room of the survey: what senders publish, without any mail of theirs. Everything in it is a
 * pure function of the sender, as written in the list, and the DNS answers in the context; what is
 * lacking is noted there. The engine, reports and the command line may include it. */
#pragma once

#include "auth/context.h"

typedef enum Publication {
	PUBLICATION_PUBLISHED,
	PUBLICATION_INVALID, /* there is something, by which receivers come to an error, or which
				they do not apply */
	PUBLICATION_ABSENT,  /* the DNS says that there is nothing */
	PUBLICATION_UNKNOWN, /* the DNS said nothing, or was not asked */
} Publication;
#define PUBLICATIONS 4

const char *publication_word(Publication state); /* "published" …; static */

/* The answer that a statement rests on. */
typedef struct Basis {
	bool is_recorded;
	DnsOutcome outcome;
	DnsSecurity security;
	int64_t at; /* when it was taken; TIME_UNKNOWN */
} Basis;

/* answer NULL: there is none. */
Basis basis_of(const Answer *answer);
/* The answer is there, and the DNS spoke. */
bool basis_is_good(const Answer *answer);
