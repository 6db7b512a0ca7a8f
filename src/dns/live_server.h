/* A resolver as live DNS knows it: where it is, and how it has behaved. */
#pragma once

#include "dns/live_channel.h"

typedef struct LiveServer {
	char *label; /* "192.0.2.53@53" */
	LiveAddress address;
	unsigned timeout_ms;
	GPtrArray *channels; /* of LiveChannel: the first is UDP's, the others TCP's */
	bool is_plain;       /* it refuses EDNS */
	unsigned silences;   /* questions it let lie since it last spoke */
	int64_t dead_until;  /* not asked before, where another is there; monotonic microseconds */
} LiveServer;

/* The servers named, or the system's where there are none; of LiveServer. NULL on failure. */
GPtrArray *live_servers_new(const GPtrArray *resolvers, unsigned timeout_ms, GError **reterr_error);

/* The channel for the next packet. Many servers close a connection after one answer, so each
 * question by TCP has its own, up to a limit; NULL where all of them are in use. */
LiveChannel *live_server_channel(LiveServer *server, bool is_tcp);

bool live_server_is_dead(const LiveServer *server, int64_t now);
/* It answered; it said nothing; its port is closed. */
void live_server_spoke(LiveServer *server);
void live_server_was_silent(LiveServer *server, int64_t now);
void live_server_refused(LiveServer *server, int64_t now);

/* The one to ask after the one at index last (or first, with last SIZE_MAX): the next that is not
 * dead, or the next. */
size_t live_servers_next(const GPtrArray *servers, size_t last, int64_t now);
