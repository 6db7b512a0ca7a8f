#include "report/html_chart.h"

#include <string.h>

#define BAR_WIDTH    200
#define BAR_HEIGHT   12
#define CHART_WIDTH  360
#define CHART_HEIGHT 110
#define CHART_FOOT   16

static const char *const heads[METHODS] = { "S/MIME", "SPF", "DKIM", "DMARC" };

static void rect(
	HtmlWriter *html, const char *class, double x, double y, double width, double height)
{
	const char *const names[] = { "x", "y", "width", "height" };
	const double values[] = { x, y, width, height };

	html_open(html, "rect");
	html_attribute(html, "class", class);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char text[G_ASCII_DTOSTR_BUF_SIZE];

		html_attribute(
			html, names[i], g_ascii_formatd(text, sizeof text, "%.2f", values[i]));
	}
	html_close(html);
}

static void open_svg(HtmlWriter *html, int width, int height, const char *title)
{
	g_autofree char *box = g_strdup_printf("0 0 %d %d", width, height);

	html_open(html, "svg");
	html_attribute(html, "viewBox", box);
	html_number_attribute(html, "width", width);
	html_number_attribute(html, "height", height);
	if (title == NULL) {
		html_attribute(html, "aria-hidden", "true");
		return;
	}
	html_attribute(html, "role", "img");
	html_element(html, "title", NULL, title);
}

/* The order of the survey of 2021; what is not in it follows by number. */
static int spf_rank(const char *word)
{
	static const char *const words[] = { "none", "neutral", "pass", "fail", "softfail",
		"temperror", "permerror" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return (int)G_N_ELEMENTS(words);
}

static gint compare_spf(gconstpointer a, gconstpointer b)
{
	return spf_rank(((const TableCount *)a)->word) - spf_rank(((const TableCount *)b)->word);
}

static void result_row(HtmlWriter *html, const TableCount *count, uint64_t units)
{
	unsigned share = table_share(count->count, units);
	g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)count->count);
	g_autofree char *text = table_share_text(share);

	html_open(html, "tr");
	html_open(html, "th");
	html_attribute(html, "scope", "row");
	html_text(html, count->word);
	html_close(html);
	html_element(html, "td", "n", number);
	html_element(html, "td", "n", text);
	html_open(html, "td");
	html_attribute(html, "class", "bars");
	open_svg(html, BAR_WIDTH, BAR_HEIGHT, NULL);
	html_attribute(html, "preserveAspectRatio", "none");
	rect(html, "bar", 0, 0, BAR_WIDTH * share / 1000.0, BAR_HEIGHT);
	html_close(html);
	html_close(html);
	html_close(html);
}

static void head_row(HtmlWriter *html, const char *const *names, size_t count)
{
	html_open(html, "thead");
	html_open(html, "tr");
	for (size_t i = 0; i < count; i++) {
		html_open(html, "th");
		html_attribute(html, "scope", "col");
		html_text(html, names[i]);
		html_close(html);
	}
	html_close(html);
	html_close(html);
}

void html_results(HtmlWriter *html, const ReportStyle *style, const Table *table, Method method)
{
	const char *const names[] = { style_text(style, N_("Result")),
		style_text(style, N_("Count")), style_text(style, N_("Share")), "" };
	g_autoptr(GArray) counts = g_array_new(FALSE, FALSE, sizeof(TableCount));

	for (size_t i = 0; i < table_result_count(table, method); i++) {
		TableCount count = table_result(table, method, i);

		g_array_append_val(counts, count);
	}
	if (method == METHOD_SPF)
		g_array_sort(counts, compare_spf);
	html_open(html, "table");
	html_element(html, "caption", NULL, heads[method]);
	head_row(html, names, G_N_ELEMENTS(names));
	html_open(html, "tbody");
	for (guint i = 0; i < counts->len; i++)
		result_row(html, &g_array_index(counts, TableCount, i), table_units(table));
	html_close(html);
	html_close(html);
}

