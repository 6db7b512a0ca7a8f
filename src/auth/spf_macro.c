#include "auth/spf_macro.h"

#include "base/text_time.h"

#include <inttypes.h>
#include <string.h>

/* RFC 7208, 7.3 wants 127 supported; more than this is as good as all. */
#define SPF_PARTS_MAX 10000u

typedef struct Macro {
	char letter;     /* lower case; '%', '_' or '-' for what has no braces */
	bool is_escaped; /* the letter was written in upper case */
	bool is_reversed;
	unsigned parts;   /* 0: all */
	Slice delimiters; /* empty: a dot */
} Macro;

static char front(Slice text)
{
	return text.len > 0 ? text.data[0] : '\0';
}

static void drop(Slice *text, size_t count)
{
	*text = slice_sub(*text, count, text->len);
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* *DIGIT: none at all is fine, a number that is zero is not. */
static bool take_digits(Slice *text, unsigned *ret_parts)
{
	bool has_digits = g_ascii_isdigit(front(*text));
	unsigned parts = 0;

	for (; g_ascii_isdigit(front(*text)); drop(text, 1))
		parts = MIN(parts * 10 + (unsigned)(front(*text) - '0'), SPF_PARTS_MAX);
	*ret_parts = parts;
	return !has_digits || parts > 0;
}

static Slice take_delimiters(Slice *text)
{
	size_t count = 0;
	Slice delimiters;

	while (count < text->len && is_one_of(text->data[count], ".-+,/_="))
		count++;
	delimiters = slice_sub(*text, 0, count);
	drop(text, count);
	return delimiters;
}

/* What stands behind "%{". */
static bool take_braced(Slice *text, SpfMacroPlace place, Macro *ret_macro)
{
	char letter = front(*text);

	ret_macro->letter = g_ascii_tolower(letter);
	ret_macro->is_escaped = g_ascii_isupper(letter);
	if (!is_one_of(ret_macro->letter, place == SPF_IN_TERM ? "slodiphv" : "slodiphvcrt"))
		return false;
	drop(text, 1);
	if (!take_digits(text, &ret_macro->parts))
		return false;
	if (g_ascii_tolower(front(*text)) == 'r') {
		ret_macro->is_reversed = true;
		drop(text, 1);
	}
	ret_macro->delimiters = take_delimiters(text);
	if (front(*text) != '}')
		return false;
	drop(text, 1);
	return true;
}

/* Takes nothing where it is none. */
static bool take_macro(Slice *text, SpfMacroPlace place, Macro *ret_macro)
{
	Slice rest = slice_sub(*text, 2, text->len);
	char second = text->len > 1 ? text->data[1] : '\0';

	*ret_macro = (Macro) { .letter = second };
	if (front(*text) != '%' || !is_one_of(second, "{%_-"))
		return false;
	if (second == '{' && !take_braced(&rest, place, ret_macro))
		return false;
	*text = rest;
	return true;
}

bool spf_macro_skip(Slice *text, SpfMacroPlace place)
{
	Macro macro;

	return take_macro(text, place, &macro);
}

bool spf_macro_string_is_valid(Slice text, SpfMacroPlace place)
{
	while (text.len > 0) {
		char c = front(text);

		if (c == '%') {
			if (!spf_macro_skip(&text, place))
				return false;
			continue;
		}
		if (!g_ascii_isgraph(c) && !(c == ' ' && place == SPF_IN_EXPLANATION))
			return false;
		drop(&text, 1);
	}
	return true;
}

bool spf_macro_uses(Slice text, const char *letters)
{
	while (text.len > 0) {
		Macro macro;

		if (front(text) != '%' || !take_macro(&text, SPF_IN_EXPLANATION, &macro))
			drop(&text, 1);
		else if (is_one_of(macro.letter, letters))
			return true;
	}
	return false;
}

/* IPv6 in the form that is made for reversing: a nibble a part (7.3). */
static char *dotted_address(const InetAddr *client)
{
	char text[INET_ADDR_TEXT];
	GString *nibbles;

	if (client->family != 6)
		return g_strdup(inet_addr_text(client, text));
	nibbles = g_string_new(NULL);
	for (size_t i = 0; i < sizeof client->octets; i++)
		g_string_append_printf(nibbles, "%s%X.%X", i > 0 ? "." : "",
			client->octets[i] >> 4u, client->octets[i] & 15u);
	return g_string_free(nibbles, FALSE);
}

static char *time_in_seconds(int64_t time)
{
	return time == TIME_UNKNOWN ? g_strdup("unknown")
				    : g_strdup_printf("%" PRId64, time / 1000);
}

/* The value of a letter; owned by the caller. "unknown" is what the RFC has for r and p. */
static char *value_of(char letter, const SpfMacroValues *values)
{
	char text[INET_ADDR_TEXT];

	switch (letter) {
	case 's':
		return g_strdup(values->sender);
	case 'l':
		return g_strdup(values->local_part);
	case 'o':
		return g_strdup(values->sender_domain);
	case 'd':
		return g_strdup(values->domain);
	case 'h':
		return g_strdup(values->helo != NULL ? values->helo : "unknown");
	case 'p':
		return g_strdup(values->validated != NULL ? values->validated : "unknown");
	case 'i':
		return dotted_address(&values->client);
	case 'c':
		return g_strdup(inet_addr_text(&values->client, text));
	case 'v':
		return g_strdup(values->client.family == 6 ? "ip6" : "in-addr");
	case 't':
		return time_in_seconds(values->time);
	default:
		return g_strdup("unknown");
	}
}

static bool is_delimiter(char c, Slice delimiters)
{
	return delimiters.len == 0 ? c == '.' : slice_find_char(delimiters, c) >= 0;
}

/* Leading, trailing and repeated delimiters give empty parts (7.3). */
static GArray *split(Slice value, Slice delimiters)
{
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(Slice));
	size_t from = 0;

	for (size_t i = 0; i <= value.len; i++) {
		if (i < value.len && !is_delimiter(value.data[i], delimiters))
			continue;
		Slice part = slice_sub(value, from, i - from);
		g_array_append_val(parts, part);
		from = i + 1;
	}
	return parts;
}

