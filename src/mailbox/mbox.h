/* The mbox family: mboxo, mboxrd, mboxcl, mboxcl2 (RFC 4155 and what is found). */
#pragma once

#include "base/slice.h"
#include "mailbox/mailbox.h"

/* How a store quoted the lines of a body that begin with "From ". */
typedef enum MboxQuoting {
	MBOX_QUOTING_O,  /* ">From " was "From " */
	MBOX_QUOTING_RD, /* one ">" less before ">*From " */
} MboxQuoting;

/* The line begins a message: "From ", and a date in asctime's form somewhere behind. */
bool mbox_is_from_line(Slice line);

/* Un-does the quoting; NULL where no line changes. Owned by the caller. */
GBytes *mbox_unquote(Slice message, MboxQuoting quoting);
