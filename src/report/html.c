/* The report as one self-contained page: nothing is loaded, no script is needed, and every text
 * from mail is text. The summary stands first, so the messages are held until it is known. */
#include "report/report.h"

#include "base/text_time.h"
#include "report/admit.h"
#include "report/checklist_report.h"
#include "report/explain_account.h"
#include "report/explain_auth.h"
#include "report/explain_form.h"
#include "report/html_chart.h"
#include "report/html_page.h"
#include "report/roster_report.h"

static const char *const heads[METHODS] = { "S/MIME", "SPF", "DKIM", "DMARC" };

static const char *title_of(const ReportStyle *style)
{
	return style_text(style, style->extent == RECORD_ACCOUNT
					 ? N_("Account of mail")
					 : N_("Mail and its measures against spoofing"));
}

static void link_to(
	HtmlWriter *html, const ReportStyle *style, const char *target, const char *text)
{
	html_open(html, "li");
	html_open(html, "a");
	html_attribute(html, "href", target);
	html_text(html, style_text(style, text));
	html_close(html);
	html_close(html);
}

/* The page stays open between the calls of a printer; what is open is closed by the foot's text. */
static void begin(GString *out, const ReportStyle *style, const RunInfo *run)
{
	g_autoptr(HtmlWriter) html = html_writer_new();
	const char *title = title_of(style);

	(void)run;
	g_string_append(out, "<!DOCTYPE html>\n");
	html_open(html, "html");
	html_attribute(html, "lang", style->lang == LANG_JA ? "ja" : "en");
	html_page_head(html, title);
	html_open(html, "body");
	html_element(html, "h1", NULL, title);
	html_open(html, "nav");
	html_open(html, "ul");
	link_to(html, style, "#table", N_("Table 1"));
	link_to(html, style, "#results", N_("Results by method"));
	if (style->checklist)
		link_to(html, style, "#checklist", N_("What is asked of bulk senders"));
	link_to(html, style, "#messages", N_("The messages"));
	link_to(html, style, "#run", N_("How this report was made"));
	html_close(html);
	html_close(html);
	html_open(html, "main");
	html_raw(html, "\n");
	html_take(html, out);
}

static void mark_cell(
	HtmlWriter *html, const ReportStyle *style, const char *head, Mark mark, const char *text)
{
	html_open(html, "td");
	html_attribute(html, "class", "m");
	html_attribute(html, "data-head", head);
	html_open(html, "span");
	html_attribute(html, "class", mark_word(mark));
	html_attribute(html, "title",
		style_text(style, mark == MARK_YES  ? N_("pass")
				  : mark == MARK_NO ? N_("no pass")
						    : N_("not evaluable")));
	html_text(html, text);
	html_close(html);
	html_close(html);
}

static void mark_cells(HtmlWriter *html, const ReportStyle *style, const char *const *names,
	const Mark *marks, bool is_strict)
{
	for (int i = 0; i < METHODS; i++)
		mark_cell(html, style, names != NULL ? names[i] : NULL, marks[i],
			i == METHOD_SPF ? style_spf_mark(style, marks[i], is_strict)
					: style_mark(style, marks[i]));
}

static void column_heads(HtmlWriter *html, const char *const *names, size_t count)
{
	html_open(html, "thead");
	html_open(html, "tr");
	for (int i = 0; i < METHODS; i++) {
		html_open(html, "th");
		html_attribute(html, "scope", "col");
		html_attribute(html, "class", "m");
		html_text(html, heads[i]);
		html_close(html);
	}
	for (size_t i = 0; i < count; i++) {
		html_open(html, "th");
		html_attribute(html, "scope", "col");
		html_text(html, names[i]);
		html_close(html);
	}
	html_close(html);
	html_close(html);
}

static void write_row(HtmlWriter *html, const ReportStyle *style, const TableRow *row)
{
	g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->count);
	g_autofree char *share = table_share_text(row->share);

	html_open(html, "tr");
	mark_cells(html, style, NULL, row->marks, row->is_strict);
	html_element(html, "td", "n", count);
	html_element(html, "td", "n", share);
	html_close(html);
}

static void open_part(HtmlWriter *html, const ReportStyle *style, const char *id, const char *title)
{
	html_open(html, "section");
	html_attribute(html, "id", id);
	html_element(html, "h2", NULL, style_text(style, title));
}

/* What each column has of the best mark. */
static void column_totals(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	html_open(html, "tr");
	for (int i = 0; i < METHODS; i++) {
		uint64_t count = table_mark_count(table, (Method)i, MARK_YES);
		g_autofree char *share = table_share_text(table_share(count, table_units(table)));
		g_autofree char *text = g_strdup_printf("%s %" G_GUINT64_FORMAT " (%s)",
			style_mark(style, MARK_YES), (guint64)count, share);

		html_element(html, "td", "m", text);
	}
	html_element(html, "td", NULL, "");
	html_element(html, "td", NULL, "");
	html_close(html);
}

