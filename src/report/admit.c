#include "report/admit.h"

#include "report/record.h"

#include <string.h>

#define ESCAPE 0x1B
/* The longest of the style's escape sequences has five octets. */
#define ESCAPE_OCTETS ((size_t)6)

/* As json_append_line() has them; the other formats escape more. */
static bool is_deceptive(gunichar c)
{
	return (c < 0x20 && c != '\n') || (c >= 0x7F && c <= 0x9F) || c == 0x061C ||
	       (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static bool is_octet_plain(unsigned char octet)
{
	return octet >= 0x20 && octet < 0x7F;
}

#define EACH_OCTET(octet) ((uint64_t)(octet)*UINT64_C(0x0101010101010101))

/* The same of eight at once. Where one is too small, the borrow may spoil what is said of those
 * above it; the answer is no in any case. */
static bool are_octets_plain(const char *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof word);
	return ((word | (word - EACH_OCTET(0x20)) | (word + EACH_OCTET(1))) & EACH_OCTET(0x80)) ==
	       0;
}

/* How many octets from at on are plain ones. */
static size_t plain_length(Slice text, size_t at)
{
	size_t i = at;

	while (text.len - i >= sizeof(uint64_t) && are_octets_plain(text.data + i))
		i += sizeof(uint64_t);
	while (i < text.len && is_octet_plain((unsigned char)text.data[i]))
		i++;
	return i - at;
}

/* How long a colour's escape sequence at text is; 0 where it is none. */
static size_t colour_length(Slice text)
{
	Slice inner = slice_sub(text, 0, ESCAPE_OCTETS);
	ssize_t end = slice_find_char(inner, 'm');

	if (end < 3 || inner.data[1] != '[')
		return 0;
	for (ssize_t i = 2; i < end; i++)
		if (!g_ascii_isdigit(inner.data[i]))
			return 0;
	return (size_t)end + 1;
}

/* How long the character, or the colour, at text is; 0 where it may not stand there, or is none. */
static size_t char_length(Slice text, bool has_color)
{
	unsigned char first = (unsigned char)text.data[0];
	gunichar c;

	if (first == ESCAPE && has_color)
		return colour_length(text);
	c = g_utf8_get_char_validated(text.data, (gssize)text.len);
	if (c == 0 || c == (gunichar)-1 || c == (gunichar)-2 || is_deceptive(c))
		return 0;
	return (size_t)g_utf8_skip[first];
}

bool admit_lines(Slice text, const ReportStyle *style, size_t most)
{
	size_t lines = 0;

	if (text.len > 0 && text.data[text.len - 1] != '\n')
		return false;
	for (size_t i = plain_length(text, 0); i < text.len; i += plain_length(text, i)) {
		size_t len = char_length(slice_make(text.data + i, text.len - i), style->color);

		if (len == 0)
			return false;
		lines += text.data[i] == '\n';
		i += len;
	}
	return lines <= most;
}

bool admit_record(Slice text, const Source *source, bool is_redacted)
{
	static const ReportStyle plain = { .color = false };
	g_autoptr(GString) head = g_string_new(NULL);

	record_append_head(head, source, is_redacted);
	return slice_starts(text, head->str) && admit_lines(text, &plain, 1);
}

/* --- a row of the page */

static bool is_among(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

typedef struct Row {
	unsigned depth;
	unsigned rows; /* elements at the top */
} Row;

static bool refuse(GError **error)
{
	g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "");
	return false;
}

static void open_element(GMarkupParseContext *context, const char *element, const char **names,
	const char **values, gpointer data, GError **error)
{
	static const char *const elements[] = { "td", "span", "details", "summary", "section", "h4",
		"h5", "dl", "dt", "dd", "ul", "ol", "li", "p", "b", "code", "div", NULL };
	static const char *const attributes[] = { "class", "title", "data-head", "open", NULL };
	Row *row = data;
	bool is_top = row->depth++ == 0;

	(void)context;
	row->rows += is_top;
	if (is_top ? strcmp(element, "tr") != 0 || row->rows > 1 : !is_among(element, elements))
		refuse(error);
	for (; *error == NULL && *names != NULL; names++, values++)
		if (!is_among(*names, attributes) || strpbrk(*values, "<>&\"'`\n") != NULL)
			refuse(error);
}

static void close_element(
	GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	Row *row = data;

	(void)context;
	(void)element;
	(void)error;
	row->depth--;
}

static void take_text(
	GMarkupParseContext *context, const char *text, gsize len, gpointer data, GError **error)
{
	static const ReportStyle plain = { .color = false };
	g_autofree char *line = g_strdup_printf("%.*s\n", (int)len, text);
	const Row *row = data;
	bool is_blank = slice_trim(slice_make(text, len)).len == 0;

	(void)context;
	if ((row->depth == 0 && !is_blank) || !admit_lines(slice_of(line), &plain, SIZE_MAX))
		refuse(error);
}

/* Comments, declarations and the like. */
static void take_other(
	GMarkupParseContext *context, const char *text, gsize len, gpointer data, GError **error)
{
	(void)context;
	(void)text;
	(void)len;
	(void)data;
	refuse(error);
}

bool admit_row(Slice text)
{
	static const GMarkupParser parser = { open_element, close_element, take_text, take_other,
		NULL };
	static const ReportStyle plain = { .color = false };
	Row row = { .depth = 0 };
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &row, NULL);
	bool is_good = admit_lines(text, &plain, SIZE_MAX) &&
		       g_markup_parse_context_parse(context, text.data, (gssize)text.len, NULL) &&
		       g_markup_parse_context_end_parse(context, NULL);

	g_markup_parse_context_free(context);
	return is_good && row.rows == 1;
}
