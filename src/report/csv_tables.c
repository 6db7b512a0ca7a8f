/* The tables as CSV: one row for each count, all with the same columns, so that a reader chooses by
 * the first one. */
#include "report/csv_cell.h"
#include "report/report.h"
#include "report/roster_report.h"

#include <inttypes.h>

/* A row; what is NULL is an empty cell. */
typedef struct Row {
	const char *table;
	const char *by;               /* the unit, or the roster's column */
	const char *group;            /* the unit's name, the month, the value of the column */
	const char *methods[METHODS]; /* marks or results */
	const char *item, *value;     /* a method or an item of the checklist; its mark or result */
	bool has_count;
	uint64_t count, total; /* of which: 0 for a row that is no share */
} Row;

static const char *const columns[] = { "table", "by", "group", "smime", "spf", "dkim", "dmarc",
	"item", "value", "count", "total", "percent" };

static void begin(GString *out, const ReportStyle *style, const RunInfo *run)
{
	(void)run;
	if (style->bom)
		g_string_append(out, CSV_BOM);
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (i > 0)
			csv_append_comma(out);
		csv_append_word(out, columns[i]);
	}
	csv_append_row_end(out);
}

static void append_cell(GString *out, const char *text)
{
	csv_append_text(out, text);
	csv_append_comma(out);
}

static void append_counts(GString *out, const Row *row)
{
	unsigned share = table_share(row->count, row->total);

	if (row->has_count)
		g_string_append_printf(out, "%" PRIu64, row->count);
	csv_append_comma(out);
	if (row->total > 0)
		g_string_append_printf(out, "%" PRIu64, row->total);
	csv_append_comma(out);
	if (row->total > 0)
		g_string_append_printf(out, "%u.%u", share / 10, share % 10);
	csv_append_row_end(out);
}

static void append_row(GString *out, const Row *row)
{
	append_cell(out, row->table);
	append_cell(out, row->by);
	append_cell(out, row->group);
	for (int i = 0; i < METHODS; i++)
		append_cell(out, row->methods[i]);
	append_cell(out, row->item);
	append_cell(out, row->value);
	append_counts(out, row);
}

/* Table 1. A strict SPF is told apart where that was asked for. */
static void append_patterns(GString *out, const Table *table)
{
	for (size_t i = 0; i < table_row_count(table); i++) {
		const TableRow *pattern = table_row(table, i);
		Row row = { .table = "patterns",
			.by = table_by(table),
			.value = pattern->is_strict ? "strict" : NULL,
			.has_count = true,
			.count = pattern->count,
			.total = table_units(table) };

		for (int k = 0; k < METHODS; k++)
			row.methods[k] = mark_word(pattern->marks[k]);
		append_row(out, &row);
	}
}

static void append_marks(GString *out, const Table *table)
{
	for (int i = 0; i < METHODS; i++) {
		for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
			Row row = { .table = "marks",
				.by = table_by(table),
				.item = method_word((Method)i),
				.value = mark_word((Mark)mark),
				.has_count = true,
				.count = table_mark_count(table, (Method)i, (Mark)mark),
				.total = table_units(table) };

			append_row(out, &row);
		}
	}
}

static void append_results(GString *out, const Table *table)
{
	for (int i = 0; i < METHODS; i++) {
		for (size_t k = 0; k < table_result_count(table, (Method)i); k++) {
			TableCount count = table_result(table, (Method)i, k);
			Row row = { .table = "results",
				.by = table_by(table),
				.item = method_word((Method)i),
				.value = count.word,
				.has_count = true,
				.count = count.count,
				.total = table_units(table) };

			append_row(out, &row);
		}
	}
}

static void append_list(GString *out, const Table *table, TableList list, const char *name)
{
	for (size_t i = 0; i < table_list_kept(table, list); i++) {
		TableItem item = table_list_item(table, list, i);
		Row row = { .table = name,
			.by = table_by(table),
			.group = item.label,
			.has_count = true,
			.count = item.messages };

		for (int k = 0; k < METHODS; k++)
			row.methods[k] = item.results[k];
		append_row(out, &row);
	}
}

