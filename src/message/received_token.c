#include "message/received_token.h"

#include "message/trace_text.h"

#include <string.h>

/* A bracketed word or quoted string holds an address literal, a program's name, or a mailbox (RFC
 * 5321, 4.5.3.1.3: 256 octets). */
#define LIMIT_BRACKETED ((size_t)512)
/* Parentheses that are never closed: each costs a scan to the end. */
#define LIMIT_UNCLOSED 8u

typedef struct Reader {
	Slice rest;
	unsigned unclosed;
	GArray *tokens;
	bool is_cut;
} Reader;

static void skip(Reader *reader, size_t len)
{
	reader->rest = slice_sub(reader->rest, len, reader->rest.len);
}

static void add(Reader *reader, ReceivedTokenKind kind, Slice text)
{
	ReceivedToken token = { kind, text };

	if (reader->tokens->len >= LIMIT_RECEIVED_TOKENS) {
		reader->is_cut = true;
		return;
	}
	g_array_append_val(reader->tokens, token);
}

/* Octets up to and with the one that closes what rest begins with; 1 where nothing closes it. */
static size_t bracketed_length(Slice rest, char close)
{
	Slice near = slice_sub(rest, 1, LIMIT_BRACKETED);
	ssize_t at = slice_find_char(near, close);

	return at < 0 ? 1 : (size_t)at + 2;
}

static size_t word_length(Slice rest)
{
	bool in_angles = false;
	size_t len = 0;

	while (len < rest.len && !trace_is_blank(rest.data[len])) {
		char c = rest.data[len];

		if (!in_angles && (c == '(' || c == ')' || c == ';'))
			break;
		if (c == '[')
			len += bracketed_length(slice_sub(rest, len, rest.len), ']');
		else if (c == '"')
			len += bracketed_length(slice_sub(rest, len, rest.len), '"');
		else
			len++;
		if (c == '<' || c == '>')
			in_angles = c == '<';
	}
	return len;
}

static void read_comment(Reader *reader)
{
	size_t len = reader->unclosed < LIMIT_UNCLOSED ? slice_comment_length(reader->rest) : 0;

	if (len == 0) {
		reader->unclosed++;
		skip(reader, 1);
		return;
	}
	add(reader, RECEIVED_COMMENT, slice_sub(reader->rest, 1, len - 2));
	skip(reader, len);
}

static void read_word(Reader *reader)
{
	size_t len = word_length(reader->rest);

	add(reader, RECEIVED_WORD, slice_sub(reader->rest, 0, len));
	skip(reader, len);
}

static void read_tokens(Reader *reader)
{
	while (reader->rest.len > 0 && !reader->is_cut) {
		char c = reader->rest.data[0];

		if (c == '(') {
			read_comment(reader);
		} else if (c == ';') {
			add(reader, RECEIVED_SEMICOLON, slice_sub(reader->rest, 0, 1));
			skip(reader, 1);
		} else if (c == ')' || trace_is_blank(c)) {
			skip(reader, 1);
		} else {
			read_word(reader);
		}
	}
}

/* "(from helo [192.0.2.1]) by host …": a gateway that puts its from clause into a comment. */
static void read_leading_from(Reader *reader)
{
	size_t len = slice_starts_nocase(reader->rest, "(from ")
			     ? slice_comment_length(reader->rest)
			     : 0;
	Slice behind = slice_sub(reader->rest, len, reader->rest.len);

	if (len == 0)
		return;
	reader->rest = slice_sub(reader->rest, 1, len - 2);
	read_tokens(reader);
	reader->rest = behind;
}

GArray *received_tokens(Slice value, bool *ret_is_cut)
{
	Reader reader = { .rest = slice_trim(value),
		.tokens = g_array_new(FALSE, FALSE, sizeof(ReceivedToken)) };

	read_leading_from(&reader);
	read_tokens(&reader);
	*ret_is_cut = reader.is_cut;
	return reader.tokens;
}

Slice received_date_part(Slice value)
{
	Slice date = SLICE_ABSENT;
	unsigned unclosed = 0;

	for (size_t i = 0; i < value.len; i++) {
		Slice here = slice_sub(value, i, value.len);

		if (value.data[i] == '(' && unclosed < LIMIT_UNCLOSED) {
			size_t len = slice_comment_length(here);

			unclosed += len == 0;
			i += len > 0 ? len - 1 : 0;
		} else if (value.data[i] == ';') {
			date = slice_sub(here, 1, here.len);
		}
	}
	return date;
}
