/* The socket between the engine and one of its workers. What crosses it are frames: two numbers of
 * eight octets (kind and length) and so many octets. The engine's side never waits; the worker's
 * has nothing else to do. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* Both ends; false where the system has none (errno says why). */
bool channel_pair(int ret_ends[2]);

/* --- the engine's side */

typedef struct Channel Channel;

/* Takes fd over. A frame from the worker has at most limit octets. */
Channel *channel_new(int fd, size_t limit);
void channel_free(Channel *channel); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Channel, channel_free)

int channel_fd(const Channel *channel);
/* Something waits to be sent. */
bool channel_is_behind(const Channel *channel);

/* Queues a frame of head, which is taken over, and the octets of tail (NULL is fine). */
void channel_send(Channel *channel, uint64_t kind, GByteArray *head, GBytes *tail);
/* Sends what the socket takes. False where the other end is closed. */
bool channel_flush(Channel *channel);

/* Reads what has come. False where nothing more will: the other end is closed. */
bool channel_fill(Channel *channel);

typedef enum ChannelStep { CHANNEL_NOTHING, CHANNEL_FRAME, CHANNEL_BROKEN } ChannelStep;

/* The next frame that has come whole; the octets last until the channel is filled again. BROKEN:
 * one is longer than it may be. */
ChannelStep channel_next(Channel *channel, uint64_t *ret_kind, Slice *ret_octets);

/* --- the worker's side; false where the other end is closed */

bool channel_put(int fd, uint64_t kind, const GByteArray *head, Slice tail);
bool channel_get(int fd, uint64_t *ret_kind, GBytes **ret_octets);
