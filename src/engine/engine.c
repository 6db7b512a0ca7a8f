#include "engine/engine_part.h"

#include "base/limits.h"
#include "engine/prepare.h"
#include "engine/sandbox.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a worker is worth of what is read ahead: enough to keep the resolver busy while answers are
 * outstanding (a message asks six questions on average), little enough to stay small. */
#define WINDOW_MESSAGES 500u
#define WINDOW_OCTETS   ((size_t)8 * 1024 * 1024)
/* What is begun before any DNS server has answered. */
#define PROVING_MESSAGES 8u
/* How long to wait for anything before the workers' time and the run's wishes are looked at; ms. */
#define WAIT_MS 100
/* How long the engine leaves workers alone that have enough to do: being woken for each result
 * costs both sides more than handling it. */
#define DOZE_US 1000

static void member_end(gpointer data)
{
	Member *member = data;

	member_stop(member, NULL);
	g_free(member);
}

static WorkerOptions worker_options(const EngineOptions *options, const EngineSink *sink)
{
	return (WorkerOptions) { .work = options->work,
		.kase = &options->kase,
		.boundary = options->boundary,
		.is_asking = options->live != NULL,
		.takes_attached = options->takes_attached,
		.is_chosen = sink->is_chosen,
		.report = sink->report,
		.report_sender = sink->report_sender,
		.data = sink->data };
}

/* Nothing can be done any more. */
static bool is_over(const Engine *engine)
{
	return engine->end == ENGINE_NO_RESOLVER || engine->end == ENGINE_NO_WORKER;
}

/* --- the round: whatever is ready is done */

static void collect_polls(Engine *engine)
{
	g_array_set_size(engine->polls, 0);
	for (guint i = 0; i < engine->members->len; i++) {
		const Member *member = g_ptr_array_index(engine->members, i);
		struct pollfd entry = { channel_fd(member->channel), POLLIN, 0 };

		/* That it is gone shows when it is read. */
		channel_flush(member->channel);
		if (channel_is_behind(member->channel))
			entry.events |= POLLOUT;
		g_array_append_val(engine->polls, entry);
	}
}

/* Waits until something is ready; the entries of the DNS stand behind those of the members. */
static struct pollfd *wait_for_any(Engine *engine, unsigned wait_ms)
{
	struct pollfd *polls;

	collect_polls(engine);
	if (engine->options->live == NULL && dispatch_is_ahead(engine))
		g_usleep(DOZE_US);
	if (engine->options->live != NULL)
		wait_ms = live_prepare(engine->options->live, engine->polls, wait_ms);
	polls = (struct pollfd *)(void *)engine->polls->data;
	if (poll(polls, engine->polls->len, (int)wait_ms) < 0)
		for (guint i = 0; i < engine->polls->len; i++)
			polls[i].revents = 0;
	return polls;
}

static void hand_out(Engine *engine)
{
	for (Item *item = g_queue_peek_head(&engine->items); item != NULL && item->is_done;
		item = g_queue_peek_head(&engine->items)) {
		if (item->failure != NULL)
			engine->sink->problem(item->failure, engine->sink->data);
		if (item->result.is_chosen)
			engine->sink->result(&item->result, engine->sink->data);
		engine->status.done++;
		engine->octets -= item->octets;
		item_free(g_queue_pop_head(&engine->items));
	}
}

static void look_at_resolver(Engine *engine)
{
	Live *live = engine->options->live;

	engine->status.outstanding = live != NULL ? live_outstanding(live) : 0;
	engine->status.silence_ms = live != NULL ? live_silence_ms(live) : 0;
	if (engine->status.silence_ms > LIMIT_OUTAGE_MS && !is_over(engine))
		engine->end = ENGINE_NO_RESOLVER;
}

/* Does what can be done, waiting for at most wait_ms. */
static void do_round(Engine *engine, unsigned wait_ms)
{
	const struct pollfd *polls;
	guint members = engine->members->len;

	dispatch_pending(engine);
	polls = wait_for_any(engine, wait_ms);
	for (guint i = 0; i < members && !is_over(engine); i++)
		if (polls[i].revents != 0)
			dispatch_serve(engine, g_ptr_array_index(engine->members, i));
	if (engine->options->live != NULL && !is_over(engine))
		live_process(engine->options->live, polls + members, resolve_take_answer, engine);
	if (!is_over(engine))
		watch_members(engine);
	hand_out(engine);
	look_at_resolver(engine);
	if (engine->sink->tick != NULL)
		engine->sink->tick(&engine->status, engine->sink->data);
}

/* --- start and end */

/* Until it is known how the workers are confined. */
static bool await_first(Engine *engine, GError **reterr_error)
{
	const Member *first = g_ptr_array_index(engine->members, 0);

	while (!first->is_ready && !is_over(engine))
		do_round(engine, WAIT_MS);
	if (is_over(engine))
		g_set_error_literal(reterr_error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED,
			"nothing can be evaluated");
	return !is_over(engine);
}

Engine *engine_new(const EngineOptions *options, const EngineSink *sink, GError **reterr_error)
{
	g_autoptr(Engine) engine = g_new0(Engine, 1);

	prepare_for_workers();
	engine->options = options;
	engine->sink = sink;
	engine->work = options->work;
	engine->worker = worker_options(options, sink);
	engine->members = g_ptr_array_new_with_free_func(member_end);
	g_queue_init(&engine->items);
	g_queue_init(&engine->pending);
	engine->waiting = g_hash_table_new_full(question_hash, question_equal,
		(GDestroyNotify)question_free, (GDestroyNotify)g_ptr_array_unref);
	engine->polls = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
	for (unsigned i = 0; i < options->workers; i++) {
		Member *member = g_new0(Member, 1);

		g_ptr_array_add(engine->members, member);
		if (!member_start(member, &engine->worker, reterr_error))
			return NULL;
	}
	return await_first(engine, reterr_error) ? g_steal_pointer(&engine) : NULL;
}

