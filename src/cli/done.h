/* What of the mail is recorded already, and is not analysed again.
 *
 * An mbox that the state knows, and that is as it was, is gone on with behind its last message that
 * is recorded. Everything else is read, and a message is known by its place and its SHA-256. Memory
 * grows with the messages that are known that way, by some hundred octets each. */
#pragma once

#include "base/source.h"
#include "cli/run_state.h"
#include "report/saved_record.h"

typedef struct Done Done;

/* state is borrowed. verifies: nothing is taken as read. */
Done *done_new(const RunState *state, bool verifies);
void done_free(Done *done); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Done, done_free)

/* Records come in their order; those of attached messages belong to what carries them. False where
 * the record's mbox is not what the state knows. */
bool done_add(Done *done, const SavedRecord *record, GError **reterr_error);

typedef enum DoneAnswer {
	DONE_NOT,
	DONE_YES,
	DONE_OTHER, /* another message is recorded there: *reterr_error says so */
} DoneAnswer;

/* Of each message that is read, once. */
DoneAnswer done_take(Done *done, const Source *source, GError **reterr_error);
/* Where to go on in the mbox that is opened, as MailboxFilter's start. */
bool done_start(Done *done, const char *path, MailboxMark *ret_mark);

/* All was read: false where an mbox lacks what is recorded of it. *ret_gone is how many records
 * have no message any more in folders and Maildirs. */
bool done_finish(const Done *done, uint64_t *ret_gone, GError **reterr_error);
