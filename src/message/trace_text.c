#include "message/trace_text.h"

#include "base/printable.h"

#include <string.h>

bool trace_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t trace_quoted_length(Slice text)
{
	for (size_t i = 1; i < text.len; i++) {
		if (text.data[i] == '\\')
			i++;
		else if (text.data[i] == '"')
			return i + 1;
	}
	return 0;
}

static GString *one_line(Slice text)
{
	GString *line = g_string_sized_new(text.len);

	text = slice_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		if (!trace_is_blank(text.data[i]))
			g_string_append_c(line, text.data[i]);
		else if (!trace_is_blank(text.data[i - 1]))
			g_string_append_c(line, ' ');
	}
	return line;
}

char *trace_text(Slice text)
{
	g_autoptr(GString) line = one_line(text);

	return line->len > 0 ? printable_line(slice_make(line->str, line->len)) : NULL;
}

char *trace_text_lower(Slice text)
{
	char *shown = trace_text(text);

	for (char *c = shown; c != NULL && *c != '\0'; c++)
		*c = g_ascii_tolower(*c);
	return shown;
}

char *trace_unquote(Slice quoted)
{
	g_autoptr(GString) content = g_string_sized_new(quoted.len);
	Slice inner = slice_sub(quoted, 1, quoted.len - 2);

	for (size_t i = 0; i < inner.len; i++) {
		if (inner.data[i] == '\\' && i + 1 < inner.len)
			i++;
		else if (inner.data[i] == '\r' || inner.data[i] == '\n')
			continue;
		g_string_append_c(content, inner.data[i]);
	}
	return printable_line(slice_make(content->str, content->len));
}

bool trace_has_nocase(Slice text, const char *needle)
{
	size_t len = strlen(needle);

	for (size_t i = 0; i + len <= text.len; i++)
		if (g_ascii_tolower(text.data[i]) == needle[0] &&
			slice_starts_nocase(slice_sub(text, i, len), needle))
			return true;
	return false;
}
