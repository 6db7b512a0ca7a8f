/* What of its mailboxes a run reads: its shard, and what is not recorded yet. */
#pragma once

#include "cli/done.h"
#include "mailbox/shard.h"

typedef struct Selection {
	Shard *shard; /* NULL: all */
	Done *done;   /* borrowed; NULL: nothing is recorded */
	uint64_t passed_over; /* octets of mboxes before what is not recorded yet */
	MailboxFilter filter;
} Selection;

/* Looks at all files where options ask for a shard. */
void selection_open(Selection *selection, const Options *options);
void selection_clear(Selection *selection);
