#include "cli/dns_json.h"

#include "base/text_time.h"
#include "dns/name.h"
#include "dns/rdata.h"
#include "report/json_value.h"

#include <string.h>

#define CLASS_IN 1u

static void add_hex(Json *object, const char *name, const GByteArray *octets)
{
	g_autoptr(GString) hex = g_string_sized_new((gsize)octets->len * 2);

	for (guint i = 0; i < octets->len; i++)
		g_string_append_printf(hex, "%02X", octets->data[i]);
	json_add_text(object, name, hex->str);
}

/* As text, or, where text could not say where its labels end, as octets (RFC 8427, 2.6). */
static void add_name(Json *object, const char *member, const char *name)
{
	g_autofree char *hex_member = g_strconcat(member, "HEX", NULL);
	g_autofree char *absolute = g_strconcat(name, ".", NULL);
	g_autoptr(GByteArray) wire = g_byte_array_new();

	if (*name == '\0' || dns_name_is_plain(slice_of(name)))
		json_add_text(object, member, absolute);
	else if (dns_name_to_wire(name, wire))
		add_hex(object, hex_member, wire);
}

static void add_kind(Json *object, const char *prefix, DnsType type)
{
	char buffer[DNS_TYPE_TEXT];
	g_autofree char *type_member = g_strconcat(prefix, "TYPE", NULL);
	g_autofree char *word_member = g_strconcat(prefix, "TYPEname", NULL);
	g_autofree char *class_member = g_strconcat(prefix, "CLASS", NULL);

	json_add_number(object, type_member, (uint64_t)type);
	json_add_text(object, word_member, dns_type_text(type, buffer));
	json_add_number(object, class_member, CLASS_IN);
}

static Json *add_message(Json *pair, const char *name, const Answer *answer, bool is_response)
{
	Json *message = json_add_object(pair, name);

	json_add_number(message, "QR", is_response);
	json_add_number(message, "QDCOUNT", 1);
	add_name(message, "QNAME", answer->question.name);
	add_kind(message, "Q", answer->question.type);
	return message;
}

static bool is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text >= ' ' && (unsigned char)*text < 0x7F)
		text++;
	return *text == '\0';
}

/* The data as people read it, where the RFC has a member for it and it is text (1.1). */
static void add_readable(Json *object, const Rr *rr)
{
	char buffer[DNS_TYPE_TEXT];
	g_autofree char *member = g_strconcat("rdata", dns_type_text(rr->type, buffer), NULL);
	const char *text = rr->presentation;

	if (rr->type == DNS_SOA || !dns_type_is_asked(rr->type))
		return;
	if (rr->type == DNS_TXT)
		text = strlen(rr->text->str) == rr->text->len ? rr->text->str : NULL;
	if (text != NULL && is_ascii(text) && (rr->type == DNS_TXT || strchr(text, '\\') == NULL))
		json_add_text(object, member, text);
}

static void add_record(Json *array, const Rr *rr)
{
	Json *object = json_add_object(array, NULL);
	g_autoptr(GByteArray) data = g_byte_array_new();

	add_name(object, "NAME", rr->owner);
	add_kind(object, "", rr->type);
	json_add_number(object, "TTL", rr->ttl);
	if (rdata_to_wire(rr, data)) {
		json_add_number(object, "RDLENGTH", data->len);
		add_hex(object, "RDATAHEX", data);
	}
	add_readable(object, rr);
}

static void add_date(Json *message, const Answer *answer)
{
	g_autofree char *at = text_time_rfc3339_ms(answer->at);

	if (at != NULL)
		json_add_text(message, "dateString", at);
}

static void add_response(Json *pair, const Answer *answer)
{
	Json *message = add_message(pair, "responseMessage", answer, true);
	Json *records;

	if (answer->security == DNSSEC_AD || answer->security == DNSSEC_NO)
		json_add_number(message, "AD", answer->security == DNSSEC_AD);
	json_add_number(message, "RCODE", (uint64_t)answer->outcome & 0x0F);
	json_add_number(message, "ANCOUNT", answer->rrs->len);
	records = json_add_array(message, "answerRRs");
	for (guint i = 0; i < answer->rrs->len; i++)
		add_record(records, g_ptr_array_index(answer->rrs, i));
	add_date(message, answer);
}

/* What is not known has no member. */
static void add_known(Json *object, const char *name, int64_t number)
{
	if (number >= 0)
		json_add_number(object, name, (uint64_t)number);
}

static void add_evidence(Json *pair, const Answer *answer)
{
	Json *object = json_add_object(pair, "kanteiEvidence");

	json_add_text(object, "outcome", dns_outcome_word(answer->outcome));
	json_add_number(object, "ms", answer->ms);
	if (answer->via != NULL)
		json_add_text(object, "via", answer->via);
	json_add_text(object, "security", dns_security_word(answer->security));
	add_known(object, "soa", answer->soa);
	add_known(object, "ede", answer->ede);
	add_known(object, "cd", answer->cd);
	if (answer->tries > 0)
		json_add_number(object, "tries", answer->tries);
}

/* To what nobody answered there is a question alone. */
void dns_json_append(GString *out, const Answer *answer)
{
	Json *pair = json_begin(out);
	Json *query = add_message(pair, "queryMessage", answer, false);

	json_add_number(query, "RD", 1);
	if (answer->outcome == DNS_TIMEOUT || answer->outcome == DNS_NETERR)
		add_date(query, answer);
	else
		add_response(pair, answer);
	add_evidence(pair, answer);
	json_end(pair);
	g_string_append_c(out, '\n');
}
