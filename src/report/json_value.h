/* Shorthands over jansson for the records: members in order, null where nothing is known. */
#pragma once

#include "base/slice.h"

#include <jansson.h>
#include <stdint.h>

/* Each adds member name to object, or appends to an array where name is NULL. */
void json_add(json_t *parent, const char *name, json_t *value);
void json_add_text(json_t *parent, const char *name, const char *text); /* NULL: null */
void json_add_number(json_t *parent, const char *name, uint64_t number);
void json_add_bool(json_t *parent, const char *name, bool value);
void json_add_time(json_t *parent, const char *name, int64_t time);
/* An array of the texts (of char *). NULL: an empty one. */
void json_add_texts(json_t *parent, const char *name, const GPtrArray *texts);
/* A new object or array that belongs to parent. */
json_t *json_add_object(json_t *parent, const char *name);
json_t *json_add_array(json_t *parent, const char *name);

/* One line; what jansson leaves bare though a terminal would obey it is escaped. */
void json_append_line(GString *out, const json_t *value);

/* Has the library ready, which is otherwise so when it is first needed. */
void json_prepare(void);

/* The library behind it, with its version; owned by the caller. */
char *json_library(void);
