/* Answers out of what other programs write. Nothing of it is trusted: what cannot be read is named
 * and left out, and the rest is read. */
#pragma once

#include "dns/evidence_set.h"
#include "dns/record_pool.h"

typedef struct Import {
	EvidenceSet *set; /* takes the answers */
	/* Takes records that say nothing of their question; what it makes is the caller's to fetch.
	 */
	RecordPool *pool;
	int64_t taken; /* where the text does not say when; TIME_UNKNOWN: then that is a problem */
	const char *origin; /* of zone files that do not say it; NULL: none */
	void (*problem)(gpointer user, uint64_t line, const char *text);
	gpointer user;
	uint64_t passed_over;  /* records and answers of types and classes that are never asked */
	uint64_t undated;      /* records that were left out as nothing said when they were taken */
	uint64_t undated_line; /* of the first of them */
} Import;

/* A master file. Where kantei wrote it, its comments say what a zone cannot: questions, failures,
 * times; else each name and type that has records becomes an answer. */
void import_zone(Import *import, Slice text);
/* The output of dig in its usual form, with as many answers as there are. */
void import_dig(Import *import, Slice text);
/* A record as passive DNS has it, seen from first to last. Says what is wrong with it, static text;
 * NULL: it was taken, or passed over. */
const char *import_record(Import *import, const char *owner, const char *type, const char *data,
	int64_t first, int64_t last);
