#include "auth/change_encode.h"

/* RFC 2045, 6.7, rule 5: with the "=" of a soft line end. */
#define QUOTED_COLUMNS 76u

static bool is_literal(char c, bool is_last)
{
	if (c == ' ' || c == '\t')
		return !is_last;
	return c > ' ' && c <= '~' && c != '=';
}

/* One line of text, without its end. */
static void encode_line(GString *out, Slice line, const char *eol)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned column = 0;

	for (size_t i = 0; i < line.len; i++) {
		bool is_last = i + 1 == line.len;
		unsigned char c = (unsigned char)line.data[i];
		unsigned width = is_literal(line.data[i], is_last) ? 1 : 3;

		/* The last one needs no room for a "=" behind it. */
		if (column + width > QUOTED_COLUMNS - !is_last) {
			g_string_append_c(out, '=');
			g_string_append(out, eol);
			column = 0;
		}
		if (width == 1) {
			g_string_append_c(out, line.data[i]);
		} else {
			g_string_append_c(out, '=');
			g_string_append_c(out, digits[c >> 4]);
			g_string_append_c(out, digits[c & 15]);
		}
		column += width;
	}
}

void change_encode_quoted_printable(GString *out, Slice text, const char *eol)
{
	while (text.len > 0) {
		Slice line = slice_take_line(&text);
		Slice content = slice_chop_eol(line);
		Slice end = slice_sub(line, content.len, line.len);

		encode_line(out, content, eol);
		g_string_append_len(out, end.data, (gssize)end.len);
	}
}

/* The four digits of up to three octets. */
static void encode_group(GString *out, Slice octets)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned group = 0;

	for (size_t i = 0; i < 3; i++)
		group = group << 8 | (i < octets.len ? (unsigned char)octets.data[i] : 0);
	for (size_t i = 0; i < 4; i++)
		g_string_append_c(out, i <= octets.len ? digits[group >> (18 - 6 * i) & 63] : '=');
}

void change_encode_base64(GString *out, Slice octets, size_t columns, const char *eol)
{
	size_t line = (size_t)columns / 4 * 3;

	for (size_t i = 0; i < octets.len; i += 3) {
		if (i > 0 && i % line == 0)
			g_string_append(out, eol);
		encode_group(out, slice_sub(octets, i, 3));
	}
}
