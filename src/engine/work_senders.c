/* Senders of a list: what they publish is found out here, in a process that is confined. */
#include "engine/answer_store.h"
#include "engine/planted.h"
#include "engine/sender_item.h"
#include "engine/work.h"

#include <string.h>

/* Answers that are held read, besides their text; a sender has some ten, many of them shared. */
#define READ_ANSWERS 20000u

typedef struct SenderWork {
	RawMessage *raw;
	const char *sender, *selectors; /* in raw */
	SenderExam *exam;               /* NULL until it is evaluated */
} SenderWork;

/* --- the item */

RawMessage *sender_item_new(
	const char *path, uint64_t row, const char *sender, const char *selectors)
{
	RawMessage *raw = g_new0(RawMessage, 1);
	GString *octets = g_string_new_len(sender, (gssize)strlen(sender) + 1);

	g_string_append_len(octets, selectors, (gssize)strlen(selectors) + 1);
	raw->source = source_new();
	raw->source->path = g_strdup(path);
	raw->source->index = row;
	raw->source->length = 1;
	raw->findings = findings_new();
	raw->bytes = g_string_free_to_bytes(octets);
	return raw;
}

bool sender_item_read(const RawMessage *raw, const char **ret_sender, const char **ret_selectors)
{
	Slice octets = slice_of_bytes(raw->bytes);
	const char *end = memchr(octets.data, '\0', octets.len);

	if (end == NULL || end + 1 == octets.data + octets.len ||
		octets.data[octets.len - 1] != '\0')
		return false;
	*ret_sender = octets.data;
	*ret_selectors = end + 1;
	return true;
}

/* --- in a worker */

static gpointer begin(Worker *worker, uint64_t id, uint64_t number, RawMessage *raw)
{
	SenderWork *work = g_new0(SenderWork, 1);
	bool is_read;

	(void)number;
	work->raw = raw;
	is_read = sender_item_read(raw, &work->sender, &work->selectors);
	g_assert(is_read);
	planted_fault(worker->channel, id, work->sender);
	return work;
}

static void free_work(gpointer data)
{
	SenderWork *work = data;

	raw_message_free(work->raw);
	sender_exam_free(work->exam);
	g_free(work);
}

static void forget_what_was_read(Worker *worker)
{
	if (evidence_count(worker->read) < READ_ANSWERS)
		return;
	evidence_free(worker->read);
	worker->read = evidence_new();
}

/* Reads those of the answers whose text is known; whether any is. */
static bool read_known(Worker *worker, const GPtrArray *lacking)
{
	Evidence *evidence = worker->options->kase->evidence;
	bool is_any_read = false;

	for (guint i = 0; i < lacking->len; i++) {
		g_autoptr(GString) text =
			answer_store_find(evidence, g_ptr_array_index(lacking, i));
		Answer *answer = text != NULL
					 ? evidence_parse_group(slice_make(text->str, text->len))
					 : NULL;

		if (answer != NULL)
			evidence_add(worker->read, answer);
		is_any_read |= answer != NULL;
	}
	return is_any_read;
}

/* Each turn but the last reads an answer at least. */
static bool evaluate(Worker *worker, gpointer data)
{
	SenderWork *work = data;

	forget_what_was_read(worker);
	do {
		sender_exam_free(work->exam);
		work->exam = sender_exam_new(work->sender, work->selectors, worker->read);
	} while (read_known(worker, work->exam->lacking));
	return work->exam->lacking->len == 0;
}

static const GPtrArray *lacking(gpointer data)
{
	return ((const SenderWork *)data)->exam->lacking;
}

/* That answers are lacking is in the exam. */
static void give_up(gpointer data)
{
	(void)data;
}

static void report(Worker *worker, gpointer data, EngineResult *result)
{
	const SenderWork *work = data;

	worker->options->report_sender(
		work->exam, work->raw->source->index, result, worker->options->data);
}

static void take_answer(Worker *worker, Answer *answer)
{
	evidence_add(worker->read, answer);
}

/* --- in the engine */

static char *name(const Source *source)
{
	return g_strdup_printf(
		"%s: sender %" G_GUINT64_FORMAT, source->path, (guint64)source->index);
}

/* Nothing of the DNS is looked at: all is unknown, and nothing is lacking. */
static void report_unread(const EngineOptions *options, const EngineSink *sink, RawMessage *raw,
	Unread why, EngineResult *result)
{
	g_autoptr(Evidence) nothing = evidence_new();
	g_autoptr(SenderExam) exam = NULL;
	const char *sender, *selectors;
	bool is_read = sender_item_read(raw, &sender, &selectors);

	(void)options;
	g_assert(is_read);
	exam = sender_exam_new(sender, selectors, nothing);
	g_ptr_array_set_size(exam->lacking, 0);
	if (exam->domain != NULL)
		findings_add(exam->spf->findings, "survey-not-examined", SEVERITY_WARNING,
			N_("The process that examined the sender ended before it was done: nothing "
			   "is said of the sender."),
			g_strdup(unread_text(why)));
	sink->report_sender(exam, raw->source->index, result, sink->data);
}

const WorkKind work_senders = { .begin = begin,
	.evaluate = evaluate,
	.lacking = lacking,
	.give_up = give_up,
	.report = report,
	.take_answer = take_answer,
	.free = free_work,
	.name = name,
	.report_unread = report_unread };
