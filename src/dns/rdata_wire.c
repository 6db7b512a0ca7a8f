#include "dns/rdata_part.h"

static bool wire_txt(Rr *rr, GString *presentation, Wire *wire, size_t end)
{
	rr->text = g_string_new(NULL);
	while (wire->at < end) {
		uint8_t len;
		Slice octets;

		if (!wire_u8(wire, &len) || !wire_octets(wire, len, &octets))
			return false;
		rdata_add_string(rr, presentation, octets);
	}
	return rr->strings > 0;
}

static bool wire_addr(Rr *rr, GString *presentation, Wire *wire)
{
	bool is_a = rr->type == DNS_A;
	Slice octets;
	InetAddr addr;

	if (!wire_octets(wire, is_a ? 4 : 16, &octets))
		return false;
	addr = inet_addr_from_octets(is_a ? 4 : 6, (const unsigned char *)octets.data);
	rdata_set_addr(rr, presentation, &addr);
	return true;
}

static bool wire_soa(Rr *rr, GString *presentation, Wire *wire)
{
	g_autofree char *mailbox = NULL;

	if (!rdata_set_name(rr, presentation, wire_name(wire)))
		return false;
	mailbox = wire_name(wire);
	if (mailbox == NULL)
		return false;
	g_string_append_printf(presentation, " %s.", mailbox);
	for (int i = 0; i < 5; i++) {
		uint32_t number;

		if (!wire_u32(wire, &number))
			return false;
		g_string_append_printf(presentation, " %u", number);
	}
	return true;
}

static bool wire_mx(Rr *rr, GString *presentation, Wire *wire)
{
	uint16_t preference;

	if (!wire_u16(wire, &preference))
		return false;
	rdata_set_preference(rr, presentation, preference);
	return rdata_set_name(rr, presentation, wire_name(wire));
}

/* A type that we do not ask for, in the generic form (RFC 3597, 5). */
static bool wire_other(GString *presentation, Wire *wire, size_t len)
{
	Slice octets;

	if (!wire_octets(wire, len, &octets))
		return false;
	g_string_append_printf(presentation, "\\# %zu", len);
	for (size_t i = 0; i < len; i++)
		g_string_append_printf(
			presentation, i == 0 ? " %02x" : "%02x", (unsigned char)octets.data[i]);
	return true;
}

static bool wire_by_type(Rr *rr, GString *presentation, Wire *wire, size_t len)
{
	switch (rr->type) {
	case DNS_TXT:
		return wire_txt(rr, presentation, wire, wire->at + len);
	case DNS_A:
	case DNS_AAAA:
		return wire_addr(rr, presentation, wire);
	case DNS_MX:
		return wire_mx(rr, presentation, wire);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		return rdata_set_name(rr, presentation, wire_name(wire));
	case DNS_SOA:
		return wire_soa(rr, presentation, wire);
	default:
		return wire_other(presentation, wire, len);
	}
}

bool rdata_from_wire(Rr *rr, Wire *wire, size_t len)
{
	GString *presentation;
	size_t end = wire->at + len;
	Wire bounded = { slice_sub(wire->packet, 0, end), wire->at };
	bool good;

	if (wire->at > wire->packet.len || len > wire->packet.len - wire->at)
		return false;
	presentation = g_string_new(NULL);
	good = wire_by_type(rr, presentation, &bounded, len) && bounded.at == end;
	rr->presentation = g_string_free(presentation, FALSE);
	wire->at = end;
	return good;
}
