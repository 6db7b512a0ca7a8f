/* Live DNS through c-ares: many questions at a time, each its own packet, the raw outcome kept.
 * The only room with a socket. */
#pragma once

#include "dns/answer.h"

#include <poll.h>

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

/* The same around a poll(2) of one's own, which may wait for other things besides: appends what is
 * to be polled for to polls (of struct pollfd), and returns for how many ms at most. */
unsigned live_prepare(Live *live, GArray *polls, unsigned wait_ms);
/* polls is what live_prepare() appended, with what poll(2) said of it. */
void live_process(Live *live, const struct pollfd *polls, LiveSink sink, gpointer data);

/* For how long no server has said a word, though they were asked; 0 unless that is certain
 * (dns/live_outage.h). Questions that were asked after a server had spoken are then held: they have
 * an answer when one speaks again, and not before. */
unsigned live_silence_ms(const Live *live);
/* A server has said something since the beginning. */
bool live_is_proven(const Live *live);
size_t live_outstanding(const Live *live); /* queued ones too */
void live_free(Live *live);                /* gives up what is outstanding; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Live, live_free)

/* The library behind it, with its version; owned by the caller. */
char *live_library(void);
