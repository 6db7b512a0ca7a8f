#include "report/record.h"

#include "analysis/compare.h"
#include "analysis/redact.h"
#include "base/text_time.h"
#include "report/checklist_report.h"
#include "report/json_value.h"
#include "report/record_account.h"
#include "report/record_answers.h"
#include "report/record_auth.h"
#include "report/roster_report.h"

#include <string.h>

static void add_part(Json *source, const SourcePart *part)
{
	Json *object;

	if (part == NULL)
		return;
	object = json_add_object(source, "attached");
	json_add_text(object, "part", part->number);
	json_add_text(object, "carrier", part->carrier);
	json_add_text(object, "carrier_sha256", part->carrier_sha256);
	json_add_number(object, "offset", part->offset);
	json_add_number(object, "length", part->length);
	json_add_text(object, "encoding", part_encoding_word(part->encoding));
	json_add_text(object, "store", store_kind_word(part->store));
}

/* What is known of a message without reading it. */
static Json *add_source(Json *record, const Source *source, bool is_redacted)
{
	Json *object;

	json_add_number(record, "schema", RECORD_SCHEMA);
	object = json_add_object(record, "source");

	json_add_text(object, "path", source->path);
	if (source->archive != NULL)
		json_add_text(object, "archive", source->archive);
	json_add_number(object, "index", source->index);
	json_add_number(object, "offset", source->offset);
	json_add_number(object, "length", source->length);
	json_add_text(object, "sha256", source->sha256);
	json_add_text(object, "kind", store_kind_word(source->kind));
	json_add_text(object, "from_line",
		is_redacted && source->from_line != NULL ? REDACTED : source->from_line);
	json_add_time(object, "store_time", source->store_time);
	json_add_text(object, "flags", source->flags);
	json_add_bool(object, "expunged", source->expunged);
	add_part(object, source->part);
	return object;
}

static void add_variant(Json *object, const Case *kase)
{
	static const char *const variants[] = { "as-stored", "mboxrd", "mboxo" };

	json_add_text(object, "unquoted", variants[kase->variant]);
}

void record_append_head(GString *out, const Source *source, bool is_redacted)
{
	Json *record = json_begin(out);

	add_source(record, source, is_redacted);
	json_end(record);
	/* Both objects go on where these end. */
	g_string_truncate(out, out->len - strlen("}}"));
	g_string_append(out, ",\"unquoted\":\"");
}

/* What makes two messages those of one sender, or of one domain. */
static void add_author(Json *message, const Facts *facts)
{
	const Address *from =
		facts->from->addresses->len > 0 ? address_list_get(facts->from, 0) : NULL;
	g_autofree char *sender = from != NULL ? table_sender_key(from) : NULL;

	json_add_text(message, "author", sender);
	json_add_text(message, "author_domain", from != NULL ? from->domain : NULL);
}

static void add_message(Json *record, const Facts *facts)
{
	Json *object = json_add_object(record, "message");
	Json *from = json_add_array(object, "from");

	for (guint i = 0; i < facts->from->addresses->len; i++)
		json_add_text(from, NULL, address_list_get(facts->from, i)->addr_spec);
	add_author(object, facts);
	json_add_text(object, "subject", facts->subject);
	json_add_text(object, "message_id", facts->message_id);
	json_add_time(object, "date", facts->date);
	json_add_time(object, "received", facts->received);
	json_add_text(object, "list_id", facts->list_id);
}

static void add_hop(Json *envelope, const char *name, const Facts *facts, size_t index)
{
	const Hop *hop;
	const Field *field;
	Json *object;

	if (index == NO_HOP) {
		json_add_null(envelope, name);
		return;
	}
	hop = facts_hop(facts, index);
	field = &facts->fields->list[hop->field];
	object = json_add_object(envelope, name);
	json_add_number(object, "number", index + 1);
	json_add_number(object, "offset", slice_offset(facts->message, field->raw));
	json_add_text(object, "by", hop->by);
	json_add_time(object, "date", hop->date);
}

