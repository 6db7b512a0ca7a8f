/* A view of octets that somebody else owns: text of unknown origin is a Slice, never a char *. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* data is NULL for "absent"; an empty slice that is there has data and len 0. A slice never ends
 * in a promised NUL and may hold any octet. It lives as long as what it points into. */
typedef struct Slice {
	const char *data;
	size_t len;
} Slice;

#define SLICE_ABSENT ((Slice) { NULL, 0 })

static inline Slice slice_make(const char *data, size_t len)
{
	return (Slice) { data, len };
}

/* The octets of a NUL-terminated text, without the NUL; NULL gives the absent slice. */
static inline Slice slice_of(const char *text)
{
	return text != NULL ? slice_make(text, strlen(text)) : SLICE_ABSENT;
}

Slice slice_of_bytes(GBytes *bytes);

/* Octets [from, from + len) of whole, cut to what there is. */
static inline Slice slice_sub(Slice whole, size_t from, size_t len)
{
	if (whole.data == NULL)
		return SLICE_ABSENT;
	if (from > whole.len)
		from = whole.len;
	if (len > whole.len - from)
		len = whole.len - from;
	return slice_make(whole.data + from, len);
}

/* Without the space, tab, CR and LF at both ends; at the end only. */
Slice slice_trim(Slice text);
Slice slice_trim_end(Slice text);

/* Takes what stands before the first `stop` off the front of *rest, and the stop itself, which is
 * in neither part. Without a stop everything is taken and *rest is empty. */
Slice slice_take_until(Slice *rest, char stop);

/* Where c begins first, or -1. */
static inline ssize_t slice_find_char(Slice text, char c)
{
	const char *at = text.len > 0 ? (const char *)memchr(text.data, c, text.len) : NULL;

	return at != NULL ? at - text.data : -1;
}

/* Takes a line with its line end (LF, with whatever stands before it) off the front of *rest. */
static inline Slice slice_take_line(Slice *rest)
{
	ssize_t at = slice_find_char(*rest, '\n');
	size_t len = at < 0 ? rest->len : (size_t)at + 1;
	Slice line = slice_sub(*rest, 0, len);

	*rest = slice_sub(*rest, len, rest->len);
	return line;
}

/* A line without its LF or CRLF. */
static inline Slice slice_chop_eol(Slice line)
{
	if (line.len > 0 && line.data[line.len - 1] == '\n') {
		line.len--;
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.len--;
	}
	return line;
}

static inline void slice_append(GString *out, Slice text)
{
	g_string_append_len(out, text.data, (gssize)text.len);
}

static inline bool slice_equal(Slice a, Slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool slice_is(Slice a, const char *text)
{
	return slice_equal(a, slice_make(text, text != NULL ? strlen(text) : 0));
}

/* ASCII letters of either case are the same. */
bool slice_equal_nocase(Slice a, Slice b);

static inline bool slice_is_nocase(Slice a, const char *text)
{
	Slice b = slice_of(text);

	return a.len == b.len && slice_equal_nocase(a, b);
}

/* The first octets are looked at first: most names and lines differ there. */
static inline bool slice_starts_nocase(Slice text, const char *prefix)
{
	Slice wanted = slice_of(prefix);

	return text.len >= wanted.len &&
	       (wanted.len == 0 || ((text.data[0] ^ wanted.data[0]) & ~0x20) == 0) &&
	       slice_equal_nocase(slice_make(text.data, wanted.len), wanted);
}

static inline bool slice_starts(Slice text, const char *prefix)
{
	return slice_is(slice_sub(text, 0, strlen(prefix)), prefix);
}

/* Where needle begins first, or -1. */
ssize_t slice_find(Slice text, Slice needle);

/* How far inner begins behind the start of outer, into which it must point. */
size_t slice_offset(Slice outer, Slice inner);

/* How long the comment is that text begins with, nested ones and quoted pairs read (RFC 5322,
 * 3.2.2); 0 where it has no end. */
size_t slice_comment_length(Slice text);

/* A copy with a NUL behind it, owned by the caller; NULL where the slice is absent or holds a NUL
 * (which would make a C string lie about its length). */
char *slice_dup(Slice text);
/* The same in ASCII lower case. */
char *slice_dup_lower(Slice text);

/* An unsigned decimal number of digits only, no more than limit. */
bool slice_parse_uint(Slice text, guint64 limit, guint64 *ret_number);
