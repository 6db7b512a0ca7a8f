/* Private to mailbox/: opens a file and finds the reader for what it is. */
#pragma once

#include "mailbox/reader.h"

/* How much a file's place says that it must be mail. */
typedef enum FilePlace {
	FILE_NAMED,      /* by the user: what is no mail is an error */
	FILE_IN_FOLDER,  /* found: what is no mail is an error only where its name promises mail,
			    that is with .eml, .emlx, .mbox or without an extension, save the
			    names that mail programs give to other files; and what only may be
			    mail is read only then */
	FILE_IN_MAILDIR, /* beside cur and new, or below: what is certainly mail is read, the rest
			  * passed over
			  */
	FILE_UNPACKED,   /* the content of a compressed file that was named by the user */
} FilePlace;

/* *ret_reader is NULL where there is nothing to read: the file is empty, or passed over. False
 * with an error when the file cannot be read, or is no mail. A compressed file and an archive are
 * taken apart; a zip that was only found is if its name ends in .zip, or has no extension. */
bool store_file_open(const ReaderTools *tools, const char *path, FilePlace place,
	Reader **ret_reader, GError **reterr_error);
/* The same for what is already open in the window; name is the file's own. */
bool store_file_recognise(const ReaderTools *tools, const char *path, const char *name,
	FilePlace place, Reader **ret_reader, GError **reterr_error);