static void add_envelope(Json *record, const Facts *facts)
{
	const Envelope *envelope = &facts->envelope;
	Json *object = json_add_object(record, "envelope");
	char ip[INET_ADDR_TEXT];

	json_add_text(object, "client_ip",
		envelope->client_ip.family != 0 ? inet_addr_text(&envelope->client_ip, ip) : NULL);
	json_add_text(object, "helo", envelope->helo);
	json_add_text(object, "mail_from", envelope->mail_from);
	json_add_text(object, "rule", boundary_rule_word(envelope->rule));
	json_add_text(object, "mail_from_rule", mail_from_rule_word(envelope->mail_from_rule));
	add_hop(object, "hop", facts, envelope->hop);
	json_add_bool(object, "in_doubt", envelope->is_in_doubt);
}

/* compauth is Exchange Online's own word for all methods together. */
static const char *recorded_compauth(const Facts *facts)
{
	for (guint i = 0; i < facts->recorded->len; i++) {
		const RecordedField *field = facts_recorded(facts, i);

		for (guint k = 0; field->is_trusted && k < field->results->len; k++) {
			const RecordedResult *result = g_ptr_array_index(field->results, k);

			if (result->result != NULL && g_strcmp0(result->method, "compauth") == 0)
				return result->result;
		}
	}
	return NULL;
}

/* The results that count: those that are compared, and that "--basis recorded" counts. */
static void add_recorded(Json *record, const Case *kase)
{
	static const Method order[] = { METHOD_SPF, METHOD_DKIM, METHOD_DMARC, METHOD_SMIME };
	Json *object = json_add_object(record, "recorded");
	const char *by = NULL;

	for (guint i = 0; i < kase->facts->recorded->len && by == NULL; i++) {
		const RecordedField *field = facts_recorded(kase->facts, i);

		if (field->is_trusted)
			by = field->authserv_id;
	}
	json_add_text(object, "by", by);
	for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
		const RecordedResult *result = compare_recorded_result(kase, order[i]);

		json_add_text(
			object, method_word(order[i]), result != NULL ? result->result : NULL);
	}
	json_add_text(object, "compauth", recorded_compauth(kase->facts));
}

static void add_differences(Json *record, const Case *kase)
{
	Json *array = json_add_array(record, "differences");

	for (guint i = 0; i < kase->differences->len; i++) {
		const Difference *difference = g_ptr_array_index(kase->differences, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "method", method_word(difference->method));
		json_add_text(object, "recorded", difference->recorded);
		json_add_text(object, "recomputed", difference->recomputed);
		json_add_text(object, "cause", difference->cause);
	}
}

static void add_findings(Json *record, const Findings *findings)
{
	Json *array = json_add_array(record, "findings");

	for (size_t i = 0; i < findings_count(findings); i++) {
		const Finding *finding = findings_get(findings, i);
		Json *object = json_add_object(array, NULL);
		Json *where;

		json_add_text(object, "code", finding->code);
		json_add_text(object, "severity", severity_word(finding->severity));
		json_add_text(object, "text", finding->text);
		json_add_text(object, "detail", finding->detail);
		if (!finding->has_place) {
			json_add_null(object, "where");
			continue;
		}
		where = json_add_object(object, "where");
		json_add_number(where, "offset", finding->offset);
		json_add_number(where, "length", finding->length);
	}
}

static void add_marks(Json *record, const Case *kase)
{
	Json *object = json_add_object(record, "marks");

	for (int i = 0; i < METHODS; i++)
		json_add_text(object, method_word((Method)i), mark_word(kase->marks[i]));
}

static void add_checklist(Json *record, const Case *kase)
{
	Checklist list = checklist_of(kase);

	checklist_add_record(record, &list);
}

