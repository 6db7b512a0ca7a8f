/* The productions of a mailbox over its tokens: addr-spec, phrase, comments (RFC 5322, 3.4, 4.4).
 * All take the tokens [from, to) of tokens. */
#pragma once

#include "message/address_lex.h"

/* An addr-spec: tokens from first to last, with the '@' between. */
typedef struct AddressSpec {
	guint first, at, last;
} AddressSpec;

/* All the tokens are one addr-spec, and comments. */
bool address_spec_read(const AddressToken *tokens, guint from, guint to, AddressSpec *ret_spec);

/* The first token that is no comment, or to. */
guint address_skip_comments(const AddressToken *tokens, guint from, guint to);

/* The tokens without comments and white space; with unquoted, quotes undone. */
GString *address_joined(const AddressToken *tokens, guint from, guint to, bool unquoted);

/* The words before an angle bracket as people read them; NULL where there are none. */
char *address_phrase_text(const AddressToken *tokens, guint from, guint to);

/* The first comment that says something; NULL without one. */
char *address_comment_text(const AddressToken *tokens, guint from, guint to);

static inline bool address_token_is_word(const AddressToken *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_QUOTED;
}
