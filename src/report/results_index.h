/* The messages of two results, paired: some 200 octets a message, whatever its record holds. */
#pragma once

#include "report/saved_record.h"

/* Octets of SHA-256 by which messages are compared. */
#define INDEX_KEY_OCTETS ((size_t)16)

typedef struct IndexedRecord {
	uint64_t offset, number;                 /* of its line in the results */
	uint32_t run;                            /* of the runs in that file */
	uint32_t partner;                        /* index in the other results, plus 1; 0: none */
	uint32_t next;                           /* the next one of the same key, plus 1 */
	unsigned char place[INDEX_KEY_OCTETS];   /* path, index, octets */
	unsigned char content[INDEX_KEY_OCTETS]; /* octets, Message-ID */
	unsigned char verdicts[INDEX_KEY_OCTETS];
} IndexedRecord;

typedef struct ResultsIndex {
	GArray *records; /* of IndexedRecord, in the order of the file */
} ResultsIndex;

ResultsIndex *results_index_new(void);
void results_index_free(ResultsIndex *index); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResultsIndex, results_index_free)

void results_index_add(ResultsIndex *index, const SavedRecord *record, uint64_t offset,
	uint64_t number, uint32_t run);

static inline const IndexedRecord *results_index_get(const ResultsIndex *index, guint number)
{
	return &g_array_index(index->records, IndexedRecord, number);
}

/* Whether the two have the same verdicts: results, reasons, whether final, marks. */
bool indexed_record_is_same(const IndexedRecord *a, const IndexedRecord *b);

/* Pairs each record of a with at most one of b: the same octets in the same place first, then the
 * same octets with the same Message-ID anywhere; of several that are alike, the first with the
 * first. */
void results_index_pair(ResultsIndex *a, ResultsIndex *b);
