/* Opens what a path names, tells what kind of store it is, and hands out its messages in order. */
#pragma once

#include "mailbox/raw_message.h"

typedef enum MailboxKind {
	MAILBOX_AUTO, /* recognised by content */
	MAILBOX_MBOX,
	MAILBOX_MAILDIR, /* with its Maildir++ sub-folders */
	MAILBOX_EML,
	MAILBOX_EMLX,
	MAILBOX_FOLDER, /* any of these below it, in the order of their names */
} MailboxKind;

typedef enum MailboxStep {
	MAILBOX_MESSAGE, /* *ret_raw is the next message, owned by the caller */
	MAILBOX_ERROR,   /* *reterr_error says what could not be read; the next call goes on */
	MAILBOX_END,
} MailboxStep;

typedef struct Mailbox Mailbox;

/* path "-" is standard input. Nothing is read yet; an error shows at the first step. A compressed
 * file and an archive are taken apart whatever the kind, which is then that of the files in it;
 * what comes on standard input only where the kind is to be recognised. Where a message lies in
 * one, source->path is "ARCHIVE!MEMBER" and source->archive "ARCHIVE". */
Mailbox *mailbox_open(const char *path, MailboxKind kind);
/* Archives are taken apart by processes that confine themselves by that: for good, to channel, and
 * to so many more octets of memory. Without, they are not confined. */
void mailbox_confine(Mailbox *mailbox, unsigned (*confine)(int channel, uint64_t memory));
MailboxStep mailbox_next(Mailbox *mailbox, RawMessage **ret_raw, GError **reterr_error);
void mailbox_free(Mailbox *mailbox); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_free)

/* "mbox", "maildir", "eml", "emlx", "folder", "auto". */
bool mailbox_kind_parse(const char *word, MailboxKind *ret_kind);
