/* The survey of what senders publish as JSON Lines: the run, a line a sender, the summary. */
#include "report/survey_report.h"

#include "report/json_value.h"

static void end_line(GString *out, Json *line)
{
	json_end(line);
	g_string_append_c(out, '\n');
}

static void add_list(Json *object, const SurveyRun *run)
{
	Json *list = json_add_object(object, "list");
	Json *shard;

	json_add_text(list, "sha256", run->list);
	json_add_number(list, "rows", run->rows);
	if (run->shards == 0)
		return;
	shard = json_add_object(object, "shard");
	json_add_number(shard, "number", run->shard);
	json_add_number(shard, "of", run->shards);
	json_add_number(shard, "rows", run->rows);
}

static void begin(GString *out, const ReportStyle *style, const SurveyRun *run)
{
	Json *line = json_begin(out);
	Json *object = json_add_object(line, "survey");
	Json *array;

	(void)style;
	json_add_number(object, "schema", SURVEY_SCHEMA);
	json_add_text(object, "kantei", run->version);
	json_add_text(object, "by", share_table_by(run->table));
	json_add_bool(object, "by_column", share_table_is_by_column(run->table));
	json_add_text(object, "unit_rule", unit_rule_word(share_table_rule(run->table)));
	json_add_text(object, "records", record_rule_word(share_table_records(run->table)));
	array = json_add_array(object, "cross");
	for (char *const *cross = run->crosses; cross != NULL && *cross != NULL; cross++)
		json_add_text(array, NULL, *cross);
	array = json_add_array(object, "columns");
	for (size_t i = 0; i < roster_column_count(run->roster); i++)
		json_add_text(array, NULL, roster_column_name(run->roster, i));
	add_list(object, run);
	end_line(out, line);
}

/* --- a sender */

static void add_basis(Json *object, const Basis *basis)
{
	json_add_text(object, "dnssec", dns_security_word(basis->security));
	json_add_text(
		object, "outcome", basis->is_recorded ? dns_outcome_word(basis->outcome) : NULL);
	json_add_time(object, "at", basis->at);
}

static void add_findings(Json *object, const Findings *findings)
{
	Json *array = json_add_array(object, "findings");

	for (size_t i = 0; i < findings_count(findings); i++) {
		const Finding *finding = findings_get(findings, i);
		Json *entry = json_add_object(array, NULL);

		json_add_text(entry, "code", finding->code);
		json_add_text(entry, "severity", severity_word(finding->severity));
		json_add_text(entry, "text", finding->text);
		json_add_text(entry, "detail", finding->detail);
	}
}

static void add_spf(Json *line, const SpfExam *spf)
{
	Json *object = json_add_object(line, "spf");

	json_add_text(object, "state", publication_word(spf->state));
	json_add_bool(object, "complete", spf->is_complete);
	json_add_text(object, "record", spf->record);
	json_add_text(object, "all", survey_all_text(spf));
	json_add_number(object, "lookups", spf->lookups);
	json_add_number(object, "void_lookups", spf->void_lookups[0]);
	json_add_number(object, "void_lookups_ip6", spf->void_lookups[1]);
	json_add_number(object, "ip4", spf->ip4);
	json_add_number(object, "ip6", spf->ip6);
	json_add_bool(object, "open", spf->is_open);
	add_basis(object, &spf->basis);
	add_findings(object, spf->findings);
}

/* The word as written cannot be told of a policy that is none; the record has it. */
static void add_policy(Json *object, const char *name, DmarcPolicy policy)
{
	json_add_text(object, name,
		policy == DMARC_POLICY_INVALID ? "invalid" : dmarc_policy_word(policy));
}

static void add_dmarc(Json *line, const DmarcExam *dmarc)
{
	Json *object = json_add_object(line, "dmarc");

	json_add_text(object, "state", publication_word(dmarc->state));
	json_add_text(object, "record", dmarc->record);
	json_add_text(object, "found_at", dmarc->found_at);
	add_policy(object, "p", dmarc->p);
	add_policy(object, "sp", dmarc->sp);
	add_policy(object, "np", dmarc->np);
	json_add_bool(object, "testing", dmarc->is_testing);
	json_add_text(object, "policy", dmarc_policy_word(dmarc->policy));
	json_add_text(object, "rua", dmarc->rua);
	add_basis(object, &dmarc->basis);
	add_findings(object, dmarc->findings);
}

static void add_mail_hosts(Json *line, const MxExam *mx)
{
	Json *object = json_add_object(line, "mx");

	json_add_text(object, "state", mx_state_word(mx->state));
	json_add_texts(object, "hosts", mx->hosts);
	add_basis(object, &mx->basis);
}

