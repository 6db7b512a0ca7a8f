/* Who runs what, when: reads the mailboxes, has lacking questions answered while other messages are
 * evaluated, and hands the cases out in the order of the input.
 *
 * A message waits until every answer it asked for is there, and is then evaluated again; one slow
 * server holds up only those that wait for it (and, by their number and size, what is read ahead).
 * A live answer is written as evidence and read back from that text before it is used, so that a
 * replay sees the same. */
#pragma once

#include "analysis/case.h"
#include "dns/evidence_file.h"
#include "dns/live.h"
#include "mailbox/mailbox.h"

typedef struct EngineOptions {
	CaseOptions kase;
	const BoundaryOptions *boundary; /* borrowed; NULL is fine */
	Live *live;                      /* borrowed; NULL: nothing is asked (--offline) */
	EvidenceFile *file; /* borrowed; live answers are appended to it; NULL is fine */
	MailboxKind kind;
} EngineOptions;

typedef struct EngineSink {
	/* A case, in the order of the input; borrowed. */
	void (*message)(const Case *kase, gpointer data);
	/* What could not be read or written; text names it. */
	void (*problem)(const char *text, gpointer data);
	/* Whether this message is to be analysed; number counts all that were read, from 1. */
	bool (*is_wanted)(const RawMessage *raw, uint64_t number, gpointer data);
	/* Asked between messages: true ends the run with what is done. */
	bool (*is_cancelled)(gpointer data);
	gpointer data;
} EngineSink;

/* Reads every path, in order. False when it was cancelled. */
bool engine_run(const EngineOptions *options, char *const *paths, const EngineSink *sink);

/* One case for a message: its facts and, for an mbox, those of its un-quoted variants. Takes raw
 * over. */
Case *engine_case(RawMessage *raw, const BoundaryOptions *boundary);
