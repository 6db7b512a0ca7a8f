/* Masks of single texts. The same text has the same mask wherever it is made with the same key.
 * Without a key whoever guesses a text can tell that it is the one; with a key only its holder can.
 */
#pragma once

#include "base/slice.h"

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

/* "r0123456789abcdef": of a local part as such, as redact_address() has it. Owned by the caller. */
char *redact_local(const Redactor *redactor, const char *local, const char *domain);
/* The mask alone, of a text of that kind: another one for each kind. Owned by the caller. */
char *redact_mask(const Redactor *redactor, const char *kind, const char *text);
/* A name with a dot in it; NULL is none. */
bool redact_is_domain(const char *text);

/* What follows replaces a text in its place; NULL stays NULL. */

/* mask is taken. */
void hide_as(char **text, char *mask);
void hide_address(const Redactor *redactor, char **address);
void hide_text(const Redactor *redactor, char **text);
void hide_body(char **text);
/* A host's name or address is kept; whoever calls itself otherwise may tell who it is of. */
void hide_host(const Redactor *redactor, char **host);
/* Numbers, times and addresses of hosts say nothing of who or what, and are kept. */
void hide_detail(char **detail);