static void reverse(GArray *parts)
{
	for (guint i = 0, j = parts->len; i + 1 < j; i++) {
		Slice *a = &g_array_index(parts, Slice, i);
		Slice *b = &g_array_index(parts, Slice, --j);
		Slice kept = *a;

		*a = *b;
		*b = kept;
	}
}

/* RFC 3986's unreserved octets stand for themselves. */
static void append_escaped(GString *out, Slice part)
{
	for (size_t i = 0; i < part.len; i++) {
		unsigned char c = (unsigned char)part.data[i];

		if (g_ascii_isalnum((char)c) || is_one_of((char)c, "-._~"))
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "%%%02X", c);
	}
}

static void append_value(GString *out, const Macro *macro, Slice value)
{
	g_autoptr(GArray) parts = split(value, macro->delimiters);
	guint from = 0;

	if (macro->is_reversed)
		reverse(parts);
	if (macro->parts > 0 && macro->parts < parts->len)
		from = parts->len - macro->parts;
	for (guint i = from; i < parts->len; i++) {
		Slice part = g_array_index(parts, Slice, i);

		if (i > from)
			g_string_append_c(out, '.');
		if (macro->is_escaped)
			append_escaped(out, part);
		else
			g_string_append_len(out, part.data, (gssize)part.len);
	}
}

/* Returns how many octets had to be looked at, which may be more than are appended. */
static size_t append_macro(GString *out, const Macro *macro, const SpfMacroValues *values)
{
	g_autofree char *value = NULL;
	size_t before = out->len;

	if (macro->letter == '%' || macro->letter == '_' || macro->letter == '-') {
		g_string_append(out, macro->letter == '%'   ? "%"
				     : macro->letter == '_' ? " "
							    : "%20");
		return 1;
	}
	value = value_of(macro->letter, values);
	append_value(out, macro, slice_of(value));
	return MAX(strlen(value), out->len - before);
}

char *spf_macro_expand(Slice text, const SpfMacroValues *values)
{
	GString *out = g_string_sized_new(text.len + 64);
	size_t work = 0;

	while (text.len > 0 && work <= SPF_EXPANSION_MAX) {
		Macro macro;

		if (front(text) == '%' && take_macro(&text, SPF_IN_EXPLANATION, &macro)) {
			work += append_macro(out, &macro, values);
			continue;
		}
		g_string_append_c(out, front(text));
		drop(&text, 1);
		work++;
	}
	return g_string_free(out, work > SPF_EXPANSION_MAX);
}
