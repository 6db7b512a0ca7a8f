/* What of its mailboxes a run reads: its shard, and what is not recorded yet. */
#pragma once

#include "cli/options.h"
#include "mailbox/shard.h"

typedef struct Selection {
	Shard *shard; /* NULL: all */
	MailboxFilter filter;
} Selection;

/* Looks at all files where options ask for a shard. */
void selection_open(Selection *selection, const Options *options);
void selection_clear(Selection *selection);
