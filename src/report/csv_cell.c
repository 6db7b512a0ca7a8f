#include "report/csv_cell.h"

#include "base/printable.h"

/* What formulas begin with, also in the wide forms that spreadsheets in Japan understand. Tab and
 * CR, which some skip before they look, are escaped and do not get here. */
static bool begins_formula(gunichar c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xFF1D || c == 0xFF0B ||
	       c == 0xFF0D || c == 0xFF20;
}

static bool is_formula(const char *text)
{
	while (g_unichar_isspace(g_utf8_get_char(text)))
		text = printable_next(text);
	return begins_formula(g_utf8_get_char(text));
}

static void append_quoted(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

/* A reader may trim a cell that is not quoted, or take a semicolon for the end of it. */
static bool must_quote(const char *text)
{
	size_t len = strlen(text);

	return strpbrk(text, ",;\"'\r\n") != NULL ||
	       (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));
}

void csv_append_word(GString *out, const char *word)
{
	if (must_quote(word))
		append_quoted(out, word);
	else
		g_string_append(out, word);
}

void csv_append_text(GString *out, const char *text)
{
	g_autofree char *line = text != NULL ? printable_line(slice_of(text)) : NULL;
	g_autofree char *disarmed = NULL;

	if (line == NULL)
		return;
	if (is_formula(line))
		disarmed = g_strconcat("'", line, NULL);
	csv_append_word(out, disarmed != NULL ? disarmed : line);
}

void csv_append_comma(GString *out)
{
	g_string_append_c(out, ',');
}

void csv_append_row_end(GString *out)
{
	g_string_append(out, "\r\n");
}
