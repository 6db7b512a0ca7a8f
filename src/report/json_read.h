/* JSON that somebody else may have written: one line, within limits, and its members by kind. */
#pragma once

#include "base/slice.h"

#include <jansson.h>
#include <stdint.h>

/* The object on the line; owned by the caller. NULL, and *reterr_error says what is wrong, where it
 * is no JSON object (RFC 8259), a member's name is there twice, or it goes beyond LIMIT_RECORD_….
 */
json_t *json_read_line(Slice line, GError **reterr_error);

/* Texts live as long as object. NULL where the member is absent, or is no text. */
const char *json_text_of(const json_t *object, const char *name);
/* The member is there, and null. */
bool json_is_null_of(const json_t *object, const char *name);
/* False where the member is absent, or no whole number from 0 up. */
bool json_number_of(const json_t *object, const char *name, uint64_t *ret_number);
bool json_bool_of(const json_t *object, const char *name, bool *ret_value);
/* NULL where the member is absent, or of another kind. */
const json_t *json_object_of(const json_t *object, const char *name);
const json_t *json_array_of(const json_t *object, const char *name);
/* The index-th text of an array; NULL behind its end, and where it is no text. */
const char *json_text_at(const json_t *array, size_t index);

/* Writes what was read, on one line; as json_value.h has it. */
void json_append_line(GString *out, const json_t *value);

/* Has the library ready, which is otherwise so when it is first needed. */
void json_prepare(void);
/* The library behind it, with its version; owned by the caller. */
char *json_library(void);
