#include "dns/live.h"

#include "dns/live_outage.h"

#define TIMEOUT_DEFAULT_MS 5000u
#define TIMEOUT_MAX_MS     600000u
#define PARALLEL_DEFAULT   256u
/* Each question has up to six packets on its way, and a channel has 65,536 numbers for them. */
#define PARALLEL_MAX 4096u

/* A question is waiting, then active, then perhaps held, then finished; known holds it all that
 * time. */
struct Live {
	LiveShared shared;
	LiveOutage outage;
	unsigned parallel;
	GHashTable *known;   /* Question -> LiveAsk; owns them */
	GQueue waiting;      /* of LiveAsk */
	GPtrArray *active;   /* of LiveAsk, in no order */
	GQueue finished;     /* of LiveAsk */
	int64_t due;         /* nothing of the active ones is due before */
	GPtrArray *channels; /* of LiveChannel, those of the servers */
	GArray *polls;       /* of struct pollfd */
	GArray *polled;      /* of unsigned: how many of them each channel has */
};

static void release_ask(gpointer data)
{
	live_ask_release(data);
}

Live *live_new(const LiveOptions *options, GError **reterr_error)
{
	g_autoptr(Live) live = g_new0(Live, 1);
	unsigned timeout = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_DEFAULT_MS;
	unsigned parallel = options->parallel > 0 ? options->parallel : PARALLEL_DEFAULT;

	live->shared.timeout_ms = MIN(timeout, TIMEOUT_MAX_MS);
	live->parallel = MIN(parallel, PARALLEL_MAX);
	g_queue_init(&live->shared.events);
	g_queue_init(&live->waiting);
	g_queue_init(&live->finished);
	g_queue_init(&live->outage.held);
	live->known = g_hash_table_new_full(question_hash, question_equal, NULL, release_ask);
	live->active = g_ptr_array_new();
	live->due = INT64_MAX;
	live->channels = g_ptr_array_new();
	live->polls = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
	live->polled = g_array_new(FALSE, FALSE, sizeof(unsigned));
	live->shared.servers =
		live_servers_new(options->resolvers, live->shared.timeout_ms, reterr_error);
	return live->shared.servers != NULL ? g_steal_pointer(&live) : NULL;
}

void live_ask(Live *live, const Question *question)
{
	LiveAsk *ask;

	if (g_hash_table_contains(live->known, question))
		return;
	ask = live_ask_new(&live->shared, question);
	g_hash_table_insert(live->known, ask->question, ask);
	g_queue_push_tail(&live->waiting, ask);
}

static void note_started(Live *live, LiveAsk *ask, int64_t now)
{
	g_ptr_array_add(live->active, ask);
	live->due = ask->is_done ? now : MIN(live->due, live_ask_due(ask));
}

static void start_waiting(Live *live, int64_t now)
{
	LiveAsk *probe = live_outage_start_probe(&live->outage, &live->shared, now);

	if (probe != NULL)
		note_started(live, probe, now);
	while (live->active->len < live->parallel && !g_queue_is_empty(&live->waiting) &&
		!live_outage_is_holding(&live->outage)) {
		LiveAsk *ask = g_queue_pop_head(&live->waiting);

		live_ask_start(ask, now);
		note_started(live, ask, now);
	}
}

/* Takes over what is no longer active. */
static void put_done(Live *live, LiveAsk *ask, int64_t now)
{
	if (ask == live->outage.probe)
		live_outage_end_probe(&live->outage, &live->waiting, &live->finished, now);
	else if (!live_outage_hold(&live->outage, ask, now))
		g_queue_push_tail(&live->finished, ask);
}

static void do_due(Live *live, int64_t now)
{
	int64_t due = INT64_MAX;

	for (guint i = 0; i < live->active->len;) {
		LiveAsk *ask = g_ptr_array_index(live->active, i);

		live_ask_tick(ask, now);
		if (ask->is_done) {
			g_ptr_array_remove_index_fast(live->active, i);
			put_done(live, ask, now);
		} else {
			due = MIN(due, live_ask_due(ask));
			i++;
		}
	}
	live->due = due;
}

/* What an event brought about is looked at by do_due(). */
static void handle_events(Live *live, int64_t now)
{
	while (!g_queue_is_empty(&live->shared.events)) {
		live_ask_handle(g_queue_pop_head(&live->shared.events), now);
		live->due = now;
	}
}

