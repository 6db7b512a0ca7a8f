#include "auth/base64.h"

#include <stdint.h>
#include <string.h>

#define NOT_BASE64 64u

static uint32_t value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0') + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : NOT_BASE64;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What stands behind the digits: no more than two "=", and blanks. */
static bool is_padding(Slice rest)
{
	unsigned equals = 0;

	for (size_t i = 0; i < rest.len; i++) {
		if (rest.data[i] == '=')
			equals++;
		else if (!is_blank(rest.data[i]))
			return false;
	}
	return equals <= 2;
}

GBytes *base64_decode(Slice text)
{
	g_autofree unsigned char *out = g_malloc(text.len / 4 * 3 + 4);
	size_t len = 0;
	size_t digits = 0;
	uint32_t bits = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint32_t value = value_of(text.data[i]);

		if (value == NOT_BASE64 && is_blank(text.data[i]))
			continue;
		if (value == NOT_BASE64)
			break;
		bits = bits << 6 | value;
		/* Of four digits the second, third and fourth each complete an octet. */
		if (digits++ % 4 != 0)
			out[len++] = (unsigned char)(bits >> (6 - 2 * ((digits - 1) % 4)) & 0xFF);
	}
	if (!is_padding(slice_sub(text, i, text.len)) || digits % 4 == 1)
		return NULL;
	return g_bytes_new(out, len);
}
