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

/* Whether a message is wanted, by where it begins. */
typedef enum MailboxWish {
	MAILBOX_READ,
	MAILBOX_PASS, /* it is passed over, which costs little */
	MAILBOX_STOP, /* nor is what follows it in its file */
} MailboxWish;

/* A message of an mbox. */
typedef struct MailboxMark {
	uint64_t index, offset; /* as Source has them */
} MailboxMark;

/* Chooses what is read of mailboxes. Each function may be NULL. */
typedef struct MailboxFilter {
	/* A mailbox is opened. */
	void (*begin)(gpointer data);
	/* Whether anything of a file of that length is wanted; what is not is not opened. What
	 * cannot be opened, or is no regular file, has no length. The functions below are about the
	 * file that was asked about last. */
	bool (*wants_file)(const char *path, uint64_t length, gpointer data);
	/* The mbox is read from behind this message on, and nothing in front of that is asked
	 * about. False: from its beginning. */
	bool (*start)(const char *path, MailboxMark *ret_mark, gpointer data);
	/* offset: in the file, of the message with the mbox's line before it. */
	MailboxWish (*wish)(uint64_t offset, gpointer data);
	gpointer data;
} MailboxFilter;

typedef struct Mailbox Mailbox;

/* path "-" is standard input. Nothing is read yet; an error shows at the first step. A compressed
 * file and an archive are taken apart whatever the kind, which is then that of the files in it;
 * what comes on standard input only where the kind is to be recognised. Where a message lies in
 * one, source->path is "ARCHIVE!MEMBER" and source->archive "ARCHIVE". */
Mailbox *mailbox_open(const char *path, MailboxKind kind);
/* The same, of which only what the filter, which is borrowed, wants is read; NULL: all. */
Mailbox *mailbox_open_filtered(const char *path, MailboxKind kind, const MailboxFilter *filter);
/* Archives are taken apart by processes that confine themselves by that: for good, to channel, and
 * to so many more octets of memory. Without, they are not confined. */
void mailbox_confine(Mailbox *mailbox, unsigned (*confine)(int channel, uint64_t memory));
MailboxStep mailbox_next(Mailbox *mailbox, RawMessage **ret_raw, GError **reterr_error);
void mailbox_free(Mailbox *mailbox); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_free)

/* "mbox", "maildir", "eml", "emlx", "folder", "auto". */
bool mailbox_kind_parse(const char *word, MailboxKind *ret_kind);
