/* The survey of what senders publish as one self-contained page. */
#include "report/html_page.h"
#include "report/survey_report.h"

/* The page stays open between the calls of a printer; the foot closes what is open. */
static void begin(GString *out, const ReportStyle *style, const SurveyRun *run)
{
	g_autoptr(HtmlWriter) html = html_writer_new();
	const char *title = survey_table_title(style, run->table);

	g_string_append(out, "<!DOCTYPE html>\n");
	html_open(html, "html");
	html_attribute(html, "lang", style->lang == LANG_JA ? "ja" : "en");
	html_page_head(html, title);
	html_open(html, "body");
	html_element(html, "h1", NULL, title);
	html_open(html, "main");
	html_raw(html, "\n");
	html_take(html, out);
}

static void head_cell(HtmlWriter *html, const char *class, const char *text)
{
	html_open(html, "th");
	html_attribute(html, "scope", "col");
	html_attribute(html, "class", class);
	html_text(html, text);
	html_close(html);
}

/* --- a row a sender */

static void join_list(GString *text, const char *separator, const char *more)
{
	if (more == NULL)
		return;
	if (text->len > 0)
		g_string_append(text, separator);
	g_string_append(text, more);
}

static void state_cell(
	HtmlWriter *html, const ReportStyle *style, Publication state, const char *more)
{
	static const char *const classes[PUBLICATIONS] = { "yes", "no", "no", "unknown" };
	static const char *const labels[PUBLICATIONS] = { N_("published"), N_("invalid"),
		N_("absent"), N_("not evaluable") };

	html_open(html, "td");
	html_element(html, "span", classes[state], style_text(style, labels[state]));
	if (more != NULL) {
		html_text(html, " ");
		html_element(html, "code", NULL, more);
	}
	html_close(html);
}

static void dmarc_cell(HtmlWriter *html, const ReportStyle *style, const DmarcExam *dmarc)
{
	g_autoptr(GString) more = g_string_new(NULL);

	join_list(more, " ", dmarc_policy_word(dmarc->policy));
	if (!dmarc->is_own)
		join_list(more, " @", dmarc->found_at);
	state_cell(html, style, dmarc->state, more->len > 0 ? more->str : NULL);
}

static void mail_host_cell(HtmlWriter *html, const MxExam *mx)
{
	g_autoptr(GString) hosts = g_string_new(NULL);

	for (guint i = 0; i < mx->hosts->len; i++)
		join_list(hosts, ", ", g_ptr_array_index(mx->hosts, i));
	html_element(html, "td", NULL, hosts->len > 0 ? hosts->str : mx_state_word(mx->state));
}

static void key_cell(HtmlWriter *html, const GPtrArray *keys)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < keys->len; i++) {
		const KeyExam *key = g_ptr_array_index(keys, i);

		join_list(text, ", ", key->selector);
		join_list(text, " ", key_status_word(key->status));
		if (key->bits > 0)
			g_string_append_printf(
				text, " %s-%d", key_algorithm_word(key->algorithm), key->bits);
	}
	html_element(html, "td", NULL, text->str);
}

static void add_findings(HtmlWriter *html, const ReportStyle *style, const Findings *findings)
{
	for (size_t i = 0; i < findings_count(findings); i++) {
		const Finding *finding = findings_get(findings, i);

		html_open(html, "li");
		html_text(html, style_text(style, finding->text));
		if (finding->detail != NULL) {
			html_text(html, " ");
			html_element(html, "code", NULL, finding->detail);
		}
		html_close(html);
	}
}

static void finding_cell(HtmlWriter *html, const ReportStyle *style, const SenderExam *exam)
{
	html_open(html, "td");
	if (findings_count(exam->spf->findings) + findings_count(exam->dmarc->findings) > 0) {
		html_open(html, "ul");
		add_findings(html, style, exam->spf->findings);
		add_findings(html, style, exam->dmarc->findings);
		html_close(html);
	}
	html_close(html);
}

static void sender(GString *out, const ReportStyle *style, const SurveySender *sender)
{
	g_autoptr(HtmlWriter) html = html_writer_new();
	const SenderExam *exam = sender->exam;

	html_open(html, "tr");
	html_element(html, "td", NULL, exam->sender);
	if (exam->domain == NULL) {
		html_open(html, "td");
		html_attribute(html, "colspan", "5");
		html_text(html, style_text(style, N_("(neither an address nor a domain)")));
		html_close(html);
	} else {
		state_cell(html, style, exam->spf->state, survey_all_text(exam->spf));
		dmarc_cell(html, style, exam->dmarc);
		mail_host_cell(html, exam->mx);
		key_cell(html, exam->keys);
		finding_cell(html, style, exam);
	}
	html_close(html);
	html_raw(html, "\n");
	html_take(html, out);
}

/* --- tables */

static void write_heads(HtmlWriter *html, const ReportStyle *style, const char *first)
{
	html_open(html, "thead");
	html_open(html, "tr");
	head_cell(html, NULL, first);
	head_cell(html, "n", style_text(style, N_("Units")));
	for (int i = 0; i < SURVEY_FIGURES; i++)
		if (survey_figures[i].is_main)
			head_cell(html, "n", style_text(style, survey_figures[i].head));
	html_close(html);
	html_close(html);
}

