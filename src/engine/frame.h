/* What engine and worker say to one another. The engine's words are believed, the worker's are
 * not: what it says is read within limits, and held to what may be said of the message it was
 * given.
 *
 * A worker says READY first, and then one thing to each frame it gets, in their order. */
#pragma once

#include "base/limits.h"
#include "dns/question.h"
#include "engine/channel.h"
#include "engine/result.h"
#include "mailbox/raw_message.h"

typedef enum FrameKind {
	FRAME_TASK = 1, /* to the worker: a message */
	FRAME_ANSWERS,  /* to the worker: what a message lacked */
	FRAME_READY,    /* how it is confined (engine/sandbox.h) */
	FRAME_LACKING,  /* the questions whose answers the message lacks */
	FRAME_MISSING,  /* the number of a converter that it would need (message/converters.h) */
	FRAME_DONE,     /* the result */
} FrameKind;

/* What a worker may say at a time: the account of a message of LIMIT_MIME_PARTS parts with as many
 * findings stays below a twentieth of it. Where a result has files, they are the canonical bodies
 * of the message, one for each signature. */
#define FRAME_MAX       ((size_t)64 * 1024 * 1024)
#define FRAME_FILES_MAX ((size_t)1024 * 1024 * 1024)
/* What attached messages may add, where they are asked for. */
#define FRAME_ATTACHED_MAX ((size_t)LIMIT_ATTACHED_OCTETS + FRAME_MAX)

/* --- the engine writes; what comes back is for channel_send() */

/* id tells it from all others, number from those that are stored. The octets of the message are the
 * frame's tail. */
GByteArray *frame_task(uint64_t id, uint64_t number, const RawMessage *raw);
/* Each group is the text of an answer, as an evidence file has it. */
GByteArray *frame_answers(uint64_t id);
void frame_add_answer(GByteArray *answers, Slice group);

/* --- the worker reads */

/* The message, owned by the caller; NULL where it cannot be read. */
RawMessage *frame_read_task(GBytes *octets, uint64_t *ret_id, uint64_t *ret_number);
/* The groups, of Slice, which point into octets; owned by the caller. */
GArray *frame_read_answers(Slice octets, uint64_t *ret_id);

/* --- the worker writes; false: the engine is gone */

bool frame_put_ready(int fd, unsigned confinement);
bool frame_put_lacking(int fd, uint64_t id, const GPtrArray *questions); /* of Question */
bool frame_put_missing(int fd, uint64_t id, unsigned converter);
bool frame_put_done(int fd, uint64_t id, const EngineResult *result);

/* --- the engine reads; false: that is nothing a worker may say */

bool frame_read_ready(Slice octets, unsigned *ret_confinement);
/* Of Question, their names in normal form; owned by the caller. */
bool frame_read_lacking(Slice octets, uint64_t *ret_id, GPtrArray **ret_questions);
bool frame_read_missing(Slice octets, uint64_t *ret_id, uint64_t *ret_converter);
/* The result is to be cleared. Its text may still be anything. */
bool frame_read_done(Slice octets, uint64_t *ret_id, EngineResult *ret_result);