static void write_table(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	const char *const names[] = { style_text(style, N_("Count")),
		style_text(style, N_("Share")) };
	g_autofree char *total = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)table_units(table));

	open_part(html, style, "table",
		N_("Table 1. Measures against spoofing (most frequent first)"));
	html_open(html, "div");
	html_attribute(html, "class", "wide");
	html_open(html, "table");
	column_heads(html, names, G_N_ELEMENTS(names));
	html_open(html, "tbody");
	for (size_t i = 0; i < table_row_count(table); i++)
		write_row(html, style, table_row(table, i));
	html_close(html);
	html_open(html, "tfoot");
	column_totals(html, style, table);
	html_open(html, "tr");
	html_open(html, "th");
	html_attribute(html, "scope", "row");
	html_number_attribute(html, "colspan", METHODS);
	html_text(html, style_text(style, N_("Total")));
	html_close(html);
	html_element(html, "td", "n", total);
	html_element(html, "td", NULL, "");
	html_close_to(html, html_depth(html) - 5);
}

static void write_item(HtmlWriter *html, const TableItem *item)
{
	g_autoptr(GString) results = g_string_new(NULL);

	for (int i = METHOD_SPF; i < METHODS; i++)
		g_string_append_printf(results, "%s=%s ", method_word((Method)i), item->results[i]);
	g_string_append_printf(
		results, "%s=%s", method_word(METHOD_SMIME), item->results[METHOD_SMIME]);
	html_open(html, "li");
	html_text(html, item->label);
	html_text(html, ": ");
	html_element(html, "code", NULL, results->str);
	html_close(html);
}

static void write_list(HtmlWriter *html, const ReportStyle *style, const Table *table,
	TableList list, const char *title)
{
	g_autofree char *head = g_strdup_printf("%s: %" G_GUINT64_FORMAT, style_text(style, title),
		(guint64)table_list_count(table, list));
	uint64_t rest = table_list_count(table, list) - table_list_kept(table, list);

	html_element(html, "h3", NULL, head);
	html_open(html, "ul");
	for (size_t i = 0; i < table_list_kept(table, list); i++) {
		TableItem item = table_list_item(table, list, i);

		write_item(html, &item);
	}
	if (rest > 0) {
		g_autoptr(GString) text = g_string_new(NULL);

		style_append_number(
			text, style, N_("  and {n} more: -f jsonl has all of them\n"), rest);
		html_element(html, "li", NULL, g_strstrip(text->str));
	}
	html_close(html);
}

static void write_results(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	open_part(html, style, "results", N_("Results by method"));
	html_open(html, "div");
	html_attribute(html, "class", "charts");
	for (int i = 0; i < METHODS; i++) {
		html_open(html, "div");
		html_attribute(html, "class", "wide");
		html_results(html, style, table, (Method)i);
		html_close(html);
	}
	html_close(html);
	if (table_month_count(table) > 0) {
		html_element(html, "h3", NULL,
			style_text(style, N_("Messages by month of reception (UTC)")));
		html_open(html, "div");
		html_attribute(html, "class", "charts");
		for (int i = 0; i < METHODS; i++)
			html_timeline(html, style, table, (Method)i);
		html_close(html);
		html_open(html, "div");
		html_attribute(html, "class", "wide");
		html_months(html, style, table);
		html_close(html);
	}
	html_close(html);
}

static void write_run(
	HtmlWriter *html, const ReportStyle *style, const Table *table, const RunSummary *summary)
{
	ReportStyle inner = *style;

	open_part(html, style, "run", N_("How this report was made"));
	inner.html = html;
	inner.html_depth = html_depth(html) - 1;
	explain_number(NULL, &inner, N_("Messages"), table_messages(table));
	explain_number(NULL, &inner,
		N_("Cells not evaluable for want of an envelope or of evidence"),
		table_missing_cells(table));
	explain_number(NULL, &inner,
		N_("Cells not evaluable because the evidence is too late to say no"),
		table_stale_cells(table));
	if (summary->problems > 0)
		explain_number(NULL, &inner, N_("Inputs that could not be read or analysed"),
			summary->problems);
	if (summary->is_interrupted)
		explain_line(NULL, &inner, "",
			style_text(
				style, N_("Interrupted: only what was done so far is counted.")));
	explain_custody(NULL, &inner, summary);
	explain_line(NULL, &inner, N_("Evidence (SHA-256)"), summary->evidence);
	html_close_to(html, inner.html_depth);
}

static void filter(HtmlWriter *html, const ReportStyle *style, Method method)
{
	static const char *const values[] = { "all", "yes", "no", "unknown" };

	html_open(html, "fieldset");
	html_element(html, "legend", NULL, heads[method]);
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *id = g_strdup_printf("%s-%s", method_word(method), values[i]);

		html_open(html, "label");
		html_open(html, "input");
		html_attribute(html, "type", "radio");
		html_attribute(html, "name", method_word(method));
		html_attribute(html, "id", id);
		html_attribute(html, "checked", i == 0 ? "checked" : NULL);
		html_close(html);
		html_text(html, " ");
		html_text(html,
			i == 0 ? style_text(style, N_("all")) : style_mark(style, (Mark)(i - 1)));
		html_close(html);
	}
	html_close(html);
}

