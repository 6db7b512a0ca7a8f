#include "message/facts.h"

#include "base/limits.h"
#include "base/printable.h"
#include "base/text_time.h"
#include "message/body_scan.h"
#include "message/decode.h"
#include "message/facts_check.h"
#include "message/mime_names.h"
#include "message/trace_text.h"

#include <string.h>

static Slice first_value(const Facts *facts, const char *name)
{
	size_t at = fields_find(facts->fields, name, 0);

	return at < facts->fields->count ? facts->fields->list[at].value : SLICE_ABSENT;
}

static AddressList *read_addresses(Facts *facts, const char *name)
{
	AddressList *list = address_list_new();
	size_t at = fields_find(facts->fields, name, 0);

	for (; at < facts->fields->count; at = fields_find(facts->fields, name, at + 1))
		address_list_add(
			list, facts->fields->list[at].value, facts->message, facts->findings);
	return list;
}

static void read_quietly(Facts *facts, AddressList *list, const char *name)
{
	size_t at = fields_find(facts->fields, name, 0);

	for (; at < facts->fields->count; at = fields_find(facts->fields, name, at + 1))
		address_list_add_quietly(list, facts->fields->list[at].value, facts->message);
}

/* "Title <identifier>" (RFC 2919, 3). */
static char *read_list_id(Slice value)
{
	Slice trimmed = slice_trim(value);
	Slice inner = trimmed;
	ssize_t open = slice_find_char(inner, '<');

	if (open >= 0) {
		inner = slice_sub(inner, (size_t)open + 1, inner.len);
		inner = slice_find_char(inner, '>') >= 0 ? slice_take_until(&inner, '>') : trimmed;
	}
	return trace_text_lower(inner);
}

static int64_t read_date(Slice value)
{
	int64_t date = TIME_UNKNOWN;

	if (value.data != NULL)
		text_time_parse_rfc5322(slice_trim(value), &date);
	return date;
}

static void read_texts(Facts *facts)
{
	Slice subject = first_value(facts, "Subject");
	Slice message_id = first_value(facts, "Message-ID");
	Slice list_id = first_value(facts, "List-Id");

	facts->subject = subject.data != NULL ? decode_text(subject) : NULL;
	facts->message_id = trace_text(message_id);
	facts->list_id = read_list_id(list_id);
	facts->date = read_date(first_value(facts, "Date"));
}

static void read_people(Facts *facts)
{
	facts->from = read_addresses(facts, "From");
	facts->from_fields = fields_count(facts->fields, "From");
	facts->sender = read_addresses(facts, "Sender");
	facts->reply_to = address_list_new();
	read_quietly(facts, facts->reply_to, "Reply-To");
	facts->recipients = address_list_new();
	read_quietly(facts, facts->recipients, "To");
	read_quietly(facts, facts->recipients, "Cc");
}

static void add_hop(Facts *facts, size_t field)
{
	Hop *hop;

	if (facts->hops->len >= LIMIT_HOPS) {
		findings_add_at(facts->findings, "hops-left-out", SEVERITY_WARNING,
			N_("There are more Received lines than are read."), NULL, facts->message,
			facts->fields->list[field].raw);
		return;
	}
	hop = received_parse(facts->fields->list[field].value);
	hop->field = field;
	g_ptr_array_add(facts->hops, hop);
	if (hop->is_cut)
		findings_add_at(facts->findings, "received-too-long", SEVERITY_NOTICE,
			N_("A Received line has more words than are read."), NULL, facts->message,
			facts->fields->list[field].raw);
}

static void add_recorded(Facts *facts, size_t field, RecordedKind kind)
{
	RecordedField *recorded;

	if (facts->recorded->len >= LIMIT_RECORDED) {
		findings_add_at(facts->findings, "recorded-left-out", SEVERITY_WARNING,
			N_("There are more fields with recorded results than are read."), NULL,
			facts->message, facts->fields->list[field].raw);
		return;
	}
	recorded = recorded_field_parse(kind, facts->fields->list[field].value);
	recorded->field = field;
	g_ptr_array_add(facts->recorded, recorded);
}

static void read_trace(Facts *facts)
{
	static const struct {
		const char *name;
		RecordedKind kind;
	} names[] = { { "Authentication-Results", RECORDED_AR },
		{ "Received-SPF", RECORDED_RECEIVED_SPF },
		{ "ARC-Authentication-Results", RECORDED_ARC_AR } };

	facts->hops = g_ptr_array_new_with_free_func((GDestroyNotify)hop_free);
	facts->recorded = g_ptr_array_new_with_free_func((GDestroyNotify)recorded_field_free);
	for (size_t i = 0; i < facts->fields->count; i++) {
		Slice name = facts->fields->list[i].name;

		if (slice_is_nocase(name, "Received"))
			add_hop(facts, i);
		for (size_t j = 0; j < G_N_ELEMENTS(names); j++)
			if (slice_is_nocase(name, names[j].name))
				add_recorded(facts, i, names[j].kind);
	}
}

/* When a host or the store says that the message came: the boundary's line where it is surely ours,
 * else the lowest that is; a line below it may have any date that the sender liked. */
static int64_t witnessed_time(const Facts *facts)
{
	size_t believed = facts->envelope.believed;

	for (size_t i = believed; i != NO_HOP && i <= believed; i--)
		if (facts_hop(facts, i)->date != TIME_UNKNOWN)
			return facts_hop(facts, i)->date;
	return facts->source != NULL ? facts->source->store_time : TIME_UNKNOWN;
}

static void set_received(Facts *facts)
{
	facts->received = witnessed_time(facts);
	facts->is_received_claimed = facts->received == TIME_UNKNOWN;
	if (!facts->is_received_claimed || facts->date == TIME_UNKNOWN)
		return;
	facts->received = facts->date;
	findings_add(facts->findings, "reception-by-date", SEVERITY_NOTICE,
		N_("Nothing in the message or its store tells when it was received; its "
		   "Date, which is the sender's word, stands for it."),
		NULL);
}

Facts *facts_new(GBytes *bytes, const Source *source, const BoundaryOptions *options)
{
	Facts *facts = g_new0(Facts, 1);

	facts->bytes = g_bytes_ref(bytes);
	facts->message = slice_of_bytes(bytes);
	facts->source = source;
	facts->findings = findings_new();
	facts->fields = fields_parse(facts->message, facts->findings);
	read_people(facts);
	read_texts(facts);
	read_trace(facts);
	facts_check_header(facts);
	boundary_find(facts, options);
	facts_check_trace(facts);
	facts_check_look(facts);
	set_received(facts);
	facts->mime = mime_parse(facts->message, facts->findings);
	mime_names_check(facts->mime, facts->message, facts->findings);
	body_scan(facts->mime, facts->message, facts->fields->body, facts->findings);
	return facts;
}

void facts_free(Facts *facts)
{
	if (facts == NULL)
		return;
	mime_part_free(facts->mime);
	envelope_clear(&facts->envelope);
	g_clear_pointer(&facts->recorded, g_ptr_array_unref);
	g_clear_pointer(&facts->hops, g_ptr_array_unref);
	g_free(facts->list_id);
	g_free(facts->message_id);
	g_free(facts->subject);
	address_list_free(facts->recipients);
	address_list_free(facts->reply_to);
	address_list_free(facts->sender);
	address_list_free(facts->from);
	fields_free(facts->fields);
	findings_free(facts->findings);
	g_bytes_unref(facts->bytes);
	g_free(facts);
}
