/* Numbers and texts as they cross the channel. What is read is taken for an enemy's: a reader that
 * meets anything but what it expects is broken from then on, and gives zeros and NULLs. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

void pack_number(GByteArray *out, uint64_t number);
void pack_text(GByteArray *out, const char *text); /* NULL stays NULL */
void pack_octets(GByteArray *out, Slice octets);

typedef struct Unpack {
	Slice rest;
	bool is_broken;
} Unpack;

/* A number of at most limit. */
uint64_t unpack_number(Unpack *unpack, uint64_t limit);
/* Owned by the caller; it has no NUL in it and at most limit octets. */
char *unpack_text(Unpack *unpack, size_t limit);
/* Points into what is read. */
Slice unpack_octets(Unpack *unpack);
/* All was read, and was as expected. */
bool unpack_is_done(const Unpack *unpack);
