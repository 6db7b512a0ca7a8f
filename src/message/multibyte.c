#include "message/multibyte.h"

#include <string.h>

/* RFC 5322, 2.1.1: a line is no longer, and a stretch ends within its line. */
#define STRETCH_MAX ((size_t)998)

#define ESC         '\x1B'

/* Behind ESC: the sets that mail uses (RFC 1468, 1554, 2237; JIS X 0213), octets a character; those
 * that return to ASCII, or to JIS X 0201's Roman, which has the same specials, have 0. */
static const struct {
	const char *sequence;
	size_t octets;
} escapes[] = {
	{ "(B", 0 },
	{ "(J", 0 },
	{ "(H", 0 },
	{ "(I", 1 },
	{ "$@", 2 },
	{ "$B", 2 },
	{ "$A", 2 },
	{ "$(@", 2 },
	{ "$(B", 2 },
	{ "$(D", 2 },
	{ "$(C", 2 },
	{ "$(O", 2 },
	{ "$(P", 2 },
	{ "$(Q", 2 },
};

/* The length of the escape sequence at the start of text, 0 where it is none that is known. */
static size_t escape_len(Slice text, size_t *ret_octets)
{
	Slice rest = slice_sub(text, 1, text.len);

	for (size_t i = 0; text.data[0] == ESC && i < G_N_ELEMENTS(escapes); i++)
		if (slice_starts(rest, escapes[i].sequence)) {
			*ret_octets = escapes[i].octets;
			return 1 + strlen(escapes[i].sequence);
		}
	return 0;
}

static bool is_94(char c)
{
	return c > ' ' && c < 0x7F;
}

static bool is_character(Slice text, size_t octets)
{
	for (size_t i = 0; i < octets; i++)
		if (i >= text.len || !is_94(text.data[i]))
			return false;
	return true;
}

/* From the first escape sequence to the end of the one that returns; 0 where none does. */
static size_t stretch_len(Slice text)
{
	size_t octets = 0;
	size_t len = escape_len(text, &octets);

	while (len > 0 && octets > 0) {
		Slice rest = slice_sub(text, len, text.len);
		size_t escape = rest.len > 0 ? escape_len(rest, &octets) : 0;

		if (escape == 0 && !is_character(rest, octets))
			return 0;
		len += escape > 0 ? escape : octets;
	}
	return len;
}

/* "name.tld" at the start of text, as the ASCII of every charset has it. */
static bool looks_like_domain(Slice text)
{
	size_t len = 0;
	size_t dot = 0;

	while (len < text.len && (g_ascii_isalnum(text.data[len]) || text.data[len] == '-' ||
					 (text.data[len] == '.' && len > 0))) {
		if (text.data[len] == '.')
			dot = len;
		len++;
	}
	return dot > 0 && dot + 2 < len && g_ascii_isalpha(text.data[dot + 1]) &&
	       g_ascii_isalpha(text.data[dot + 2]);
}

static bool looks_like_address(Slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '@' && looks_like_domain(slice_sub(text, i + 1, text.len)))
			return true;
	return false;
}

/* The second octet of a Shift_JIS character can be one of these specials; an at sign hardly, where
 * a domain follows: that is an address with another 8-bit charset before it. */
static bool is_shift_jis(Slice text)
{
	unsigned char lead = (unsigned char)text.data[0];
	bool is_lead = (lead >= 0x81 && lead <= 0x9F) || (lead >= 0xE0 && lead <= 0xFC);

	if (!is_lead || text.len < 2 || text.data[1] == '\0' ||
		strchr("@[\\]", text.data[1]) == NULL)
		return false;
	return text.data[1] != '@' || !looks_like_domain(slice_sub(text, 2, STRETCH_MAX));
}

size_t multibyte_len(Slice text, bool is_utf8)
{
	Slice line = slice_sub(text, 0, STRETCH_MAX);
	size_t len = text.data[0] == ESC ? stretch_len(line) : 0;

	if (len > 0)
		return looks_like_address(slice_sub(line, 0, len)) ? 1 : len;
	return !is_utf8 && is_shift_jis(text) ? 2 : 1;
}
