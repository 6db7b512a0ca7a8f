/* Packets to one server over one transport, by c-ares. Its types stay behind this header. */
#pragma once

#include "base/inet_addr.h"

#include <poll.h>

typedef struct LiveChannel LiveChannel;

/* Sockets that one channel may have at a time (c-ares has as many). */
#define LIVE_CHANNEL_POLLS 16

typedef enum LiveEvent {
	LIVE_EVENT_PACKET,  /* an answer with the question's number, from the server */
	LIVE_EVENT_SILENCE, /* none came in time, or the channel is freed */
	LIVE_EVENT_NETERR,  /* closed port, no route, the connection broke */
} LiveEvent;

/* Called once for every packet sent, perhaps before live_channel_send() returns. It must not call
 * this room again. */
typedef void (*LiveEventFunc)(LiveEvent event, Slice packet, gpointer data);

/* Answers are waited for at most timeout_ms. */
LiveChannel *live_channel_new(
	const InetAddr *addr, uint16_t port, bool tcp, unsigned timeout_ms, GError **reterr_error);
void live_channel_free(LiveChannel *channel); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveChannel, live_channel_free)

/* Nothing is on its way. */
bool live_channel_is_idle(const LiveChannel *channel);

/* A random number that no packet on its way has; false where too many are. */
bool live_channel_take_id(LiveChannel *channel, uint16_t *ret_id);
/* Gives back a number that was not sent after all. */
void live_channel_release_id(LiveChannel *channel, uint16_t id);

/* Sends packet, which has that number; it gives the number back itself. */
void live_channel_send(
	LiveChannel *channel, uint16_t id, Slice packet, LiveEventFunc func, gpointer data);

/* What to poll for; returns how many. */
unsigned live_channel_polls(LiveChannel *channel, struct pollfd polls[LIVE_CHANNEL_POLLS]);
/* Reads and writes what poll(2) found; with count 0 only the time is looked at. */
void live_channel_process(LiveChannel *channel, const struct pollfd *polls, unsigned count);

typedef struct LiveAddress {
	InetAddr addr;
	uint16_t port;
} LiveAddress;

/* The system's resolvers; of LiveAddress. */
GArray *live_system_resolvers(void);
