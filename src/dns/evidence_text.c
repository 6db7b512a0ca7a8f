#include "dns/evidence_text.h"

#include "base/printable.h"
#include "base/text_time.h"
#include "dns/name.h"
#include "dns/rdata.h"

#include <string.h>
#include <zlib.h>

/* Types that other tools write by name and we never ask for; all others need TYPEn. */
static const struct {
	const char *word;
	unsigned number;
} other_types[] = { { "HINFO", 13 }, { "RP", 17 }, { "SIG", 24 }, { "KEY", 25 }, { "LOC", 29 },
	{ "SRV", 33 }, { "NAPTR", 35 }, { "CERT", 37 }, { "DNAME", 39 }, { "DS", 43 },
	{ "SSHFP", 44 }, { "RRSIG", 46 }, { "NSEC", 47 }, { "DNSKEY", 48 }, { "NSEC3", 50 },
	{ "NSEC3PARAM", 51 }, { "TLSA", 52 }, { "SMIMEA", 53 }, { "CDS", 59 }, { "CDNSKEY", 60 },
	{ "OPENPGPKEY", 61 }, { "SVCB", 64 }, { "HTTPS", 65 }, { "SPF", 99 }, { "URI", 256 },
	{ "CAA", 257 } };

static Slice take_word(Slice *rest)
{
	size_t from = 0;
	size_t to;
	Slice word;

	while (from < rest->len && dns_is_blank(rest->data[from]))
		from++;
	for (to = from; to < rest->len && !dns_is_blank(rest->data[to]);)
		to++;
	word = slice_sub(*rest, from, to - from);
	*rest = slice_sub(*rest, to, rest->len);
	return word;
}

static bool parse_security(Slice word, DnsSecurity *ret_security)
{
	for (unsigned i = DNSSEC_UNKNOWN; i <= DNSSEC_INSECURE; i++) {
		if (slice_is(word, dns_security_word((DnsSecurity)i))) {
			*ret_security = (DnsSecurity)i;
			return true;
		}
	}
	return false;
}

static bool parse_crc(Slice word, uint32_t *ret_crc)
{
	uint32_t crc = 0;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : g_ascii_xdigit_value(c);

		if (digit < 0)
			return false;
		crc = crc << 4 | (uint32_t)digit;
	}
	*ret_crc = crc;
	return word.len == 8;
}

static bool parse_unsigned(Slice word, guint64 limit, unsigned *ret_number)
{
	guint64 number;

	if (!slice_parse_uint(word, limit, &number))
		return false;
	*ret_number = (unsigned)number;
	return true;
}

static bool set_count(GroupHead *head, Slice value)
{
	head->has_count = true;
	return parse_unsigned(value, GROUP_RECORDS, &head->count);
}

static bool set_at(GroupHead *head, Slice value)
{
	return text_time_parse_rfc3339(value, &head->at);
}

static bool set_ms(GroupHead *head, Slice value)
{
	return parse_unsigned(value, UINT32_MAX, &head->ms);
}

static bool set_via(GroupHead *head, Slice value)
{
	head->via = value;
	return value.len > 0;
}

static bool set_security(GroupHead *head, Slice value)
{
	return parse_security(value, &head->security);
}

static bool set_soa(GroupHead *head, Slice value)
{
	guint64 soa;

	if (!slice_parse_uint(value, UINT32_MAX, &soa))
		return false;
	head->soa = (int64_t)soa;
	return true;
}

static bool set_ede(GroupHead *head, Slice value)
{
	unsigned ede;

	if (!parse_unsigned(value, UINT16_MAX, &ede))
		return false;
	head->ede = (int)ede;
	return true;
}

static bool set_cd(GroupHead *head, Slice value)
{
	DnsOutcome outcome;

	if (!dns_outcome_parse(value, &outcome))
		return false;
	head->cd = (int)outcome;
	return true;
}

static bool set_tries(GroupHead *head, Slice value)
{
	return parse_unsigned(value, UINT32_MAX, &head->tries);
}

static bool set_crc(GroupHead *head, Slice value)
{
	head->has_crc = true;
	return parse_crc(value, &head->crc);
}

/* In the order in which we write them. */
static const struct {
	const char *key;
	size_t key_len;
	bool (*set)(GroupHead *head, Slice value);
	const char *problem;
} members[] = {
#define KEY(word) word, sizeof(word) - 1
	{ KEY("n"), set_count, "n= is no number of records" },
	{ KEY("soa"), set_soa, "soa= is no number of seconds" },
	{ KEY("ede"), set_ede, "ede= is no number" },
	{ KEY("cd"), set_cd, "cd= is no outcome" },
	{ KEY("tries"), set_tries, "tries= is no number" },
	{ KEY("at"), set_at, "at= is no time" },
	{ KEY("ms"), set_ms, "ms= is no number" },
	{ KEY("via"), set_via, "via= is empty" },
	{ KEY("sec"), set_security, "sec= is none of ad, no, bogus, secure, insecure, ?" },
	{ KEY("crc"), set_crc, "crc= is not eight hexadecimal digits" },
#undef KEY
};

/* A member that is not known is left alone: a later kantei may write more. The search begins at
 * *next, where the member is that stands behind the last one where we wrote the line. */
static const char *set_member(GroupHead *head, Slice word, size_t *next)
{
	Slice value = word;
	Slice key = slice_take_until(&value, '=');

	for (size_t tries = 0; tries < G_N_ELEMENTS(members); tries++) {
		size_t i = (*next + tries) % G_N_ELEMENTS(members);

		if (slice_equal(key, slice_make(members[i].key, members[i].key_len))) {
			*next = i + 1;
			return members[i].set(head, value) ? NULL : members[i].problem;
		}
	}
	return NULL;
}

