#include "message/address_spec.h"

#include "message/decode.h"

static bool starts_with_dot(const AddressToken *token)
{
	return token->kind == TOKEN_WORD && token->text.data[0] == '.';
}

static bool ends_with_dot(const AddressToken *token)
{
	return token->kind == TOKEN_WORD && token->text.data[token->text.len - 1] == '.';
}

/* Two words of a local part or domain: a dot stands between them, with or without white space (RFC
 * 5322, 4.4); or they are pieces of one word, as encoded words are. */
static bool may_join(const AddressToken *tokens, guint before, guint after)
{
	const AddressToken *a = &tokens[before];
	const AddressToken *b = &tokens[after];

	return ends_with_dot(a) || starts_with_dot(b) ||
	       (a->kind == TOKEN_WORD && b->kind == TOKEN_WORD && after == before + 1 &&
		       !b->has_space_before);
}

guint address_skip_comments(const AddressToken *tokens, guint i, guint to)
{
	while (i < to && tokens[i].kind == TOKEN_COMMENT)
		i++;
	return i;
}

/* Reads word *("." word) from *at on, comments between; false where there is no word. */
static bool read_words(const AddressToken *tokens, guint *at, guint to, guint *ret_last)
{
	guint i = *at;
	guint last = i;

	if (i >= to || !address_token_is_word(&tokens[i]))
		return false;
	for (i = address_skip_comments(tokens, i + 1, to);
		i < to && address_token_is_word(&tokens[i]) && may_join(tokens, last, i);
		i = address_skip_comments(tokens, i + 1, to))
		last = i;
	*at = i;
	*ret_last = last;
	return true;
}

bool address_spec_read(const AddressToken *tokens, guint from, guint to, AddressSpec *ret_spec)
{
	AddressSpec spec = { .first = address_skip_comments(tokens, from, to) };
	guint i = spec.first;
	guint last;

	if (!read_words(tokens, &i, to, &last) || i >= to || !address_token_is(&tokens[i], '@'))
		return false;
	spec.at = i;
	i = address_skip_comments(tokens, i + 1, to);
	if (i < to && tokens[i].kind == TOKEN_LITERAL) {
		spec.last = i;
		i = address_skip_comments(tokens, i + 1, to);
	} else if (i >= to || tokens[i].kind != TOKEN_WORD ||
		   !read_words(tokens, &i, to, &spec.last)) {
		return false;
	}
	*ret_spec = spec;
	return i == to;
}

GString *address_joined(const AddressToken *tokens, guint from, guint to, bool unquoted)
{
	GString *text = g_string_new(NULL);

	for (guint i = from; i < to; i++) {
		const AddressToken *token = &tokens[i];

		if (unquoted && token->kind == TOKEN_QUOTED)
			address_unquote(text, token->text);
		else if (token->kind != TOKEN_COMMENT)
			g_string_append_len(text, token->text.data, (gssize)token->text.len);
	}
	return text;
}

char *address_phrase_text(const AddressToken *tokens, guint from, guint to)
{
	GString *text = g_string_new(NULL);
	char *decoded = NULL;

	for (guint i = from; i < to; i++) {
		const AddressToken *token = &tokens[i];

		if (token->kind == TOKEN_COMMENT)
			continue;
		if (text->len > 0 && token->has_space_before)
			g_string_append_c(text, ' ');
		if (token->kind == TOKEN_QUOTED)
			address_unquote(text, token->text);
		else
			g_string_append_len(text, token->text.data, (gssize)token->text.len);
	}
	if (text->len > 0)
		decoded = decode_phrase(slice_make(text->str, text->len));
	g_string_free(text, TRUE);
	return decoded;
}

char *address_comment_text(const AddressToken *tokens, guint from, guint to)
{
	for (guint i = from; i < to; i++) {
		const AddressToken *token = &tokens[i];
		GString *text;
		char *decoded;

		if (token->kind != TOKEN_COMMENT || token->text.len <= 2)
			continue;
		text = g_string_new(NULL);
		address_unquote(text, token->text);
		decoded = decode_text(slice_make(text->str, text->len));
		g_string_free(text, TRUE);
		return decoded;
	}
	return NULL;
}
