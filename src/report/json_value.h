/* Writes JSON, a line a value, in the order in which it is told: no tree is built. Null where
 * nothing is known; what a terminal would obey is escaped. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* An object or array that is being written. It is open until something is added to one that it lies
 * in; nothing can be added to it afterwards. */
typedef struct Json Json;

/* Begins an object at the end of out, which must live until json_end(). */
Json *json_begin(GString *out);
/* Closes what is open, and the object. Takes it over. */
void json_end(Json *object);

/* Each adds member name to an object, or an element to an array, where name is NULL. */
void json_add_null(Json *parent, const char *name);
void json_add_text(Json *parent, const char *name, const char *text); /* NULL: null */
void json_add_number(Json *parent, const char *name, uint64_t number);
void json_add_bool(Json *parent, const char *name, bool value);
void json_add_time(Json *parent, const char *name, int64_t time);
/* An array of the texts (of char *). NULL: an empty one. */
void json_add_texts(Json *parent, const char *name, const GPtrArray *texts);
/* A new object or array inside parent. */
Json *json_add_object(Json *parent, const char *name);
Json *json_add_array(Json *parent, const char *name);

/* JSON that another library made; what it leaves bare is escaped. Valid UTF-8. */
void json_append_made(GString *out, const char *json);
