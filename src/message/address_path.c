#include "base/printable.h"
#include "message/address.h"

#include <string.h>

/* The length of a quoted string at the start of text (RFC 5321, 4.1.2); 0 where it does not end. */
static size_t quoted_len(Slice text)
{
	for (size_t i = 1; i < text.len; i++) {
		if (text.data[i] == '"')
			return i + 1;
		if (text.data[i] == '\\')
			i++;
	}
	return 0;
}

/* The first such octet outside of a quoted string at the start, or -1. */
static ssize_t find_outside(Slice text, char c)
{
	size_t from = text.len > 0 && text.data[0] == '"' ? quoted_len(text) : 0;
	ssize_t at = slice_find_char(slice_sub(text, from, text.len), c);

	return at < 0 ? at : at + (ssize_t)from;
}

/* Octets of a Dot-string; dots may stand anywhere, as Japanese mobile carriers had it. */
static bool is_dot_string(Slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (((unsigned char)c & 0x80) == 0 && !g_ascii_isalnum(c) &&
			(c == '\0' || strchr(".!#$%&'*+-/=?^_`{|}~", c) == NULL))
			return false;
	}
	return text.len > 0;
}

static bool is_local_part(Slice text)
{
	if (text.len > 0 && text.data[0] == '"')
		return quoted_len(text) == text.len;
	return is_dot_string(text);
}

static bool is_domain(Slice text)
{
	bool is_literal = text.len > 2 && text.data[0] == '[' && text.data[text.len - 1] == ']';

	for (size_t i = 0; i < text.len && !is_literal; i++)
		if (((unsigned char)text.data[i] & 0x80) == 0 && !g_ascii_isalnum(text.data[i]) &&
			strchr(".-_", text.data[i]) == NULL)
			return false;
	return text.len > 0 && slice_find_char(text, '\0') < 0;
}

/* Mailbox (RFC 5321, 4.1.2), or postmaster, which alone needs no domain. */
static bool is_mailbox(Slice path)
{
	ssize_t at = find_outside(path, '@');

	if (at < 0)
		return slice_is_nocase(path, "postmaster");
	return is_local_part(slice_sub(path, 0, (size_t)at)) &&
	       is_domain(slice_sub(path, (size_t)at + 1, path.len));
}

/* What stands between the angle brackets, or the first run of octets without them. */
static Slice take_inner(Slice text, bool *ret_has_angle, bool *ret_is_clean)
{
	Slice inner = slice_sub(text, 1, text.len);
	Slice rest;
	ssize_t end;

	*ret_has_angle = text.len > 0 && text.data[0] == '<';
	if (!*ret_has_angle) {
		inner = text;
		inner.len = text.len > 0 && text.data[0] == '"' ? quoted_len(text) : 0;
		for (; inner.len < text.len; inner.len++)
			if (strchr(" \t\r\n", text.data[inner.len]) != NULL &&
				text.data[inner.len] != '\0')
				break;
		*ret_is_clean = inner.len == text.len;
		return inner;
	}
	end = find_outside(inner, '>');
	*ret_is_clean = end >= 0;
	if (end < 0)
		return slice_trim(inner);
	rest = slice_trim(slice_sub(inner, (size_t)end + 1, inner.len));
	*ret_is_clean = rest.len == 0 || (rest.data[0] == '(' && rest.data[rest.len - 1] == ')');
	return slice_trim(slice_sub(inner, 0, (size_t)end));
}

/* Without "@a,@b:", which is to be ignored; false where no path comes behind it. */
static bool drop_route(Slice *path)
{
	ssize_t colon = path->len > 0 && path->data[0] == '@' ? slice_find_char(*path, ':') : -1;

	if (path->len == 0 || path->data[0] != '@')
		return true;
	*path = slice_sub(*path, (size_t)(colon + 1), path->len);
	return colon > 0 && path->len > 0;
}

/* So some delivering hosts write the null reverse-path; the name without a domain is theirs alone.
 */
static bool is_null_path(Slice path)
{
	return slice_is_nocase(path, "MAILER-DAEMON");
}

char *address_path(Slice value, bool *ret_is_malformed)
{
	bool has_angle = false;
	bool is_clean = true;
	Slice path = take_inner(slice_trim(value), &has_angle, &is_clean);

	*ret_is_malformed = !is_clean;
	if (path.len == 0)
		return has_angle ? g_strdup("") : NULL;
	if (!drop_route(&path)) {
		*ret_is_malformed = true;
		return NULL;
	}
	if (is_null_path(path))
		return g_strdup("");
	*ret_is_malformed |= !is_mailbox(path);
	return printable_utf8(path);
}
