/* base64string of RFC 6376, 2.10, read strictly: what it decodes to is hashed or verified. */
#pragma once

#include "base/slice.h"

/* Folding white space may stand anywhere; padding may be left out, as the grammar allows. NULL
 * where anything else stands in it, and for a length that no octets give. Owned by the caller. */
GBytes *base64_decode(Slice text);
