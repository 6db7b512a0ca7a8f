#include "packet_suite.h"

#include <string.h>

void packet_add_text(GByteArray *out, const char *text, size_t len)
{
	guint8 length = (guint8)len;

	g_byte_array_append(out, &length, 1);
	g_byte_array_append(out, (const guint8 *)text, (guint)len);
}

void packet_add_name(GByteArray *out, const char *name, size_t len)
{
	Slice rest = slice_make(name, len);

	while (rest.len > 0) {
		Slice label = slice_take_until(&rest, '.');

		packet_add_text(out, label.data, label.len);
	}
	packet_add_text(out, "", 0);
}

static void end_data(GByteArray *out, guint begun)
{
	guint len = out->len - begun;

	out->data[begun - 2] = (guint8)(len >> 8);
	out->data[begun - 1] = (guint8)len;
}

static void add_hex(GByteArray *out, const char *text)
{
	int high = g_ascii_xdigit_value(text[0]);
	int low = g_ascii_xdigit_value(text[1]);
	guint8 octet = (guint8)(high << 4 | low);

	if (high < 0 || low < 0)
		g_error("'%s' is no octet", text);
	g_byte_array_append(out, &octet, 1);
}

GByteArray *packet_assemble(const char *text)
{
	GByteArray *out = g_byte_array_new();
	guint begun = 0;

	while (*text != '\0') {
		const char *end = text + 1;

		if (*text == '\'' || *text == '<') {
			end = strchr(text + 1, *text == '<' ? '>' : '\'') + 1;
			if (*text == '<')
				packet_add_name(out, text + 1, (size_t)(end - text) - 2);
			else
				packet_add_text(out, text + 1, (size_t)(end - text) - 2);
		} else if (*text == '{') {
			g_byte_array_append(out, (const guint8 *)"\0", 2);
			begun = out->len;
		} else if (*text == '}') {
			end_data(out, begun);
		} else if (*text != ' ') {
			add_hex(out, text);
			end++;
		}
		text = end;
	}
	return out;
}

Slice packet_exact(const GByteArray *octets, size_t len)
{
	return suite_exact(slice_make((const char *)octets->data, len));
}
