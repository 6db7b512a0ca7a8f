/* The mbox family: mboxo, mboxrd, mboxcl, mboxcl2 (RFC 4155 and what is found). */
#pragma once

#include "base/mbox_quoting.h"
#include "mailbox/mailbox.h"

/* The line begins a message: "From ", and a date in asctime's form somewhere behind. */
bool mbox_is_from_line(Slice line);
