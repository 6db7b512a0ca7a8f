#include "dns/wire.h"

#include "dns/name.h"

bool wire_octets(Wire *wire, size_t len, Slice *ret_octets)
{
	if (wire->at > wire->packet.len || len > wire->packet.len - wire->at)
		return false;
	*ret_octets = slice_make(wire->packet.data + wire->at, len);
	wire->at += len;
	return true;
}

bool wire_u8(Wire *wire, uint8_t *ret_number)
{
	Slice octets;

	if (!wire_octets(wire, 1, &octets))
		return false;
	*ret_number = (uint8_t)octets.data[0];
	return true;
}

bool wire_u16(Wire *wire, uint16_t *ret_number)
{
	Slice octets;

	if (!wire_octets(wire, 2, &octets))
		return false;
	*ret_number = (uint16_t)((uint8_t)octets.data[0] << 8 | (uint8_t)octets.data[1]);
	return true;
}

bool wire_u32(Wire *wire, uint32_t *ret_number)
{
	uint16_t high;
	uint16_t low;

	if (!wire_u16(wire, &high) || !wire_u16(wire, &low))
		return false;
	*ret_number = (uint32_t)high << 16 | low;
	return true;
}

/* Appends the label's octets in normal form, a dot before all but the first. */
static bool add_label(Wire *wire, size_t len, GString *name)
{
	Slice label;

	if (!wire_octets(wire, len, &label))
		return false;
	if (name->len > 0)
		g_string_append_c(name, '.');
	for (size_t i = 0; i < label.len; i++)
		dns_name_add_octet(name, (unsigned char)label.data[i]);
	return true;
}

/* Reads labels up to the root's. Every pointer must lead before the place where the labels that
 * hold it began, so the walk ends; and the name's own limit bounds it too (RFC 1035, 4.1.4). */
static bool read_labels(Wire *wire, GString *name)
{
	Wire walk = *wire;
	size_t began = wire->at;
	size_t total = 1;
	bool jumped = false;

	for (;;) {
		uint8_t len;
		uint8_t low;

		if (!wire_u8(&walk, &len))
			return false;
		if ((len & 0xC0u) == 0xC0u) {
			if (!wire_u8(&walk, &low))
				return false;
			if (!jumped)
				wire->at = walk.at;
			jumped = true;
			walk.at = (size_t)(len & 0x3Fu) << 8 | low;
			if (walk.at >= began)
				return false;
			began = walk.at;
			continue;
		}
		total += (size_t)len + 1;
		if (len == 0)
			break;
		if (len > DNS_LABEL_MAX || total > DNS_NAME_WIRE_MAX ||
			!add_label(&walk, len, name))
			return false;
	}
	if (!jumped)
		wire->at = walk.at;
	return true;
}

char *wire_name(Wire *wire)
{
	GString *name = g_string_new(NULL);
	bool good = read_labels(wire, name);

	return g_string_free(name, !good);
}
