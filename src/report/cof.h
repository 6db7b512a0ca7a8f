/* The Common Output Format of passive DNS (draft-dulaunoy-dnsop-passive-dns-cof): a JSON object on
 * a line for each record, with when it was seen first and last. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

typedef struct CofRecord {
	char *name; /* with or without its final dot */
	char *type;
	GPtrArray *data;     /* of char *: the data in presentation form, several of one time */
	int64_t first, last; /* TIME_UNKNOWN: not said */
	uint64_t count;      /* how often it was seen; 0: not said */
} CofRecord;

/* Reads a line; *ret_record is written where it is one, and is then to be cleared. Members that are
 * not known are passed over. */
bool cof_read(Slice line, CofRecord *ret_record, GError **reterr_error);
void cof_record_clear(CofRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CofRecord, cof_record_clear)

/* Appends the line of a record; its times are known. */
void cof_append(GString *out, const CofRecord *record);
