#include "report/checklist_report.h"

#include "report/explain_form.h"
#include "report/json_read.h"
#include "report/json_value.h"

#include <string.h>

#define TITLE_COLUMNS 22
#define COUNT_COLUMNS 18

static const char *head_of(const ReportStyle *style, CheckItem item)
{
	return style_text(style, check_head(item));
}

static const char *title_of(const ReportStyle *style, CheckItem item)
{
	return style_text(style, check_title(item));
}

/* --- text */

void checklist_append_heads(GString *out, const ReportStyle *style)
{
	for (int i = 0; i < CHECK_ITEMS; i++) {
		const char *head = head_of(style, (CheckItem)i);

		style_append(out, head, style_width(head) + 1);
	}
	text_append_place_heads(out, style);
}

static void append_mark(GString *out, const ReportStyle *style, Mark mark, size_t columns)
{
	const char *text = style_mark(style, mark);

	style_paint(out, style, style_mark_paint(mark), text);
	for (size_t used = style_width(text); used < columns; used++)
		g_string_append_c(out, ' ');
}

/* What a reader has to do something about. */
static bool is_remarkable(const Check *check)
{
	return check->mark != MARK_YES || strcmp(check->reason, "key-below-advised") == 0;
}

/* Saved texts are somebody else's. */
static void append_reason(
	GString *out, const ReportStyle *style, CheckItem item, const Check *check)
{
	g_string_append(out, "    ");
	append_mark(out, style, check->mark, style_width(style_mark(style, check->mark)) + 1);
	g_string_append_printf(out, "%s: ", title_of(style, item));
	style_append_safe(out, style_text(style, check->text));
	g_string_append(out, " (");
	style_append_safe(out, check->reason);
	g_string_append(out, ")\n");
}

void checklist_append_message(
	GString *out, const ReportStyle *style, const Checklist *list, const MessageLine *line)
{
	for (int i = 0; i < CHECK_ITEMS; i++)
		append_mark(out, style, list->items[i].mark,
			style_width(head_of(style, (CheckItem)i)) + 1);
	text_append_place(out, style, line);
	for (int i = 0; i < CHECK_ITEMS; i++)
		if (is_remarkable(&list->items[i]))
			append_reason(out, style, (CheckItem)i, &list->items[i]);
}

static const char *mark_title(const ReportStyle *style, Mark mark)
{
	static const char *const titles[] = { N_("met"), N_("not met"), N_("not evaluable") };

	return style_text(style, titles[mark]);
}

static char *count_text(const Table *table, CheckItem item, Mark mark)
{
	uint64_t count = table_check_count(table, item, mark);
	g_autofree char *share = table_share_text(table_share(count, table_checked(table)));

	return g_strdup_printf("%" G_GUINT64_FORMAT " (%s)", (guint64)count, share);
}

void checklist_append_counts(GString *out, const ReportStyle *style, const Table *table)
{
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("What is asked of bulk senders")));
	g_string_append_c(out, '\n');
	style_append(out, "", TITLE_COLUMNS);
	for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++)
		style_append_right(out, mark_title(style, (Mark)mark), COUNT_COLUMNS);
	g_string_append_c(out, '\n');
	for (int i = 0; i < CHECK_ITEMS; i++) {
		style_append(out, title_of(style, (CheckItem)i), TITLE_COLUMNS);
		for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
			g_autofree char *text = count_text(table, (CheckItem)i, (Mark)mark);

			style_append_right(out, text, COUNT_COLUMNS);
		}
		g_string_append_c(out, '\n');
	}
	g_string_append_c(out, '\n');
	g_string_append_printf(out, "%s: %" G_GUINT64_FORMAT "\n",
		style_text(style, N_("Messages")), (guint64)table_checked(table));
}

void checklist_explain(GString *out, const ReportStyle *style, const Case *kase)
{
	Checklist list = checklist_of(kase);

	explain_head(out, style, N_("What is asked of bulk senders"));
	for (int i = 0; i < CHECK_ITEMS; i++) {
		const Check *check = &list.items[i];
		g_autofree char *text =
			g_strdup_printf("%s %s (%s)", style_mark(style, check->mark),
				style_text(style, check->text), check->reason);

		explain_line(out, style, check_title((CheckItem)i), text);
	}
}

/* --- HTML */

static void write_heads(HtmlWriter *html, const ReportStyle *style)
{
	html_open(html, "thead");
	html_open(html, "tr");
	html_element(html, "th", NULL, "");
	for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
		html_open(html, "th");
		html_attribute(html, "scope", "col");
		html_text(html, mark_title(style, (Mark)mark));
		html_close(html);
	}
	html_close(html);
	html_close(html);
}

void checklist_write_counts(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	html_open(html, "section");
	html_attribute(html, "id", "checklist");
	html_element(html, "h2", NULL, style_text(style, N_("What is asked of bulk senders")));
	html_open(html, "div");
	html_attribute(html, "class", "wide");
	html_open(html, "table");
	write_heads(html, style);
	html_open(html, "tbody");
	for (int i = 0; i < CHECK_ITEMS; i++) {
		html_open(html, "tr");
		html_open(html, "th");
		html_attribute(html, "scope", "row");
		html_text(html, title_of(style, (CheckItem)i));
		html_close(html);
		for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
			g_autofree char *text = count_text(table, (CheckItem)i, (Mark)mark);

			html_element(html, "td", "n", text);
		}
		html_close(html);
	}
	html_close_to(html, html_depth(html) - 4);
}

/* --- records */

void checklist_add_record(Json *record, const Checklist *list)
{
	Json *object = json_add_object(record, "checklist");

	for (int i = 0; i < CHECK_ITEMS; i++) {
		const Check *check = &list->items[i];
		Json *item = json_add_object(object, check_word((CheckItem)i));

		json_add_text(item, "mark", mark_word(check->mark));
		json_add_text(item, "reason", check->reason);
		json_add_text(item, "text", check->text);
	}
}

void checklist_add_summary(Json *summary, const Table *table)
{
	Json *object;

	if (!table_tells_checks(table))
		return;
	object = json_add_object(summary, "checklist");
	json_add_number(object, "messages", table_checked(table));
	for (int i = 0; i < CHECK_ITEMS; i++) {
		Json *item = json_add_object(object, check_word((CheckItem)i));

		for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++)
			json_add_number(item, mark_word((Mark)mark),
				table_check_count(table, (CheckItem)i, (Mark)mark));
	}
}

static bool read_item(const json_t *item, Check *ret_check)
{
	const char *word = json_text_of(item, "mark");

	ret_check->reason = json_text_of(item, "reason");
	ret_check->text = json_text_of(item, "text");
	if (ret_check->reason == NULL || ret_check->text == NULL)
		return false;
	for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
		if (g_strcmp0(word, mark_word((Mark)mark)) == 0) {
			ret_check->mark = (Mark)mark;
			return true;
		}
	}
	return false;
}

bool checklist_read(const json_t *record, Checklist *ret_list)
{
	const json_t *object = json_object_of(record, "checklist");
	bool is_whole = object != NULL;

	for (int i = 0; is_whole && i < CHECK_ITEMS; i++)
		is_whole = read_item(
			json_object_of(object, check_word((CheckItem)i)), &ret_list->items[i]);
	return is_whole;
}
