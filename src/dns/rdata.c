#include "dns/rdata_part.h"

#define CHARACTER_STRING_MAX ((size_t)255) /* RFC 1035, 3.3 */

static void append_escaped(GString *out, unsigned char octet)
{
	if (octet == '"' || octet == '\\') {
		g_string_append_c(out, '\\');
		g_string_append_c(out, (char)octet);
	} else if (octet >= 0x20 && octet < 0x7F) {
		g_string_append_c(out, (char)octet);
	} else {
		g_string_append_printf(out, "\\%03u", octet);
	}
}

static void append_string(GString *out, Slice octets)
{
	if (out->len > 0)
		g_string_append_c(out, ' ');
	g_string_append_c(out, '"');
	for (size_t i = 0; i < octets.len; i++)
		append_escaped(out, (unsigned char)octets.data[i]);
	g_string_append_c(out, '"');
}

static unsigned append_strings(GString *out, Slice octets)
{
	unsigned count = 0;

	do {
		append_string(out, slice_sub(octets, 0, CHARACTER_STRING_MAX));
		octets = slice_sub(octets, CHARACTER_STRING_MAX, octets.len);
		count++;
	} while (octets.len > 0);
	return count;
}

void rdata_add_string(Rr *rr, GString *presentation, Slice octets)
{
	g_string_append_len(rr->text, octets.data, (gssize)octets.len);
	rr->strings += append_strings(presentation, octets);
}

static void append_absolute(GString *out, const char *name)
{
	g_string_append(out, name);
	g_string_append_c(out, '.');
}

bool rdata_set_name(Rr *rr, GString *presentation, char *name)
{
	if (name == NULL)
		return false;
	rr->name = name;
	append_absolute(presentation, name);
	return true;
}

void rdata_set_preference(Rr *rr, GString *presentation, unsigned preference)
{
	rr->preference = (uint16_t)preference;
	g_string_append_printf(presentation, "%u ", preference);
}

/* An IPv4-mapped address is IPv4 to whoever compares it, but its record stays an AAAA. */
void rdata_set_addr(Rr *rr, GString *presentation, const InetAddr *addr)
{
	char buffer[INET_ADDR_TEXT];

	rr->addr = *addr;
	if (rr->type == DNS_AAAA && addr->family == 4)
		g_string_append(presentation, "::ffff:");
	g_string_append(presentation, inet_addr_text(addr, buffer));
}

char *rdata_text(const Rr *rr)
{
	GString *out = g_string_new(NULL);
	char buffer[INET_ADDR_TEXT];

	switch (rr->type) {
	case DNS_TXT:
		append_strings(out,
			rr->text != NULL ? slice_make(rr->text->str, rr->text->len) : SLICE_ABSENT);
		break;
	case DNS_A:
	case DNS_AAAA:
		if (rr->type == DNS_AAAA && rr->addr.family == 4)
			g_string_append(out, "::ffff:");
		g_string_append(out, inet_addr_text(&rr->addr, buffer));
		break;
	case DNS_MX:
		g_string_append_printf(out, "%u ", rr->preference);
		append_absolute(out, rr->name != NULL ? rr->name : "");
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		append_absolute(out, rr->name != NULL ? rr->name : "");
		break;
	case DNS_SOA:
		append_absolute(out, rr->name != NULL ? rr->name : "");
		g_string_append(out, " . 0 0 0 0 0");
		break;
	default:
		g_string_append(out, "\\# 0");
		break;
	}
	return g_string_free(out, FALSE);
}
