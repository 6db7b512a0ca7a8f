#include "report/field_writer.h"

#include "base/printable.h"

/* RFC 5322, 2.1.1 wants no more. */
#define FIELD_LINE_MAX 78
/* A line has at most 998 octets, and quoting may double them. */
#define FIELD_VALUE_MAX ((size_t)320)

FieldWriter field_open(GString *out, const char *name)
{
	g_string_append_printf(out, "%s:", name);
	return (FieldWriter) { .out = out, .column = strlen(name) + 1 };
}

void field_break(FieldWriter *writer)
{
	g_string_append(writer->out, "\n");
	writer->column = 0;
}

void field_add(FieldWriter *writer, const char *word)
{
	size_t len = strlen(word);

	if (writer->has_word && writer->column > 1 && writer->column + 1 + len > FIELD_LINE_MAX)
		field_break(writer);
	g_string_append_c(writer->out, writer->column == 0 ? '\t' : ' ');
	g_string_append(writer->out, word);
	writer->column += 1 + len;
	writer->has_word = true;
}

void field_close(FieldWriter *writer)
{
	g_string_append_c(writer->out, '\n');
	writer->column = 0;
}

char *field_text(const char *text)
{
	g_autofree char *line = printable_line(slice_of(text));
	GString *out = g_string_new(NULL);

	for (const char *at = line; *at != '\0'; at = printable_next(at)) {
		gunichar c = g_utf8_get_char(at);

		if (out->len >= FIELD_VALUE_MAX) {
			g_string_append(out, "...");
			break;
		}
		if (c < 0x80)
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "\\u{%04X}", c);
	}
	return g_string_free(out, FALSE);
}

/* A copy with a backslash before each of the special characters. */
static char *escaped(const char *text, const char *special, char before, char behind)
{
	g_autofree char *safe = field_text(text);
	GString *out = g_string_new(NULL);

	g_string_append_c(out, before);
	for (const char *at = safe; *at != '\0'; at++) {
		if (strchr(special, *at) != NULL)
			g_string_append_c(out, '\\');
		g_string_append_c(out, *at);
	}
	g_string_append_c(out, behind);
	return g_string_free(out, FALSE);
}

static bool has_only(const char *text, const char *marks)
{
	for (const char *at = text; *at != '\0'; at++)
		if (!g_ascii_isalnum(*at) && strchr(marks, *at) == NULL)
			return false;
	return *text != '\0' && strlen(text) <= FIELD_VALUE_MAX;
}

char *field_quoted(const char *text)
{
	return escaped(text, "\"\\", '"', '"');
}

char *field_value(const char *text)
{
	return has_only(text, "!#$%&'*+-.^_`{|}~") ? g_strdup(text) : field_quoted(text);
}

char *field_comment(const char *text)
{
	return escaped(text, "()\\", '(', ')');
}

/* A quoted local part that keeps to its grammar (RFC 5322, 3.2.4), in printable ASCII. */
static bool is_quoted_string(const char *text)
{
	size_t len = strlen(text);

	if (len < 2 || text[0] != '"' || text[len - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < len; i++) {
		if (text[i] == '\\' && ++i + 1 >= len)
			return false;
		if (text[i] < 0x20 || text[i] > 0x7E || (text[i] == '"' && text[i - 1] != '\\'))
			return false;
	}
	return true;
}

static bool is_dot_atom(const char *text)
{
	return has_only(text, "!#$%&'*+-/=?^_`{|}~.") && text[0] != '.' &&
	       strstr(text, "..") == NULL && text[strlen(text) - 1] != '.';
}

bool field_is_domain(const char *text)
{
	return has_only(text, "-._") && is_dot_atom(text);
}

bool field_is_address(const char *text)
{
	const char *at = strrchr(text, '@');
	g_autofree char *local = at != NULL ? g_strndup(text, (gsize)(at - text)) : NULL;

	if (at == NULL || !field_is_domain(at + 1) || strlen(text) > FIELD_VALUE_MAX)
		return false;
	return *local == '\0' || is_dot_atom(local) || is_quoted_string(local);
}

char *field_address(const char *text)
{
	return field_is_address(text) ? g_strdup(text) : field_value(text);
}
