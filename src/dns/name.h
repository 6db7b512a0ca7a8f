/* Domain names between their forms: zone-file text, the normal form (as domain_name_for_question()
 * makes it: lower case, no final dot, \DDD for what a zone file cannot hold bare; the root is the
 * empty text), and the labels of a packet. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

#define DNS_NAME_WIRE_MAX \
	((size_t)255) /* octets with their lengths and the root (RFC 1035, 2.3.4) */
#define DNS_LABEL_MAX ((size_t)63)

/* Between words of zone-file text; CR, as lines may end in CRLF. */
static inline bool dns_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes one octet of zone-file text off the front: a bare one, \DDD or \X (RFC 1035, 5.1). False
 * at the end and at an escape that is none. */
bool dns_take_octet(Slice *rest, unsigned char *ret_octet);

/* Adds octet to text as zone files have it inside a name: bare or \DDD, in lower case. */
void dns_name_add_octet(GString *name, unsigned char octet);

/* Text that is in normal form and has no escape: the usual case, told without a copy. */
bool dns_name_is_plain(Slice text);

/* Zone-file text, with or without its final dot, in normal form; owned by the caller. NULL where it
 * is no name. */
char *dns_name_from_text(Slice text);

/* Appends the labels of a name in normal form, with the root's. False where it is no name, and
 * then wire is as it was. */
bool dns_name_to_wire(const char *name, GByteArray *wire);
