#include "base/text_time.h"
#include "cli/dns_json.h"
#include "dns/name.h"
#include "dns/packet.h"
#include "dns/rdata.h"
#include "report/json_read.h"

#include <string.h>

#define CLASS_IN    1u
#define MS_A_SECOND 1000
#define SECONDS_MAX 253402300799.0 /* the end of the year 9999 */
#define VIA_MAX     100u
#define STRING_MAX  255u

#define FLAG_QR     0x8000u
#define FLAG_AD     0x0020u

/* The records of an answer become a packet again, which is read as any other: what belongs to the
 * question, and in what order, is decided in one place. */

static bool refuse(GError **reterr_error, const char *text)
{
	g_set_error_literal(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, text);
	return false;
}

static void add_number(GByteArray *out, uint64_t number, unsigned octets)
{
	while (octets-- > 0) {
		guint8 octet = (guint8)(number >> (8 * octets));

		g_byte_array_append(out, &octet, 1);
	}
}

static bool add_hex(GByteArray *out, const char *hex)
{
	for (; *hex != '\0'; hex += 2) {
		int high = g_ascii_xdigit_value(hex[0]);
		int low = high < 0 ? -1 : g_ascii_xdigit_value(hex[1]);

		if (low < 0)
			return false;
		add_number(out, (uint64_t)high * 16 + (uint64_t)low, 1);
	}
	return true;
}

/* A backslash is no escape here (RFC 8427, 1.1). */
static char *name_of_text(const char *text)
{
	GString *name = g_string_new(NULL);

	for (; *text != '\0' && !(text[0] == '.' && text[1] == '\0'); text++) {
		if (*text == '.')
			g_string_append_c(name, '.');
		else
			dns_name_add_octet(name, (unsigned char)*text);
	}
	return g_string_free(name, FALSE);
}

static char *name_of_hex(const char *hex)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	Wire wire = { SLICE_ABSENT, 0 };
	g_autofree char *name = NULL;

	if (!add_hex(octets, hex))
		return NULL;
	wire.packet = slice_make((const char *)octets->data, octets->len);
	name = wire_name(&wire);
	return wire.at == wire.packet.len ? g_steal_pointer(&name) : NULL;
}

/* In normal form, owned by the caller; NULL where it is not there, or is no name. */
static char *read_name(const json_t *object, const char *member)
{
	g_autofree char *hex_member = g_strconcat(member, "HEX", NULL);
	const char *hex = json_text_of(object, hex_member);
	const char *text = json_text_of(object, member);
	g_autoptr(GByteArray) wire = g_byte_array_new();
	g_autofree char *name = NULL;

	if (hex != NULL)
		return name_of_hex(hex);
	if (text == NULL || !g_str_is_ascii(text))
		return NULL;
	name = name_of_text(text);
	return dns_name_to_wire(name, wire) ? g_steal_pointer(&name) : NULL;
}

static bool read_type(const json_t *object, const char *prefix, DnsType *ret_type)
{
	g_autofree char *number_member = g_strconcat(prefix, "TYPE", NULL);
	g_autofree char *word_member = g_strconcat(prefix, "TYPEname", NULL);
	const char *word = json_text_of(object, word_member);
	uint64_t number;

	if (json_number_of(object, number_member, &number)) {
		*ret_type = (DnsType)number;
		return number <= UINT16_MAX;
	}
	return word != NULL && dns_type_parse(slice_of(word), ret_type);
}

static bool is_of_internet(const json_t *object, const char *prefix)
{
	g_autofree char *number_member = g_strconcat(prefix, "CLASS", NULL);
	g_autofree char *word_member = g_strconcat(prefix, "CLASSname", NULL);
	const char *word = json_text_of(object, word_member);
	uint64_t number;

	if (json_number_of(object, number_member, &number))
		return number == CLASS_IN;
	return word == NULL || strcmp(word, "IN") == 0;
}

/* --- records */

static void add_txt(GByteArray *out, const char *text)
{
	size_t left = strlen(text);

	do {
		size_t len = MIN(left, STRING_MAX);

		add_number(out, len, 1);
		g_byte_array_append(out, (const guint8 *)text, (guint)len);
		text += len;
		left -= len;
	} while (left > 0);
}

static bool add_readable(GByteArray *out, DnsType type, const char *text)
{
	g_autoptr(Rr) rr = NULL;

	if (type == DNS_TXT) {
		add_txt(out, text);
		return true;
	}
	rr = g_new0(Rr, 1);
	rr->type = type;
	return rdata_from_text(rr, slice_of(text)) && rdata_to_wire(rr, out);
}