bool group_is_head(Slice line)
{
	return slice_starts(line, ";q") && (line.len == 2 || dns_is_blank(line.data[2]));
}

static const char *set_members(GroupHead *head, Slice line, Slice rest)
{
	size_t next = 0;

	for (Slice word = take_word(&rest); word.len > 0; word = take_word(&rest)) {
		const char *problem = set_member(head, word, &next);

		if (problem != NULL)
			return problem;
		if (head->has_crc) {
			head->covered = slice_sub(line, 0, slice_offset(line, word) - 1);
			break;
		}
	}
	return take_word(&rest).len == 0 ? NULL : "something stands behind crc=";
}

const char *group_head_parse(Slice line, GroupHead *ret_head)
{
	GroupHead head = { .at = TIME_UNKNOWN, .soa = -1, .ede = -1, .cd = -1 };
	Slice rest = slice_sub(line, 2, line.len);
	const char *problem;

	if (line.len > GROUP_LINE)
		return "the line is too long";
	head.owner = take_word(&rest);
	if (head.owner.len == 0)
		return "the question has no name";
	if (!dns_type_parse(take_word(&rest), &head.type))
		return "the question's type is none that is asked";
	if (!dns_outcome_parse(take_word(&rest), &head.outcome))
		return "the outcome is not known";
	problem = set_members(&head, line, rest);
	if (problem == NULL)
		*ret_head = head;
	return problem;
}

uint32_t group_crc(const GroupHead *head, Slice records)
{
	uLong crc = crc32_z(0, (const Bytef *)head->covered.data, head->covered.len);

	if (records.len > 0)
		crc = crc32_z(crc, (const Bytef *)records.data, records.len);
	return (uint32_t)crc;
}

char *group_question_name(const GroupHead *head)
{
	return dns_name_from_text(head->owner);
}

/* The parts of a record's line. */
typedef struct RecordLine {
	Slice owner;
	uint32_t ttl;
	DnsType type;
	Slice rdata;
} RecordLine;

static bool parse_any_type(Slice word, DnsType *ret_type)
{
	unsigned number;

	if (dns_type_parse(word, ret_type))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(other_types); i++) {
		if (slice_is_nocase(word, other_types[i].word)) {
			*ret_type = (DnsType)other_types[i].number;
			return true;
		}
	}
	if (!slice_starts_nocase(word, "TYPE") ||
		!parse_unsigned(slice_sub(word, 4, word.len), UINT16_MAX, &number))
		return false;
	*ret_type = (DnsType)number;
	return true;
}

static bool is_word_of_type(Slice word)
{
	bool good = word.len > 0 && g_ascii_isalpha(word.data[0]);

	for (size_t i = 0; good && i < word.len; i++)
		good = g_ascii_isalnum(word.data[i]) || word.data[i] == '-';
	return good;
}

/* TTL and class may be absent or change places, as in zone files (RFC 1035, 5.1). */
static GroupLine split_line(Slice line, RecordLine *record)
{
	Slice rest = line;
	Slice word;
	unsigned ttl = 0;

	if (line.len == 0 || line.len > GROUP_LINE || dns_is_blank(line.data[0]))
		return GROUP_LINE_BAD;
	record->owner = take_word(&rest);
	word = take_word(&rest);
	for (int i = 0; i < 2; i++)
		if (parse_unsigned(word, UINT32_MAX, &ttl) || slice_is_nocase(word, "IN"))
			word = take_word(&rest);
	record->ttl = ttl;
	record->rdata = rest;
	if (!is_word_of_type(word))
		return GROUP_LINE_BAD;
	return parse_any_type(word, &record->type) ? GROUP_LINE_RECORD : GROUP_LINE_UNKNOWN_TYPE;
}

static bool is_owner(Slice owner)
{
	g_autofree char *name = NULL;

	if (owner.len > 1 && owner.data[owner.len - 1] == '.' &&
		dns_name_is_plain(slice_sub(owner, 0, owner.len - 1)))
		return true;
	name = dns_name_from_text(owner);
	return name != NULL;
}

GroupLine group_line_check(Slice line)
{
	RecordLine record;
	GroupLine kind = split_line(line, &record);

	if (kind != GROUP_LINE_BAD && !is_owner(record.owner))
		return GROUP_LINE_BAD;
	if (kind == GROUP_LINE_RECORD && !rdata_is_readable(record.type, record.rdata))
		return GROUP_LINE_BAD;
	return kind;
}

static Rr *record_parse(Slice line)
{
	RecordLine record;
	g_autoptr(Rr) rr = NULL;

	if (split_line(line, &record) != GROUP_LINE_RECORD)
		return NULL;
	rr = g_new0(Rr, 1);
	rr->owner = dns_name_from_text(record.owner);
	rr->ttl = record.ttl;
	rr->type = record.type;
	if (rr->owner == NULL || !rdata_from_text(rr, record.rdata))
		return NULL;
	return g_steal_pointer(&rr);
}

Answer *group_answer(const GroupHead *head, const char *name, Slice records)
{
	Answer *answer = answer_new(name, head->type);

	answer->outcome = head->outcome;
	answer->at = head->at;
	answer->ms = head->ms;
	answer->via = head->via.len > 0 ? printable_line(head->via) : NULL;
	answer->security = head->security;
	answer->soa = head->soa;
	answer->ede = head->ede;
	answer->cd = head->cd;
	answer->tries = head->tries;
	answer->has_crc = head->has_crc;
	while (records.len > 0) {
		Rr *rr = record_parse(slice_chop_eol(slice_take_line(&records)));

		if (rr != NULL)
			g_ptr_array_add(answer->rrs, rr);
	}
	return answer;
}