static void add_keys(Json *line, const GPtrArray *keys)
{
	Json *array = json_add_array(line, "keys");

	for (guint i = 0; i < keys->len; i++) {
		const KeyExam *key = g_ptr_array_index(keys, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "selector", key->selector);
		json_add_text(object, "status", key_status_word(key->status));
		json_add_text(object, "problem", key_problem_word(key->problem));
		json_add_number(object, "records", key->records);
		json_add_text(object, "algorithm",
			key->bits > 0 ? key_algorithm_word(key->algorithm) : NULL);
		json_add_number(object, "bits", (uint64_t)key->bits);
		json_add_bool(object, "testing", key->is_testing);
		add_basis(object, &key->basis);
	}
}

static void add_lacking(Json *line, const GPtrArray *lacking)
{
	Json *array = json_add_array(line, "lacking");

	for (guint i = 0; i < lacking->len; i++) {
		const Question *question = g_ptr_array_index(lacking, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "name", question->name);
		json_add_text(object, "type", dns_type_word(question->type));
	}
}

static void add_cells(Json *line, const SurveySender *sender)
{
	Json *array = json_add_array(line, "cells");

	for (size_t i = 0; i < roster_column_count(sender->roster); i++)
		json_add_text(array, NULL, roster_cell(sender->roster, sender->row, i));
}

static void sender(GString *out, const ReportStyle *style, const SurveySender *sender)
{
	const SenderExam *exam = sender->exam;
	Json *line = json_begin(out);

	(void)style;
	json_add_number(line, "row", sender->row + 1);
	json_add_text(line, "sender", exam->sender);
	json_add_text(line, "domain", exam->domain);
	add_cells(line, sender);
	if (exam->domain != NULL) {
		add_spf(line, exam->spf);
		add_dmarc(line, exam->dmarc);
		add_mail_hosts(line, exam->mx);
	}
	add_keys(line, exam->keys);
	add_lacking(line, exam->lacking);
	end_line(out, line);
}

/* --- the summary */

static void add_row(Json *object, const ShareRow *row)
{
	json_add_number(object, "units", row->units);
	for (int i = 0; i < SURVEY_FIGURES; i++)
		json_add_number(object, survey_figures[i].word, survey_figure(row, i));
}

static void add_cross(Json *array, const ShareTable *table, size_t cross)
{
	const ClassList *classes = share_table_classes(table, cross);
	Json *object = json_add_object(array, NULL);
	Json *rows;

	json_add_text(object, "column", class_list_column(classes));
	rows = json_add_array(object, "rows");
	for (size_t i = 0; i < class_list_count(classes); i++) {
		Json *entry = json_add_object(rows, NULL);

		json_add_text(entry, "value", class_list_name(classes, i));
		add_row(entry, share_table_class(table, cross, i));
	}
}

static void add_counts(Json *summary, const SurveyTally *tally)
{
	SurveyCounts counts[SURVEY_COUNTS];
	Json *object = json_add_object(summary, "counts");

	survey_count_up(tally, counts);
	for (int i = 0; i < SURVEY_COUNTS; i++) {
		Json *entry = json_add_object(object, counts[i].word);

		for (int k = 0; k < counts[i].length; k++)
			json_add_number(entry, counts[i].counts[k].code, counts[i].counts[k].count);
	}
}

static void add_found(Json *summary, const SurveyTally *tally)
{
	Json *array = json_add_array(summary, "findings");

	for (guint i = 0; i < tally->findings->len; i++) {
		const TallyFinding *finding = &g_array_index(tally->findings, TallyFinding, i);
		Json *entry = json_add_object(array, NULL);

		json_add_text(entry, "code", finding->code);
		json_add_number(entry, "senders", finding->count);
	}
}

static void end(GString *out, const ReportStyle *style, const SurveySummary *summary)
{
	Json *line = json_begin(out);
	Json *object = json_add_object(line, "summary");
	Json *array;

	(void)style;
	json_add_number(object, "rows", summary->rows);
	json_add_number(object, "senders", summary->tally->senders);
	json_add_number(object, "without_domain", summary->tally->without_domain);
	json_add_number(object, "lacking", summary->lacking);
	add_row(json_add_object(object, "total"), share_table_total(summary->table));
	array = json_add_array(object, "cross");
	for (size_t i = 0; i < share_table_cross_count(summary->table); i++)
		add_cross(array, summary->table, i);
	add_counts(object, summary->tally);
	add_found(object, summary->tally);
	json_add_number(object, "problems", summary->problems);
	json_add_text(object, "evidence", summary->evidence);
	json_add_bool(object, "interrupted", summary->is_interrupted);
	end_line(out, line);
}

const SurveyPrinter survey_jsonl_printer = { .begin = begin, .sender = sender, .end = end };
