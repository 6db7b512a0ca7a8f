/* Macros of SPF (RFC 7208, 7): their grammar and their expansion. */
#pragma once

#include "base/inet_addr.h"

/* Longest text that an expansion may give, and most octets of values that it may take in. A name
 * ends at 253 octets and an explanation is for a person; but a record of 64 KiB holds sixteen
 * thousand macros, each of which could stand for a whole sender. */
#define SPF_EXPANSION_MAX ((size_t)64 * 1024)

/* Where a text with macros stands: c, r and t, and spaces, are only for explanations. */
typedef enum SpfMacroPlace { SPF_IN_TERM, SPF_IN_EXPLANATION } SpfMacroPlace;

/* What the letters stand for; all borrowed. */
typedef struct SpfMacroValues {
	const char *sender;        /* s */
	const char *local_part;    /* l */
	const char *sender_domain; /* o */
	const char *domain;        /* d */
	const char *helo;          /* h */
	const char *validated;     /* p: needed only where the text uses it */
	InetAddr client;           /* c, i, v */
	int64_t time;              /* t: milliseconds, or TIME_UNKNOWN */
} SpfMacroValues;

/* Takes a macro-expand off the front of *text, which begins with '%'; false where it is none. */
bool spf_macro_skip(Slice *text, SpfMacroPlace place);
/* macro-string; in an explanation explain-string. */
bool spf_macro_string_is_valid(Slice text, SpfMacroPlace place);
/* One of letters (lower case) stands in a macro of the text, which is valid, in either case. */
bool spf_macro_uses(Slice text, const char *letters);

/* The text, which is valid, with its macros expanded; owned by the caller. NULL beyond
 * SPF_EXPANSION_MAX. */
char *spf_macro_expand(Slice text, const SpfMacroValues *values);
