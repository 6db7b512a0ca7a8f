/* Tells by its first octets what a file is. */
#pragma once

#include "base/slice.h"

typedef enum FileForm {
	FORM_OTHER,
	FORM_EMPTY,
	FORM_MBOX,
	FORM_EMLX,
	FORM_MESSAGE,
	FORM_ARCHIVE, /* or a compressed file */
} FileForm;

typedef struct Recognised {
	FileForm form;
	/* It may be something else as well: an mbox with text before its first From_ line, a
	 * message that has no field of a name that is known, or text before its first field. */
	bool doubtful;
	const char *archive; /* the archive's or compression's name, static */
} Recognised;

/* Octets that suffice to tell an archive: tar's first block. */
#define RECOGNISE_ARCHIVE_HEAD ((size_t)512)

/* head: the file's first octets, as many as a window holds. */
Recognised recognise(Slice head);
/* "gzip", "bzip2", "xz", "zstd", "zip" or "tar"; NULL where it is none of them. */
const char *recognise_archive(Slice head);
/* "1234 " and a line end: the first line of an .emlx. */
bool recognise_emlx_count(Slice line, guint64 *ret_count);
/* Octets of the byte order mark at the front: 0 or 3. */
size_t recognise_bom(Slice text);