/* RDATAHEX, or else the member of the type. */
static bool add_data(GByteArray *out, const json_t *object, DnsType type)
{
	char buffer[DNS_TYPE_TEXT];
	g_autofree char *member = g_strconcat("rdata", dns_type_text(type, buffer), NULL);
	const char *hex = json_text_of(object, "RDATAHEX");
	const char *text = json_text_of(object, member);
	g_autoptr(GByteArray) data = g_byte_array_new();

	if (hex != NULL ? !add_hex(data, hex) : text == NULL || !add_readable(data, type, text))
		return false;
	if (data->len > UINT16_MAX)
		return false;
	add_number(out, data->len, 2);
	g_byte_array_append(out, data->data, data->len);
	return true;
}

typedef struct Section {
	GByteArray *octets;
	unsigned count;
} Section;

/* data has the record's data, and is record itself where that is no rrSet. */
static bool add_record(Section *section, const json_t *record, const json_t *data)
{
	g_autofree char *name = read_name(record, "NAME");
	uint64_t ttl = 0;
	DnsType type;

	if (name == NULL || !read_type(record, "", &type) ||
		!dns_name_to_wire(name, section->octets))
		return false;
	json_number_of(record, "TTL", &ttl);
	add_number(section->octets, (uint64_t)type, 2);
	add_number(section->octets, CLASS_IN, 2);
	add_number(section->octets, MIN(ttl, INT32_MAX), 4);
	section->count++;
	return section->count <= UINT16_MAX && add_data(section->octets, data, type);
}

static bool add_section(Section *section, const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *record = json_array_get(array, i);
		const json_t *set = json_array_of(record, "rrSet");

		if (!is_of_internet(record, ""))
			continue;
		if (set == NULL && !add_record(section, record, record))
			return false;
		for (size_t k = 0; k < json_array_size(set); k++)
			if (!add_record(section, record, json_array_get(set, k)))
				return false;
	}
	return true;
}

/* --- the answer */

static uint64_t flag_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_true(value) || json_integer_value(value) == 1;
}

/* Owned by the caller; NULL where a record cannot be read. */
static GByteArray *make_packet(const json_t *message, const Question *question, uint64_t rcode)
{
	g_autoptr(GByteArray) packet = g_byte_array_new();
	g_autoptr(GByteArray) octets = g_byte_array_new();
	Section answers = { octets, 0 };
	Section authority = { octets, 0 };

	if (!add_section(&answers, json_array_of(message, "answerRRs")) ||
		!add_section(&authority, json_array_of(message, "authorityRRs")))
		return NULL;
	add_number(packet, 0, 2);
	add_number(packet, FLAG_QR | (flag_of(message, "AD") != 0 ? FLAG_AD : 0u) | rcode, 2);
	add_number(packet, 1, 2);
	add_number(packet, answers.count, 2);
	add_number(packet, authority.count, 2);
	add_number(packet, 0, 2);
	if (!dns_name_to_wire(question->name, packet))
		return NULL;
	add_number(packet, (uint64_t)question->type, 2);
	add_number(packet, CLASS_IN, 2);
	g_byte_array_append(packet, octets->data, octets->len);
	return g_steal_pointer(&packet);
}

static bool take_reply(Answer *answer, const json_t *message, GByteArray *packet)
{
	g_auto(PacketReply) reply = { .rrs = NULL };

	if (packet_read(slice_make((const char *)packet->data, packet->len), &answer->question,
		    &reply) != PACKET_OK)
		return false;
	g_ptr_array_unref(answer->rrs);
	answer->rrs = g_steal_pointer(&reply.rrs);
	if (json_object_get(message, "AD") != NULL)
		answer->security = reply.authentic ? DNSSEC_AD : DNSSEC_NO;
	if (answer_is_usable(answer) && answer_count(answer) == 0)
		answer->soa = reply.soa;
	return true;
}

static bool take_message(Answer *answer, const json_t *message, GError **reterr_error)
{
	g_autoptr(GByteArray) packet = NULL;
	uint64_t rcode;

	if (!json_number_of(message, "RCODE", &rcode) || rcode > 15)
		return refuse(reterr_error, "an answer without a response code");
	answer->outcome = (DnsOutcome)rcode;
	packet = make_packet(message, &answer->question, rcode);
	if (packet == NULL)
		return refuse(reterr_error, "a record's name, type or data cannot be read");
	return take_reply(answer, message, packet) ||
	       refuse(reterr_error, "the records are no answer to the question");
}

static int64_t time_of(const json_t *message)
{
	const char *text = json_text_of(message, "dateString");
	const json_t *seconds = json_object_get(message, "dateSeconds");
	int64_t time = TIME_UNKNOWN;

	if (text != NULL && text_time_parse_rfc3339(slice_of(text), &time))
		return time;
	if (!json_is_number(seconds) || json_number_value(seconds) < 0 ||
		json_number_value(seconds) > SECONDS_MAX)
		return TIME_UNKNOWN;
	return (int64_t)(json_number_value(seconds) * MS_A_SECOND + 0.5);
}

/* --- what the RFC has no member for */

