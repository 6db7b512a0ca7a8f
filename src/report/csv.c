/* CSV: a row a message, made from its record. */
#include "analysis/checklist.h"
#include "report/csv_cell.h"
#include "report/record.h"
#include "report/record_path.h"

#include <inttypes.h>

typedef struct Column {
	const char *name;
	const char *path; /* of the member; NULL where add makes the cell */
	void (*add)(GString *cell, const json_t *record);
} Column;

static void add_part(GString *cell, const char *text, const char *separator)
{
	if (text == NULL)
		return;
	if (cell->len > 0)
		g_string_append(cell, separator);
	g_string_append(cell, text);
}

static void add_number(GString *cell, uint64_t number)
{
	g_string_append_printf(cell, "%" PRIu64, number);
}

static void add_dmarc_result(GString *cell, const json_t *record)
{
	add_part(cell, record_dmarc_word(record), "");
}

/* The domains that answer for the message. */
static void add_dkim_domains(GString *cell, const json_t *record)
{
	const json_t *signatures = record_at(record, "dkim.signatures");

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *signature = json_array_get(signatures, i);

		if (g_strcmp0(json_text_of(signature, "result"), "pass") == 0 &&
			!record_is(signature, "google"))
			add_part(cell, json_text_of(signature, "domain"), " ");
	}
}

static void add_signatures(GString *cell, const json_t *record)
{
	add_number(cell, json_array_size(record_at(record, "dkim.signatures")));
}

static void add_lacking(GString *cell, const json_t *record)
{
	add_number(cell, json_array_size(record_at(record, "lacking")));
}

static void add_differences(GString *cell, const json_t *record)
{
	const json_t *differences = record_at(record, "differences");

	for (size_t i = 0; i < json_array_size(differences); i++) {
		const json_t *difference = json_array_get(differences, i);
		const char *method = json_text_of(difference, "method");
		const char *cause = json_text_of(difference, "cause");
		g_autofree char *part = method != NULL && cause != NULL
						? g_strconcat(method, ":", cause, NULL)
						: NULL;

		if (g_strcmp0(cause, "agrees") != 0)
			add_part(cell, part, " ");
	}
}

static void add_findings(GString *cell, const json_t *record)
{
	const json_t *findings = record_at(record, "findings");

	for (size_t i = 0; i < json_array_size(findings); i++)
		add_part(cell, json_text_of(json_array_get(findings, i), "code"), " ");
}

static void add_alerts(GString *cell, const json_t *record)
{
	const json_t *findings = record_at(record, "findings");
	uint64_t alerts = 0;

	for (size_t i = 0; i < json_array_size(findings); i++)
		alerts += g_strcmp0(json_text_of(json_array_get(findings, i), "severity"),
				  "alert") == 0;
	add_number(cell, alerts);
}

