#include "base/printable.h"

/* Zero-width and directional characters that make a line read otherwise than it is stored
 * (UAX #9 and the invisible operators that hide text). */
static bool is_deceptive(gunichar c)
{
	return c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

static void add_octet(GString *out, unsigned char octet)
{
	g_string_append_printf(out, "\\x%02X", octet);
}

static void add_char(GString *out, Slice text, gunichar c, bool line)
{
	if (c == 0 || (line && (c < 0x20 || c == 0x7F)))
		add_octet(out, (unsigned char)c);
	else if (line && ((c >= 0x80 && c <= 0x9F) || is_deceptive(c)))
		g_string_append_printf(out, "\\u{%04X}", c);
	else
		g_string_append_len(out, text.data, (gssize)text.len);
}

/* Returns how many octets the character at the front of text has. */
static size_t escape_char(GString *out, Slice text, bool line)
{
	gunichar c =
		text.data[0] == '\0' ? 0 : g_utf8_get_char_validated(text.data, (gssize)text.len);
	size_t len = 1;

	if (c == (gunichar)-1 || c == (gunichar)-2) {
		add_octet(out, (unsigned char)text.data[0]);
		return len;
	}
	len = c == 0 ? 1 : (size_t)g_unichar_to_utf8(c, NULL);
	add_char(out, slice_sub(text, 0, len), c, line);
	return len;
}

/* How many octets at the front stand for themselves everywhere. */
static size_t plain_length(Slice text)
{
	size_t len = 0;

	while (len < text.len && text.data[len] >= 0x20 && text.data[len] < 0x7F)
		len++;
	return len;
}

static char *escape(Slice text, bool line)
{
	GString *out;

	if (plain_length(text) == text.len)
		return g_strndup(text.len > 0 ? text.data : "", text.len);
	out = g_string_sized_new(text.len + 1);
	for (size_t i = 0; i < text.len;) {
		size_t plain = plain_length(slice_sub(text, i, text.len));

		g_string_append_len(out, text.data + i, (gssize)plain);
		i += plain;
		if (i < text.len)
			i += escape_char(out, slice_sub(text, i, text.len), line);
	}
	return g_string_free(out, FALSE);
}

char *printable_utf8(Slice octets)
{
	return escape(octets, false);
}

char *printable_line(Slice text)
{
	return escape(text, true);
}
