/* The survey's text: a line a message, Table 1, the two lists, totals. */
#include "report/report.h"

#include "base/text_time.h"
#include "report/admit.h"
#include "report/checklist_report.h"
#include "report/roster_report.h"
#include "report/text.h"

static const char *const heads[METHODS] = { "S/MIME", "SPF", "DKIM", "DMARC" };

#define FROM_COLUMNS    34
#define SUBJECT_COLUMNS 60

void text_append_place_heads(GString *out, const ReportStyle *style)
{
	style_append(out, style_text(style, N_("Received")), 11);
	style_append(out, style_text(style, N_("From")), FROM_COLUMNS + 1);
	g_string_append(out, style_text(style, N_("Subject")));
	g_string_append_c(out, '\n');
}

static void begin(GString *out, const ReportStyle *style, const RunInfo *run)
{
	(void)run;
	if (style->checklist) {
		checklist_append_heads(out, style);
		return;
	}
	if (!style->lines)
		return;
	for (int i = 0; i < METHODS; i++)
		style_append(out, heads[i], style_width(heads[i]) + 1);
	text_append_place_heads(out, style);
}

static void append_marks(GString *out, const ReportStyle *style, const Mark *marks, bool is_strict)
{
	for (int i = 0; i < METHODS; i++) {
		const char *text = i == METHOD_SPF ? style_spf_mark(style, marks[i], is_strict)
						   : style_mark(style, marks[i]);

		style_paint(out, style, style_mark_paint(marks[i]), text);
		for (size_t used = style_width(text); used < style_width(heads[i]) + 1; used++)
			g_string_append_c(out, ' ');
	}
}

/* Text from mail, escaped, in so many columns; 0 for as many as it needs. */
static void append_field(GString *out, const ReportStyle *style, const char *text, size_t columns)
{
	g_autoptr(GString) safe = g_string_new(NULL);
	g_autofree char *cut = NULL;

	style_append_safe(safe, text != NULL ? text : "-");
	cut = style_cut(style, safe->str, columns);
	style_append(out, cut, columns);
}

/* Of an attached message its place stands before it. */
static char *subject_of(const MessageLine *line)
{
	g_autofree char *place = source_place_of(line->index, line->part);
	const char *subject = line->subject != NULL ? line->subject : "-";

	return line->part != NULL ? g_strdup_printf("[%s] %s", place, subject)
				  : g_strdup(line->subject);
}

void text_append_place(GString *out, const ReportStyle *style, const MessageLine *line)
{
	g_autofree char *subject = subject_of(line);
	g_autofree char *day = g_strndup(line->received != NULL ? line->received : "-", 10);

	append_field(out, style, day, 11);
	append_field(out, style, line->from, FROM_COLUMNS);
	g_string_append_c(out, ' ');
	append_field(out, style, subject, SUBJECT_COLUMNS);
	while (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	g_string_append_c(out, '\n');
}

void text_append_line(GString *out, const ReportStyle *style, const MessageLine *line)
{
	append_marks(out, style, line->marks, line->is_strict);
	text_append_place(out, style, line);
}

static void message(GString *out, const ReportStyle *style, const Case *kase)
{
	const AddressList *from = kase->facts->from;
	g_autofree char *received = text_time_rfc3339(kase->facts->received);
	MessageLine line = { .marks = kase->marks,
		.is_strict = table_spf_is_strict(kase->marks[METHOD_SPF], kase->spf->record),
		.received = received,
		.from = from->addresses->len > 0 ? address_list_get(from, 0)->addr_spec : NULL,
		.subject = kase->facts->subject,
		.index = kase->source->index,
		.part = source_part_number(kase->source) };

	if (style->checklist) {
		Checklist list = checklist_of(kase);

		checklist_append_message(out, style, &list, &line);
	} else if (style->lines) {
		text_append_line(out, style, &line);
	}
}

/* Columns of the count and of the share: a share may use the blanks that a short count leaves. */
typedef struct CountColumns {
	size_t digits, count, share;
} CountColumns;

static CountColumns measure(const ReportStyle *style, const Table *table)
{
	size_t share = style_width(style_text(style, N_("Share")));
	CountColumns columns = { .count = style_width(style_text(style, N_("Count"))) };

	for (size_t i = 0; i < table_row_count(table); i++) {
		const TableRow *row = table_row(table, i);
		g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->count);
		g_autofree char *text = table_share_text(row->share);

		columns.digits = MAX(columns.digits, style_width(count));
		columns.share = MAX(columns.share, style_width(text));
	}
	columns.count = MAX(columns.count, columns.digits);
	columns.share = MAX(columns.share + (columns.count == columns.digits), share + 1);
	return columns;
}

static void append_row(
	GString *out, const ReportStyle *style, const TableRow *row, CountColumns columns)
{
	g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->count);
	g_autofree char *share = table_share_text(row->share);
	g_autoptr(GString) number = g_string_new(NULL);

	append_marks(out, style, row->marks, row->is_strict);
	style_append_right(number, count, columns.digits);
	style_append(out, number->str, columns.count);
	style_append_right(out, share, columns.share);
	g_string_append_c(out, '\n');
}

static void append_table(GString *out, const ReportStyle *style, const Table *table)
{
	CountColumns columns = measure(style, table);

	style_paint(out, style, PAINT_BOLD,
		style_text(style, N_("Table 1. Measures against spoofing (most frequent first)")));
	g_string_append_c(out, '\n');
	for (int i = 0; i < METHODS; i++)
		style_append(out, heads[i], style_width(heads[i]) + 1);
	style_append(out, style_text(style, N_("Count")), columns.count + 1);
	g_string_append(out, style_text(style, N_("Share")));
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < table_row_count(table); i++)
		append_row(out, style, table_row(table, i), columns);
}

