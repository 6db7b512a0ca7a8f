/* Header fields that kantei writes: folded, and safe whatever the values are: ASCII without
 * controls, quoted as RFC 5322 and RFC 2045 have it. */
#pragma once

#include "base/slice.h"

typedef struct FieldWriter {
	GString *out;
	size_t column;
	bool has_word; /* the first one stays beside the name */
} FieldWriter;

/* "Name:". */
FieldWriter field_open(GString *out, const char *name);
/* A blank and word, or word on a line of its own where it would get too long. */
void field_add(FieldWriter *writer, const char *word);
/* The next word begins a line. */
void field_break(FieldWriter *writer);
void field_close(FieldWriter *writer);

/* Whether it is one that needs no quotes around it. */
bool field_is_address(const char *text);
/* ASCII, without a dot at the end: a domain name as far as its characters go. */
bool field_is_domain(const char *text);

/* Each is owned by the caller. What is not printable ASCII is written as \xNN or \u{NNNN}; what is
 * longer than any real value is cut, and ends in "...". */
char *field_value(const char *text);   /* a token, or a quoted-string (RFC 2045, 5.1) */
char *field_quoted(const char *text);  /* a quoted-string */
char *field_address(const char *text); /* an address bare where it is one, else field_value() */
char *field_comment(const char *text); /* in parentheses */
char *field_text(const char *text);    /* unstructured */
