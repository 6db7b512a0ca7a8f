#include "engine/survey_rounds.h"

#include "base/limits.h"
#include "engine/answer_store.h"

/* Senders under way: enough to keep the resolver busy, as each asks some six questions. */
#define WINDOW_SENDERS 1000u
/* Before any DNS server has answered. */
#define PROVING_SENDERS 8u
/* Answers that are held read, besides their text; a sender has some ten, many of them shared. */
#define READ_ANSWERS 20000u
#define WAIT_MS      100u

typedef struct Sender {
	size_t row;
	unsigned waiting; /* questions that it waits for */
	SenderExam *exam; /* NULL until it is done */
} Sender;

typedef struct Rounds {
	const SurveyOptions *options;
	const SurveySink *sink;
	Evidence *read;      /* answers that were read from their text */
	GQueue senders;      /* of Sender, in order; owned */
	GQueue ready;        /* of Sender, borrowed: all that they waited for is there */
	GHashTable *waiting; /* Question -> GPtrArray of Sender, borrowed */
	size_t next_row;
	uint64_t done; /* whose results have left */
	bool append_failed;
} Rounds;

static void sender_free(gpointer data)
{
	Sender *sender = data;

	sender_exam_free(sender->exam);
	g_free(sender);
}

/* --- what is lacking */

/* Reads the answer where it is known. */
static bool read_known(Rounds *rounds, const Question *question)
{
	g_autoptr(GString) text = answer_store_find(rounds->options->evidence, question);
	Answer *answer =
		text != NULL ? evidence_parse_group(slice_make(text->str, text->len)) : NULL;

	if (answer != NULL)
		evidence_add(rounds->read, answer);
	return answer != NULL;
}

static void wait_for(Rounds *rounds, Sender *sender, const Question *question)
{
	GPtrArray *senders = g_hash_table_lookup(rounds->waiting, question);

	if (senders == NULL) {
		senders = g_ptr_array_new();
		g_hash_table_insert(
			rounds->waiting, question_new(question->name, question->type), senders);
		live_ask(rounds->options->live, question);
	}
	g_ptr_array_add(senders, sender);
	sender->waiting++;
}

/* Whether any of it could be read; the rest is asked for. */
static bool resolve(Rounds *rounds, Sender *sender, const GPtrArray *lacking)
{
	bool is_any_read = false;

	for (guint i = 0; i < lacking->len; i++) {
		const Question *question = g_ptr_array_index(lacking, i);

		if (read_known(rounds, question))
			is_any_read = true;
		else if (rounds->options->live != NULL)
			wait_for(rounds, sender, question);
	}
	return is_any_read;
}

/* --- one sender */

static void forget_what_was_read(Rounds *rounds)
{
	if (evidence_count(rounds->read) < READ_ANSWERS)
		return;
	evidence_free(rounds->read);
	rounds->read = evidence_new();
}

static SenderExam *examine(const Rounds *rounds, const Sender *sender)
{
	const SurveyOptions *options = rounds->options;
	const char *selectors =
		options->selectors != ROSTER_NONE
			? roster_cell(options->roster, sender->row, options->selectors)
			: "";

	return sender_exam_new(roster_cell(options->roster, sender->row, options->sender),
		selectors, rounds->read);
}

/* Until it is done, or waits. Each turn but the last reads an answer at least. */
static void advance(Rounds *rounds, Sender *sender)
{
	forget_what_was_read(rounds);
	while (sender->exam == NULL && sender->waiting == 0) {
		g_autoptr(SenderExam) exam = examine(rounds, sender);

		if (!resolve(rounds, sender, exam->lacking) && sender->waiting == 0)
			sender->exam = g_steal_pointer(&exam);
	}
}

/* --- answers */

static void append_to_file(Rounds *rounds, const Answer *answer)
{
	g_autoptr(GError) error = NULL;

	if (rounds->options->file == NULL || rounds->append_failed)
		return;
	if (!evidence_file_append(rounds->options->file, answer, &error)) {
		rounds->append_failed = true;
		rounds->sink->problem(error->message, rounds->sink->data);
	}
}

