#include "dns/packet.h"

#include "base/limits.h"
#include "dns/name.h"
#include "dns/rdata.h"

#include <string.h>

#define CLASS_IN    1u
#define TYPE_OPT    41u
#define OPTION_EDE  15u

#define FLAG_QR     0x8000u
#define FLAG_OPCODE 0x7800u
#define FLAG_AA     0x0400u
#define FLAG_TC     0x0200u
#define FLAG_RD     0x0100u
#define FLAG_RA     0x0080u
#define FLAG_AD     0x0020u
#define FLAG_CD     0x0010u
#define FLAG_RCODE  0x000Fu

/* A record takes 11 octets at least, so a packet holds no more. */
#define PACKET_RECORDS (65535u / 11u)

static void add_u16(GByteArray *out, unsigned number)
{
	const guint8 octets[2] = { (guint8)(number >> 8), (guint8)number };

	g_byte_array_append(out, octets, 2);
}

/* The root, OPT, the size we take, and neither extension nor flag nor option. */
static void add_opt(GByteArray *out)
{
	g_byte_array_append(out, (const guint8 *)"", 1);
	add_u16(out, TYPE_OPT);
	add_u16(out, PACKET_UDP_MAX);
	add_u16(out, 0);
	add_u16(out, 0);
	add_u16(out, 0);
}

GByteArray *packet_question(const Question *question, uint16_t id, PacketFlags flags)
{
	g_autoptr(GByteArray) out = g_byte_array_sized_new(64);
	bool edns = (flags & PACKET_EDNS) != 0;

	add_u16(out, id);
	add_u16(out, FLAG_RD | FLAG_AD | ((flags & PACKET_CHECKING_DISABLED) != 0 ? FLAG_CD : 0u));
	add_u16(out, 1);
	add_u16(out, 0);
	add_u16(out, 0);
	add_u16(out, edns ? 1 : 0);
	if (!dns_name_to_wire(question->name, out))
		return NULL;
	add_u16(out, (unsigned)question->type);
	add_u16(out, CLASS_IN);
	if (edns)
		add_opt(out);
	return g_steal_pointer(&out);
}

typedef struct Header {
	uint16_t id;
	uint16_t flags;
	uint16_t questions;
	uint16_t answers;
	uint16_t authority;
	uint16_t additional;
} Header;

static bool read_header(Wire *wire, Header *ret_header)
{
	return wire_u16(wire, &ret_header->id) && wire_u16(wire, &ret_header->flags) &&
	       wire_u16(wire, &ret_header->questions) && wire_u16(wire, &ret_header->answers) &&
	       wire_u16(wire, &ret_header->authority) && wire_u16(wire, &ret_header->additional);
}

/* A server that could not read the question may leave it out of its refusal. */
static bool may_lack_question(const Header *header)
{
	unsigned rcode = header->flags & FLAG_RCODE;

	return header->questions == 0 && header->answers == 0 && rcode != DNS_NOERROR &&
	       rcode != DNS_NXDOMAIN;
}

static PacketProblem check_question(Wire *wire, const Header *header, const Question *question)
{
	g_autofree char *name = NULL;
	uint16_t type;
	uint16_t class;

	if (may_lack_question(header))
		return PACKET_OK;
	if (header->questions != 1)
		return PACKET_MISMATCH;
	name = wire_name(wire);
	if (name == NULL || !wire_u16(wire, &type) || !wire_u16(wire, &class))
		return PACKET_BROKEN;
	if (strcmp(name, question->name) != 0 || type != question->type || class != CLASS_IN)
		return PACKET_MISMATCH;
	return PACKET_OK;
}

/* A record of any section; its data is where wire stood. */
typedef struct Record {
	char *owner;
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	uint16_t len;
	size_t at;
} Record;

static void record_clear(Record *record)
{
	g_free(record->owner);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Record, record_clear)