static void take_int(const json_t *object, const char *name, uint64_t most, int64_t *number)
{
	uint64_t value;

	if (json_number_of(object, name, &value) && value <= most)
		*number = (int64_t)value;
}

static void take_via(Answer *answer, const char *via)
{
	size_t len = via != NULL ? strlen(via) : 0;

	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isgraph(via[i]))
			return;
	if (len > 0 && len <= VIA_MAX) {
		g_free(answer->via);
		answer->via = g_strdup(via);
	}
}

static void take_security(Answer *answer, const char *word)
{
	for (int i = DNSSEC_UNKNOWN; i <= DNSSEC_INSECURE; i++)
		if (g_strcmp0(word, dns_security_word((DnsSecurity)i)) == 0)
			answer->security = (DnsSecurity)i;
}

static void take_numbers(Answer *answer, const json_t *evidence)
{
	int64_t ms = answer->ms;
	int64_t ede = answer->ede;
	int64_t cd = answer->cd;
	int64_t tries = answer->tries;

	take_int(evidence, "ms", UINT32_MAX, &ms);
	take_int(evidence, "soa", INT32_MAX, &answer->soa);
	take_int(evidence, "ede", UINT16_MAX, &ede);
	take_int(evidence, "cd", DNS_NETERR, &cd);
	take_int(evidence, "tries", UINT16_MAX, &tries);
	answer->ms = (uint32_t)ms;
	answer->ede = (int)ede;
	answer->cd = (int)cd;
	answer->tries = (unsigned)tries;
}

static bool is_unanswered(DnsOutcome outcome)
{
	return outcome == DNS_TIMEOUT || outcome == DNS_NETERR;
}

/* The outcome's word is whole where the header has four bits of it. */
static void take_outcome(Answer *answer, const char *word, bool has_response)
{
	DnsOutcome outcome;

	if (word != NULL && dns_outcome_parse(slice_of(word), &outcome) &&
		is_unanswered(outcome) != has_response &&
		(!has_response || ((unsigned)outcome & 15u) == (unsigned)answer->outcome))
		answer->outcome = outcome;
}

static void take_evidence(Answer *answer, const json_t *evidence, bool has_response)
{
	if (evidence == NULL)
		return;
	take_outcome(answer, json_text_of(evidence, "outcome"), has_response);
	take_security(answer, json_text_of(evidence, "security"));
	take_via(answer, json_text_of(evidence, "via"));
	take_numbers(answer, evidence);
}

/* --- a line */

typedef struct Pair {
	const json_t *query, *response, *evidence; /* NULL where they are not there */
} Pair;

static bool is_response(const json_t *message)
{
	return flag_of(message, "QR") != 0 || (json_object_get(message, "QR") == NULL &&
						      json_object_get(message, "RCODE") != NULL);
}

static Pair pair_of(const json_t *object)
{
	Pair pair = { json_object_of(object, "queryMessage"),
		json_object_of(object, "responseMessage"),
		json_object_of(object, "kanteiEvidence") };

	if (pair.query == NULL && pair.response == NULL && is_response(object))
		pair.response = object;
	return pair;
}

static bool fill(Answer *answer, const Pair *pair, GError **reterr_error)
{
	answer->via = g_strdup("json");
	answer->outcome = DNS_TIMEOUT;
	if (pair->response != NULL && !take_message(answer, pair->response, reterr_error))
		return false;
	answer->at = time_of(pair->response != NULL ? pair->response : pair->query);
	take_evidence(answer, pair->evidence, pair->response != NULL);
	return true;
}

static DnsJsonKind read_pair(const Pair *pair, Answer **ret_answer, GError **reterr_error)
{
	const json_t *asked = pair->query != NULL ? pair->query : pair->response;
	g_autofree char *name = read_name(asked, "QNAME");
	g_autoptr(Answer) answer = NULL;
	DnsType type;

	if (asked == NULL)
		return DNS_JSON_OTHER;
	if (name == NULL || !read_type(asked, "Q", &type)) {
		refuse(reterr_error, "the question's name or type is not there or cannot be read");
		return DNS_JSON_PROBLEM;
	}
	if (!dns_type_is_asked(type) || !is_of_internet(asked, "Q"))
		return DNS_JSON_OTHER;
	answer = answer_new(name, type);
	if (!fill(answer, pair, reterr_error))
		return DNS_JSON_PROBLEM;
	*ret_answer = g_steal_pointer(&answer);
	return DNS_JSON_ANSWER;
}

DnsJsonKind dns_json_read(Slice line, Answer **ret_answer, GError **reterr_error)
{
	json_t *object = json_read_line(line, reterr_error);
	DnsJsonKind kind = DNS_JSON_PROBLEM;
	Pair pair;

	if (object == NULL)
		return kind;
	pair = pair_of(object);
	kind = read_pair(&pair, ret_answer, reterr_error);
	json_decref(object);
	return kind;
}
