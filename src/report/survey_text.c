/* The survey of what senders publish as text: a line a sender, the tables, what was found. */
#include "report/survey_report.h"

#define LABEL_COLUMNS  30
#define UNITS_COLUMNS  8
#define FIGURE_COLUMNS 16

static void begin(GString *out, const ReportStyle *style, const SurveyRun *run)
{
	(void)out;
	(void)style;
	(void)run;
}

/* --- a line a sender */

static void append_pair(GString *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	g_string_append_printf(out, " %s=", name);
	style_append_safe(out, value);
}

static void append_spf(GString *out, const SpfExam *spf)
{
	append_pair(out, "spf", publication_word(spf->state));
	if (spf->record == NULL)
		return;
	append_pair(out, "all", survey_all_text(spf));
	g_string_append_printf(
		out, " lookups=%u ip4=%" G_GUINT64_FORMAT, spf->lookups, (guint64)spf->ip4);
}

static void append_dmarc(GString *out, const DmarcExam *dmarc)
{
	append_pair(out, "dmarc", publication_word(dmarc->state));
	append_pair(out, "policy", dmarc_policy_word(dmarc->policy));
	if (!dmarc->is_own)
		append_pair(out, "at", dmarc->found_at);
}

static void append_keys(GString *out, const GPtrArray *keys)
{
	for (guint i = 0; i < keys->len; i++) {
		const KeyExam *key = g_ptr_array_index(keys, i);

		g_string_append_c(out, ' ');
		style_append_safe(out, key->selector);
		g_string_append_printf(out, "=%s", key_status_word(key->status));
		if (key->bits > 0)
			g_string_append_printf(
				out, ":%s-%d", key_algorithm_word(key->algorithm), key->bits);
	}
}

static void append_findings(GString *out, const ReportStyle *style, const Findings *findings)
{
	for (size_t i = 0; i < findings_count(findings); i++) {
		const Finding *finding = findings_get(findings, i);

		g_string_append_printf(out, "    %s", style_text(style, finding->text));
		if (finding->detail != NULL) {
			g_string_append(out, " ");
			style_append_safe(out, finding->detail);
		}
		g_string_append_c(out, '\n');
	}
}

static void sender(GString *out, const ReportStyle *style, const SurveySender *sender)
{
	const SenderExam *exam = sender->exam;

	if (!style->lines)
		return;
	style_append_safe(out, *exam->sender != '\0' ? exam->sender : "-");
	if (exam->domain == NULL) {
		g_string_append_printf(
			out, " %s\n", style_text(style, N_("(neither an address nor a domain)")));
		return;
	}
	append_spf(out, exam->spf);
	append_dmarc(out, exam->dmarc);
	append_pair(out, "mx", mx_state_word(exam->mx->state));
	append_keys(out, exam->keys);
	g_string_append_c(out, '\n');
	append_findings(out, style, exam->spf->findings);
	append_findings(out, style, exam->dmarc->findings);
}

/* --- tables */

static void append_heads(GString *out, const ReportStyle *style)
{
	style_append(out, "", LABEL_COLUMNS);
	style_append_right(out, style_text(style, N_("Units")), UNITS_COLUMNS);
	for (int i = 0; i < SURVEY_FIGURES; i++)
		if (survey_figures[i].is_main)
			style_append_right(
				out, style_text(style, survey_figures[i].head), FIGURE_COLUMNS);
	g_string_append_c(out, '\n');
}

static void append_row(
	GString *out, const ReportStyle *style, const char *label, const ShareRow *row)
{
	g_autoptr(GString) safe = g_string_new(NULL);
	g_autofree char *units = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)row->units);
	g_autofree char *cut = NULL;

	style_append_safe(safe, label);
	cut = style_cut(style, safe->str, LABEL_COLUMNS);
	style_append(out, cut, LABEL_COLUMNS);
	style_append_right(out, units, UNITS_COLUMNS);
	for (int i = 0; i < SURVEY_FIGURES; i++) {
		g_autofree char *text = survey_share_text(survey_figure(row, i), row->units);

		if (survey_figures[i].is_main)
			style_append_right(out, text, FIGURE_COLUMNS);
	}
	g_string_append_c(out, '\n');
}

