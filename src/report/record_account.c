#include "report/record_account.h"

#include "analysis/clock_table.h"
#include "analysis/handling.h"
#include "analysis/statement.h"
#include "analysis/wire_form.h"

static void add_place(Json *parent, uint64_t offset, uint64_t length)
{
	Json *where = json_add_object(parent, "where");

	json_add_number(where, "offset", offset);
	json_add_number(where, "length", length);
}

static void add_wire_form(Json *record, const Case *kase)
{
	WireForm form = wire_form(kase->facts);
	g_autofree char *hex = digest_hex(&form.sha256);
	Json *object;

	if (kase->is_unread) {
		json_add_null(record, "received_form");
		return;
	}
	object = json_add_object(record, "received_form");
	json_add_text(object, "sha256", hex);
	json_add_number(object, "length", form.length);
	json_add_text(object, "line_ends", wire_line_ends(&form));
	json_add_number(object, "store_fields", form.store_fields);
}

static void add_hops(Json *record, const Facts *facts)
{
	Json *array = json_add_array(record, "hops");

	for (guint i = 0; i < facts->hops->len; i++) {
		const Hop *hop = facts_hop(facts, i);
		Slice raw = facts->fields->list[hop->field].raw;
		Json *object = json_add_object(array, NULL);
		char ip[INET_ADDR_TEXT];

		json_add_bool(object, "is_ours", i < facts_own_lines(facts));
		json_add_bool(object, "is_boundary", i == facts->envelope.hop);
		json_add_text(
			object, "ip", hop->ip.family != 0 ? inet_addr_text(&hop->ip, ip) : NULL);
		json_add_text(object, "helo", hop->helo);
		json_add_text(object, "rdns", hop->rdns);
		json_add_bool(object, "rdns_verified", hop->rdns_verified);
		json_add_text(object, "by", hop->by);
		json_add_text(object, "with", hop->with);
		json_add_text(object, "id", hop->id);
		json_add_text(object, "for", hop->for_address);
		json_add_bool(object, "tls", hop->is_tls);
		json_add_bool(object, "authenticated", hop->is_authenticated);
		json_add_time(object, "date", hop->date);
		add_place(object, slice_offset(facts->message, raw), raw.len);
	}
}

static void add_clocks(Json *record, const Case *kase)
{
	g_autoptr(GPtrArray) table = clock_table_new(kase);
	Json *array = json_add_array(record, "clocks");

	for (guint i = 0; i < table->len; i++) {
		const ClockEntry *entry = clock_table_entry(table, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "source", clock_source_word(entry->source));
		json_add_time(object, "time", entry->time);
		json_add_text(object, "detail", entry->detail);
		json_add_bool(object, "is_ours", entry->is_ours);
		json_add_text(object, "contradiction", entry->contradiction);
		if (entry->has_place)
			add_place(object, entry->offset, entry->length);
		else
			json_add_null(object, "where");
	}
}

static void add_statements(Json *record, const Case *kase)
{
	g_autoptr(GPtrArray) statements = statements_new(kase);
	Json *array = json_add_array(record, "statements");

	for (guint i = 0; i < statements->len; i++) {
		const Statement *statement = statement_get(statements, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "tier", tier_word(statement->tier));
		json_add_text(object, "code", statement->code);
		json_add_text(object, "text", statement->text);
		json_add_texts(object, "args", statement->args);
	}
}

static void add_steps(Json *array, const ChangeFound *found)
{
	for (guint i = 0; found != NULL && i < found->steps->len; i++)
		json_add_text(array, NULL, change_code(change_found_step(found, i)->kind));
}

static void add_handling(Json *record, const Case *kase)
{
	Handling handling = handling_of(kase);
	Json *object = json_add_object(record, "handling");
	Json *changes;

	json_add_text(object, "code", handling_code(handling.kind));
	json_add_text(object, "text", handling_text(handling.kind));
	if (handling.index == 0)
		json_add_null(object, "signature");
	else
		json_add_number(object, "signature", handling.index);
	changes = json_add_array(object, "changes");
	if (handling.search != NULL && handling.search->is_explained) {
		add_steps(changes, handling.search->body);
		add_steps(changes, handling.search->header);
	}
}

void record_add_account(Json *record, const Case *kase, RecordExtent extent)
{
	if (extent == RECORD_ACCOUNT)
		add_wire_form(record, kase);
	if (extent >= RECORD_HOPS)
		add_hops(record, kase->facts);
	if (extent < RECORD_ACCOUNT)
		return;
	add_clocks(record, kase);
	add_statements(record, kase);
	add_handling(record, kase);
}

void record_add_inputs(Json *summary, const GPtrArray *inputs)
{
	Json *array = json_add_array(summary, "inputs");

	for (guint i = 0; i < inputs->len; i++) {
		const InputDigest *input = g_ptr_array_index(inputs, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "path", input->path);
		json_add_number(object, "length", input->length);
		json_add_text(object, "sha256_before", input->before);
		json_add_text(object, "sha256_after", input->after);
	}
}
