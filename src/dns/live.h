/* Live DNS through c-ares: many questions at a time, each its own packet, the raw outcome kept.
 * The only room with a socket. */
#pragma once

#include "dns/answer.h"

typedef struct LiveOptions {
	GPtrArray
		*resolvers; /* of char *: "ADDR", "ADDR@PORT", "[ADDR]:PORT"; empty: the system's */
	unsigned timeout_ms; /* total for a question, all tries; 0: the default, 5000 */
	unsigned parallel;   /* questions outstanding at a time; 0: the default, 256 */
} LiveOptions;

typedef struct Live Live;

/* Called with the answer, which it takes over, for every question, once. */
typedef void (*LiveSink)(Answer *answer, gpointer data);

Live *live_new(const LiveOptions *options, GError **reterr_error);
/* Queues a question; a question that is queued or outstanding already is not asked twice. */
void live_ask(Live *live, const Question *question);
/* Sends, waits for at most wait_ms for something to happen, and hands what came to sink. */
void live_poll(Live *live, unsigned wait_ms, LiveSink sink, gpointer data);
size_t live_outstanding(const Live *live); /* queued ones too */
void live_free(Live *live);                /* gives up what is outstanding; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Live, live_free)

/* The library behind it, with its version; owned by the caller. */
char *live_library(void);
