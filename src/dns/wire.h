/* Reading the octets of a DNS packet, never beyond their end (RFC 1035, 4.1). */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* A packet and how far it is read. A pointer may lead anywhere before itself in the packet. */
typedef struct Wire {
	Slice packet;
	size_t at;
} Wire;

bool wire_u8(Wire *wire, uint8_t *ret_number);
bool wire_u16(Wire *wire, uint16_t *ret_number);
bool wire_u32(Wire *wire, uint32_t *ret_number);
bool wire_octets(Wire *wire, size_t len, Slice *ret_octets);
/* A name with its compression pointers, in normal form (dns/name.h); owned by the caller. NULL
 * where it is broken: a pointer that does not lead back, a label of another kind, too long. */
char *wire_name(Wire *wire);
