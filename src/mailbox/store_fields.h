/* What mail programs write into the header block of the messages that they store. */
#pragma once

#include "mailbox/raw_message.h"

/* X-Mozilla-Status with the bit of a message that is gone but not compacted away yet, and the
 * message in which UW-IMAP keeps its own data: both are findings. */
void store_fields_note(RawMessage *raw);
/* A Content-Length (mboxcl, mboxcl2, or the sender's own) that does not say where the message ends
 * is a finding. separator: octets of the empty line behind the message, which some count in. */
void store_fields_note_length(RawMessage *raw, size_t separator);