static bool read_record(Wire *wire, Record *ret_record)
{
	Slice data;

	ret_record->owner = wire_name(wire);
	if (ret_record->owner == NULL || !wire_u16(wire, &ret_record->type) ||
		!wire_u16(wire, &ret_record->class) || !wire_u32(wire, &ret_record->ttl) ||
		!wire_u16(wire, &ret_record->len))
		return false;
	ret_record->at = wire->at;
	return wire_octets(wire, ret_record->len, &data);
}

static Rr *record_to_rr(Slice packet, Record *record)
{
	g_autoptr(Rr) rr = g_new0(Rr, 1);
	Wire wire = { packet, record->at };

	rr->owner = g_steal_pointer(&record->owner);
	rr->ttl = record->ttl;
	rr->type = (DnsType)record->type;
	return rdata_from_wire(rr, &wire, record->len) ? g_steal_pointer(&rr) : NULL;
}

/* CNAMEs by their owner (the first of each), and the records of the type asked. */
typedef struct Section {
	GHashTable *cnames;
	GPtrArray *asked;
} Section;

static bool read_answers(Wire *wire, unsigned count, DnsType type, Section *section)
{
	for (unsigned i = 0; i < count && i < PACKET_RECORDS; i++) {
		g_auto(Record) record = { NULL, 0, 0, 0, 0, 0 };
		bool is_cname;
		Rr *rr;

		if (!read_record(wire, &record))
			return false;
		is_cname = record.type == DNS_CNAME && type != DNS_CNAME;
		if (record.class != CLASS_IN || (!is_cname && record.type != type))
			continue;
		rr = record_to_rr(wire->packet, &record);
		if (rr == NULL)
			return false;
		if (!is_cname)
			g_ptr_array_add(section->asked, rr);
		else if (g_hash_table_contains(section->cnames, rr->owner))
			rr_free(rr);
		else
			g_hash_table_insert(section->cnames, rr->owner, rr);
	}
	return true;
}

/* Moves the chain that begins at name to rrs; returns the name where it ends. One link more than
 * the limit is kept, so that the answer is seen to go beyond it. */
static const char *follow_chain(Section *section, const char *name, GPtrArray *rrs)
{
	for (unsigned hops = 0; hops <= LIMIT_CNAME_CHAIN; hops++) {
		Rr *rr = g_hash_table_lookup(section->cnames, name);

		if (rr == NULL)
			break;
		g_hash_table_steal(section->cnames, name);
		g_ptr_array_add(rrs, rr);
		name = rr->name;
	}
	return name;
}

/* What lies on the way from the question; the rest of the section is no answer to it. */
static void choose_records(Section *section, const char *name, GPtrArray *rrs)
{
	const char *end = follow_chain(section, name, rrs);

	for (guint i = 0; i < section->asked->len; i++) {
		Rr *rr = g_ptr_array_index(section->asked, i);

		if (strcmp(rr->owner, end) != 0)
			continue;
		g_ptr_array_add(rrs, rr);
		g_ptr_array_index(section->asked, i) = NULL;
	}
}

static bool take_answers(
	Wire *wire, const Header *header, const Question *question, PacketReply *reply)
{
	g_autoptr(GHashTable) cnames =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)rr_free);
	g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func((GDestroyNotify)rr_free);
	Section section = { cnames, asked };

	if (!read_answers(wire, header->answers, question->type, &section))
		return false;
	choose_records(&section, question->name, reply->rrs);
	return true;
}

/* RFC 2308, 5: the smaller of the two. */
static bool take_soa(Slice packet, const Record *record, PacketReply *reply)
{
	Wire wire = { slice_sub(packet, 0, record->at + record->len), record->at };
	g_autofree char *primary = wire_name(&wire);
	g_autofree char *mailbox = primary != NULL ? wire_name(&wire) : NULL;
	Slice timers;
	uint32_t minimum;

	if (mailbox == NULL || !wire_octets(&wire, 16, &timers) || !wire_u32(&wire, &minimum))
		return false;
	reply->soa = MIN(minimum, record->ttl);
	return true;
}

