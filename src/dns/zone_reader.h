/* Master files (RFC 1035, 5), record by record. What such a file says is not trusted: nothing else
 * is opened for it, and what is not surely a record is none.
 *
 * ldns reads them too, and was tried (1.8.3): it takes a quoted string or a parenthesis without an
 * end for one that ends with the file, swallows the records behind it, and passes over NUL. */
#pragma once

#include "dns/answer.h"

typedef struct ZoneReader ZoneReader;

typedef enum ZoneStep {
	ZONE_RECORD,
	ZONE_OTHER,    /* a record of a class or type that is never asked */
	ZONE_QUESTION, /* a comment that is a ;q line of evidence */
	ZONE_BAD,      /* what cannot be read */
	ZONE_END,
} ZoneStep;

typedef struct ZoneItem {
	uint64_t line;       /* at which it begins */
	Rr *rr;              /* ZONE_RECORD: owned by the caller */
	Slice question;      /* ZONE_QUESTION: the line, in the text */
	const char *problem; /* ZONE_BAD: static */
} ZoneItem;

/* text, which has first_line as its first line, must outlive the reader. origin is a name in normal
 * form, the root being empty; NULL: names are relative to nothing until the text says so. */
ZoneReader *zone_reader_new(Slice text, uint64_t first_line, const char *origin);
void zone_reader_free(ZoneReader *zone); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZoneReader, zone_reader_free)

ZoneStep zone_reader_next(ZoneReader *zone, ZoneItem *ret_item);
