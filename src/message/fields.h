/* The header block: fields in order, as stored, with their offsets (RFC 5322, 2.2). */
#pragma once

#include "base/finding.h"

typedef struct Field {
	Slice name;    /* without white space before the colon (obs-syntax, RFC 5322, 4.5) */
	Slice value;   /* behind the colon, folded as stored, without the last line end */
	Slice raw;     /* the whole field, with its last line end if it has one */
	bool by_store; /* Status, X-Mozilla-Status, X-Gmail-Labels …: added by the store,
			* no part of the message as it was received */
	bool space_before_colon;
} Field;

typedef struct Fields {
	Field *list;
	size_t count;
	Slice message; /* all of it, as given */
	Slice header;  /* up to, without, the empty line */
	Slice body;    /* behind the empty line; absent where there is none */
} Fields;

/* message must outlive the result. Lines that are no field (mbox lines inside the block, lines
 * without a colon, a continuation with nothing to continue) are findings and left out. findings may
 * be NULL: then nothing is told. */
Fields *fields_parse(Slice message, Findings *findings);
void fields_free(Fields *fields); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fields, fields_free)

/* The first field of that name at or after index from, without regard to case; fields->count if
 * there is none. */
size_t fields_find(const Fields *fields, const char *name, size_t from);
size_t fields_count(const Fields *fields, const char *name);

/* The value with its folding undone (RFC 5322, 2.2.3): line ends dropped; owned by the caller. May
 * hold any octet, NUL too: GString keeps the length. */
GString *field_unfold(const Field *field);
