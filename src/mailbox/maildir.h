/* Private to mailbox/: the Maildir's file of one message, and what its name says. */
#pragma once

#include "mailbox/reader.h"

/* path has a directory cur or new in it. */
bool maildir_is_at(const char *path);
/* The name without what stands behind the last ":2," (";2," and "!2," on file systems without
 * colons): two files of one message differ only there. */
Slice maildir_unique_name(const char *name);
/* Opens a file of cur or new. NULL when it cannot be opened. */
Reader *maildir_file_open(const ReaderTools *tools, const char *path, GError **reterr_error);
/* Reads what is open in the tools' window as such a file; name is the file's own. */
Reader *maildir_reader_new(const ReaderTools *tools, const char *path, const char *name);
/* The name begins as those of a delivery do. */
bool maildir_is_delivery(const char *name);