static bool read_authority(Wire *wire, unsigned count, PacketReply *reply, bool *ret_has_ns)
{
	for (unsigned i = 0; i < count && i < PACKET_RECORDS; i++) {
		g_auto(Record) record = { NULL, 0, 0, 0, 0, 0 };

		if (!read_record(wire, &record))
			return false;
		*ret_has_ns |= record.type == DNS_NS;
		if (record.type == DNS_SOA && record.class == CLASS_IN && reply->soa < 0 &&
			!take_soa(wire->packet, &record, reply))
			return false;
	}
	return true;
}

bool packet_ede_is_dnssec(int ede)
{
	return ede >= 5 && ede <= 12;
}

static bool take_options(Slice data, PacketReply *reply)
{
	Wire wire = { data, 0 };

	while (wire.at < data.len) {
		uint16_t code;
		uint16_t len;
		uint16_t ede;
		Slice option;

		if (!wire_u16(&wire, &code) || !wire_u16(&wire, &len) ||
			!wire_octets(&wire, len, &option))
			return false;
		if (code != OPTION_EDE)
			continue;
		wire.at -= len;
		if (len < 2 || !wire_u16(&wire, &ede))
			return false;
		wire.at += len - 2u;
		if (reply->ede < 0 ||
			(!packet_ede_is_dnssec(reply->ede) && packet_ede_is_dnssec(ede)))
			reply->ede = ede;
	}
	return true;
}

static bool read_additional(Wire *wire, unsigned count, PacketReply *reply)
{
	for (unsigned i = 0; i < count && i < PACKET_RECORDS; i++) {
		g_auto(Record) record = { NULL, 0, 0, 0, 0, 0 };

		if (!read_record(wire, &record))
			return false;
		if (record.type != TYPE_OPT || reply->has_edns)
			continue;
		reply->has_edns = true;
		reply->rcode |= record.ttl >> 24 << 4;
		if (!take_options(slice_sub(wire->packet, record.at, record.len), reply))
			return false;
	}
	return true;
}

/* A server that does not ask others for us points to them instead (RFC 2308, 2.1): that says
 * nothing of the name, though it looks like an answer without data. */
static bool is_referral(const Header *header, const PacketReply *reply, bool has_ns)
{
	return (header->flags & (FLAG_AA | FLAG_RA)) == 0 && has_ns && reply->soa < 0 &&
	       reply->rcode == DNS_NOERROR && reply->rrs->len == 0;
}

static PacketProblem read_sections(
	Wire *wire, const Header *header, const Question *question, PacketReply *reply)
{
	bool has_ns = false;

	if (!take_answers(wire, header, question, reply) ||
		!read_authority(wire, header->authority, reply, &has_ns) ||
		!read_additional(wire, header->additional, reply))
		return PACKET_BROKEN;
	return is_referral(header, reply, has_ns) ? PACKET_MISMATCH : PACKET_OK;
}

PacketProblem packet_read(Slice packet, const Question *question, PacketReply *ret_reply)
{
	Wire wire = { packet, 0 };
	g_auto(PacketReply) reply = { .ede = -1, .soa = -1 };
	Header header;
	PacketProblem problem;

	if (!read_header(&wire, &header))
		return PACKET_BROKEN;
	if ((header.flags & FLAG_QR) == 0 || (header.flags & FLAG_OPCODE) != 0)
		return PACKET_MISMATCH;
	problem = check_question(&wire, &header, question);
	if (problem != PACKET_OK)
		return problem;
	reply.rcode = header.flags & FLAG_RCODE;
	reply.authentic = (header.flags & FLAG_AD) != 0;
	reply.truncated = (header.flags & FLAG_TC) != 0;
	reply.rrs = g_ptr_array_new_with_free_func((GDestroyNotify)rr_free);
	if (!reply.truncated)
		problem = read_sections(&wire, &header, question, &reply);
	if (problem == PACKET_OK) {
		*ret_reply = reply;
		reply.rrs = NULL;
	}
	return problem;
}

void packet_reply_clear(PacketReply *reply)
{
	g_clear_pointer(&reply->rrs, g_ptr_array_unref);
}
