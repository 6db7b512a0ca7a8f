#include "base/slice.h"

Slice slice_of_bytes(GBytes *bytes)
{
	size_t len = 0;
	const char *data = g_bytes_get_data(bytes, &len);

	return slice_make(data != NULL ? data : "", len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Slice slice_trim_end(Slice text)
{
	while (text.len > 0 && is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

Slice slice_trim(Slice text)
{
	text = slice_trim_end(text);
	while (text.len > 0 && is_blank(text.data[0])) {
		text.data++;
		text.len--;
	}
	return text;
}

Slice slice_take_until(Slice *rest, char stop)
{
	ssize_t at = slice_find_char(*rest, stop);
	Slice taken = *rest;

	if (at < 0) {
		*rest = slice_sub(*rest, rest->len, 0);
		return taken;
	}
	taken.len = (size_t)at;
	*rest = slice_sub(*rest, (size_t)at + 1, rest->len);
	return taken;
}

static char to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool slice_equal_nocase(Slice a, Slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (to_lower(a.data[i]) != to_lower(b.data[i]))
			return false;
	return true;
}

ssize_t slice_find(Slice text, Slice needle)
{
	const char *at;

	if (needle.len == 0 || text.len < needle.len)
		return needle.len == 0 ? 0 : -1;
	at = memmem(text.data, text.len, needle.data, needle.len);
	return at != NULL ? at - text.data : -1;
}

size_t slice_offset(Slice outer, Slice inner)
{
	g_assert(inner.data >= outer.data && inner.data <= outer.data + outer.len);
	return (size_t)(inner.data - outer.data);
}

size_t slice_comment_length(Slice text)
{
	size_t depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == '(')
			depth++;
		else if (text.data[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

char *slice_dup(Slice text)
{
	char *copy;

	if (text.data == NULL || slice_find_char(text, '\0') >= 0)
		return NULL;
	copy = g_malloc(text.len + 1);
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return copy;
}

char *slice_dup_lower(Slice text)
{
	char *copy = slice_dup(text);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = to_lower(*c);
	return copy;
}

bool slice_parse_uint(Slice text, guint64 limit, guint64 *ret_number)
{
	guint64 tenth = limit / 10;
	guint64 number = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		guint64 digit;

		if (!g_ascii_isdigit(text.data[i]))
			return false;
		digit = (guint64)(text.data[i] - '0');
		if (number > tenth || number * 10 > limit - digit)
			return false;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return true;
}
