#include "message/decode.h"

#include "base/limits.h"
#include "base/printable.h"
#include "message/charset.h"
#include "message/transfer.h"

#include <string.h>

/* "=?charset*language?encoding?text?=" (RFC 2047, 2; RFC 2231, 5). */
typedef struct Word {
	Slice raw;
	Slice charset; /* without the language */
	char encoding; /* 'B' or 'Q' */
	Slice text;
} Word;

typedef struct Decoder {
	Slice rest;
	GString *out;
	/* Encoded words of one charset in a row, not converted yet. */
	Slice run; /* from the first to the last as they are written; absent if there is none */
	Slice charset;
	GString *octets;
	bool has_ends; /* "?=" may still come: without it, looking for it again would make an
			* unterminated word cost the square of the field */
} Decoder;

/* Longer than a charset and its language can be. */
#define LONGEST_CHARSET (LIMIT_CHARSET + 32)

/* Reads the encoded word that begins at text with "=?"; false where it is none. */
static bool read_word(Decoder *decoder, Slice text, Word *ret_word)
{
	Slice head = slice_sub(text, 2, LONGEST_CHARSET);
	ssize_t question = slice_find_char(head, '?');
	Slice rest;
	Slice charset;
	ssize_t end;

	if (question <= 0 || !decoder->has_ends)
		return false;
	charset = slice_sub(head, 0, (size_t)question);
	rest = slice_sub(text, 2 + (size_t)question + 1, text.len);
	if (rest.len < 2 || rest.data[1] != '?' || strchr("BbQq", rest.data[0]) == NULL)
		return false;
	ret_word->encoding = g_ascii_toupper(rest.data[0]);
	rest = slice_sub(rest, 2, rest.len);
	end = slice_find(rest, slice_of("?="));
	decoder->has_ends = end >= 0;
	if (end < 0)
		return false;
	ret_word->charset = slice_take_until(&charset, '*');
	ret_word->text = slice_sub(rest, 0, (size_t)end);
	ret_word->raw = slice_sub(text, 0, slice_offset(text, ret_word->text) + (size_t)end + 2);
	return true;
}

static void put_raw(Decoder *decoder, Slice text)
{
	g_autofree char *shown = charset_guess(text);

	g_string_append(decoder->out, shown);
}

/* Converts what is gathered; a charset that is not known leaves the words as they are. */
static void flush(Decoder *decoder)
{
	g_autofree char *text = NULL;

	if (decoder->run.data == NULL)
		return;
	text = decode_charset(
		slice_make(decoder->octets->str, decoder->octets->len), decoder->charset);
	if (text == NULL)
		text = printable_utf8(decoder->run);
	g_string_append(decoder->out, text);
	g_string_truncate(decoder->octets, 0);
	decoder->run = SLICE_ABSENT;
}

static void put_word(Decoder *decoder, const Word *word)
{
	const char *end = word->raw.data + word->raw.len;

	if (decoder->run.data != NULL && !slice_equal_nocase(decoder->charset, word->charset))
		flush(decoder);
	if (decoder->run.data == NULL)
		decoder->run = word->raw;
	decoder->run.len = (size_t)(end - decoder->run.data);
	decoder->charset = word->charset;
	if (word->encoding == 'B')
		transfer_base64(decoder->octets, word->text);
	else
		transfer_q(decoder->octets, word->text);
}

/* Text before the next encoded word, of which white space between two words is no text (RFC 2047,
 * 6.2). */
static void put_between(Decoder *decoder, Slice text, bool is_before_word)
{
	if (text.len == 0 ||
		(is_before_word && decoder->run.data != NULL && slice_trim(text).len == 0))
		return;
	flush(decoder);
	put_raw(decoder, text);
}

/* Takes the next encoded word off the rest, and hands out what stands before it. */
static bool take_word(Decoder *decoder, Slice *ret_before, Word *ret_word)
{
	Slice start = decoder->rest;
	size_t from = 0;

	for (;;) {
		ssize_t at = slice_find(slice_sub(start, from, start.len), slice_of("=?"));

		if (at < 0)
			break;
		from += (size_t)at;
		if (read_word(decoder, slice_sub(start, from, start.len), ret_word)) {
			*ret_before = slice_sub(start, 0, from);
			decoder->rest = slice_sub(start, from + ret_word->raw.len, start.len);
			return true;
		}
		from += 2;
	}
	*ret_before = start;
	decoder->rest = slice_sub(start, start.len, 0);
	return false;
}

static GString *unfold(Slice value)
{
	GString *text = g_string_sized_new(value.len + 1);

	while (value.len > 0) {
		Slice line = slice_chop_eol(slice_take_line(&value));

		g_string_append_len(text, line.data, (gssize)line.len);
	}
	return text;
}

char *decode_phrase(Slice value)
{
	GString *text = unfold(slice_sub(value, 0, LIMIT_DECODED_FIELD));
	Decoder decoder = { .rest = slice_make(text->str, text->len), .has_ends = true };
	Slice before;
	Word word;

	decoder.out = g_string_sized_new(text->len);
	decoder.octets = g_string_new(NULL);
	while (take_word(&decoder, &before, &word)) {
		put_between(&decoder, before, true);
		put_word(&decoder, &word);
	}
	put_between(&decoder, before, false);
	flush(&decoder);
	if (value.len > LIMIT_DECODED_FIELD)
		g_string_append_printf(decoder.out, "[\xE2\x80\xA6 %zu octets more]",
			value.len - LIMIT_DECODED_FIELD);
	g_string_free(decoder.octets, TRUE);
	g_string_free(text, TRUE);
	return g_string_free(decoder.out, FALSE);
}

char *decode_text(Slice value)
{
	return decode_phrase(slice_trim(value));
}
