/* The tokens of address fields (RFC 5322, 3.2 and 3.4), of octets of any kind. */
#pragma once

#include "base/slice.h"

typedef enum AddressTokenKind {
	TOKEN_WORD, /* atext and dots, 8-bit octets and control characters too: an atom, a dot-atom,
		     * an encoded word */
	TOKEN_QUOTED,  /* a quoted string with its quotes */
	TOKEN_COMMENT, /* with its parentheses and all that is nested in them */
	TOKEN_LITERAL, /* "[...]" */
	TOKEN_SPECIAL, /* one of < > @ , ; : */
	TOKEN_JUNK,    /* what has no place in the grammar: what is not closed, a stray special, a
			* backslash with its octet */
} AddressTokenKind;

typedef struct AddressToken {
	AddressTokenKind kind;
	bool has_space_before;
	Slice text;
} AddressToken;

/* The tokens of a value in order; linear in its length. Owned by the caller; an array of
 * AddressToken. */
GArray *address_lex(Slice value);

static inline bool address_token_is(const AddressToken *token, char special)
{
	return token->kind == TOKEN_SPECIAL && token->text.data[0] == special;
}

/* Appends the text of a quoted string, or of a comment, without its marks and quoted pairs. */
void address_unquote(GString *out, Slice quoted);