static void append_cross(
	GString *out, const ReportStyle *style, const ShareTable *table, size_t cross)
{
	const ClassList *classes = share_table_classes(table, cross);

	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("By")));
	g_string_append(out, ": ");
	style_append_safe(out, class_list_column(classes));
	g_string_append_c(out, '\n');
	append_heads(out, style);
	for (size_t i = 0; i < class_list_count(classes); i++) {
		const char *name = class_list_name(classes, i);
		const ShareRow *row = share_table_class(table, cross, i);

		if (name != NULL || row->units > 0)
			append_row(out, style, survey_class_name(style, name), row);
	}
}

static void append_tables(GString *out, const ReportStyle *style, const ShareTable *table)
{
	style_paint(out, style, PAINT_BOLD, survey_table_title(style, table));
	g_string_append_c(out, '\n');
	append_heads(out, style);
	append_row(out, style, style_text(style, N_("All")), share_table_total(table));
	for (size_t i = 0; i < share_table_cross_count(table); i++)
		append_cross(out, style, table, i);
}

/* --- what was found */

static void append_counts(GString *out, const ReportStyle *style, const SurveyCounts *counts)
{
	if (counts->total == 0)
		return;
	g_string_append(out, "  ");
	g_string_append(out, style_text(style, counts->title));
	g_string_append(out, ":");
	for (int i = 0; i < counts->length; i++) {
		const SurveyCount *count = &counts->counts[i];
		g_autofree char *text = survey_share_text(count->count, counts->total);

		g_string_append_printf(out, "%s %s %s", i > 0 ? "," : "",
			count->label != NULL ? style_text(style, count->label) : count->code, text);
	}
	g_string_append_c(out, '\n');
}

static void append_found(GString *out, const ReportStyle *style, const SurveyTally *tally)
{
	SurveyCounts counts[SURVEY_COUNTS];

	survey_count_up(tally, counts);
	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("What the senders publish")));
	g_string_append_c(out, '\n');
	for (int i = 0; i < SURVEY_COUNTS; i++)
		append_counts(out, style, &counts[i]);
	if (tally->findings->len == 0)
		return;
	g_string_append_c(out, '\n');
	style_paint(out, style, PAINT_BOLD, style_text(style, N_("What is wrong with it")));
	g_string_append_c(out, '\n');
	for (guint i = 0; i < tally->findings->len; i++) {
		const TallyFinding *finding = &g_array_index(tally->findings, TallyFinding, i);

		g_string_append_printf(out, "  %" G_GUINT64_FORMAT ": %s\n",
			(guint64)finding->count, style_text(style, finding->text));
	}
}

static void append_number(
	GString *out, const ReportStyle *style, const char *label, uint64_t number)
{
	g_string_append_printf(
		out, "%s: %" G_GUINT64_FORMAT "\n", style_text(style, label), (guint64)number);
}

static void end(GString *out, const ReportStyle *style, const SurveySummary *summary)
{
	if (style->lines)
		g_string_append_c(out, '\n');
	append_tables(out, style, summary->table);
	append_found(out, style, summary->tally);
	g_string_append_c(out, '\n');
	append_number(out, style, N_("Senders"), summary->tally->senders);
	append_number(out, style, N_("Senders for whom answers of the DNS are lacking"),
		summary->lacking);
	if (summary->problems > 0)
		append_number(out, style, N_("Problems"), summary->problems);
	if (summary->is_interrupted)
		g_string_append_printf(out, "%s\n",
			style_text(
				style, N_("Interrupted: only what was done so far is counted.")));
}

const SurveyPrinter survey_text_printer = { .begin = begin, .sender = sender, .end = end };