static uint64_t month_total(const TableMonth *month, Method method)
{
	return month->marks[method][MARK_YES] + month->marks[method][MARK_NO] +
	       month->marks[method][MARK_UNKNOWN];
}

static uint64_t largest_month(const Table *table, Method method)
{
	uint64_t largest = 1;

	for (size_t i = 0; i < table_month_count(table); i++)
		largest = MAX(largest, month_total(table_month(table, i), method));
	return largest;
}

static void label(HtmlWriter *html, int x, const char *anchor, const TableMonth *month)
{
	g_autofree char *text = g_strdup_printf("%04d-%02d", month->year, month->month);

	html_open(html, "text");
	html_number_attribute(html, "x", x);
	html_number_attribute(html, "y", CHART_HEIGHT + CHART_FOOT - 4);
	html_attribute(html, "text-anchor", anchor);
	html_text(html, text);
	html_close(html);
}

static void column(HtmlWriter *html, const Table *table, Method method, size_t index)
{
	static const char *const classes[] = { "s-yes", "s-no", "s-unknown" };
	const TableMonth *month = table_month(table, index);
	double width = (double)CHART_WIDTH / (double)table_month_count(table);
	double scale = CHART_HEIGHT / (double)largest_month(table, method);
	double y = CHART_HEIGHT;

	for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++) {
		double height = (double)month->marks[method][mark] * scale;

		if (height == 0)
			continue;
		y -= height;
		rect(html, classes[mark], width * (double)index + width * 0.1, y, width * 0.8,
			height);
	}
}

void html_timeline(HtmlWriter *html, const ReportStyle *style, const Table *table, Method method)
{
	size_t months = table_month_count(table);
	g_autofree char *title = g_strdup_printf(
		"%s: %s", heads[method], style_text(style, N_("marks by month of reception")));

	html_open(html, "figure");
	html_element(html, "figcaption", NULL, heads[method]);
	open_svg(html, CHART_WIDTH, CHART_HEIGHT + CHART_FOOT, title);
	for (size_t i = 0; i < months; i++)
		column(html, table, method, i);
	rect(html, "axis", 0, CHART_HEIGHT, CHART_WIDTH, 0.5);
	label(html, 0, "start", table_month(table, 0));
	if (months > 1)
		label(html, CHART_WIDTH, "end", table_month(table, months - 1));
	html_close(html);
	html_close(html);
}

static void month_row(HtmlWriter *html, const TableMonth *month)
{
	g_autofree char *name = g_strdup_printf("%04d-%02d", month->year, month->month);

	html_open(html, "tr");
	html_open(html, "th");
	html_attribute(html, "scope", "row");
	html_text(html, name);
	html_close(html);
	for (int i = 0; i < METHODS; i++) {
		g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " / %" G_GUINT64_FORMAT
							" / %" G_GUINT64_FORMAT,
			(guint64)month->marks[i][MARK_YES], (guint64)month->marks[i][MARK_NO],
			(guint64)month->marks[i][MARK_UNKNOWN]);

		html_element(html, "td", "n", text);
	}
	html_close(html);
}

void html_months(HtmlWriter *html, const ReportStyle *style, const Table *table)
{
	const char *const names[] = { style_text(style, N_("Month")), "S/MIME", "SPF", "DKIM",
		"DMARC" };
	g_autofree char *caption = g_strdup_printf("%s / %s / %s", style_mark(style, MARK_YES),
		style_mark(style, MARK_NO), style_mark(style, MARK_UNKNOWN));

	html_open(html, "table");
	html_element(html, "caption", NULL, caption);
	head_row(html, names, G_N_ELEMENTS(names));
	html_open(html, "tbody");
	for (size_t i = 0; i < table_month_count(table); i++)
		month_row(html, table_month(table, i));
	html_close(html);
	html_close(html);
}
