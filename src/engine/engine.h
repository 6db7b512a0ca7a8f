/* Who runs what, when.
 *
 * One process reads the mailboxes, asks the DNS and writes; the workers (engine/worker.h) are
 * processes of their own, and evaluate. The engine owns the octets of a message until its result is
 * there; a worker has a copy, and owns the case that it makes of it. Evidence, trust and the suffix
 * list are loaded before the workers are started: each has them as they were then, shared with the
 * engine's until one of them writes there. Everything a library opens late must be open by then.
 *
 * What crosses the channel (engine/frame.h), each message under its number:
 *   to the worker    TASK (where it was found, what the store showed, its octets), ANSWERS
 *   to the engine    DONE (the text for the report, the entry for the tables, the files of
 *                    --dump, the attached messages), LACKING (questions), MISSING (a converter of a
 *                    charset that was not open yet)
 * A worker says one thing to each frame, in their order; so it is known what it was at when it
 * ended. It holds the case between LACKING and ANSWERS. A question
 * goes to the DNS once for all; an answer is written as evidence before it is used, and it is that
 * text which is sent, so that a replay sees the same.
 *
 * A worker is confined before it sees a message (engine/sandbox.h), and what it says is not
 * believed (engine/frame.h, and the sink's is_sound): a message that takes its worker over can have
 * a false report of itself, and of those that the worker is given after it; it cannot speak for
 * others, nor end the run. It can have any name asked of the DNS.
 *
 * Messages attached to others (--attached) are found by the worker that evaluates the stored one:
 * its result has the places of all that it carries, at all depths, and the octets of those that an
 * encoding was undone for. What a place names are octets of the message as the engine has it. Each
 * becomes an item of its own, behind its carrier and before what follows that in the input, and is
 * evaluated on its octets alone, by any worker. A message whose worker fails has none.
 *
 * An archive is taken apart by a process of its own, confined in the same way; what comes out of it
 * is believed to be its files, and nothing else (mailbox/unpacker.h).
 *
 * A worker that ends, says what it may not, or takes too long is replaced; the same message is then
 * given to a fresh one that has nothing else, as the fault may be in what was there before it.
 * Where that ends too, or where it was time, the message has a report that says so
 * (analysis/unread.h), which the engine makes from what the store said, without looking into the
 * message. Time is the worker's processor time: a busy machine changes nothing.
 *
 * Results leave in the order of the input. What is read ahead is bounded by a window, by number and
 * by octets, a message counting until its result has left; so one that waits for a slow server, or
 * takes long, holds up the others only when the window is full.
 *
 * Where no DNS server answers any more nothing is read; after LIMIT_OUTAGE_MS the run ends with
 * what has left by then. No message has a result that rests on that silence. */
#pragma once

#include "analysis/case.h"
#include "dns/evidence_file.h"
#include "dns/live.h"
#include "engine/result.h"
#include "mailbox/mailbox.h"

typedef struct EngineOptions {
	CaseOptions kase;
	const BoundaryOptions *boundary; /* borrowed; NULL is fine */
	Live *live;                      /* borrowed; NULL: nothing is asked (--offline) */
	EvidenceFile *file; /* borrowed; live answers are appended to it; NULL is fine */
	MailboxKind kind;
	const MailboxFilter *filter; /* borrowed; NULL: all is read */
	unsigned workers;            /* at least 1 */
	bool takes_attached;         /* messages attached to others are messages, too */
} EngineOptions;

/* What whoever started it wants of a run. */
typedef enum EngineWish {
	ENGINE_GO_ON,
	ENGINE_FINISH, /* read no more; what is under way is finished */
	ENGINE_ABORT,
} EngineWish;

typedef struct EngineStatus {
	uint64_t messages;   /* read and wanted, or attached to one that was */
	uint64_t done;       /* whose results have left */
	uint64_t octets;     /* of all that were read, as stored; without those attached */
	size_t outstanding;  /* questions to the DNS */
	unsigned restarts;   /* workers replaced */
	unsigned silence_ms; /* no DNS server has answered for so long; 0: that is not so */
} EngineStatus;

typedef struct EngineSink {
	/* In a worker, before anything is evaluated: whether the message is to be. NULL: each is.
	 */
	bool (*is_chosen)(const RawMessage *raw, gpointer data);
	/* In a worker, or for a message that could not be evaluated in the engine: fills the
	 * result.
	 */
	void (*report)(Case *kase, EngineResult *result, gpointer data);
	/* A result that a worker gave may be one of the message at source, and of this number;
	 * those attached to a message have the number of the stored one. */
	bool (*is_sound)(
		const EngineResult *result, const Source *source, uint64_t number, gpointer data);
	/* A result, in the order of the input; borrowed. */
	void (*result)(const EngineResult *result, gpointer data);
	/* What could not be read, written or analysed; text names it. */
	void (*problem)(const char *text, gpointer data);
	/* Whether this message is to be analysed; number counts all that were read, from 1. */
	bool (*is_wanted)(const RawMessage *raw, uint64_t number, gpointer data);
	EngineWish (*wish)(gpointer data);
	/* Called now and then; NULL is fine. */
	void (*tick)(const EngineStatus *status, gpointer data);
	gpointer data;
} EngineSink;

typedef struct Engine Engine;

/* Starts the workers. Both structures are borrowed. NULL and the error where they cannot be. */
Engine *engine_new(const EngineOptions *options, const EngineSink *sink, GError **reterr_error);
void engine_free(Engine *engine); /* ends the workers; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Engine, engine_free)

/* What the workers are confined by: of const char *; owned by the caller. */
GPtrArray *engine_confinement(const Engine *engine);

typedef enum EngineEnd {
	ENGINE_COMPLETE,
	ENGINE_WISHED,      /* it was to end */
	ENGINE_NO_RESOLVER, /* no DNS server answered any more */
	ENGINE_NO_WORKER,   /* a worker could not be started; a problem says why */
} EngineEnd;

/* Reads every path, in order. */
EngineEnd engine_run(Engine *engine, char *const *paths);

/* One case for a message. Takes raw over; boundary is borrowed, and must outlive the case. */
Case *engine_case(RawMessage *raw, const BoundaryOptions *boundary);