static void open_messages(HtmlWriter *html, const ReportStyle *style)
{
	const char *const names[] = { style_text(style, N_("Received")),
		style_text(style, N_("From")), style_text(style, N_("Subject")) };

	open_part(html, style, "messages", N_("The messages"));
	html_open(html, "div");
	html_attribute(html, "class", "filters");
	for (int i = 0; i < METHODS; i++)
		filter(html, style, (Method)i);
	html_close(html);
	html_open(html, "p");
	html_attribute(html, "class", "needs-script");
	html_open(html, "label");
	html_text(html, style_text(style, N_("Find")));
	html_text(html, " ");
	html_open(html, "input");
	html_attribute(html, "type", "search");
	html_attribute(html, "id", "find");
	html_close(html);
	html_close(html);
	html_text(html, " ");
	html_open(html, "output");
	html_attribute(html, "id", "shown");
	html_attribute(html, "for", "find");
	html_close(html);
	html_close(html);
	html_open(html, "table");
	html_attribute(html, "class", "messages");
	column_heads(html, names, G_N_ELEMENTS(names));
	html_open(html, "tbody");
	html_raw(html, "\n");
}

static void end(
	GString *out, const ReportStyle *style, const Table *table, const RunSummary *summary)
{
	g_autoptr(HtmlWriter) html = html_writer_new();

	write_table(html, style, table);
	html_open(html, "section");
	write_list(html, style, table, LIST_ALL_BUT_SMIME,
		N_("Pass SPF, DKIM and DMARC, but not S/MIME"));
	write_list(html, style, table, LIST_SPF_WRONG, N_("SPF missing or wrong"));
	html_close(html);
	write_results(html, style, table);
	if (style->checklist)
		checklist_write_counts(html, style, table);
	roster_write_html(html, style, table);
	write_run(html, style, table, summary);
	open_messages(html, style);
	html_take(html, out);
}

/* Of an attached message its place stands before it. */
static char *summary_of(const ReportStyle *style, const Case *kase)
{
	const char *subject = kase->facts->subject;
	g_autofree char *place = source_place(kase->source);

	if (subject == NULL || *subject == '\0')
		subject = style_text(style, N_("(no subject)"));
	return kase->source->part != NULL ? g_strdup_printf("[%s] %s", place, subject)
					  : g_strdup(subject);
}

static void account(HtmlWriter *html, const ReportStyle *style, const Case *kase)
{
	ReportStyle inner = *style;
	g_autofree char *summary = summary_of(style, kase);

	html_open(html, "details");
	html_attribute(html, "open", style->extent == RECORD_ACCOUNT ? "open" : NULL);
	html_element(html, "summary", NULL, summary);
	inner.html = html;
	inner.html_depth = html_depth(html);
	explain_case(NULL, &inner, kase);
	html_close_to(html, inner.html_depth - 1);
}

static char *row_class(const Case *kase)
{
	GString *text = g_string_new("r");

	for (int i = 0; i < METHODS; i++)
		g_string_append_printf(
			text, " %s-%s", method_word((Method)i), mark_word(kase->marks[i]));
	return g_string_free(text, FALSE);
}

static void message(GString *out, const ReportStyle *style, const Case *kase)
{
	g_autoptr(HtmlWriter) html = html_writer_new();
	const AddressList *from = kase->facts->from;
	g_autofree char *class = row_class(kase);
	g_autofree char *received = text_time_rfc3339(kase->facts->received);

	if (received != NULL)
		received[10] = '\0';
	html_open(html, "tr");
	html_attribute(html, "class", class);
	mark_cells(html, style, heads, kase->marks,
		table_spf_is_strict(kase->marks[METHOD_SPF], kase->spf->record));
	html_element(html, "td", NULL, received != NULL ? received : "-");
	html_element(html, "td", NULL,
		from->addresses->len > 0 ? address_list_get(from, 0)->addr_spec : "-");
	html_open(html, "td");
	account(html, style, kase);
	html_close(html);
	html_close(html);
	html_raw(html, "\n");
	html_take(html, out);
}

/* What begin() and end() left open, from the inside out. */
static void foot(GString *out)
{
	static const char *const open[] = { "tbody", "table", "section", "main" };
	g_autofree char *script = html_page_script();

	for (size_t i = 0; i < G_N_ELEMENTS(open); i++)
		g_string_append_printf(out, "</%s>", open[i]);
	g_string_append_printf(out, "<script>%s</script></body></html>\n", script);
}

static bool admits(Slice text, const ReportStyle *style, const Source *source)
{
	(void)style;
	(void)source;
	return admit_row(text);
}

const Printer html_printer = {
	.begin = begin, .message = message, .end = end, .admits = admits, .foot = foot
};
