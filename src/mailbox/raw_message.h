/* One message as it was stored: its octets and where they were. */
#pragma once

#include "base/finding.h"
#include "base/source.h"

typedef struct RawMessage {
	Source *source;
	GBytes *bytes; /* the message only: no mbox line, no .emlx count or property list */
	Findings
		*findings; /* what the store's form showed; places count from the message's start */
} RawMessage;

/* Takes a copy of octets (at most LIMIT_MESSAGE of them; a longer message is cut for analysis,
 * with a finding, and its length and sha256 say what was stored). */
RawMessage *raw_message_new(Source *source, Slice octets); /* source is taken over */
void raw_message_free(RawMessage *raw);                    /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RawMessage, raw_message_free)