/* The channels of all servers, as they are now. */
static void collect_channels(Live *live)
{
	g_ptr_array_set_size(live->channels, 0);
	for (guint i = 0; i < live->shared.servers->len; i++) {
		const LiveServer *server = g_ptr_array_index(live->shared.servers, i);

		for (guint k = 0; k < server->channels->len; k++)
			g_ptr_array_add(live->channels, g_ptr_array_index(server->channels, k));
	}
}

static void collect_polls(Live *live)
{
	collect_channels(live);
	g_array_set_size(live->polls, 0);
	g_array_set_size(live->polled, 0);
	for (guint i = 0; i < live->channels->len; i++) {
		struct pollfd polls[LIVE_CHANNEL_POLLS];
		unsigned count = live_channel_polls(g_ptr_array_index(live->channels, i), polls);

		g_array_append_vals(live->polls, polls, count);
		g_array_append_val(live->polled, count);
	}
}

static unsigned wait_for_ms(const Live *live, unsigned wait_ms, int64_t now)
{
	const LiveOutage *outage = &live->outage;
	int64_t due = live->due;

	if (live_outage_is_holding(outage) && outage->probe == NULL)
		due = MIN(due, outage->probe_at);
	if (live->finished.length > 0 || live->shared.events.length > 0 || due <= now)
		return 0;
	return (unsigned)MIN((due - now + 999) / 1000, (int64_t)MIN(wait_ms, G_MAXINT));
}

static void exchange_packets(Live *live, const struct pollfd *polls)
{
	bool is_ready = false;

	for (guint i = 0; i < live->polls->len; i++)
		is_ready |= polls[i].revents != 0;
	for (guint i = 0; i < live->polled->len; i++) {
		unsigned count = g_array_index(live->polled, unsigned, i);

		live_channel_process(
			g_ptr_array_index(live->channels, i), polls, is_ready ? count : 0);
		polls += count;
	}
}

static void hand_over(Live *live, LiveSink sink, gpointer data)
{
	/* What sink asks meanwhile is for the next poll. */
	for (guint left = g_queue_get_length(&live->finished); left > 0; left--) {
		LiveAsk *ask = g_queue_pop_head(&live->finished);
		Answer *answer = g_steal_pointer(&ask->answer);

		g_hash_table_remove(live->known, ask->question);
		sink(answer, data);
	}
}

unsigned live_prepare(Live *live, GArray *polls, unsigned wait_ms)
{
	int64_t now = g_get_monotonic_time();

	start_waiting(live, now);
	collect_polls(live);
	g_array_append_vals(polls, live->polls->data, live->polls->len);
	return wait_for_ms(live, wait_ms, now);
}

void live_process(Live *live, const struct pollfd *polls, LiveSink sink, gpointer data)
{
	int64_t now;

	exchange_packets(live, polls);
	now = g_get_monotonic_time();
	handle_events(live, now);
	if (now >= live->due)
		do_due(live, now);
	hand_over(live, sink, data);
}

void live_poll(Live *live, unsigned wait_ms, LiveSink sink, gpointer data)
{
	g_autoptr(GArray) array = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
	unsigned timeout_ms = live_prepare(live, array, wait_ms);
	struct pollfd *polls = (struct pollfd *)(void *)array->data;

	poll(polls, array->len, (int)timeout_ms);
	live_process(live, polls, sink, data);
}

unsigned live_silence_ms(const Live *live)
{
	const LiveOutage *outage = &live->outage;
	int64_t now = g_get_monotonic_time();

	if (!outage->is_certain)
		return 0;
	return (unsigned)CLAMP((now - outage->since) / 1000, 1, G_MAXINT);
}

bool live_is_proven(const Live *live)
{
	return live->shared.spoke_at != 0;
}

size_t live_outstanding(const Live *live)
{
	return g_hash_table_size(live->known);
}

static void drop_events(Live *live)
{
	while (!g_queue_is_empty(&live->shared.events))
		live_ask_handle(g_queue_pop_head(&live->shared.events), 0);
}

void live_free(Live *live)
{
	if (live == NULL)
		return;
	for (guint i = 0; i < live->active->len; i++)
		((LiveAsk *)g_ptr_array_index(live->active, i))->is_done = true;
	/* The channels tell of every packet that is on its way; after that nobody does. */
	g_clear_pointer(&live->shared.servers, g_ptr_array_unref);
	drop_events(live);
	live_outage_clear(&live->outage);
	g_hash_table_unref(live->known);
	g_queue_clear(&live->waiting);
	g_queue_clear(&live->finished);
	g_ptr_array_unref(live->active);
	g_ptr_array_unref(live->channels);
	g_array_unref(live->polls);
	g_array_unref(live->polled);
	g_free(live);
}
