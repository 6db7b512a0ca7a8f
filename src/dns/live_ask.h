/* One question on its way: the packets sent for it, and what is made of the answers. */
#pragma once

#include "dns/live_server.h"
#include "dns/packet.h"

/* What the questions of one Live share. */
typedef struct LiveShared {
	GPtrArray *servers; /* of LiveServer */
	unsigned timeout_ms;
	int64_t spoke_at; /* when one of them said anything; 0: never; monotonic microseconds */
	GQueue events;    /* of LiveAskEvent, in the order in which they came */
} LiveShared;

/* How many references: that of Live, and of each packet that is on its way. */
typedef struct LiveAsk {
	unsigned references;
	LiveShared *shared;
	Question *question;
	int64_t started;  /* monotonic microseconds, as all times here */
	int64_t deadline; /* for all of it */
	int64_t retry_at; /* when silence is answered by another packet */
	unsigned tries;   /* packets sent */
	unsigned tcp_tries;
	unsigned broken;   /* packets that could not be read */
	unsigned refused;  /* closed ports */
	uint64_t failed;   /* servers that answered, but with a failure; by index */
	size_t server;     /* the one asked last */
	bool is_tcp;       /* the answer is too long for UDP */
	bool is_plain;     /* EDNS was refused */
	bool is_unchecked; /* asks with checking disabled what was bogus */
	bool is_held;      /* a packet waits for a free connection */
	bool is_heard;     /* a server said something to it */
	bool is_unheard;   /* it is done, and none did */
	bool is_done;
	Answer *failure; /* what is to be said where nothing better comes */
	Answer *answer;  /* the result, once it is done */
} LiveAsk;

LiveAsk *live_ask_new(LiveShared *shared, const Question *question);
void live_ask_release(LiveAsk *ask);

/* One that is done is to be asked as if it never was. */
void live_ask_renew(LiveAsk *ask);

/* Sends the first packet. */
void live_ask_start(LiveAsk *ask, int64_t now);
/* Does what is due: sends again, or gives up. */
void live_ask_tick(LiveAsk *ask, int64_t now);
/* When it is to be called next. */
int64_t live_ask_due(const LiveAsk *ask);

typedef struct LiveAskEvent LiveAskEvent;

/* Makes of an event what it means for its question, and frees it. */
void live_ask_handle(LiveAskEvent *event, int64_t now);
