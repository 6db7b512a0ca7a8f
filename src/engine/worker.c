#include "engine/worker.h"

#include "base/limits.h"
#include "dns/evidence_file.h"
#include "engine/engine.h"
#include "engine/frame.h"
#include "engine/memory.h"
#include "engine/sandbox.h"
#include "message/converters.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifdef KANTEI_PLANTED_FAULTS
#include "planted_faults.h"
#else
static inline void planted_fault(int channel, uint64_t id, const Facts *facts)
{
	(void)channel;
	(void)id;
	(void)facts;
}
#endif

/* A standard descriptor may have been closed when kantei began; the channel's number must not be
 * one of theirs. */
#define FIRST_FREE_FD 3

typedef struct Held {
	uint64_t id;
	Case *kase;
	unsigned rounds;
	bool is_carrier; /* what is attached to it is to be found */
} Held;

typedef struct Worker {
	int channel;
	const WorkerOptions *options;
	CaseOptions kase; /* the options', with what this worker keeps */
	GHashTable *held; /* &held->id -> Held: cases that wait for answers */
} Worker;

static void held_free(gpointer data)
{
	Held *held = data;

	case_free(held->kase);
	g_free(held);
}

Case *engine_case(RawMessage *raw, const BoundaryOptions *boundary)
{
	CaseInput input = { .source = g_steal_pointer(&raw->source),
		.findings = g_steal_pointer(&raw->findings),
		.boundary = boundary };

	input.facts = facts_new(raw->bytes, input.source, boundary);
	raw_message_free(raw);
	return case_new(&input);
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

/* In the octets as stored, which the engine has. */
static void find_attached(Case *kase, EngineResult *result)
{
	const Facts *facts = kase->all_facts[VARIANT_STORED];

	result->attached = attached_find(facts->mime, facts->message,
		facts->message.len < kase->source->length, kase->findings);
}

static void tell_done(const Worker *worker, const Held *held)
{
	g_auto(EngineResult) result = engine_result_make();

	if (held->is_carrier)
		find_attached(held->kase, &result);
	worker->options->report(held->kase, &result, worker->options->data);
	if (!tell_missing(worker, held->id))
		end_unless(frame_put_done(worker->channel, held->id, &result));
}

static void note_rounds(Held *held)
{
	findings_add(held->kase->findings, "limit-rounds", SEVERITY_WARNING,
		N_("The verdicts ask for more DNS answers than one message may cost."), NULL);
}

/* True when the case is done with; else it waits. */
static bool evaluate(const Worker *worker, Held *held)
{
	bool is_complete = case_evaluate(held->kase, &worker->kase);

	held->rounds++;
	if (!is_complete && worker->options->is_asking && held->rounds < LIMIT_ROUNDS) {
		end_unless(frame_put_lacking(worker->channel, held->id, held->kase->lacking));
		return false;
	}
	if (!is_complete && worker->options->is_asking)
		note_rounds(held);
	if (worker->kase.explains)
		case_explain(held->kase, &worker->kase);
	tell_done(worker, held);
	return true;
}

static bool is_carrier(const Worker *worker, const RawMessage *raw)
{
	return worker->options->takes_attached && raw->source->part == NULL;
}

static void find_attached_only(const RawMessage *raw, EngineResult *result)
{
	Slice message = slice_of_bytes(raw->bytes);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(message, findings);

	result->attached =
		attached_find(root, message, message.len < raw->source->length, findings);
}

/* What is attached to it may be chosen all the same. */
static void tell_not_chosen(const Worker *worker, uint64_t id, const RawMessage *raw)
{
	g_auto(EngineResult) result = engine_result_make();

	result.is_chosen = false;
	if (is_carrier(worker, raw))
		find_attached_only(raw, &result);
	end_unless(frame_put_done(worker->channel, id, &result));
}

static void take_message(Worker *worker, uint64_t id, uint64_t number, RawMessage *raw)
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
	held->is_carrier = is_carrier(worker, raw);
	held->kase = engine_case(raw, options->boundary);
	held->kase->number = number;
	planted_fault(worker->channel, id, held->kase->facts);
	if (tell_missing(worker, id) || evaluate(worker, held))
		held_free(held);
	else
		g_hash_table_insert(worker->held, &held->id, held);
}

/* An answer that is there already came with another message; the case that rests on it may still be
 * here. */
static void add_answer(Evidence *evidence, Slice group)
{
	Answer *answer = evidence_parse_group(group);

	if (answer == NULL)
		return;
	if (evidence_find(evidence, answer->question.name, answer->question.type) == NULL)
		evidence_add(evidence, answer);
	else
		answer_free(answer);
}

static void take_answers(Worker *worker, Slice octets)
{
	uint64_t id;
	g_autoptr(GArray) groups = frame_read_answers(octets, &id);
	Held *held = g_hash_table_lookup(worker->held, &id);

	for (guint i = 0; i < groups->len; i++)
		add_answer(worker->options->kase->evidence, g_array_index(groups, Slice, i));
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
	take_message(worker, id, number, raw);
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

/* Signals to the whole group are the engine's to handle; its end is ours, too. */
static void leave_signals(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGPIPE };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < G_N_ELEMENTS(ignored); i++)
		sigaction(ignored[i], &ignore, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

void worker_run(int channel, const WorkerOptions *options)
{
	Worker worker = { .channel = fcntl(channel, F_DUPFD, FIRST_FREE_FD),
		.options = options,
		.kase = *options->kase };
	GBytes *octets = NULL;
	unsigned confinement;
	uint64_t kind;

	leave_signals();
	g_log_set_writer_func(drop_remark, NULL, NULL);
	worker.kase.memo = memo_new();
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
	_exit(0);
}
