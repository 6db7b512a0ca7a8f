/* Telling a question that nobody answers from servers that answer nothing.
 *
 * A question that ends without a word from any server is held back while it is found out whether
 * one is there: another, which was answered before, is asked as a probe. Where that is answered the
 * silence is the question's own, and its outcome stands. Where it is not, all that is asked from
 * then on would end the same way: nothing is asked but the probe, until it is answered; then what
 * was held is asked anew. Before any server ever spoke there is nothing to ask as a probe; then
 * each question is one, and its outcome stands. */
#pragma once

#include "dns/live_ask.h"

typedef struct LiveOutage {
	Question *answered; /* a question that a server answered; NULL: none did yet */
	GQueue held;        /* of LiveAsk; Live owns them */
	LiveAsk *probe;     /* on its way; owned */
	int64_t probe_at;   /* when the next one is due; monotonic microseconds, as all times */
	int64_t since;      /* no server has said a word since then; 0: there is no such silence */
	bool is_certain;    /* a probe was not answered either */
} LiveOutage;

void live_outage_clear(LiveOutage *outage);

/* Of a question that is done: true where it is held. */
bool live_outage_hold(LiveOutage *outage, LiveAsk *ask, int64_t now);
/* Nothing but the probe is to be asked. */
static inline bool live_outage_is_holding(const LiveOutage *outage)
{
	return outage->held.length > 0;
}

/* The next probe, to be ticked with the other questions; NULL where none is due. */
LiveAsk *live_outage_start_probe(LiveOutage *outage, LiveShared *shared, int64_t now);
/* Of the probe, which is done: frees it. Where it was answered, what was held goes to the tail of
 * again, to be asked anew, or of finished. */
void live_outage_end_probe(LiveOutage *outage, GQueue *again, GQueue *finished, int64_t now);
