#include "report/roster_report.h"

#include "report/json_value.h"

static const char *const heads[METHODS] = { "S/MIME", "SPF", "DKIM", "DMARC" };

/* The columns that are tallied where the roster has them. */
static const char *const tallied[] = { "newsletter", "organisation", "address" };

/* The first of them that is there is what is missing by; the tables' own column before all. */
static size_t missing_column(const Table *table)
{
	const Roster *roster = table_roster(table);
	size_t column = table_column(table);

	for (size_t i = 0; column == ROSTER_NONE; i++)
		column = roster_column(roster, tallied[i]);
	return column;
}

static void append_tally(
	GString *out, const ReportStyle *style, const Roster *roster, size_t column)
{
	g_auto(RosterTally) tally = roster_tally(roster, column);
	g_autofree char *expected = g_strdup_printf("%" G_GSIZE_FORMAT, tally.expected);
	g_autofree char *received = g_strdup_printf("%" G_GSIZE_FORMAT, tally.received);
	g_autofree char *missing = g_strdup_printf("%u", tally.missing->len);
	g_autoptr(GPtrArray) args = g_ptr_array_new();

	g_ptr_array_add(args, (gpointer)(guintptr)roster_column_name(roster, column));
	g_ptr_array_add(args, expected);
	g_ptr_array_add(args, received);
	g_ptr_array_add(args, missing);
	style_append_filled(
		out, style, N_("  {1}: expected {2}, received {3}, missing {4}\n"), args);
}

bool roster_is_tallied(const Table *table, size_t column)
{
	const char *name = roster_column_name(table_roster(table), column);
	bool is_tallied = column == table_column(table);

	for (size_t i = 0; i < G_N_ELEMENTS(tallied); i++)
		is_tallied |= g_ascii_strcasecmp(name, tallied[i]) == 0;
	return is_tallied;
}

static void append_missing(GString *out, const ReportStyle *style, const Table *table)
{
	g_auto(RosterTally) tally = roster_tally(table_roster(table), missing_column(table));

	if (tally.missing->len == 0)
		return;
	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("Nothing was received of")));
	g_string_append_printf(out, ": %u\n", tally.missing->len);
	for (guint i = 0; i < tally.missing->len; i++) {
		g_string_append(out, "  ");
		style_append_safe(out, g_ptr_array_index(tally.missing, i));
		g_string_append_c(out, '\n');
	}
}

static char *count_text(uint64_t count, uint64_t units)
{
	g_autofree char *share = table_share_text(table_share(count, units));

	return g_strdup_printf("%" G_GUINT64_FORMAT " (%s)", (guint64)count, share);
}

#define VALUE_COLUMNS 30
#define COUNT_COLUMNS 8
#define MARK_COLUMNS  16

static void append_cross(GString *out, const ReportStyle *style, const Cross *cross)
{
	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("By")));
	g_string_append(out, ": ");
	style_append_safe(out, cross_name(cross));
	g_string_append_c(out, '\n');
	style_append(out, "", VALUE_COLUMNS);
	style_append_right(out, style_text(style, N_("Count")), COUNT_COLUMNS);
	for (int i = 0; i < METHODS; i++)
		style_append_right(out, heads[i], MARK_COLUMNS);
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < cross_row_count(cross); i++) {
		const CrossRow *row = cross_row(cross, i);
		g_autoptr(GString) value = g_string_new(NULL);
		g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->units);

		style_append_safe(value, *row->value != '\0' ? row->value : "-");
		style_append(out, value->str, VALUE_COLUMNS);
		style_append_right(out, count, COUNT_COLUMNS);
		for (int k = 0; k < METHODS; k++) {
			g_autofree char *text = count_text(row->yes[k], row->units);

			style_append_right(out, text, MARK_COLUMNS);
		}
		g_string_append_c(out, '\n');
	}
}

void roster_append_text(GString *out, const ReportStyle *style, const Table *table)
{
	const Roster *roster = table_roster(table);

	if (roster == NULL)
		return;
	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("The roster")));
	g_string_append_c(out, '\n');
	for (size_t i = 0; i < roster_column_count(roster); i++)
		if (roster_is_tallied(table, i))
			append_tally(out, style, roster, i);
	style_append_number(out, style, N_("  messages of others, which do not count: {n}\n"),
		table_outside(table));
	append_missing(out, style, table);
	for (size_t i = 0; i < table_cross_count(table); i++)
		append_cross(out, style, table_cross(table, i));
}

