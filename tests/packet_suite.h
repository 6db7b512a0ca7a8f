/* DNS packets for tests, written down. */
#pragma once

#include "suite.h"

/* Octets in hexadecimal; 'text' is a character-string or a label, with its length; <a.b> a name
 * with the root's label; {...} data behind its length of two octets. Owned by the caller. */
GByteArray *packet_assemble(const char *text);

/* The first len octets in a heap copy of exactly that length; freed by its .data. */
Slice packet_exact(const GByteArray *octets, size_t len);

void packet_add_text(GByteArray *out, const char *text, size_t len);
void packet_add_name(GByteArray *out, const char *name, size_t len);
