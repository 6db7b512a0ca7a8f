#include "dns/live_outage.h"

/* A server that is there answers what it has answered before at once; one that comes back is seen
 * within this. */
#define PROBE_EVERY (INT64_C(1) * G_USEC_PER_SEC)

void live_outage_clear(LiveOutage *outage)
{
	question_free(outage->answered);
	g_queue_clear(&outage->held);
	if (outage->probe != NULL)
		live_ask_release(outage->probe);
	*outage = (LiveOutage) { .held = G_QUEUE_INIT };
}

/* A closed port is told at once; of silence it takes a while to be sure. */
static bool is_suspect(const LiveAsk *ask, int64_t now)
{
	int64_t patience = (int64_t)ask->shared->timeout_ms * 1000 / 2;

	return ask->refused > 0 || now - ask->shared->spoke_at >= patience;
}

static void note_first_word(LiveOutage *outage, const LiveAsk *ask)
{
	outage->answered = question_new(ask->question->name, ask->question->type);
	outage->since = 0;
	outage->is_certain = false;
}

bool live_outage_hold(LiveOutage *outage, LiveAsk *ask, int64_t now)
{
	int64_t spoke_at = ask->shared->spoke_at;

	if (!ask->is_unheard) {
		if (outage->answered == NULL && ask->is_heard)
			note_first_word(outage, ask);
		return false;
	}
	if (outage->answered == NULL) {
		outage->since = outage->since != 0 ? outage->since : ask->started;
		outage->is_certain = true;
		return false;
	}
	if (!live_outage_is_holding(outage) && !is_suspect(ask, now))
		return false;
	if (!live_outage_is_holding(outage)) {
		outage->since = spoke_at;
		outage->probe_at = now;
	}
	g_queue_push_tail(&outage->held, ask);
	return true;
}

LiveAsk *live_outage_start_probe(LiveOutage *outage, LiveShared *shared, int64_t now)
{
	if (!live_outage_is_holding(outage) || outage->probe != NULL || now < outage->probe_at)
		return NULL;
	outage->probe = live_ask_new(shared, outage->answered);
	live_ask_start(outage->probe, now);
	return outage->probe;
}

static void let_go(LiveOutage *outage, GQueue *again, GQueue *finished)
{
	while (!g_queue_is_empty(&outage->held)) {
		LiveAsk *ask = g_queue_pop_head(&outage->held);

		if (outage->is_certain) {
			live_ask_renew(ask);
			g_queue_push_tail(again, ask);
		} else {
			g_queue_push_tail(finished, ask);
		}
	}
	outage->since = 0;
	outage->is_certain = false;
}

void live_outage_end_probe(LiveOutage *outage, GQueue *again, GQueue *finished, int64_t now)
{
	bool is_heard = outage->probe->is_heard;

	live_ask_release(g_steal_pointer(&outage->probe));
	outage->probe_at = now + PROBE_EVERY;
	if (is_heard)
		let_go(outage, again, finished);
	else
		outage->is_certain = true;
}