static void append_month(GString *out, const TableMonth *month)
{
	g_autofree char *name = g_strdup_printf("%04d-%02d", month->year, month->month);

	for (int i = 0; i < METHODS; i++) {
		uint64_t total = month->marks[i][MARK_YES] + month->marks[i][MARK_NO] +
				 month->marks[i][MARK_UNKNOWN];

		for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
			Row row = { .table = "months",
				.by = table_unit_word(UNIT_MESSAGE),
				.group = name,
				.item = method_word((Method)i),
				.value = mark_word((Mark)mark),
				.has_count = true,
				.count = month->marks[i][mark],
				.total = total };

			append_row(out, &row);
		}
	}
}

static void append_cross(GString *out, const Cross *cross)
{
	for (size_t i = 0; i < cross_row_count(cross); i++) {
		const CrossRow *from = cross_row(cross, i);

		for (int k = 0; k < METHODS; k++) {
			Row row = { .table = "cross",
				.by = cross_name(cross),
				.group = from->value,
				.item = method_word((Method)k),
				.value = mark_word(MARK_YES),
				.has_count = true,
				.count = from->yes[k],
				.total = from->units };

			append_row(out, &row);
		}
	}
}

static void append_tally(GString *out, const Roster *roster, size_t column)
{
	g_auto(RosterTally) tally = roster_tally(roster, column);
	Row row = { .table = "roster",
		.by = roster_column_name(roster, column),
		.value = "received",
		.has_count = true,
		.count = tally.received,
		.total = tally.expected };

	append_row(out, &row);
	row.value = "missing";
	row.count = tally.missing->len;
	append_row(out, &row);
	row = (Row) { .table = "missing", .by = row.by };
	for (guint i = 0; i < tally.missing->len; i++) {
		row.group = g_ptr_array_index(tally.missing, i);
		append_row(out, &row);
	}
}

static void append_roster(GString *out, const Table *table)
{
	const Roster *roster = table_roster(table);
	Row outside = { .table = "roster",
		.value = "outside",
		.has_count = true,
		.count = table_outside(table) };

	if (roster == NULL)
		return;
	for (size_t i = 0; i < roster_column_count(roster); i++)
		if (roster_is_tallied(table, i))
			append_tally(out, roster, i);
	append_row(out, &outside);
	for (size_t i = 0; i < table_cross_count(table); i++)
		append_cross(out, table_cross(table, i));
}

static void append_checks(GString *out, const Table *table)
{
	for (int i = 0; i < CHECK_ITEMS; i++) {
		for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
			Row row = { .table = "checklist",
				.by = table_unit_word(UNIT_MESSAGE),
				.item = check_word((CheckItem)i),
				.value = mark_word((Mark)mark),
				.has_count = true,
				.count = table_check_count(table, (CheckItem)i, (Mark)mark),
				.total = table_checked(table) };

			append_row(out, &row);
		}
	}
}

static void end(
	GString *out, const ReportStyle *style, const Table *table, const RunSummary *summary)
{
	(void)style;
	(void)summary;
	append_patterns(out, table);
	append_marks(out, table);
	append_results(out, table);
	append_list(out, table, LIST_ALL_BUT_SMIME, "all_but_smime");
	append_list(out, table, LIST_SPF_WRONG, "spf_wrong");
	for (size_t i = 0; i < table_month_count(table); i++)
		append_month(out, table_month(table, i));
	append_roster(out, table);
	if (table_tells_checks(table))
		append_checks(out, table);
}

/* What a message is counted as is all that there is of it. */
static void message(GString *out, const ReportStyle *style, const Case *kase)
{
	(void)out;
	(void)style;
	(void)kase;
}

static bool admits(Slice text, const ReportStyle *style, const Source *source)
{
	(void)style;
	(void)source;
	return text.len == 0;
}

const Printer csv_tables_printer = {
	.begin = begin, .message = message, .end = end, .admits = admits
};