void record_append_message(GString *out, const Case *kase, const ReportStyle *style)
{
	Json *record = json_begin(out);

	add_variant(add_source(record, kase->source, style->redactor != NULL), kase);
	add_message(record, kase->facts);
	add_envelope(record, kase->facts);
	record_add_spf(record, kase);
	record_add_dkim(record, kase);
	record_add_dmarc(record, kase);
	record_add_arc(record, kase->arc);
	record_add_smime(record, kase->smime);
	add_recorded(record, kase);
	add_differences(record, kase);
	add_findings(record, kase->findings);
	record_add_answers(record, kase);
	record_add_lacking(record, kase);
	add_marks(record, kase);
	if (style->checklist)
		add_checklist(record, kase);
	record_add_account(record, kase, style->extent);
	json_end(record);
}

static void add_shard(Json *object, const RunInfo *run)
{
	Json *shard = json_add_object(object, "shard");

	json_add_number(shard, "number", run->shard);
	json_add_number(shard, "of", run->shards);
	json_add_number(shard, "octets", run->shard_total);
}

void record_append_run(GString *out, const RunInfo *run)
{
	Json *line = json_begin(out);
	Json *object = json_add_object(line, "run");
	Json *trust;

	json_add_number(object, "schema", RECORD_SCHEMA);
	json_add_text(object, "kantei", run->version);
	json_add_texts(object, "libraries", run->libraries);
	json_add_texts(object, "options", run->options);
	if (run->command != NULL)
		json_add_texts(object, "command", run->command);
	trust = json_add_object(object, "trust");
	json_add_text(trust, "sha256", run->trust);
	json_add_number(trust, "roots", run->trust_roots);
	json_add_text(object, "suffix_list", run->suffix_list);
	json_add_texts(object, "sandbox", run->sandbox);
	json_add_time(object, "now", run->now);
	if (run->shards > 0)
		add_shard(object, run);
	json_end(line);
}

static void add_rows(Json *summary, const Table *table)
{
	Json *array = json_add_array(summary, "table");

	for (size_t i = 0; i < table_row_count(table); i++) {
		const TableRow *row = table_row(table, i);
		Json *object = json_add_object(array, NULL);
		g_autofree char *share = table_share_text(row->share);

		for (int k = 0; k < METHODS; k++)
			json_add_text(object, method_word((Method)k), mark_word(row->marks[k]));
		if (table_tells_strict(table))
			json_add_bool(object, "strict", row->is_strict);
		json_add_number(object, "count", row->count);
		json_add_text(object, "share", share);
	}
}

static void add_totals(Json *summary, const Table *table)
{
	Json *totals = json_add_object(summary, "totals");

	for (int i = 0; i < METHODS; i++) {
		Json *object = json_add_object(totals, method_word((Method)i));

		for (int mark = MARK_YES; mark <= MARK_UNKNOWN; mark++)
			json_add_number(object, mark_word((Mark)mark),
				table_mark_count(table, (Method)i, (Mark)mark));
	}
}

static void add_results(Json *summary, const Table *table)
{
	Json *results = json_add_object(summary, "results");

	for (int i = 0; i < METHODS; i++) {
		Json *object = json_add_object(results, method_word((Method)i));

		for (size_t k = 0; k < table_result_count(table, (Method)i); k++) {
			TableCount count = table_result(table, (Method)i, k);

			json_add_number(object, count.word, count.count);
		}
	}
}

void record_append_summary(GString *out, const Table *table, const RunSummary *summary)
{
	Json *line = json_begin(out);
	Json *object = json_add_object(line, "summary");

	json_add_number(object, "messages", table_messages(table));
	json_add_text(object, "by", table_by(table));
	json_add_text(object, "unit_rule", unit_rule_word(table_rule(table)));
	json_add_number(object, "units", table_units(table));
	json_add_number(object, "problems", summary->problems);
	json_add_bool(object, "interrupted", summary->is_interrupted);
	json_add_text(object, "evidence", summary->evidence);
	if (summary->inputs != NULL)
		record_add_inputs(object, summary->inputs);
	add_rows(object, table);
	add_totals(object, table);
	add_results(object, table);
	roster_add_json(object, table);
	checklist_add_summary(object, table);
	json_add_number(object, "missing_cells", table_missing_cells(table));
	json_add_number(object, "stale_cells", table_stale_cells(table));
	json_end(line);
}
