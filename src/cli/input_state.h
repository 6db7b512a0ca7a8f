/* What tells whether a file is still what it was, without reading all of it. */
#pragma once

#include "base/digest.h"

#include <stdint.h>

typedef struct InputState {
	uint64_t length;
	char *time; /* of its last change, seconds with nine decimals */
	char *head; /* SHA-256 of its first octets, hexadecimal */
	char *tail; /* and of its last ones */
} InputState;

void input_state_free(InputState *state); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InputState, input_state_free)

/* NULL where it cannot be read. */
InputState *input_state_of(const char *path);

typedef enum InputChange {
	INPUT_SAME,
	INPUT_TOUCHED, /* its time is another, or it grew: what it held may be there as it was */
	INPUT_CHANGED, /* it is another */
} InputChange;

/* ret_what says what changed, static, where something did. */
InputChange input_state_compare(const char *path, const InputState *was, const char **ret_what);

/* SHA-256 of the first octets of the file, at most limit, and how many they are; hexadecimal, owned
 * by the caller. NULL, and none, where it cannot be read, or is no regular file. */
char *input_hash(const char *path, uint64_t limit, uint64_t *ret_length);
