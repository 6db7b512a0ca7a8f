#include "dns/name.h"
#include "dns/rdata.h"

#include <string.h>

#define STRING_MAX 255u /* RFC 1035, 3.3 */
#define RDATA_MAX  ((guint)65535)

static void add_number(GByteArray *wire, uint64_t number, unsigned octets)
{
	while (octets-- > 0) {
		guint8 octet = (guint8)(number >> (8 * octets));

		g_byte_array_append(wire, &octet, 1);
	}
}

/* One quoted string of a presentation form as rdata_from_text() makes it. */
static bool add_string(GByteArray *wire, Slice *rest)
{
	guint start = wire->len;
	unsigned char octet;

	if (!slice_starts(*rest, "\""))
		return false;
	*rest = slice_sub(*rest, 1, rest->len);
	add_number(wire, 0, 1);
	while (rest->len > 0 && rest->data[0] != '"') {
		if (!dns_take_octet(rest, &octet) || wire->len - start > STRING_MAX)
			return false;
		add_number(wire, octet, 1);
	}
	wire->data[start] = (guint8)(wire->len - start - 1);
	if (rest->len == 0)
		return false;
	*rest = slice_trim(slice_sub(*rest, 1, rest->len));
	return true;
}

static bool add_strings(GByteArray *wire, Slice text)
{
	do {
		if (!add_string(wire, &text))
			return false;
	} while (text.len > 0);
	return true;
}

static void add_addr(GByteArray *wire, const Rr *rr)
{
	static const guint8 mapped[12] = { [10] = 0xFF, [11] = 0xFF };

	if (rr->type == DNS_AAAA && rr->addr.family == 4)
		g_byte_array_append(wire, mapped, sizeof mapped);
	g_byte_array_append(wire, rr->addr.octets, rr->addr.family == 4 ? 4 : 16);
}

/* "mname. rname. 1 2 3 4 5": no name of it holds a bare blank. */
static bool add_soa(GByteArray *wire, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	bool is_good = g_strv_length(words) == 7;

	for (int i = 0; is_good && i < 2; i++) {
		g_autofree char *name = dns_name_from_text(slice_of(words[i]));

		is_good = name != NULL && dns_name_to_wire(name, wire);
	}
	for (int i = 2; is_good && i < 7; i++) {
		guint64 number = 0;

		is_good = slice_parse_uint(slice_of(words[i]), UINT32_MAX, &number);
		add_number(wire, number, 4);
	}
	return is_good;
}

/* The generic form, "\# 2 abcd" (RFC 3597, 5). */
static bool add_generic(GByteArray *wire, const char *text)
{
	Slice rest = slice_of(text);
	guint64 len;

	if (!slice_starts(rest, "\\# "))
		return false;
	rest = slice_sub(rest, strlen("\\# "), rest.len);
	if (!slice_parse_uint(slice_take_until(&rest, ' '), RDATA_MAX, &len) || rest.len != 2 * len)
		return false;
	for (size_t i = 0; i < rest.len; i += 2) {
		int high = g_ascii_xdigit_value(rest.data[i]);
		int low = g_ascii_xdigit_value(rest.data[i + 1]);

		if (high < 0 || low < 0)
			return false;
		add_number(wire, (uint64_t)high * 16 + (uint64_t)low, 1);
	}
	return true;
}

static bool add_data(GByteArray *wire, const Rr *rr)
{
	switch (rr->type) {
	case DNS_TXT:
		return add_strings(wire, slice_of(rr->presentation));
	case DNS_A:
	case DNS_AAAA:
		add_addr(wire, rr);
		return true;
	case DNS_MX:
		add_number(wire, rr->preference, 2);
		return dns_name_to_wire(rr->name, wire);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		return dns_name_to_wire(rr->name, wire);
	case DNS_SOA:
		return add_soa(wire, rr->presentation);
	default:
		return add_generic(wire, rr->presentation);
	}
}

bool rdata_to_wire(const Rr *rr, GByteArray *wire)
{
	guint start = wire->len;

	if (add_data(wire, rr) && wire->len - start <= RDATA_MAX)
		return true;
	g_byte_array_set_size(wire, start);
	return false;
}
