/* The parts of the engine, for its own files. */
#pragma once

#include "engine/engine.h"
#include "engine/item.h"

struct Engine {
	const EngineOptions *options;
	const EngineSink *sink;
	WorkerOptions worker;
	GPtrArray *members;  /* of Member */
	uint64_t ids;        /* that were given to items */
	GQueue items;        /* of Item, in the order of the input; owned */
	GQueue pending;      /* of Item: nobody is at them */
	size_t octets;       /* that the window counts for all items */
	GHashTable *waiting; /* Question -> GPtrArray of Item */
	GArray *polls;       /* of struct pollfd, kept for its memory */
	int64_t looked_at;   /* when the workers' time was last looked at; monotonic ms */
	EngineStatus status;
	EngineEnd end; /* ENGINE_COMPLETE until something ends the run */
	bool append_failed;
};

/* --- dispatch.c: who gets which message, and what becomes of it */

/* Somebody would take a message. */
bool dispatch_has_room(const Engine *engine);
/* Each has so much before it that it can be left alone for a moment. */
bool dispatch_is_ahead(const Engine *engine);
/* Gives out what is pending. */
void dispatch_pending(Engine *engine);
/* Sends an item's answers to whoever holds its case. */
void dispatch_answers(Engine *engine, Item *item);
/* Reads and writes a member's channel, and does what it says. */
void dispatch_serve(Engine *engine, Member *member);
/* The member has taken too long for what it is at. */
void dispatch_overdue(Engine *engine, Member *member);

/* --- attach.c: messages attached to others */

/* The result of item, whose octets are still there, may have these attached messages. */
bool attach_is_sound(const Engine *engine, const Item *item, const EngineResult *result);
/* Makes items of them, behind item. */
void attach_items(Engine *engine, const Item *item, const GPtrArray *list);

/* --- resolve.c: questions and answers */

/* The item lacks answers: those that are known are put to it, the others are asked for. */
void resolve_lacking(Engine *engine, Item *item, const GPtrArray *questions);
/* Of an item that waits: it does no longer. */
void resolve_forget(Engine *engine, Item *item);
/* A LiveSink; data is the engine. */
void resolve_take_answer(Answer *answer, gpointer data);

/* --- watch.c: time */

/* Looks at the time that the members have taken, every now and then. */
void watch_members(Engine *engine);