/* Recorded results are words of somebody else. */
static void append_result(GString *out, Method method, const char *result, const char *end)
{
	g_string_append_printf(out, "%s=", method_word(method));
	style_append_safe(out, result);
	g_string_append(out, end);
}

static void append_item(GString *out, const ReportStyle *style, const TableItem *item)
{
	g_string_append(out, "  ");
	style_append_safe(out, item->label);
	if (item->messages > 1)
		style_append_number(out, style, N_(" ({n} messages)"), item->messages);
	g_string_append(out, "\n    ");
	for (int i = METHOD_SPF; i < METHODS; i++)
		append_result(out, (Method)i, item->results[i], " ");
	append_result(out, METHOD_SMIME, item->results[METHOD_SMIME], "\n");
}

static void append_list(GString *out, const ReportStyle *style, const Table *table, TableList list,
	const char *title)
{
	uint64_t count = table_list_count(table, list);
	size_t kept = table_list_kept(table, list);

	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, title));
	g_string_append_printf(out, ": %" G_GUINT64_FORMAT "\n", (guint64)count);
	for (size_t i = 0; i < kept; i++) {
		TableItem item = table_list_item(table, list, i);

		append_item(out, style, &item);
	}
	if (count > kept)
		style_append_number(
			out, style, N_("  and {n} more: -f jsonl has all of them\n"), count - kept);
}

static void append_results(GString *out, const ReportStyle *style, const Table *table)
{
	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("Results by method")));
	g_string_append_c(out, '\n');
	for (int i = 0; i < METHODS; i++) {
		g_string_append(out, "  ");
		style_append(out, heads[i], 7);
		for (size_t k = 0; k < table_result_count(table, (Method)i); k++) {
			TableCount count = table_result(table, (Method)i, k);
			g_autofree char *share =
				table_share_text(table_share(count.count, table_units(table)));

			g_string_append(out, k > 0 ? ", " : "");
			style_append_safe(out, count.word);
			g_string_append_printf(
				out, " %" G_GUINT64_FORMAT " (%s)", (guint64)count.count, share);
		}
		g_string_append_c(out, '\n');
	}
}

static void append_number(
	GString *out, const ReportStyle *style, const char *label, uint64_t number)
{
	g_string_append_printf(
		out, "%s: %" G_GUINT64_FORMAT "\n", style_text(style, label), (guint64)number);
}

/* What each column has of the best mark. */
static void append_column_totals(GString *out, const ReportStyle *style, const Table *table)
{
	g_string_append_printf(out, "%s:", style_mark(style, MARK_YES));
	for (int i = 0; i < METHODS; i++) {
		uint64_t count = table_mark_count(table, (Method)i, MARK_YES);
		g_autofree char *share = table_share_text(table_share(count, table_units(table)));

		g_string_append_printf(out, "%s %s %" G_GUINT64_FORMAT " (%s)", i > 0 ? "," : "",
			heads[i], (guint64)count, share);
	}
	g_string_append_c(out, '\n');
}

/* What is not in the counts, and what is not what it was. */
static void append_problems(GString *out, const ReportStyle *style, const RunSummary *summary)
{
	if (style->redactor != NULL)
		g_string_append_printf(out, "%s\n", style_redaction(style));
	if (summary->problems > 0)
		append_number(out, style, N_("Inputs that could not be read or analysed"),
			summary->problems);
	if (summary->is_interrupted) {
		g_string_append(
			out, style_text(style,
				     N_("Interrupted: only what was done so far is counted.")));
		g_string_append_c(out, '\n');
	}
}

static void append_totals(
	GString *out, const ReportStyle *style, const Table *table, const RunSummary *summary)
{
	g_string_append_c(out, '\n');
	append_number(out, style, N_("Total"), table_units(table));
	append_column_totals(out, style, table);
	if (table_unit(table) != UNIT_MESSAGE)
		append_number(out, style, N_("Messages"), table_messages(table));
	append_number(out, style, N_("Cells not evaluable for want of an envelope or of evidence"),
		table_missing_cells(table));
	append_number(out, style,
		N_("Cells not evaluable because the evidence is too late to say no"),
		table_stale_cells(table));
	append_problems(out, style, summary);
}

static void end(
	GString *out, const ReportStyle *style, const Table *table, const RunSummary *summary)
{
	if (style->checklist) {
		g_string_append_c(out, '\n');
		checklist_append_counts(out, style, table);
		append_problems(out, style, summary);
		return;
	}
	if (style->lines)
		g_string_append_c(out, '\n');
	append_table(out, style, table);
	append_list(out, style, table, LIST_ALL_BUT_SMIME,
		N_("Pass SPF, DKIM and DMARC, but not S/MIME"));
	append_list(out, style, table, LIST_SPF_WRONG, N_("SPF missing or wrong"));
	append_results(out, style, table);
	roster_append_text(out, style, table);
	append_totals(out, style, table, summary);
}

static bool admits(Slice text, const ReportStyle *style, const Source *source)
{
	(void)source;
	return admit_lines(text, style, style->checklist ? CHECKLIST_LINES : style->lines ? 1 : 0);
}

const Printer text_printer = { .begin = begin, .message = message, .end = end, .admits = admits };
