/* The grammar that Authentication-Results and Received-SPF share (RFC 8601, 2.2; RFC 7208, 9.1):
 * keywords, values and comments, read so that nothing inside a value is taken for structure. */
#pragma once

#include "message/auth_results.h"

/* Properties of one result; real ones have under ten. */
#define LIMIT_RECORDED_PROPERTIES 50u

typedef struct ArReader {
	Slice rest;
	unsigned unclosed; /* parentheses that nothing closes, so far */
	GString *comment;  /* text of the comments since the last ar_take_comment() */
} ArReader;

/* Drops white space and comments; what the comments say is kept. A parenthesis that nothing closes
 * is no comment and stays. */
void ar_skip_cfws(ArReader *reader);
/* The comments read since the last call, printable, NULL for none; owned by the caller. */
char *ar_take_comment(ArReader *reader);

bool ar_at_end(const ArReader *reader);
/* Takes c if it is next. */
bool ar_take_char(ArReader *reader, char c);
/* A Keyword: letters, digits, hyphens and underscores; empty where there is none. */
Slice ar_take_keyword(ArReader *reader);
/* A result word: up to white space, ";", "(" or ",". */
Slice ar_take_result(ArReader *reader);
/* Drops what is no grammar, up to white space or ";"; at least one octet. */
void ar_skip_junk(ArReader *reader);

/* A value behind its "=": a quoted-string, or all up to white space or ";". A parenthesis, with
 * what stands in it up to the one that closes it, or an apostrophe is part of it:
 * "legitimate.com(a.attack.com" is one odd name, and never "legitimate.com" with a comment.
 * Printable; "" where it is empty. Owned by the caller. */
char *ar_take_value(ArReader *reader);

/* Of RecordedResult. */
RecordedResult *recorded_result_new(Slice method, Slice result);
void recorded_result_free(RecordedResult *result); /* NULL is fine */
/* Takes value; false where the result has LIMIT_RECORDED_PROPERTIES already. */
bool recorded_result_add(RecordedResult *result, Slice ptype, Slice name, char *value);

/* The readers of the two grammars, for recorded_field_parse(). */
void authentication_results_read(RecordedField *field, Slice value);
void received_spf_read(RecordedField *field, Slice value);
