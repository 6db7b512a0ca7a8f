/* A case for passing on: what tells who wrote to whom of what is masked, and what the verdicts rest
 * on (domains, hosts, hashes, dates, results) is kept. Hashes stay those of the octets as they are.
 *
 * The same text has the same mask in every report that is made with the same key. Without a key
 * whoever guesses a text can tell that it is the one; with a key only its holder can. */
#pragma once

#include "analysis/case.h"

typedef struct Redactor Redactor;

/* key SLICE_ABSENT: without one. */
Redactor *redactor_new(Slice key);
void redactor_free(Redactor *redactor); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Redactor, redactor_free)

/* What stands where there is no mask, as of text of bodies. */
#define REDACTED "[redacted]"

/* "r0123456789abcdef@domain"; the null reverse-path stays what it is. Owned by the caller; NULL
 * gives NULL. */
char *redact_address(const Redactor *redactor, const char *address);
/* "[redacted 0123456789abcdef]". */
char *redact_text(const Redactor *redactor, const char *text);

/* Masks all that reports take from an evaluated case. It is not to be evaluated again. */
void case_redact(Case *kase, const Redactor *redactor);
