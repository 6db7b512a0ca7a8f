#include "report/style.h"

#include "base/printable.h"

#include <string.h>

static const char *const mark_texts[][3] = { { "○", "×", "–" }, { "o", "x", "-" },
	{ "yes", "no", "?" }, { "○", "×", "–" } };
static const char *const mark_words[] = { "oxdash", "ascii", "words", "double" };

const char *style_redaction(const ReportStyle *style)
{
	return style_text(style,
		N_("Redacted: addresses, subjects and text of the mail are masked; hashes are "
		   "those of the octets as they are."));
}

const char *style_mark(const ReportStyle *style, Mark mark)
{
	return mark_texts[style->marks][mark];
}

const char *style_spf_mark(const ReportStyle *style, Mark mark, bool is_strict)
{
	return style->marks == MARKS_DOUBLE && is_strict ? "◎" : style_mark(style, mark);
}

bool style_marks_parse(const char *word, MarkStyle *ret_marks)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mark_words); i++) {
		if (strcmp(word, mark_words[i]) == 0) {
			*ret_marks = (MarkStyle)i;
			return true;
		}
	}
	return false;
}

static size_t char_width(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

size_t style_width(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text = printable_next(text))
		width += char_width(g_utf8_get_char(text));
	return width;
}

static void append_blanks(GString *out, size_t used, size_t width)
{
	for (; used < width; used++)
		g_string_append_c(out, ' ');
}

void style_append(GString *out, const char *text, size_t width)
{
	g_string_append(out, text);
	append_blanks(out, style_width(text), width);
}

void style_append_right(GString *out, const char *text, size_t width)
{
	append_blanks(out, style_width(text), width);
	g_string_append(out, text);
}

char *style_cut(const ReportStyle *style, const char *text, size_t columns)
{
	const char *sign =
		style->marks == MARKS_OXDASH || style->marks == MARKS_DOUBLE ? "…" : "...";
	size_t room = columns - style_width(sign);
	size_t width = 0;
	const char *at = text;

	if (style_width(text) <= columns)
		return g_strdup(text);
	for (; *at != '\0'; at = printable_next(at)) {
		width += char_width(g_utf8_get_char(at));
		if (width > room)
			break;
	}
	return g_strdup_printf("%.*s%s", (int)(at - text), text, sign);
}

void style_append_safe(GString *out, const char *text)
{
	g_autofree char *line = printable_line(slice_of(text));

	g_string_append(out, line);
}

const char *style_text(const ReportStyle *style, const char *english)
{
	return lang_text(style->lang, english);
}

void style_append_number(
	GString *out, const ReportStyle *style, const char *english, uint64_t number)
{
	const char *text = style_text(style, english);
	const char *place = strstr(text, "{n}");

	g_assert(place != NULL);
	g_string_append_len(out, text, place - text);
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, (guint64)number);
	g_string_append(out, place + strlen("{n}"));
}

void style_append_filled(
	GString *out, const ReportStyle *style, const char *english, const GPtrArray *args)
{
	const char *text = style_text(style, english);

	for (const char *place = strchr(text, '{'); place != NULL; place = strchr(text, '{')) {
		guint number = (guint)(place[1] - '1');

		g_assert(args != NULL && number < args->len && place[2] == '}');
		g_string_append_len(out, text, place - text);
		style_append_safe(out, g_ptr_array_index(args, number));
		text = place + 3;
	}
	g_string_append(out, text);
}

void style_append_counted(
	GString *out, const ReportStyle *style, const char *english, uint64_t number)
{
	if (strstr(english, "{n}") != NULL)
		style_append_number(out, style, english, number);
	else
		g_string_append(out, style_text(style, english));
}

void style_paint(GString *out, const ReportStyle *style, Paint paint, const char *text)
{
	static const char *const starts[] = { "", "\033[1m", "\033[32m", "\033[31m", "\033[2m" };

	if (!style->color || paint == PAINT_NONE) {
		g_string_append(out, text);
		return;
	}
	g_string_append(out, starts[paint]);
	g_string_append(out, text);
	g_string_append(out, "\033[0m");
}

Paint style_mark_paint(Mark mark)
{
	switch (mark) {
	case MARK_YES:
		return PAINT_GOOD;
	case MARK_NO:
		return PAINT_BAD;
	case MARK_UNKNOWN:
		return PAINT_DIM;
	}
	g_assert_not_reached();
}
