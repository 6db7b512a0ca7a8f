/* Private to mailbox/: walks a directory and what lies below it. */
#pragma once

#include "mailbox/reader.h"

/* Mail folders nest by their users' hands; a deeper tree is no mail store. */
#define FOLDER_DEPTH_MAX 64u
/* Names of one directory that are sorted; a name takes some hundred octets, this many a gigabyte.
 */
#define FOLDER_NAMES_MAX 10000000u

/* In the order of names, octet by octet. A directory with cur or new in it is a Maildir: first its
 * messages, cur and new in one order, then what lies below it. Names that begin with a dot are
 * passed over, save directories that are Maildirs (Maildir++). Links to directories are followed,
 * but no directory is read twice: that is an error. Files are read or passed over by
 * store_file.h's rules; what is neither a file nor a directory is an error and is not opened. */
Reader *folder_reader_new(const ReaderTools *tools, const char *path);
