#include "message/address_lex.h"

#include "message/multibyte.h"

#include <string.h>

typedef struct Lexer {
	Slice rest;
	GArray *tokens;
	/* What was found not to close is not looked for again: the work stays linear. */
	bool no_quotes, no_comments, no_literals;
	const char *no_word_before;
	bool is_utf8;
	bool has_space;
} Lexer;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* atext (RFC 5322, 3.2.3), the dot, 8-bit octets (RFC 6532), and control characters, which are
 * no atext, but which programs let through. */
static bool is_word_octet(char c)
{
	return c == '\0' || strchr(" \t\r\n()<>@,;:\\\"[]", c) == NULL;
}

/* A quoted pair, or a character of several octets. */
static size_t octets_at(Slice text, size_t i, bool is_utf8)
{
	if (text.data[i] == '\\')
		return i + 1 < text.len ? 2 : 1;
	return multibyte_len(slice_sub(text, i, text.len), is_utf8);
}

/* The length up to and with an unquoted close, nesting with open; 0 where it does not close. */
static size_t closed_len(Slice text, char open, char close, bool is_utf8)
{
	size_t depth = 1;

	for (size_t i = 1; i < text.len; i += octets_at(text, i, is_utf8)) {
		if (text.data[i] == close && --depth == 0)
			return i + 1;
		if (open != '\0' && text.data[i] == open)
			depth++;
	}
	return 0;
}

static void add_token(Lexer *lexer, AddressTokenKind kind, size_t len)
{
	AddressToken token = { kind, lexer->has_space, slice_sub(lexer->rest, 0, len) };

	g_array_append_val(lexer->tokens, token);
	lexer->rest = slice_sub(lexer->rest, len, lexer->rest.len);
	lexer->has_space = false;
}

/* "=?charset?B?text?=" without white space; 0 where there is none. Writers put specials into it,
 * whatever RFC 2047, 5 says. */
static size_t encoded_word_len(Lexer *lexer)
{
	Slice text = lexer->rest;
	unsigned questions = 1;
	size_t i;

	if (!slice_starts(text, "=?") || text.data < lexer->no_word_before)
		return 0;
	for (i = 2; i < text.len && !is_blank(text.data[i]); i++) {
		if (text.data[i] != '?')
			continue;
		if (++questions == 4 && i + 1 < text.len && text.data[i + 1] == '=')
			return i + 2;
		if (questions == 4)
			return 0;
	}
	lexer->no_word_before = text.data + i;
	return 0;
}

static size_t word_len(Lexer *lexer)
{
	Slice text = lexer->rest;
	size_t len = encoded_word_len(lexer);
	size_t octets;

	if (len > 0)
		return len;
	for (; len < text.len && is_word_octet(text.data[len]); len += octets) {
		/* An encoded word that follows at once is a token of its own. */
		if (len > 0 && slice_starts(slice_sub(text, len, text.len), "=?"))
			break;
		octets = multibyte_len(slice_sub(text, len, text.len), lexer->is_utf8);
	}
	return len;
}

/* A token that must close, or its first octet as junk. */
static void add_closed(Lexer *lexer, AddressTokenKind kind, char open, char close, bool *no_more)
{
	size_t len = *no_more ? 0 : closed_len(lexer->rest, open, close, lexer->is_utf8);

	*no_more |= len == 0;
	add_token(lexer, len > 0 ? kind : TOKEN_JUNK, len > 0 ? len : 1);
}

static void take_token(Lexer *lexer)
{
	char c = lexer->rest.data[0];

	if (c == '"')
		add_closed(lexer, TOKEN_QUOTED, '\0', '"', &lexer->no_quotes);
	else if (c == '(')
		add_closed(lexer, TOKEN_COMMENT, '(', ')', &lexer->no_comments);
	else if (c == '[')
		add_closed(lexer, TOKEN_LITERAL, '\0', ']', &lexer->no_literals);
	else if (c != '\0' && strchr("<>@,;:", c) != NULL)
		add_token(lexer, TOKEN_SPECIAL, 1);
	else if (c == '\\' && lexer->rest.len > 1)
		add_token(lexer, TOKEN_JUNK, 2);
	else if (is_word_octet(c))
		add_token(lexer, TOKEN_WORD, word_len(lexer));
	else
		add_token(lexer, TOKEN_JUNK, 1);
}

GArray *address_lex(Slice value)
{
	Lexer lexer = { .rest = value, .no_word_before = value.data };

	lexer.tokens = g_array_new(FALSE, FALSE, sizeof(AddressToken));
	lexer.is_utf8 = g_utf8_validate_len(value.data, value.len, NULL);
	while (lexer.rest.len > 0) {
		if (is_blank(lexer.rest.data[0])) {
			lexer.has_space = true;
			lexer.rest = slice_sub(lexer.rest, 1, lexer.rest.len);
		} else {
			take_token(&lexer);
		}
	}
	return lexer.tokens;
}

void address_unquote(GString *out, Slice quoted)
{
	Slice inner = slice_sub(quoted, 1, quoted.len - 2);
	bool is_utf8 = g_utf8_validate_len(inner.data, inner.len, NULL);

	for (size_t i = 0; i < inner.len;) {
		size_t len = octets_at(inner, i, is_utf8);

		if (inner.data[i] == '\\' && len == 2)
			g_string_append_c(out, inner.data[i + 1]);
		else if (len > 1 || (inner.data[i] != '\r' && inner.data[i] != '\n'))
			g_string_append_len(out, inner.data + i, (gssize)len);
		i += len;
	}
}
