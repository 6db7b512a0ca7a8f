/* What a worker makes of an item: of a message its case, of a sender in a list what he publishes.
 * Both cross the channel as a raw message (mailbox/raw_message.h): octets, and where they were
 * found; a sender's octets are his address and his selectors (engine/sender_item.h). */
#pragma once

#include "analysis/unread.h"
#include "engine/engine.h"
#include "engine/worker.h"

/* A worker, for what works in it. */
typedef struct Worker {
	int channel;
	const WorkerOptions *options;
	CaseOptions kase; /* the options', with what this worker keeps */
	Evidence *read;   /* of senders: answers that were read from their text */
	GHashTable *held; /* &held->id -> Held: work that waits for answers */
} Worker;

typedef struct WorkKind {
	bool has_entry; /* results have an entry in the tables */
	/* In a worker. Takes raw over. */
	gpointer (*begin)(Worker *worker, uint64_t id, uint64_t number, RawMessage *raw);
	/* What is to be told of one that is not chosen; NULL: nothing. */
	void (*pass_over)(Worker *worker, const RawMessage *raw, EngineResult *result);
	/* True where nothing is lacking. */
	bool (*evaluate)(Worker *worker, gpointer work);
	const GPtrArray *(*lacking)(gpointer work); /* of Question */
	/* Some of it will stay lacking, as too many rounds were asked for. */
	void (*give_up)(gpointer work);
	void (*report)(Worker *worker, gpointer work, EngineResult *result);
	void (*take_answer)(Worker *worker, Answer *answer); /* takes it over */
	void (*free)(gpointer work);

	/* In the engine: an item that could not be evaluated. Owned by the caller. */
	char *(*name)(const Source *source);
	void (*report_unread)(const EngineOptions *options, const EngineSink *sink, RawMessage *raw,
		Unread why, EngineResult *result);
} WorkKind;

extern const WorkKind work_mail;
extern const WorkKind work_senders;
