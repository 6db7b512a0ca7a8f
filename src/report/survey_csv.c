/* The survey of what senders publish as CSV: the tables, a row a class; or a row a sender. */
#include "report/csv_cell.h"
#include "report/survey_report.h"

static const char *const own_columns[] = { "survey_domain", "spf_state", "spf_record", "spf_all",
	"spf_lookups", "spf_void_lookups", "spf_ip4", "spf_ip6", "spf_open", "dmarc_state",
	"dmarc_record", "dmarc_found_at", "dmarc_p", "dmarc_sp", "dmarc_np", "dmarc_testing",
	"dmarc_policy", "dmarc_rua", "mx_state", "mx_hosts", "keys", "spf_dnssec", "dmarc_dnssec",
	"mx_dnssec", "findings", "lacking" };

static void append_text(GString *out, const char *text)
{
	csv_append_comma(out);
	csv_append_text(out, text);
}

static void append_word(GString *out, const char *word)
{
	csv_append_comma(out);
	if (word != NULL)
		csv_append_word(out, word);
}

static void append_number(GString *out, uint64_t number)
{
	g_string_append_printf(out, ",%" G_GUINT64_FORMAT, (guint64)number);
}

static void append_flag(GString *out, bool flag)
{
	append_word(out, flag ? "1" : "0");
}

/* --- a row a sender */

static void append_sender_heads(GString *out, const Roster *roster)
{
	for (size_t i = 0; i < roster_column_count(roster); i++) {
		if (i > 0)
			csv_append_comma(out);
		csv_append_text(out, roster_column_name(roster, i));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(own_columns); i++)
		append_word(out, own_columns[i]);
	csv_append_row_end(out);
}

/* Without a sign that a spreadsheet would compute by. */
static const char *all_word(const SpfExam *spf)
{
	static const char *const words[] = { "fail", "softfail", "neutral", "pass" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (spf->all != 0 && spf->all == survey_tally_all((int)i)[0])
			return words[i];
	return NULL;
}

static void append_spf(GString *out, const SpfExam *spf)
{
	append_word(out, publication_word(spf->state));
	append_text(out, spf->record);
	append_word(out, all_word(spf));
	append_number(out, spf->lookups);
	append_number(out, spf->void_lookups[0]);
	append_number(out, spf->ip4);
	append_number(out, spf->ip6);
	append_flag(out, spf->is_open);
}

static void append_dmarc(GString *out, const DmarcExam *dmarc)
{
	append_word(out, publication_word(dmarc->state));
	append_text(out, dmarc->record);
	append_text(out, dmarc->found_at);
	append_word(out, dmarc_policy_word(dmarc->p));
	append_word(out, dmarc_policy_word(dmarc->sp));
	append_word(out, dmarc_policy_word(dmarc->np));
	append_flag(out, dmarc->is_testing);
	append_word(out, dmarc_policy_word(dmarc->policy));
	append_text(out, dmarc->rua);
}

static void append_mail_hosts(GString *out, const MxExam *mx)
{
	g_autoptr(GString) hosts = g_string_new(NULL);

	for (guint i = 0; i < mx->hosts->len; i++)
		g_string_append_printf(hosts, "%s%s", i > 0 ? ", " : "",
			(const char *)g_ptr_array_index(mx->hosts, i));
	append_word(out, mx_state_word(mx->state));
	append_text(out, hosts->str);
}

/* "s1:found:rsa-2048 s2:revoked s3:found:rsa-1024:testing" */
static void append_keys(GString *out, const GPtrArray *keys)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < keys->len; i++) {
		const KeyExam *key = g_ptr_array_index(keys, i);

		g_string_append_printf(text, "%s%s:%s", i > 0 ? " " : "", key->selector,
			key_status_word(key->status));
		if (key->bits > 0)
			g_string_append_printf(
				text, ":%s-%d", key_algorithm_word(key->algorithm), key->bits);
		if (key->is_testing)
			g_string_append(text, ":testing");
	}
	append_text(out, text->str);
}

static void add_codes(GString *codes, const Findings *findings)
{
	for (size_t i = 0; i < findings_count(findings); i++)
		g_string_append_printf(
			codes, "%s%s", codes->len > 0 ? " " : "", findings_get(findings, i)->code);
}

static void append_findings(GString *out, const SenderExam *exam)
{
	g_autoptr(GString) codes = g_string_new(NULL);

	add_codes(codes, exam->spf->findings);
	add_codes(codes, exam->dmarc->findings);
	append_word(out, codes->str);
}

static void append_exam(GString *out, const SenderExam *exam)
{
	append_spf(out, exam->spf);
	append_dmarc(out, exam->dmarc);
	append_mail_hosts(out, exam->mx);
	append_keys(out, exam->keys);
	append_word(out, dns_security_word(exam->spf->basis.security));
	append_word(out, dns_security_word(exam->dmarc->basis.security));
	append_word(out, dns_security_word(exam->mx->basis.security));
	append_findings(out, exam);
	append_number(out, exam->lacking->len);
}

static void sender(GString *out, const ReportStyle *style, const SurveySender *sender)
{
	if (!style->lines)
		return;
	for (size_t i = 0; i < roster_column_count(sender->roster); i++) {
		if (i > 0)
			csv_append_comma(out);
		csv_append_text(out, roster_cell(sender->roster, sender->row, i));
	}
	append_text(out, sender->exam->domain);
	if (sender->exam->domain != NULL)
		append_exam(out, sender->exam);
	else
		for (size_t i = 1; i < G_N_ELEMENTS(own_columns); i++)
			csv_append_comma(out);
	csv_append_row_end(out);
}

/* --- a row a class */

static void append_table_heads(GString *out)
{
	csv_append_word(out, "column");
	append_word(out, "class");
	append_word(out, "units");
	for (int i = 0; i < SURVEY_FIGURES; i++) {
		g_autofree char *share = g_strconcat(survey_figures[i].word, "_percent", NULL);

		append_word(out, survey_figures[i].word);
		append_word(out, share);
	}
	csv_append_row_end(out);
}

static void append_row(GString *out, const char *column, const char *class, const ShareRow *row)
{
	csv_append_text(out, column);
	append_text(out, class);
	append_number(out, row->units);
	for (int i = 0; i < SURVEY_FIGURES; i++) {
		uint64_t figure = survey_figure(row, i);
		unsigned share = table_share(figure, row->units);

		append_number(out, figure);
		g_string_append_printf(out, ",%u.%u", share / 10, share % 10);
	}
	csv_append_row_end(out);
}

static void append_cross(GString *out, const ShareTable *table, size_t cross)
{
	const ClassList *classes = share_table_classes(table, cross);

	for (size_t i = 0; i < class_list_count(classes); i++) {
		const char *name = class_list_name(classes, i);

		append_row(out, class_list_column(classes), name != NULL ? name : "(other)",
			share_table_class(table, cross, i));
	}
}

static void begin(GString *out, const ReportStyle *style, const SurveyRun *run)
{
	if (style->bom)
		g_string_append(out, CSV_BOM);
	if (style->lines)
		append_sender_heads(out, run->roster);
	else
		append_table_heads(out);
}

static void end(GString *out, const ReportStyle *style, const SurveySummary *summary)
{
	if (style->lines)
		return;
	append_row(out, "", "", share_table_total(summary->table));
	for (size_t i = 0; i < share_table_cross_count(summary->table); i++)
		append_cross(out, summary->table, i);
}

const SurveyPrinter survey_csv_printer = { .begin = begin, .sender = sender, .end = end };
