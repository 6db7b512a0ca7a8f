/* The words and comments of a Received field (RFC 5322, 3.6.7, and what hosts write instead). */
#pragma once

#include "base/slice.h"

/* Tokens of one field: real ones have under eighty. */
#define LIMIT_RECEIVED_TOKENS 400u

typedef enum ReceivedTokenKind {
	RECEIVED_WORD,    /* "<…>", "[…]" and quoted strings are one word with what they hold */
	RECEIVED_COMMENT, /* text is what stands between the outermost parentheses */
	RECEIVED_SEMICOLON, /* outside of comments */
} ReceivedTokenKind;

typedef struct ReceivedToken {
	ReceivedTokenKind kind;
	Slice text;
} ReceivedToken;

/* An array of ReceivedToken, owned by the caller; the texts point into value. *ret_is_cut tells
 * that there were more than LIMIT_RECEIVED_TOKENS. */
GArray *received_tokens(Slice value, bool *ret_is_cut);

/* What stands behind the last semicolon that is in no comment; absent where there is none. */
Slice received_date_part(Slice value);
