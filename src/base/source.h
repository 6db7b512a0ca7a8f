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
	STORE_ATTACHED, /* not stored by itself: a part of another message */
} StoreKind;

/* The transfer encoding that was undone to have an attached message. */
typedef enum PartEncoding {
	PART_BARE, /* none: its octets are those of the message that carries it */
	PART_BASE64,
	PART_QUOTED_PRINTABLE,
	PART_UUENCODE,
} PartEncoding;

/* Where an attached message was found in the one that carries it, which is the stored message or
 * attached itself. */
typedef struct SourcePart {
	char *number;            /* from the stored message down (base/part_number.h) */
	char *carrier;           /* the number of the one that carries it; NULL: the stored one */
	char carrier_sha256[65]; /* of its octets as stored, or as they were taken out */
	uint64_t offset, length; /* of the body of the part, among these octets */
	PartEncoding encoding;
	StoreKind store;  /* where the stored message was found */
	bool is_verbatim; /* no encoding was undone on the way: its octets are those of the file */
} SourcePart;

typedef struct Source {
	char *path;      /* as given by the user, members of a folder below it; "-" for stdin; in an
			    archive "ARCHIVE!MEMBER" */
	char *archive;   /* the path of the archive or compressed file; or NULL */
	uint64_t index;  /* messages before this one in the same file, plus 1 */
	uint64_t offset; /* of the first octet of the message in that file; where an encoding was
			    undone, of what it was undone from */
	uint64_t length; /* octets of the message as stored, or as taken out */
	StoreKind kind;
	char *from_line; /* mbox: the From_ line, printable UTF-8, without its line end; or NULL */
	char *from_line_sender; /* mbox: its address; NULL where it is none ("-") */
	int64_t store_time;     /* mbox line, Maildir name, .emlx; TIME_UNKNOWN */
	char *flags;            /* Maildir's letters, sorted; or NULL */
	bool expunged;          /* marked as deleted, but still stored */
	char sha256[65];        /* of the message as stored, hexadecimal */
	SourcePart *part;       /* of an attached message; NULL: it is the stored one */
} Source;

Source *source_new(void);
void source_free(Source *source); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

const char *store_kind_word(StoreKind kind);
const char *part_encoding_word(PartEncoding encoding); /* NULL: none */

SourcePart *source_part_new(void);
void source_part_free(SourcePart *part); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SourcePart, source_part_free)

/* The number of an attached message; NULL of a stored one. */
const char *source_part_number(const Source *source);
/* Its lines may be quoted as an mbox has them. */
bool source_is_of_mbox(const Source *source);
/* "3", or "3:2.1" of an attached message; owned by the caller. */
char *source_place(const Source *source);
/* The same in the names of files, number being that of all messages that were read: "3", "3.2.1".
 * Owned by the caller. */
char *source_file_word(const Source *source, uint64_t number);
/* As source_place(), of the numbers alone; part may be NULL. */
char *source_place_of(uint64_t index, const char *part);
