#include "message/transfer.h"

#include <stdint.h>
#include <string.h>

/* 0 to 63, or -1 for what is not of the alphabet. */
static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void build_base64_table(signed char table[256])
{
	for (int i = 0; i < 256; i++)
		table[i] = (signed char)base64_digit((char)i);
}

/* The octets of a group of count digits: 2 hold one, 3 two, 4 three; one alone holds none. */
static size_t put_group(char *out, uint32_t group, unsigned count)
{
	size_t octets = count > 1 ? count - 1 : 0;

	group <<= 6 * (4 - count);
	for (size_t i = 0; i < octets; i++)
		out[i] = (char)(group >> (16 - 8 * i) & 0xFF);
	return octets;
}

void transfer_base64(GString *out, Slice text)
{
	signed char table[256];
	size_t len = out->len;
	uint32_t group = 0;
	unsigned count = 0;

	build_base64_table(table);
	g_string_set_size(out, len + text.len / 4 * 3 + 3);
	for (size_t i = 0; i < text.len; i++) {
		int digit = table[(unsigned char)text.data[i]];

		if (digit >= 0) {
			group = group << 6 | (uint32_t)digit;
			count++;
		}
		if (count == 4 || (text.data[i] == '=' && count > 0)) {
			len += put_group(out->str + len, group, count);
			group = 0;
			count = 0;
		}
	}
	len += count > 0 ? put_group(out->str + len, group, count) : 0;
	g_string_set_size(out, len);
}

/* "XX" at the start of text, or -1. */
static int hex_octet(Slice text)
{
	int high = text.len > 1 ? g_ascii_xdigit_value(text.data[0]) : -1;
	int low = text.len > 1 ? g_ascii_xdigit_value(text.data[1]) : -1;

	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static void undo_escapes(GString *out, Slice text, char mark)
{
	while (text.len > 0) {
		Slice before = slice_take_until(&text, mark);
		bool is_marked = text.data != before.data + before.len;
		int octet = is_marked ? hex_octet(text) : -1;

		g_string_append_len(out, before.data, (gssize)before.len);
		if (octet >= 0)
			g_string_append_c(out, (char)octet);
		else if (is_marked)
			g_string_append_c(out, mark);
		text = slice_sub(text, octet >= 0 ? 2 : 0, text.len);
	}
}

static Slice trim_blanks_at_end(Slice line)
{
	while (line.len > 0 && strchr(" \t\r\n", line.data[line.len - 1]) != NULL &&
		line.data[line.len - 1] != '\0')
		line.len--;
	return line;
}

void transfer_quoted_printable(GString *out, Slice text)
{
	while (text.len > 0) {
		Slice line = slice_take_line(&text);
		Slice content = trim_blanks_at_end(line);
		bool has_end = line.data[line.len - 1] == '\n';
		bool is_soft = content.len > 0 && content.data[content.len - 1] == '=';
		Slice end = slice_sub(line, slice_chop_eol(line).len, line.len);

		/* The last line has no end that could be soft, yet writers leave a '=' there. */
		if (is_soft)
			content.len--;
		undo_escapes(out, content, '=');
		if (has_end && !is_soft)
			g_string_append_len(out, end.data, (gssize)end.len);
	}
}

void transfer_q(GString *out, Slice text)
{
	while (text.len > 0) {
		Slice word = slice_take_until(&text, '_');

		undo_escapes(out, word, '=');
		if (text.data != word.data + word.len)
			g_string_append_c(out, ' ');
	}
}

void transfer_percent(GString *out, Slice text)
{
	undo_escapes(out, text, '%');
}

static unsigned uu_value(Slice line, size_t at)
{
	return at < line.len ? (unsigned)(line.data[at] - ' ') & 0x3F : 0;
}

static void undo_uu_line(GString *out, Slice line)
{
	size_t octets = uu_value(line, 0);

	for (size_t i = 0; i < octets && 1 + i / 3 * 4 < line.len; i += 3) {
		size_t at = 1 + i / 3 * 4;
		uint32_t group = uu_value(line, at) << 18 | uu_value(line, at + 1) << 12 |
				 uu_value(line, at + 2) << 6 | uu_value(line, at + 3);

		for (size_t k = 0; k < 3 && i + k < octets; k++)
			g_string_append_c(out, (char)(group >> (16 - 8 * k) & 0xFF));
	}
}

void transfer_uuencode(GString *out, Slice text)
{
	while (text.len > 0 && !slice_starts(slice_take_line(&text), "begin "))
		;
	while (text.len > 0) {
		Slice line = slice_trim_end(slice_take_line(&text));

		if (slice_is(line, "end"))
			return;
		if (line.len > 0)
			undo_uu_line(out, line);
	}
}
