/* Private to mailbox/: the file that is one message. */
#pragma once

#include "mailbox/reader.h"

/* Reads the open file to its end as one message. A byte order mark and a From_ line in front of it
 * are left out of it, with a finding and in source->from_line. NULL when reading fails. */
RawMessage *eml_read(
	const ReaderTools *tools, const char *path, StoreKind kind, GError **reterr_error);