static void write_cross(HtmlWriter *html, const ReportStyle *style, const Cross *cross)
{
	html_open(html, "div");
	html_attribute(html, "class", "wide");
	html_open(html, "table");
	html_open(html, "thead");
	html_open(html, "tr");
	html_element(html, "th", NULL, cross_name(cross));
	html_element(html, "th", "n", style_text(style, N_("Count")));
	for (int i = 0; i < METHODS; i++)
		html_element(html, "th", "n", heads[i]);
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
	for (size_t i = 0; i < cross_row_count(cross); i++) {
		const CrossRow *row = cross_row(cross, i);
		g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->units);

		html_open(html, "tr");
		html_element(html, "th", NULL, *row->value != '\0' ? row->value : "-");
		html_element(html, "td", "n", count);
		for (int k = 0; k < METHODS; k++) {
			g_autofree char *text = count_text(row->yes[k], row->units);

			html_element(html, "td", "n", text);
		}
		html_close(html);
	}
	html_close_to(html, html_depth(html) - 3);
}

static void write_tallies(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	const Roster *roster = table_roster(table);

	html_open(html, "ul");
	for (size_t i = 0; i < roster_column_count(roster); i++) {
		g_autoptr(GString) text = g_string_new(NULL);

		if (!roster_is_tallied(table, i))
			continue;
		append_tally(text, style, roster, i);
		html_element(html, "li", NULL, g_strstrip(text->str));
	}
	html_close(html);
}

static void write_missing(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	g_auto(RosterTally) tally = roster_tally(table_roster(table), missing_column(table));

	if (tally.missing->len == 0)
		return;
	html_element(html, "h3", NULL, style_text(style, N_("Nothing was received of")));
	html_open(html, "ul");
	for (guint i = 0; i < tally.missing->len; i++)
		html_element(html, "li", NULL, g_ptr_array_index(tally.missing, i));
	html_close(html);
}

void roster_write_html(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	g_autoptr(GString) outside = g_string_new(NULL);

	if (table_roster(table) == NULL)
		return;
	html_open(html, "section");
	html_attribute(html, "id", "roster");
	html_element(html, "h2", NULL, style_text(style, N_("The roster")));
	write_tallies(html, style, table);
	style_append_number(outside, style, N_("  messages of others, which do not count: {n}\n"),
		table_outside(table));
	html_element(html, "p", NULL, g_strstrip(outside->str));
	write_missing(html, style, table);
	for (size_t i = 0; i < table_cross_count(table); i++)
		write_cross(html, style, table_cross(table, i));
	html_close(html);
}

static void add_column(Json *columns, const Roster *roster, size_t column)
{
	g_auto(RosterTally) tally = roster_tally(roster, column);
	Json *object = json_add_object(columns, NULL);

	json_add_text(object, "name", roster_column_name(roster, column));
	json_add_number(object, "expected", tally.expected);
	json_add_number(object, "received", tally.received);
	json_add_texts(object, "missing", tally.missing);
}

static void add_cross(Json *array, const Cross *cross)
{
	Json *object = json_add_object(array, NULL);
	Json *rows;

	json_add_text(object, "column", cross_name(cross));
	rows = json_add_array(object, "rows");
	for (size_t i = 0; i < cross_row_count(cross); i++) {
		const CrossRow *row = cross_row(cross, i);
		Json *entry = json_add_object(rows, NULL);

		json_add_text(entry, "value", row->value);
		json_add_number(entry, "units", row->units);
		for (int k = 0; k < METHODS; k++)
			json_add_number(entry, method_word((Method)k), row->yes[k]);
	}
}

void roster_add_json(Json *summary, const Table *table)
{
	const Roster *roster = table_roster(table);
	Json *object;
	Json *array;

	if (roster == NULL)
		return;
	object = json_add_object(summary, "roster");
	array = json_add_array(object, "columns");
	for (size_t i = 0; i < roster_column_count(roster); i++)
		if (roster_is_tallied(table, i))
			add_column(array, roster, i);
	json_add_number(object, "outside", table_outside(table));
	array = json_add_array(object, "cross");
	for (size_t i = 0; i < table_cross_count(table); i++)
		add_cross(array, table_cross(table, i));
}
