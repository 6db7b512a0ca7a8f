#include "report/answer_report.h"

#include "base/finding.h"
#include "base/text_time.h"
#include "report/json_value.h"

#define SCHEMA 1

static void append_ttl(GString *out, const Answer *answer)
{
	int64_t ttl = answer_ttl(answer);

	if (ttl >= 0)
		g_string_append_printf(out, ", TTL %" G_GINT64_FORMAT, ttl);
}

static void append_date(GString *out, const ReportStyle *style, const Answer *answer)
{
	g_autofree char *at = text_time_rfc3339_ms(answer->at);

	g_string_append(out, ", ");
	g_string_append(out, at != NULL ? at : style_text(style, N_("date not known")));
	if (answer->via != NULL) {
		g_string_append(out, ", ");
		style_append_safe(out, answer->via);
	}
}

/* Names and data are in presentation form, which has no octet that a terminal would obey. */
static void append_record(GString *out, const Rr *rr)
{
	char type[DNS_TYPE_TEXT];

	g_string_append_printf(
		out, "    %s. %u IN %s ", rr->owner, rr->ttl, dns_type_text(rr->type, type));
	style_append_safe(out, rr->presentation);
	g_string_append_c(out, '\n');
}

void answer_append_text(GString *out, const ReportStyle *style, const ListedAnswer *listed)
{
	const Answer *answer = listed->answer;

	style_append_safe(out, answer->question.name);
	g_string_append_printf(out, ". %s: %s, DNSSEC %s", dns_type_word(answer->question.type),
		answer_status(answer), dns_security_word(answer->security));
	append_ttl(out, answer);
	append_date(out, style, answer);
	if (!listed->counts)
		g_string_append(out, style_text(style, N_(" (superseded by a later answer)")));
	g_string_append_c(out, '\n');
	for (guint i = 0; i < answer->rrs->len; i++)
		append_record(out, g_ptr_array_index(answer->rrs, i));
}

/* null where it is negative. */
static void add_known(Json *object, const char *name, int64_t number)
{
	if (number >= 0)
		json_add_number(object, name, (uint64_t)number);
	else
		json_add_null(object, name);
}

static void add_records(Json *object, const Answer *answer)
{
	Json *array = json_add_array(object, "records");

	for (guint i = 0; i < answer->rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(answer->rrs, i);
		Json *record = json_add_object(array, NULL);
		char type[DNS_TYPE_TEXT];

		json_add_text(record, "name", rr->owner);
		json_add_number(record, "ttl", rr->ttl);
		json_add_text(record, "type", dns_type_text(rr->type, type));
		json_add_text(record, "data", rr->presentation);
	}
}

void answer_append_jsonl(GString *out, const ReportStyle *style, const ListedAnswer *listed)
{
	const Answer *answer = listed->answer;
	g_autofree char *at = text_time_rfc3339_ms(answer->at);
	Json *object = json_begin(out);

	(void)style;
	json_add_number(object, "schema", SCHEMA);
	json_add_text(object, "name", answer->question.name);
	json_add_text(object, "type", dns_type_word(answer->question.type));
	json_add_text(object, "status", answer_status(answer));
	json_add_text(object, "security", dns_security_word(answer->security));
	add_known(object, "ttl", answer_ttl(answer));
	json_add_text(object, "at", at);
	json_add_number(object, "ms", answer->ms);
	json_add_text(object, "via", answer->via);
	add_known(object, "soa", answer->soa);
	add_known(object, "ede", answer->ede);
	json_add_text(
		object, "cd", answer->cd >= 0 ? dns_outcome_word((DnsOutcome)answer->cd) : NULL);
	json_add_number(object, "tries", answer->tries);
	json_add_bool(object, "crc", answer->has_crc);
	json_add_bool(object, "counts", listed->counts);
	add_records(object, answer);
	json_add_text(object, "path", listed->path);
	json_add_number(object, "line", answer->line);
	json_end(object);
	g_string_append_c(out, '\n');
}

void answers_append_total(
	GString *out, const ReportStyle *style, uint64_t listed, uint64_t superseded)
{
	style_append_number(out, style, N_("Answers: {n}"), listed);
	g_string_append_c(out, '\n');
	if (superseded == 0)
		return;
	style_append_number(out, style, N_("Of them superseded by later ones: {n}"), superseded);
	g_string_append_c(out, '\n');
}
