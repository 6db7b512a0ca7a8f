/* Messages: each becomes a case. */
#include "engine/planted.h"
#include "engine/work.h"

Case *engine_case(RawMessage *raw, const BoundaryOptions *boundary)
{
	CaseInput input = { .source = g_steal_pointer(&raw->source),
		.findings = g_steal_pointer(&raw->findings),
		.boundary = boundary };

	input.facts = facts_new(raw->bytes, input.source, boundary);
	raw_message_free(raw);
	return case_new(&input);
}

static gpointer begin(Worker *worker, uint64_t id, RawMessage *raw)
{
	Case *kase = engine_case(raw, worker->options->boundary);

	kase->number = id;
	planted_fault(worker->channel, id, kase->facts->message_id);
	return kase;
}

static bool evaluate(Worker *worker, gpointer data)
{
	return case_evaluate(data, &worker->kase);
}

static const GPtrArray *lacking(gpointer data)
{
	return ((const Case *)data)->lacking;
}

static void give_up(gpointer data)
{
	findings_add(((Case *)data)->findings, "limit-rounds", SEVERITY_WARNING,
		N_("The verdicts ask for more DNS answers than one message may cost."), NULL);
}

static void report(Worker *worker, gpointer data, EngineResult *result)
{
	if (worker->kase.explains)
		case_explain(data, &worker->kase);
	worker->options->report(data, result, worker->options->data);
}

/* An answer that is there already came with another message; the case that rests on it may still be
 * here. */
static void take_answer(Worker *worker, Answer *answer)
{
	Evidence *evidence = worker->options->kase->evidence;

	if (evidence_find(evidence, answer->question.name, answer->question.type) == NULL)
		evidence_add(evidence, answer);
	else
		answer_free(answer);
}

static void free_work(gpointer data)
{
	case_free(data);
}

/* --- in the engine */

static char *name(const Source *source)
{
	return g_strdup_printf("%s: message %" G_GUINT64_FORMAT " at offset %" G_GUINT64_FORMAT,
		source->path, (guint64)source->index, (guint64)source->offset);
}

static void report_unread(const EngineOptions *options, const EngineSink *sink, RawMessage *raw,
	Unread why, EngineResult *result)
{
	g_autoptr(Case) kase = case_new_unread(g_steal_pointer(&raw->source),
		g_steal_pointer(&raw->findings), why, &options->kase);

	/* Whether a message is chosen by what it says cannot be told of one that is not read. */
	result->is_chosen = sink->is_chosen == NULL;
	if (result->is_chosen)
		sink->report(kase, result, sink->data);
}

const WorkKind work_mail = { .has_entry = true,
	.begin = begin,
	.evaluate = evaluate,
	.lacking = lacking,
	.give_up = give_up,
	.report = report,
	.take_answer = take_answer,
	.free = free_work,
	.name = name,
	.report_unread = report_unread };
