/* What became of a message between its signing and its reading, as far as its signatures tell:
 * forwarded, changed by a list, changed in the mailbox, altered. It explains, and is no verdict. */
#pragma once

#include "analysis/case.h"

typedef enum HandlingKind {
	HANDLING_UNKNOWN, /* no signature tells */
	HANDLING_AS_SIGNED,
	HANDLING_AS_OTHER_SIGNED, /* by a domain that is not the author's */
	HANDLING_APPENDED,        /* behind what l= covers (RFC 6376, 8.2) */
	HANDLING_PASSED_ON,
	HANDLING_LIST,
	HANDLING_CHANGED_LATER, /* the receiver recorded a pass, and what mailboxes do explains it
				 */
	HANDLING_CHANGED,       /* what is known to happen to mail explains it */
	HANDLING_ALTERED_LATER, /* the receiver recorded a pass, and nothing explains it */
	HANDLING_ALTERED,       /* nothing that is known to happen to mail explains it */
	HANDLING_KINDS
} HandlingKind;

typedef struct Handling {
	HandlingKind kind;
	const DkimSignature *signature; /* that tells; borrowed; NULL where none does */
	size_t index;                   /* its place among the signatures, from 1; 0: none */
	const ChangeSearch *search;     /* what explains it; borrowed; NULL */
} Handling;

/* Of a case whose changes were searched (kantei explain). */
Handling handling_of(const Case *kase);
const char *handling_code(HandlingKind kind); /* "as-signed", "passed-on", … */
/* English sentence, marked with N_. */
const char *handling_text(HandlingKind kind);
