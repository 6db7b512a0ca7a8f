/* The clock table: every moment that a message and its store name, in order, with what contradicts
 * what. Clocks of mail differ by minutes; only what goes beyond that is a contradiction. */
#pragma once

#include "analysis/case.h"

typedef enum ClockSource {
	CLOCK_DATE,          /* Date */
	CLOCK_HOP,           /* a Received line */
	CLOCK_DKIM_SIGNED,   /* t= of a DKIM signature */
	CLOCK_DKIM_EXPIRES,  /* x= */
	CLOCK_ARC_SEALED,    /* t= of an ARC-Seal */
	CLOCK_SMIME_SIGNED,  /* the signing time in an S/MIME signature */
	CLOCK_MESSAGE_ID,    /* within the Message-ID, where its form is known */
	CLOCK_MIME_BOUNDARY, /* within a MIME boundary */
	CLOCK_THREAD,        /* Thread-Index: when the conversation began */
	CLOCK_STORE,         /* the mbox line, the Maildir's file name, .emlx */
	CLOCK_EXPORT,        /* the number in an mbox line of Google's export */
} ClockSource;

typedef struct ClockEntry {
	ClockSource source;
	int64_t time;
	char *detail; /* printable: "d=example.com s=1", "#2 by mx.example.com", "outlook"; or NULL
		       */
	bool is_ours; /* a line that is surely ours, or the store; the rest is the sender's word */
	const char *contradiction; /* static code, or NULL */
	const char *contradicts;   /* its sentence, static English, marked with N_ */
	bool has_place;
	uint64_t offset, length; /* in the message */
} ClockEntry;

/* Of ClockEntry, earliest first; entries of one moment in the order above. Owned by the caller.
 * Pure. The case is evaluated. */
GPtrArray *clock_table_new(const Case *kase);

static inline const ClockEntry *clock_table_entry(const GPtrArray *table, size_t index)
{
	return (const ClockEntry *)g_ptr_array_index(table, index);
}

const char *clock_source_word(ClockSource source); /* "date", "received", "dkim-t", … */