/* kantei-formats(7) describes them; new ones are put behind the last. */
static const Column columns[] = {
	{ "path", "source.path", NULL },
	{ "index", "source.index", NULL },
	{ "offset", "source.offset", NULL },
	{ "length", "source.length", NULL },
	{ "sha256", "source.sha256", NULL },
	{ "received", "message.received", NULL },
	{ "date", "message.date", NULL },
	{ "from", "message.from", NULL },
	{ "author_domain", "message.author_domain", NULL },
	{ "subject", "message.subject", NULL },
	{ "message_id", "message.message_id", NULL },
	{ "list_id", "message.list_id", NULL },
	{ "client_ip", "envelope.client_ip", NULL },
	{ "helo", "envelope.helo", NULL },
	{ "mail_from", "envelope.mail_from", NULL },
	{ "envelope_rule", "envelope.rule", NULL },
	{ "smime", "marks.smime", NULL },
	{ "spf", "marks.spf", NULL },
	{ "dkim", "marks.dkim", NULL },
	{ "dmarc", "marks.dmarc", NULL },
	{ "smime_result", "smime.result", NULL },
	{ "smime_reason", "smime.reason", NULL },
	{ "smime_signer", "smime.signer", NULL },
	{ "smime_issuer", "smime.issuer", NULL },
	{ "spf_result", "spf.result", NULL },
	{ "spf_reason", "spf.reason", NULL },
	{ "spf_domain", "spf.domain", NULL },
	{ "spf_record", "spf.record", NULL },
	{ "spf_term", "spf.term", NULL },
	{ "dkim_result", "dkim.result", NULL },
	{ "dkim_reason", "dkim.reason", NULL },
	{ "dkim_domains", NULL, add_dkim_domains },
	{ "dkim_signatures", NULL, add_signatures },
	{ "dmarc_result", NULL, add_dmarc_result },
	{ "dmarc_reason", "dmarc.reason", NULL },
	{ "dmarc_domain", "dmarc.domain", NULL },
	{ "dmarc_policy", "dmarc.policy", NULL },
	{ "arc_result", "arc.result", NULL },
	{ "recorded_by", "recorded.by", NULL },
	{ "recorded_smime", "recorded.smime", NULL },
	{ "recorded_spf", "recorded.spf", NULL },
	{ "recorded_dkim", "recorded.dkim", NULL },
	{ "recorded_dmarc", "recorded.dmarc", NULL },
	{ "recorded_compauth", "recorded.compauth", NULL },
	{ "differences", NULL, add_differences },
	{ "findings", NULL, add_findings },
	{ "alerts", NULL, add_alerts },
	{ "lacking", NULL, add_lacking },
};

static void add_member(GString *cell, const json_t *value)
{
	if (json_is_integer(value))
		g_string_append_printf(cell, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_string(value))
		g_string_append(cell, json_string_value(value));
	for (size_t i = 0; i < json_array_size(value); i++)
		add_part(cell, json_text_at(value, i), ", ");
}

static void append_cell(GString *out, const Column *column, const json_t *record)
{
	g_autoptr(GString) cell = g_string_new(NULL);

	if (column->path != NULL)
		add_member(cell, record_at(record, column->path));
	else
		column->add(cell, record);
	csv_append_text(out, cell->str);
}

/* Behind these, where attached messages are asked for. */
static const Column part_column = { "part", "source.attached.part", NULL };

/* Behind all others, where the checklist is asked for. */
static void append_check_heads(GString *out)
{
	for (int i = 0; i < CHECK_ITEMS; i++) {
		g_autofree char *name = g_strconcat("check_", check_word((CheckItem)i), NULL);

		csv_append_comma(out);
		csv_append_word(out, name);
	}
	csv_append_comma(out);
	csv_append_word(out, "check_reasons");
}

static void append_checks(GString *out, const json_t *record)
{
	const json_t *checklist = record_at(record, "checklist");
	g_autoptr(GString) reasons = g_string_new(NULL);

	for (int i = 0; i < CHECK_ITEMS; i++) {
		const char *word = check_word((CheckItem)i);
		const json_t *item = json_object_of(checklist, word);
		const char *reason = json_text_of(item, "reason");
		g_autofree char *part =
			reason != NULL ? g_strconcat(word, ":", reason, NULL) : NULL;

		csv_append_comma(out);
		csv_append_text(out, json_text_of(item, "mark"));
		add_part(reasons, part, " ");
	}
	csv_append_comma(out);
	csv_append_text(out, reasons->str);
}

static void begin(GString *out, const ReportStyle *style, const RunInfo *run)
{
	(void)run;
	if (style->bom)
		g_string_append(out, CSV_BOM);
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (i > 0)
			csv_append_comma(out);
		csv_append_word(out, columns[i].name);
	}
	if (style->attached) {
		csv_append_comma(out);
		csv_append_word(out, part_column.name);
	}
	if (style->checklist)
		append_check_heads(out);
	csv_append_row_end(out);
}

static void record(GString *out, const ReportStyle *style, const json_t *record)
{
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (i > 0)
			csv_append_comma(out);
		append_cell(out, &columns[i], record);
	}
	if (style->attached) {
		csv_append_comma(out);
		append_cell(out, &part_column, record);
	}
	if (style->checklist)
		append_checks(out, record);
	csv_append_row_end(out);
}

const Printer csv_printer = { .begin = begin, .record = record };
