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

typedef struct MailWork {
	Case *kase;
	bool is_carrier; /* what is attached to it is to be found */
} MailWork;

static bool is_carrier(const Worker *worker, const RawMessage *raw)
{
	return worker->options->takes_attached && raw->source->part == NULL;
}

static gpointer begin(Worker *worker, uint64_t id, uint64_t number, RawMessage *raw)
{
	MailWork *work = g_new0(MailWork, 1);

	work->is_carrier = is_carrier(worker, raw);
	work->kase = engine_case(raw, worker->options->boundary);
	work->kase->number = number;
	planted_fault(worker->channel, id, work->kase->facts->message_id);
	return work;
}

/* What is attached to it may be chosen all the same. */
static void pass_over(Worker *worker, const RawMessage *raw, EngineResult *result)
{
	Slice message = slice_of_bytes(raw->bytes);
	g_autoptr(Findings) findings = NULL;
	g_autoptr(MimePart) root = NULL;

	if (!is_carrier(worker, raw))
		return;
	findings = findings_new();
	root = mime_parse(message, findings);
	result->attached =
		attached_find(root, message, message.len < raw->source->length, findings);
}

static bool evaluate(Worker *worker, gpointer data)
{
	return case_evaluate(((MailWork *)data)->kase, &worker->kase);
}

static const GPtrArray *lacking(gpointer data)
{
	return ((const MailWork *)data)->kase->lacking;
}

static void give_up(gpointer data)
{
	findings_add(((MailWork *)data)->kase->findings, "limit-rounds", SEVERITY_WARNING,
		N_("The verdicts ask for more DNS answers than one message may cost."), NULL);
}

/* In the octets as stored, which the engine has. */
static void find_attached(Case *kase, EngineResult *result)
{
	const Facts *facts = kase->all_facts[VARIANT_STORED];

	result->attached = attached_find(facts->mime, facts->message,
		facts->message.len < kase->source->length, kase->findings);
}

static void report(Worker *worker, gpointer data, EngineResult *result)
{
	const MailWork *work = data;

	if (worker->kase.explains)
		case_explain(work->kase, &worker->kase);
	if (work->is_carrier)
		find_attached(work->kase, result);
	worker->options->report(work->kase, result, worker->options->data);
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
	MailWork *work = data;

	case_free(work->kase);
	g_free(work);
}

/* --- in the engine */

static char *name(const Source *source)
{
	g_autofree char *place = source_place(source);

	return g_strdup_printf("%s: message %s at offset %" G_GUINT64_FORMAT, source->path, place,
		(guint64)source->offset);
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
	.pass_over = pass_over,
	.evaluate = evaluate,
	.lacking = lacking,
	.give_up = give_up,
	.report = report,
	.take_answer = take_answer,
	.free = free_work,
	.name = name,
	.report_unread = report_unread };
