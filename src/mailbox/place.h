/* The place of a message in its store. */
#pragma once

#include "base/source.h"

/* What names it for whoever looks again later: the same for a message of a Maildir that was read,
 * or flagged, in between. Owned by the caller. */
char *place_key(StoreKind kind, const char *path, uint64_t index, uint64_t offset);
