/* Where a message was found, and what the store said of it besides its octets. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

typedef enum StoreKind {
	STORE_UNKNOWN,
	STORE_MBOX,
	STORE_MAILDIR,
	STORE_EML,
	STORE_EMLX,
} StoreKind;

typedef struct Source {
	char *path;      /* as given by the user, members of a folder below it; "-" for stdin; in an
			    archive "ARCHIVE!MEMBER" */
	char *archive;   /* the path of the archive or compressed file; or NULL */
	uint64_t index;  /* messages before this one in the same file, plus 1 */
	uint64_t offset; /* of the first octet of the message in that file */
	uint64_t length; /* octets of the message as stored */
	StoreKind kind;
	char *from_line; /* mbox: the From_ line, printable UTF-8, without its line end; or NULL */
	char *from_line_sender; /* mbox: its address; NULL where it is none ("-") */
	int64_t store_time;     /* mbox line, Maildir name, .emlx; TIME_UNKNOWN */
	char *flags;            /* Maildir's letters, sorted; or NULL */
	bool expunged;          /* marked as deleted, but still stored */
	char sha256[65];        /* of the message as stored, hexadecimal */
} Source;

Source *source_new(void);
void source_free(Source *source); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

const char *store_kind_word(StoreKind kind);
