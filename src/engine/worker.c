#include "engine/worker.h"

#include "base/child.h"
#include "base/limits.h"
#include "dns/evidence_file.h"
#include "engine/frame.h"
#include "engine/memory.h"
#include "engine/sandbox.h"
#include "engine/work.h"
#include "message/converters.h"

#include <unistd.h>

typedef struct Held {
	uint64_t id;
	const WorkKind *kind;
	gpointer work;
	unsigned rounds;
} Held;

static void held_free(gpointer data)
{
	Held *held = data;

	held->kind->free(held->work);
	g_free(held);
}

static void end_unless(bool is_heard)
{
	if (!is_heard)
		_exit(0);
}

/* A converter that could not be opened here: with it the message may say something else. */
static bool tell_missing(const Worker *worker, uint64_t id)
{
	unsigned converter;

	if (!converters_take_missing(&converter))
		return false;
	end_unless(frame_put_missing(worker->channel, id, converter));
	return true;
}

static void tell_done(Worker *worker, const Held *held)
{
	g_auto(EngineResult) result = engine_result_make();

	held->kind->report(worker, held->work, &result);
	if (!tell_missing(worker, held->id))
		end_unless(
			frame_put_done(worker->channel, held->id, &result, held->kind->has_entry));
}

/* True when the work is done with; else it waits. */
static bool evaluate(Worker *worker, Held *held)
{
	bool is_complete = held->kind->evaluate(worker, held->work);

	held->rounds++;
	if (!is_complete && worker->options->is_asking && held->rounds < LIMIT_ROUNDS) {
		end_unless(frame_put_lacking(
			worker->channel, held->id, held->kind->lacking(held->work)));
		return false;
	}
	if (!is_complete && worker->options->is_asking)
		held->kind->give_up(held->work);
	tell_done(worker, held);
	return true;
}

static void tell_not_chosen(Worker *worker, uint64_t id, RawMessage *raw)
{
	const WorkerOptions *options = worker->options;
	g_auto(EngineResult) result = engine_result_make();

	result.is_chosen = false;
	if (options->work->pass_over != NULL)
		options->work->pass_over(worker, raw, &result);
	end_unless(frame_put_done(worker->channel, id, &result, false));
}

static void take_item(Worker *worker, uint64_t id, uint64_t number, RawMessage *raw)
{
	const WorkerOptions *options = worker->options;
	Held *held;

	if (options->is_chosen != NULL && !options->is_chosen(raw, options->data)) {
		tell_not_chosen(worker, id, raw);
		raw_message_free(raw);
		return;
	}
	held = g_new0(Held, 1);
	held->id = id;
	held->kind = options->work;
	held->work = held->kind->begin(worker, id, number, raw);
	if (tell_missing(worker, id) || evaluate(worker, held))
		held_free(held);
	else
		g_hash_table_insert(worker->held, &held->id, held);
}

static void take_answers(Worker *worker, Slice octets)
{
	uint64_t id;
	g_autoptr(GArray) groups = frame_read_answers(octets, &id);
	Held *held = g_hash_table_lookup(worker->held, &id);

	for (guint i = 0; i < groups->len; i++) {
		Answer *answer = evidence_parse_group(g_array_index(groups, Slice, i));

		if (answer != NULL)
			worker->options->work->take_answer(worker, answer);
	}
	if (held != NULL && evaluate(worker, held))
		g_hash_table_remove(worker->held, &id);
}

static void take_frame(Worker *worker, uint64_t kind, GBytes *octets)
{
	RawMessage *raw;
	uint64_t id = 0, number = 0;

	if (kind == FRAME_ANSWERS) {
		take_answers(worker, slice_of_bytes(octets));
		return;
	}
	raw = kind == FRAME_TASK ? frame_read_task(octets, &id, &number) : NULL;
	end_unless(raw != NULL);
	take_item(worker, id, number, raw);
}

/* A library's remark would need a system call that is not there any more. What is fatal stays so.
 */
static GLogWriterOutput drop_remark(
	GLogLevelFlags level, const GLogField *fields, gsize count, gpointer data)
{
	(void)level;
	(void)fields;
	(void)count;
	(void)data;
	return G_LOG_WRITER_HANDLED;
}

void worker_run(int channel, const WorkerOptions *options)
{
	Worker worker = {
		.channel = child_begin(channel), .options = options, .kase = *options->kase
	};
	GBytes *octets = NULL;
	unsigned confinement;
	uint64_t kind;

	g_log_set_writer_func(drop_remark, NULL, NULL);
	worker.kase.memo = memo_new();
	worker.read = evidence_new();
	worker.held = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, held_free);
	confinement = sandbox_enter(worker.channel, LIMIT_WORKER_MEMORY);
	converters_confine();
	memory_refusals_are_final();
	end_unless(frame_put_ready(worker.channel, confinement));
	while (channel_get(worker.channel, &kind, &octets)) {
		take_frame(&worker, kind, octets);
		g_clear_pointer(&octets, g_bytes_unref);
	}
	g_hash_table_unref(worker.held);
	memo_unref(worker.kase.memo);
	evidence_free(worker.read);
	_exit(0);
}
