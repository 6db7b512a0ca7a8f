#include "engine/engine.h"

#include "base/limits.h"
#include "mailbox/mbox.h"

/* What is read ahead while answers are outstanding: enough to keep the resolver busy (a message
 * asks six questions on average), little enough to stay small. */
#define WINDOW_MESSAGES 2000u
#define WINDOW_OCTETS   ((size_t)64 * 1024 * 1024)
/* How long to wait for the network before looking at anything else; ms. */
#define POLL_MS 100

typedef struct Item {
	Case *kase;
	size_t octets;
	unsigned rounds;
	size_t waiting; /* questions outstanding */
	bool is_done;
} Item;

typedef struct Engine {
	const EngineOptions *options;
	const EngineSink *sink;
	GQueue items;        /* of Item, in the order of the input */
	size_t octets;       /* of all items */
	GHashTable *waiting; /* Question -> GPtrArray of Item */
	uint64_t messages;   /* read so far */
	bool append_failed;
} Engine;

static void item_free(gpointer data)
{
	Item *item = data;

	case_free(item->kase);
	g_free(item);
}

/* The same octets came out of another way of un-quoting. */
static bool is_known(const CaseInput *input, GBytes *bytes)
{
	for (int i = 0; i < CASE_VARIANTS; i++)
		if (input->facts[i] != NULL && g_bytes_equal(input->facts[i]->bytes, bytes))
			return true;
	return false;
}

Case *engine_case(RawMessage *raw, const BoundaryOptions *boundary)
{
	static const MboxQuoting quotings[CASE_VARIANTS] = {
		[VARIANT_MBOXRD] = MBOX_QUOTING_RD, [VARIANT_MBOXO] = MBOX_QUOTING_O
	};
	CaseInput input = { .source = g_steal_pointer(&raw->source),
		.findings = g_steal_pointer(&raw->findings) };

	input.facts[VARIANT_STORED] = facts_new(raw->bytes, input.source, boundary);
	for (int i = VARIANT_STORED + 1; i < CASE_VARIANTS; i++) {
		g_autoptr(GBytes) unquoted = NULL;

		if (input.source->kind == STORE_MBOX)
			unquoted = mbox_unquote(slice_of_bytes(raw->bytes), quotings[i]);
		if (unquoted != NULL && !is_known(&input, unquoted))
			input.facts[i] = facts_new(unquoted, input.source, boundary);
	}
	raw_message_free(raw);
	return case_new(&input);
}

/* Registers the item for an answer, and asks where nobody has asked yet. */
static void wait_for(Engine *engine, Item *item, const Question *question)
{
	GPtrArray *items = g_hash_table_lookup(engine->waiting, question);

	if (items == NULL) {
		items = g_ptr_array_new();
		g_hash_table_insert(
			engine->waiting, question_new(question->name, question->type), items);
		live_ask(engine->options->live, question);
	}
	g_ptr_array_add(items, item);
	item->waiting++;
}

static void evaluate(Engine *engine, Item *item)
{
	bool is_complete = case_evaluate(item->kase, &engine->options->kase);
	const GPtrArray *lacking = item->kase->lacking;

	item->rounds++;
	if (!is_complete && engine->options->live != NULL && item->rounds >= LIMIT_ROUNDS)
		findings_add(item->kase->findings, "limit-rounds", SEVERITY_WARNING,
			N_("The verdicts ask for more DNS answers than one message may cost."),
			NULL);
	if (is_complete || engine->options->live == NULL || item->rounds >= LIMIT_ROUNDS) {
		if (engine->options->kase.explains)
			case_explain(item->kase, &engine->options->kase);
		item->is_done = true;
		return;
	}
	for (guint i = 0; i < lacking->len; i++)
		wait_for(engine, item, g_ptr_array_index(lacking, i));
}