static void write_row(HtmlWriter *html, const char *label, const ShareRow *row)
{
	g_autofree char *units = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->units);

	html_open(html, "tr");
	html_element(html, "th", NULL, label);
	html_element(html, "td", "n", units);
	for (int i = 0; i < SURVEY_FIGURES; i++) {
		g_autofree char *text = survey_share_text(survey_figure(row, i), row->units);

		if (survey_figures[i].is_main)
			html_element(html, "td", "n", text);
	}
	html_close(html);
}

static void open_table(HtmlWriter *html)
{
	html_open(html, "div");
	html_attribute(html, "class", "wide");
	html_open(html, "table");
}

static void write_cross(
	HtmlWriter *html, const ReportStyle *style, const ShareTable *table, size_t cross)
{
	const ClassList *classes = share_table_classes(table, cross);
	size_t depth = html_depth(html);

	html_element(html, "h2", NULL, class_list_column(classes));
	open_table(html);
	write_heads(html, style, class_list_column(classes));
	html_open(html, "tbody");
	for (size_t i = 0; i < class_list_count(classes); i++) {
		const char *name = class_list_name(classes, i);
		const ShareRow *row = share_table_class(table, cross, i);

		if (name != NULL || row->units > 0)
			write_row(html, survey_class_name(style, name), row);
	}
	html_close_to(html, depth);
}

static void write_total(HtmlWriter *html, const ReportStyle *style, const ShareTable *table)
{
	size_t depth = html_depth(html);

	open_table(html);
	write_heads(html, style,
		share_table_is_by_column(table) ? share_table_by(table)
						: style_text(style, N_("Sender")));
	html_open(html, "tbody");
	write_row(html, style_text(style, N_("All")), share_table_total(table));
	html_close_to(html, depth);
}

/* --- what was found */

static void write_counts(HtmlWriter *html, const ReportStyle *style, const SurveyCounts *counts)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (counts->total == 0)
		return;
	for (int i = 0; i < counts->length; i++) {
		const SurveyCount *count = &counts->counts[i];
		g_autofree char *share = survey_share_text(count->count, counts->total);
		g_autofree char *one = g_strdup_printf("%s %s",
			count->label != NULL ? style_text(style, count->label) : count->code,
			share);

		join_list(text, ", ", one);
	}
	html_element(html, "dt", NULL, style_text(style, counts->title));
	html_element(html, "dd", NULL, text->str);
}

static void write_found(HtmlWriter *html, const ReportStyle *style, const SurveySummary *summary)
{
	const GArray *findings = summary->tally->findings;
	SurveyCounts counts[SURVEY_COUNTS];

	survey_count_up(summary->tally, counts);
	html_element(html, "h2", NULL, style_text(style, N_("What the senders publish")));
	html_open(html, "dl");
	for (int i = 0; i < SURVEY_COUNTS; i++)
		write_counts(html, style, &counts[i]);
	html_close(html);
	if (findings->len == 0)
		return;
	html_element(html, "h2", NULL, style_text(style, N_("What is wrong with it")));
	html_open(html, "ul");
	for (guint i = 0; i < findings->len; i++) {
		const TallyFinding *finding = &g_array_index(findings, TallyFinding, i);
		g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT ": %s",
			(guint64)finding->count, style_text(style, finding->text));

		html_element(html, "li", NULL, text);
	}
	html_close(html);
}

static void write_line(
	HtmlWriter *html, const ReportStyle *style, const char *label, const char *text)
{
	html_element(html, "dt", NULL, style_text(style, label));
	html_element(html, "dd", NULL, text);
}

static void write_number(
	HtmlWriter *html, const ReportStyle *style, const char *label, uint64_t number)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);

	write_line(html, style, label, text);
}

static void write_numbers(HtmlWriter *html, const ReportStyle *style, const SurveySummary *summary)
{
	html_element(html, "h2", NULL, style_text(style, N_("How this report was made")));
	html_open(html, "dl");
	write_number(html, style, N_("Senders"), summary->tally->senders);
	write_number(html, style, N_("Senders for whom answers of the DNS are lacking"),
		summary->lacking);
	if (summary->problems > 0)
		write_number(html, style, N_("Problems"), summary->problems);
	if (summary->evidence != NULL)
		write_line(html, style, N_("Evidence (SHA-256)"), summary->evidence);
	html_close(html);
	if (summary->is_interrupted)
		html_element(html, "p", NULL,
			style_text(
				style, N_("Interrupted: only what was done so far is counted.")));
}

static void open_senders(HtmlWriter *html, const ReportStyle *style)
{
	const char *const heads[] = { style_text(style, N_("The senders")), "SPF", "DMARC", "MX",
		"DKIM", style_text(style, N_("What is wrong with it")) };

	html_element(html, "h2", NULL, heads[0]);
	html_open(html, "div");
	html_attribute(html, "class", "wide");
	html_open(html, "table");
	html_open(html, "thead");
	html_open(html, "tr");
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		head_cell(html, NULL, heads[i]);
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
	html_raw(html, "\n");
}

static void end(GString *out, const ReportStyle *style, const SurveySummary *summary)
{
	g_autoptr(HtmlWriter) html = html_writer_new();

	write_total(html, style, summary->table);
	for (size_t i = 0; i < share_table_cross_count(summary->table); i++)
		write_cross(html, style, summary->table, i);
	write_found(html, style, summary);
	write_numbers(html, style, summary);
	open_senders(html, style);
	html_take(html, out);
}

/* What begin() and end() left open, from the inside out. */
static void foot(GString *out)
{
	g_string_append(out, "</tbody></table></div></main></body></html>\n");
}

const SurveyPrinter survey_html_printer = {
	.begin = begin, .sender = sender, .end = end, .foot = foot
};
