/* How an mbox quotes lines of a message that would begin another one (RFC 4155 and what is found);
 * here because a message may have been through an mbox before it came to where it is read. */
#pragma once

#include "base/slice.h"

/* How a store quoted the lines of a body that begin with "From ". */
typedef enum MboxQuoting {
	MBOX_QUOTING_O,  /* ">From " was "From " */
	MBOX_QUOTING_RD, /* one ">" less before ">*From " */
} MboxQuoting;

/* Whether mboxrd quotes the line: it begins with "From ", or with ">" before that. */
bool mbox_must_quote(Slice line);
/* Un-does the quoting; NULL where no line changes. Owned by the caller. */
GBytes *mbox_unquote(Slice message, MboxQuoting quoting);
