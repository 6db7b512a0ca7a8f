#include "report/explain_form.h"

#include "base/text_time.h"

#include <string.h>

#define LABEL_COLUMNS  22
#define METHOD_COLUMNS 7
#define WORD_COLUMNS   14

/* In HTML a section of the account holds <dl>, <ul> and <h5> side by side. */
static HtmlWriter *in_list(const ReportStyle *style, const char *list)
{
	HtmlWriter *html = style->html;

	if (!html_is_in(html, list)) {
		html_close_to(html, style->html_depth + 1);
		html_open(html, list);
	}
	return html;
}

void explain_head(GString *out, const ReportStyle *style, const char *title)
{
	const char *text = style_text(style, title);

	if (style->html != NULL) {
		html_close_to(style->html, style->html_depth);
		html_open(style->html, "section");
		html_element(style->html, "h4", NULL, text);
		return;
	}
	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, text);
	g_string_append_c(out, '\n');
}

void explain_gap(GString *out, const ReportStyle *style)
{
	if (style->html == NULL)
		g_string_append_c(out, '\n');
	else
		html_close_to(style->html, style->html_depth + 1);
}

static void append_label(GString *out, const ReportStyle *style, const char *label)
{
	g_string_append(out, "  ");
	style_append(out, style_text(style, label), LABEL_COLUMNS);
	g_string_append_c(out, ' ');
}

/* Labels that are set in under another begin with blanks. */
static void html_label(const ReportStyle *style, const char *label)
{
	const char *text = *label != '\0' ? style_text(style, label) : "";

	html_element(style->html, "dt", *text == ' ' ? "sub" : NULL,
		*text == ' ' ? text + strspn(text, " ") : text);
}

void explain_line(GString *out, const ReportStyle *style, const char *label, const char *text)
{
	if (style->html != NULL) {
		HtmlWriter *html = in_list(style, "dl");

		html_label(style, label);
		html_element(html, "dd", NULL, text != NULL ? text : "-");
		return;
	}
	append_label(out, style, label);
	style_append_safe(out, text != NULL ? text : "-");
	g_string_append_c(out, '\n');
}

void explain_number(GString *out, const ReportStyle *style, const char *label, uint64_t number)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);

	explain_line(out, style, label, text);
}

void explain_texts(
	GString *out, const ReportStyle *style, const char *label, const GPtrArray *texts)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; texts != NULL && i < texts->len; i++)
		g_string_append_printf(
			all, "%s%s", i > 0 ? ", " : "", (const char *)g_ptr_array_index(texts, i));
	explain_line(out, style, label, all->len > 0 ? all->str : NULL);
}

void explain_time(GString *out, const ReportStyle *style, const char *label, int64_t time)
{
	g_autofree char *text = text_time_rfc3339(time);

	explain_line(out, style, label, text);
}

void explain_verdict(
	GString *out, const ReportStyle *style, const char *label, const Verdict *verdict)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "%s (%s): %s", auth_result_word(verdict->result), verdict->reason,
		style_text(style, verdict->text));
	if (verdict->detail != NULL)
		g_string_append_printf(text, " [%s]", verdict->detail);
	explain_line(out, style, label, text->str);
	if (!verdict->is_final)
		explain_line(out, style, "",
			style_text(style, N_("Not evaluable on the evidence that is there.")));
}

static void html_mark(const ReportStyle *style, const char *method, Mark mark, const char *word,
	const char *sentence)
{
	HtmlWriter *html = in_list(style, "ul");

	html_open(html, "li");
	html_element(html, "b", NULL, method);
	html_text(html, " ");
	html_element(html, "span", mark_word(mark), style_mark(style, mark));
	html_text(html, " ");
	html_element(html, "code", NULL, word);
	html_text(html, " ");
	html_text(html, sentence);
	html_close(html);
}

void explain_mark(GString *out, const ReportStyle *style, const char *method, Mark mark,
	const char *word, const char *text, const char *note)
{
	g_autofree char *sentence = g_strconcat(
		style_text(style, text), note != NULL ? style_text(style, note) : NULL, NULL);

	if (style->html != NULL) {
		html_mark(style, method, mark, word, sentence);
		return;
	}
	g_string_append(out, "  ");
	style_append(out, method, METHOD_COLUMNS);
	style_paint(out, style, style_mark_paint(mark), style_mark(style, mark));
	g_string_append_c(out, ' ');
	style_append(out, word, WORD_COLUMNS);
	g_string_append(out, sentence);
	g_string_append_c(out, '\n');
}

void explain_group(GString *out, const ReportStyle *style, const char *title)
{
	const char *text = style_text(style, title);

	if (style->html != NULL) {
		html_close_to(style->html, style->html_depth + 1);
		html_element(style->html, "h5", NULL, text);
		return;
	}
	g_string_append_printf(out, "  %s\n", text);
}

void explain_item(
	GString *out, const ReportStyle *style, const char *english, const GPtrArray *args)
{
	g_autoptr(GString) text = g_string_new(NULL);

	style_append_filled(text, style, english, args);
	if (style->html != NULL)
		html_element(in_list(style, "ul"), "li", NULL, text->str);
	else
		g_string_append_printf(out, "  - %s\n", text->str);
}

void explain_finding(GString *out, const ReportStyle *style, const Finding *finding)
{
	const char *severity = severity_word(finding->severity);
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "%s: %s", finding->code, style_text(style, finding->text));
	if (finding->detail != NULL) {
		g_string_append(text, " [");
		style_append_safe(text, finding->detail);
		g_string_append_c(text, ']');
	}
	if (finding->has_place)
		g_string_append_printf(text, " @%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT,
			(guint64)finding->offset, (guint64)finding->length);
	if (style->html != NULL) {
		HtmlWriter *html = in_list(style, "ul");

		html_open(html, "li");
		html_element(html, "span", severity, severity);
		html_text(html, " ");
		html_text(html, text->str);
		html_close(html);
		return;
	}
	g_string_append(out, "  ");
	style_append(out, severity, 8);
	g_string_append_printf(out, " %s\n", text->str);
}
