#include "report/json_value.h"

#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

/* No record is deeper than eight. */
#define DEPTH_MAX 16

struct Json {
	GString *out;
	Json *outermost; /* an array of DEPTH_MAX: what lies in what */
	unsigned depth;  /* of this one */
	unsigned open;   /* of the innermost that is open; kept by the outermost */
	char end;
	bool has_members;
};

/* --- texts */

/* What has to be escaped, or may be the begin of a character that has to be: controls, quotes, and
 * the first octets of U+0080, U+0600, U+2000 and U+F000 and what follows them. */
static bool is_plain(unsigned char octet)
{
	static const unsigned char leads[] = { 0x7F, 0xC2, 0xD8, 0xE2, 0xEF };

	return octet >= 0x20 && octet != '"' && octet != '\\' &&
	       memchr(leads, octet, sizeof leads) == NULL;
}

static const bool *plain_octets(void)
{
	static bool plain[256];
	static gsize is_ready;

	if (g_once_init_enter(&is_ready)) {
		for (unsigned i = 0; i < G_N_ELEMENTS(plain); i++)
			plain[i] = is_plain((unsigned char)i);
		g_once_init_leave(&is_ready, 1);
	}
	return plain;
}

/* What JSON lets stand bare and a terminal or a reader's eye would follow. */
static bool is_followed(gunichar c)
{
	return (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static bool must_escape(gunichar c)
{
	return c < 0x20 || c == '"' || c == '\\' || is_followed(c);
}

static void append_escape(GString *out, gunichar c)
{
	static const char with_letter[] = "\"\\\b\f\n\r\t";
	static const char letters[] = "\"\\bfnrt";
	const char *at = c < 0x80 ? strchr(with_letter, (int)c) : NULL;

	if (at == NULL || c == 0)
		g_string_append_printf(out, "\\u%04X", c);
	else
		g_string_append_printf(out, "\\%c", letters[at - with_letter]);
}

/* Valid UTF-8, with what must be escaped escaped. */
static void append_escaped(GString *out, Slice text, bool (*must)(gunichar c))
{
	const bool *plain = plain_octets();
	size_t start = 0;

	for (size_t i = 0; i < text.len;) {
		gunichar c;
		size_t len;

		if (plain[(unsigned char)text.data[i]]) {
			i++;
			continue;
		}
		c = g_utf8_get_char(text.data + i);
		len = (size_t)(printable_next(text.data + i) - (text.data + i));
		if (must(c)) {
			g_string_append_len(out, text.data + start, (gssize)(i - start));
			append_escape(out, c);
			start = i + len;
		}
		i += len;
	}
	g_string_append_len(out, text.data + start, (gssize)(text.len - start));
}

#define EACH_OCTET(octet) ((uint64_t)(octet)*UINT64_C(0x0101010101010101))

/* The high bit of the lowest octet of word that is zero, and of some above it. */
static inline uint64_t zero_octets(uint64_t word)
{
	return (word - EACH_OCTET(1)) & ~word & EACH_OCTET(0x80);
}

static inline bool are_octets_bare(const char *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof word);
	return (((word | (word - EACH_OCTET(0x20)) | (word + EACH_OCTET(1))) & EACH_OCTET(0x80)) |
		       zero_octets(word ^ EACH_OCTET('"')) |
		       zero_octets(word ^ EACH_OCTET('\\'))) == 0;
}

/* Printable ASCII without quotes and backslashes: nearly all that is said. Eight octets at once,
 * the last eight wherever they begin. */
static bool is_bare(Slice text)
{
	char few[sizeof(uint64_t)];
	size_t last = text.len - sizeof few;

	if (text.len == 0)
		return true;
	if (text.len < sizeof few) {
		memset(few, ' ', sizeof few);
		memcpy(few, text.data, text.len);
		return are_octets_bare(few);
	}
	for (size_t i = 0; i < last; i += sizeof few)
		if (!are_octets_bare(text.data + i))
			return false;
	return are_octets_bare(text.data + last);
}

/* Makes out longer by len octets, and returns where they are to be written. */
static char *extend(GString *out, size_t len)
{
	size_t at = out->len;

	g_string_set_size(out, at + len);
	return out->str + at;
}

static void append_bare(GString *out, Slice text)
{
	char *at = extend(out, text.len + 2);

	at[0] = '"';
	if (text.len > 0)
		memcpy(at + 1, text.data, text.len);
	at[text.len + 1] = '"';
}

/* Valid UTF-8. */
static void append_quoted(GString *out, Slice text)
{
	g_string_append_c(out, '"');
	append_escaped(out, text, must_escape);
	g_string_append_c(out, '"');
}

/* Any octets: what is no UTF-8 is shown escaped. */
static void append_text(GString *out, Slice text)
{
	g_autofree char *valid = NULL;

	if (is_bare(text)) {
		append_bare(out, text);
		return;
	}
	if (!g_utf8_validate(text.data, (gssize)text.len, NULL))
		valid = printable_utf8(text);
	append_quoted(out, valid != NULL ? slice_of(valid) : text);
}

void json_append_made(GString *out, const char *json)
{
	append_escaped(out, slice_of(json), is_followed);
}

/* --- objects and arrays */

static void close_to(Json *parent)
{
	Json *outermost = parent->outermost;

	for (; outermost->open > parent->depth; outermost->open--)
		g_string_append_c(parent->out, outermost[outermost->open].end);
}

/* Writes what stands before a value. */
static void begin_value(Json *parent, const char *name)
{
	g_assert(parent->depth <= parent->outermost->open);
	g_assert((name != NULL) == (parent->end == '}'));
	close_to(parent);
	if (parent->has_members)
		g_string_append_c(parent->out, ',');
	parent->has_members = true;
	if (name == NULL)
		return;
	append_text(parent->out, slice_of(name));
	g_string_append_c(parent->out, ':');
}

static Json *begin_inner(Json *parent, const char *name, char begin, char end)
{
	Json *outermost = parent->outermost;
	unsigned depth = parent->depth + 1;

	g_assert(depth < DEPTH_MAX);
	begin_value(parent, name);
	g_string_append_c(parent->out, begin);
	outermost->open = depth;
	outermost[depth].has_members = false;
	outermost[depth].end = end;
	return &outermost[depth];
}

Json *json_begin(GString *out)
{
	Json *outermost = g_new0(Json, DEPTH_MAX);

	for (unsigned i = 0; i < DEPTH_MAX; i++) {
		outermost[i].out = out;
		outermost[i].outermost = outermost;
		outermost[i].depth = i;
	}
	outermost->end = '}';
	g_string_append_c(out, '{');
	return outermost;
}

void json_end(Json *object)
{
	g_assert(object->depth == 0);
	close_to(object);
	g_string_append_c(object->out, object->end);
	g_free(object);
}

Json *json_add_object(Json *parent, const char *name)
{
	return begin_inner(parent, name, '{', '}');
}

Json *json_add_array(Json *parent, const char *name)
{
	return begin_inner(parent, name, '[', ']');
}

/* --- values */

void json_add_null(Json *parent, const char *name)
{
	begin_value(parent, name);
	g_string_append(parent->out, "null");
}

void json_add_text(Json *parent, const char *name, const char *text)
{
	if (text == NULL) {
		json_add_null(parent, name);
		return;
	}
	begin_value(parent, name);
	append_text(parent->out, slice_of(text));
}

void json_add_number(Json *parent, const char *name, uint64_t number)
{
	char digits[24];
	size_t at = sizeof digits;

	begin_value(parent, name);
	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	g_string_append_len(parent->out, digits + at, (gssize)(sizeof digits - at));
}

void json_add_bool(Json *parent, const char *name, bool value)
{
	begin_value(parent, name);
	g_string_append(parent->out, value ? "true" : "false");
}

void json_add_time(Json *parent, const char *name, int64_t time)
{
	g_autofree char *text = text_time_rfc3339(time);

	json_add_text(parent, name, text);
}

void json_add_texts(Json *parent, const char *name, const GPtrArray *texts)
{
	Json *array = json_add_array(parent, name);

	for (guint i = 0; texts != NULL && i < texts->len; i++)
		json_add_text(array, NULL, g_ptr_array_index(texts, i));
}