static void take_answer(Answer *answer, gpointer data)
{
	Rounds *rounds = data;
	g_autoptr(GPtrArray) senders = NULL;
	gpointer question = NULL;
	gpointer value = NULL;

	g_bytes_unref(answer_store_keep(rounds->options->evidence, answer));
	append_to_file(rounds, answer);
	if (g_hash_table_steal_extended(rounds->waiting, &answer->question, &question, &value)) {
		senders = value;
		for (guint i = 0; i < senders->len; i++) {
			Sender *sender = g_ptr_array_index(senders, i);

			if (--sender->waiting == 0)
				g_queue_push_tail(&rounds->ready, sender);
		}
		question_free(question);
	}
	answer_free(answer);
}

/* --- the rounds */

static bool may_begin(const Rounds *rounds)
{
	const Live *live = rounds->options->live;
	unsigned window = WINDOW_SENDERS;

	if (live != NULL && live_silence_ms(live) > 0 && rounds->senders.length > 0)
		return false;
	if (live != NULL && live_outstanding(live) > 0 && !live_is_proven(live))
		window = PROVING_SENDERS;
	return rounds->senders.length < window && rounds->next_row < rounds->options->behind;
}

static void begin_senders(Rounds *rounds)
{
	while (may_begin(rounds)) {
		Sender *sender = g_new0(Sender, 1);

		sender->row = rounds->next_row++;
		g_queue_push_tail(&rounds->senders, sender);
		advance(rounds, sender);
		if (rounds->options->live == NULL)
			return;
	}
}

static void hand_out(Rounds *rounds)
{
	for (Sender *sender = g_queue_peek_head(&rounds->senders);
		sender != NULL && sender->exam != NULL;
		sender = g_queue_peek_head(&rounds->senders)) {
		rounds->sink->result(sender->row, sender->exam, rounds->sink->data);
		rounds->done++;
		sender_free(g_queue_pop_head(&rounds->senders));
	}
}

static void tick(const Rounds *rounds)
{
	const Live *live = rounds->options->live;
	EngineStatus status = { .messages = rounds->next_row - rounds->options->first,
		.done = rounds->done,
		.octets = rounds->done,
		.outstanding = live != NULL ? live_outstanding(live) : 0,
		.silence_ms = live != NULL ? live_silence_ms(live) : 0 };

	rounds->sink->tick(&status, rounds->sink->data);
}

static void await_answers(Rounds *rounds)
{
	Live *live = rounds->options->live;

	if (live == NULL || live_outstanding(live) == 0)
		return;
	live_poll(live, WAIT_MS, take_answer, rounds);
	while (rounds->ready.length > 0)
		advance(rounds, g_queue_pop_head(&rounds->ready));
}

static bool is_over(const Rounds *rounds)
{
	return rounds->senders.length == 0 && rounds->next_row >= rounds->options->behind;
}

static EngineEnd go_round(Rounds *rounds)
{
	const Live *live = rounds->options->live;

	while (!is_over(rounds)) {
		if (rounds->sink->wants_end(rounds->sink->data))
			return ENGINE_WISHED;
		if (live != NULL && live_silence_ms(live) > LIMIT_OUTAGE_MS)
			return ENGINE_NO_RESOLVER;
		begin_senders(rounds);
		await_answers(rounds);
		hand_out(rounds);
		tick(rounds);
	}
	return ENGINE_COMPLETE;
}

EngineEnd survey_run(const SurveyOptions *options, const SurveySink *sink)
{
	Rounds rounds = {
		.options = options, .sink = sink, .read = evidence_new(), .next_row = options->first
	};
	EngineEnd end;

	g_queue_init(&rounds.senders);
	g_queue_init(&rounds.ready);
	rounds.waiting = g_hash_table_new_full(question_hash, question_equal,
		(GDestroyNotify)question_free, (GDestroyNotify)g_ptr_array_unref);
	end = go_round(&rounds);
	g_queue_clear(&rounds.ready);
	g_queue_clear_full(&rounds.senders, sender_free);
	g_hash_table_unref(rounds.waiting);
	evidence_free(rounds.read);
	return end;
}
