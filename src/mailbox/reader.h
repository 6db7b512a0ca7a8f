/* Private to mailbox/: what reads one store, as a table of functions and their state. */
#pragma once

#include "mailbox/mailbox.h"
#include "mailbox/raw_builder.h"
#include "mailbox/unpacker.h"
#include "mailbox/window.h"

typedef struct ReaderOps {
	/* As mailbox_next(). It is not called again after MAILBOX_END. */
	MailboxStep (*next)(gpointer state, RawMessage **ret_raw, GError **reterr_error);
	void (*free)(gpointer state);
} ReaderOps;

typedef struct Reader {
	const ReaderOps *ops;
	gpointer state;
} Reader;

/* What the readers of a mailbox share, since only one file is read at a time. Borrowed. */
typedef struct ReaderTools {
	Window *window;
	RawBuilder *builder;
	const MailboxFilter *filter;     /* NULL: all is read */
	const UnpackerOptions *unpacker; /* NULL: archives are not taken apart */
} ReaderTools;

/* What the filter says; without one, that all is wanted. */
bool reader_wants_file(const ReaderTools *tools, const char *path);
MailboxWish reader_wish(const ReaderTools *tools, uint64_t offset);
/* What is wrong with a file is told where its first message is wanted: else forgets the error, and
 * returns true. */
bool reader_passes_error(const ReaderTools *tools, GError **reterr_error);
bool reader_start(const ReaderTools *tools, const char *path, MailboxMark *ret_mark);

Reader *reader_new(const ReaderOps *ops, gpointer state);
MailboxStep reader_next(Reader *reader, RawMessage **ret_raw, GError **reterr_error);
void reader_free(Reader *reader); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_free)

/* These read the file that is open in the tools' window, from where it stands; path names it. */
Reader *mbox_reader_new(const ReaderTools *tools, const char *path);
Reader *eml_reader_new(const ReaderTools *tools, const char *path);
Reader *emlx_reader_new(const ReaderTools *tools, const char *path);

/* NULL where the kind is none of one file. */
Reader *file_reader_new(const ReaderTools *tools, MailboxKind kind, const char *path);

/* mailbox_open(), with a smaller limit than LIMIT_MESSAGE, and another window: for tests. */
Mailbox *mailbox_open_limited(
	const char *path, MailboxKind kind, size_t message_limit, size_t window_capacity);
/* The same for archives: other limits than unpack_limits. */
void mailbox_limit_archives(Mailbox *mailbox, const UnpackLimits *limits);
/* An mbox, or what kind says, in memory, which must outlive the mailbox; an archive is an error. */
Mailbox *mailbox_open_memory(Slice octets, MailboxKind kind, size_t window_capacity);