void engine_free(Engine *engine)
{
	if (engine == NULL)
		return;
	g_ptr_array_unref(engine->members);
	g_queue_clear(&engine->pending);
	g_queue_clear_full(&engine->items, (GDestroyNotify)item_free);
	g_hash_table_unref(engine->waiting);
	g_array_unref(engine->polls);
	g_free(engine);
}

/* --- reading */

/* The wish of whoever started the run, or what else ends it. */
static EngineWish wish(Engine *engine)
{
	EngineWish wished;

	if (is_over(engine))
		return ENGINE_ABORT;
	wished = engine->sink->wish(engine->sink->data);
	if (wished != ENGINE_GO_ON)
		engine->end = ENGINE_WISHED;
	/* What waits for a resolver that is not there is not waited for. */
	return wished == ENGINE_FINISH && engine->status.silence_ms > 0 ? ENGINE_ABORT : wished;
}

/* Until a server has spoken, all that is asked may come to nothing. */
static bool is_proving(const Engine *engine)
{
	const Live *live = engine->options->live;

	return live != NULL && engine->status.outstanding > 0 && !live_is_proven(live);
}

static bool may_read(const Engine *engine)
{
	guint members = engine->members->len;

	if (engine->status.silence_ms > 0)
		return engine->items.length == 0;
	if (is_proving(engine) && engine->items.length >= PROVING_MESSAGES)
		return false;
	return engine->items.length < (gsize)WINDOW_MESSAGES * members &&
	       engine->octets < WINDOW_OCTETS * members && dispatch_has_room(engine);
}

/* A pipe has nothing to read yet: what is under way can be done meanwhile. */
static bool is_late(const char *path)
{
	struct pollfd input = { STDIN_FILENO, POLLIN, 0 };

	return strcmp(path, "-") == 0 && poll(&input, 1, 0) == 0;
}

/* Works until one more message may be read; false where none is to be. */
static bool make_room(Engine *engine, const char *path)
{
	while (wish(engine) == ENGINE_GO_ON) {
		bool is_idle = engine->items.length == 0;

		if (may_read(engine) && (is_idle || !is_late(path)))
			return true;
		do_round(engine, WAIT_MS);
	}
	return false;
}

/* A wish that came while nothing was under way counts, too. */
static void work_off(Engine *engine)
{
	while (wish(engine) != ENGINE_ABORT && engine->items.length > 0)
		do_round(engine, WAIT_MS);
}

static void start_message(Engine *engine, RawMessage *raw, uint64_t number)
{
	Item *item = item_new(++engine->ids, number, raw);

	engine->status.messages++;
	engine->octets += item->octets;
	g_queue_push_tail(&engine->items, item);
	g_queue_push_tail(&engine->pending, item);
	dispatch_pending(engine);
}

static void take_message(Engine *engine, RawMessage *raw, uint64_t number)
{
	engine->status.octets += raw->source->length;
	if (engine->sink->is_wanted(raw, number, engine->sink->data))
		start_message(engine, raw, number);
	else
		raw_message_free(raw);
}

/* Opening it waits for whoever writes it. */
static bool may_wait(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISFIFO(facts.st_mode);
}

static void read_mailbox(Engine *engine, const char *path, uint64_t *number)
{
	const EngineOptions *options = engine->options;
	g_autoptr(Mailbox) mailbox = NULL;

	if (may_wait(path))
		work_off(engine);
	mailbox = mailbox_open_filtered(path, options->kind, options->filter);
	mailbox_confine(mailbox, sandbox_enter);
	while (make_room(engine, path)) {
		RawMessage *raw = NULL;
		g_autoptr(GError) error = NULL;

		switch (mailbox_next(mailbox, &raw, &error)) {
		case MAILBOX_MESSAGE:
			take_message(engine, raw, ++*number);
			break;
		case MAILBOX_ERROR:
			engine->sink->problem(error->message, engine->sink->data);
			break;
		case MAILBOX_END:
			return;
		}
	}
}

/* Each ends by itself, so that whatever looks at how a process ends can (Valgrind does). */
static void dismiss_all(Engine *engine)
{
	for (guint i = 0; i < engine->members->len; i++)
		member_dismiss(g_ptr_array_index(engine->members, i));
	for (guint i = 0; i < engine->members->len; i++) {
		g_autofree char *how = NULL;
		g_autofree char *text = NULL;

		if (member_await(g_ptr_array_index(engine->members, i), &how))
			continue;
		text = g_strdup_printf("a worker did not end as it should (%s)", how);
		engine->sink->problem(text, engine->sink->data);
	}
}

static EngineEnd end_run(Engine *engine)
{
	work_off(engine);
	if (engine->end == ENGINE_COMPLETE)
		dismiss_all(engine);
	return engine->end;
}

EngineEnd engine_run(Engine *engine, char *const *paths)
{
	uint64_t number = 0;

	for (; *paths != NULL; paths++)
		read_mailbox(engine, *paths, &number);
	return end_run(engine);
}

EngineEnd engine_run_senders(Engine *engine, EngineSender *next, gpointer data)
{
	uint64_t number = 0;
	RawMessage *raw;

	while (make_room(engine, "") && (raw = next(data)) != NULL) {
		engine->status.octets += raw->source->length;
		start_message(engine, raw, ++number);
	}
	return end_run(engine);
}

GPtrArray *engine_confinement(const Engine *engine)
{
	const Member *first = g_ptr_array_index(engine->members, 0);

	return sandbox_words(first->confinement);
}
