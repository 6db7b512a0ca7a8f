/* The JSON of mail-parser's corpus: its values as texts, owned by the caller. */
#pragma once

#include <glib.h>
#include <jansson.h>

json_t *mime_json_load(const char *path);

char *mime_json_people(const json_t *address); /* "name <address>, …" of a List or Group */
char *mime_json_date(const json_t *date);      /* RFC 3339; "" where it is none */
char *mime_json_text(const json_t *text);      /* "" where it is none */
/* "type/subtype", or fallback where it has not both (RFC 2045, 5.2). */
char *mime_json_type(const json_t *content, const char *fallback);
/* Of char *, "name=value". */
GPtrArray *mime_json_attributes(const json_t *content);
/* NULL where it has none. */
char *mime_json_attribute(const json_t *content, const char *name);