static void keep_answer(Engine *engine, const Answer *answer)
{
	g_autoptr(GString) group = evidence_format(answer);
	Answer *again = evidence_parse_group(slice_make(group->str, group->len));
	g_autoptr(GError) error = NULL;

	g_assert(again != NULL);
	evidence_add(engine->options->kase.evidence, again);
	if (engine->options->file == NULL || engine->append_failed)
		return;
	if (!evidence_file_append(engine->options->file, answer, &error)) {
		engine->append_failed = true;
		engine->sink->problem(error->message, engine->sink->data);
	}
}

/* A LiveSink. */
static void take_answer(Answer *answer, gpointer data)
{
	Engine *engine = data;
	GPtrArray *items = NULL;
	gpointer question = NULL;

	keep_answer(engine, answer);
	if (g_hash_table_steal_extended(
		    engine->waiting, &answer->question, &question, (gpointer *)&items)) {
		for (guint i = 0; i < items->len; i++) {
			Item *item = g_ptr_array_index(items, i);

			if (--item->waiting == 0)
				evaluate(engine, item);
		}
		g_ptr_array_unref(items);
		question_free(question);
	}
	answer_free(answer);
}

static void hand_out(Engine *engine)
{
	for (Item *item = g_queue_peek_head(&engine->items); item != NULL && item->is_done;
		item = g_queue_peek_head(&engine->items)) {
		engine->sink->message(item->kase, engine->sink->data);
		engine->octets -= item->octets;
		item_free(g_queue_pop_head(&engine->items));
	}
}

static bool is_full(const Engine *engine)
{
	return engine->items.length >= WINDOW_MESSAGES || engine->octets >= WINDOW_OCTETS;
}

/* Until there is room to read on, or (all) nothing is left. */
static void work_off(Engine *engine, bool all)
{
	hand_out(engine);
	if (engine->options->live != NULL)
		live_poll(engine->options->live, 0, take_answer, engine);
	hand_out(engine);
	while ((all ? engine->items.length > 0 : is_full(engine)) &&
		!engine->sink->is_cancelled(engine->sink->data)) {
		live_poll(engine->options->live, POLL_MS, take_answer, engine);
		hand_out(engine);
	}
}

static void start_message(Engine *engine, RawMessage *raw)
{
	Item *item = g_new0(Item, 1);

	item->octets = g_bytes_get_size(raw->bytes);
	item->kase = engine_case(raw, engine->options->boundary);
	item->kase->number = engine->messages;
	engine->octets += item->octets;
	g_queue_push_tail(&engine->items, item);
	evaluate(engine, item);
	work_off(engine, false);
}

static void run_mailbox(Engine *engine, const char *path)
{
	g_autoptr(Mailbox) mailbox = mailbox_open(path, engine->options->kind);

	while (!engine->sink->is_cancelled(engine->sink->data)) {
		RawMessage *raw = NULL;
		g_autoptr(GError) error = NULL;

		switch (mailbox_next(mailbox, &raw, &error)) {
		case MAILBOX_MESSAGE:
			engine->messages++;
			if (engine->sink->is_wanted(raw, engine->messages, engine->sink->data))
				start_message(engine, raw);
			else
				raw_message_free(raw);
			break;
		case MAILBOX_ERROR:
			engine->sink->problem(error->message, engine->sink->data);
			break;
		case MAILBOX_END:
			return;
		}
	}
}

bool engine_run(const EngineOptions *options, char *const *paths, const EngineSink *sink)
{
	Engine engine = { .options = options, .sink = sink, .items = G_QUEUE_INIT };
	bool is_cancelled;

	engine.waiting = g_hash_table_new_full(question_hash, question_equal,
		(GDestroyNotify)question_free, (GDestroyNotify)g_ptr_array_unref);
	for (; *paths != NULL; paths++)
		run_mailbox(&engine, *paths);
	work_off(&engine, true);
	is_cancelled = sink->is_cancelled(sink->data);
	g_hash_table_unref(engine.waiting);
	g_queue_clear_full(&engine.items, item_free);
	return !is_cancelled;
}
