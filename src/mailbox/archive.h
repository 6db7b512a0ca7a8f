/* Private to mailbox/: the messages in an archive, or in a compressed file. */
#pragma once

#include "mailbox/reader.h"

typedef struct ArchivePlace {
	MailboxKind kind; /* of the files in it; MAILBOX_AUTO: each is recognised */
	bool is_named;    /* by the user: the content of a compressed file is mail, or an error */
	bool is_maildir;  /* a file of cur or new: so is the content of a compressed file */
} ArchivePlace;

/* Takes apart what is open in the tools' window, from where it stands; path names it. The files in
 * it come in their order there, and are read or passed over as those of a folder are: names that
 * begin with a dot are passed over, save Maildirs; files of a cur or new are a Maildir's, whose
 * deliveries in tmp are passed over. A problem of one file leaves the others. NULL and the error
 * where it cannot be taken apart. */
Reader *archive_reader_new(const ReaderTools *tools, const char *path, const ArchivePlace *place,
	GError **reterr_error);
