/* The line that begins a message in an mbox, taken apart. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* What lies further behind in such a line is not looked at: an address has at most 254 octets
 * (RFC 5321, 4.5.3.1), and a longer line would not fit into the smallest window. */
#define MBOX_FROM_LINE_MAX ((size_t)4096)

typedef struct MboxFrom {
	Slice sender; /* what stands before the date, without the blanks around it; may be empty */
	int64_t time;
} MboxFrom;

/* line may have its line end. The sender may be anything and may be absent. A sender can hold what
 * looks like a date, so that the last date in the line counts. */
bool mbox_from_parse(Slice line, MboxFrom *ret_from);
/* "From " stands at its start, whatever follows. */
bool mbox_from_is_near(Slice line);
