#include "engine/engine_part.h"

#include "dns/evidence_index.h"

/* The text of an answer that is known; NULL where it is not. Owned by the caller. */
static GString *known_group(const Engine *engine, const Question *question)
{
	Evidence *evidence = engine->options->kase.evidence;
	Slice text = evidence_group_text(evidence, question->name, question->type);
	const Answer *answer;

	if (text.data != NULL)
		return g_string_new_len(text.data, (gssize)text.len);
	answer = evidence_find(evidence, question->name, question->type);
	return answer != NULL ? evidence_format(answer) : NULL;
}

static void put_answer(Item *item, Slice group)
{
	if (item->answers == NULL)
		item->answers = frame_answers(item->id);
	frame_add_answer(item->answers, group);
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

void resolve_lacking(Engine *engine, Item *item, const GPtrArray *questions)
{
	for (guint i = 0; i < questions->len; i++) {
		const Question *question = g_ptr_array_index(questions, i);
		g_autoptr(GString) group = known_group(engine, question);

		if (group != NULL)
			put_answer(item, slice_make(group->str, group->len));
		else
			wait_for(engine, item, question);
	}
	if (item->waiting == 0)
		dispatch_answers(engine, item);
}

void resolve_forget(Engine *engine, Item *item)
{
	GHashTableIter iter;
	gpointer items;

	g_hash_table_iter_init(&iter, engine->waiting);
	while (item->waiting > 0 && g_hash_table_iter_next(&iter, NULL, &items))
		while (g_ptr_array_remove(items, item))
			item->waiting--;
	g_clear_pointer(&item->answers, g_byte_array_unref);
}

/* Keeps the answer as the text that it is written as; evidence reads it when somebody asks. */
static GBytes *keep_answer(Engine *engine, const Answer *answer)
{
	g_autoptr(GString) group = evidence_format(answer);
	Slice name = slice_of(answer->question.name);
	GString *held = g_string_new_len(name.data, (gssize)name.len);
	GBytes *octets;
	EvidenceGroup kept = { .line = 0 };

	g_string_append_len(held, group->str, (gssize)group->len);
	octets = g_string_free_to_bytes(held);
	name = slice_sub(slice_of_bytes(octets), 0, name.len);
	kept.text = slice_sub(slice_of_bytes(octets), name.len, group->len);
	evidence_hold(engine->options->kase.evidence, octets);
	evidence_add_group(engine->options->kase.evidence, name, answer->question.type, &kept);
	g_bytes_unref(octets);
	return g_bytes_new(group->str, group->len);
}

static void append_to_file(Engine *engine, const Answer *answer)
{
	g_autoptr(GError) error = NULL;

	if (engine->options->file == NULL || engine->append_failed)
		return;
	if (!evidence_file_append(engine->options->file, answer, &error)) {
		engine->append_failed = true;
		engine->sink->problem(error->message, engine->sink->data);
	}
}

void resolve_take_answer(Answer *answer, gpointer data)
{
	Engine *engine = data;
	g_autoptr(GBytes) group = keep_answer(engine, answer);
	GPtrArray *items = NULL;
	gpointer question = NULL;

	append_to_file(engine, answer);
	if (g_hash_table_steal_extended(
		    engine->waiting, &answer->question, &question, (gpointer *)&items)) {
		for (guint i = 0; i < items->len; i++) {
			Item *item = g_ptr_array_index(items, i);

			put_answer(item, slice_of_bytes(group));
			if (--item->waiting == 0)
				dispatch_answers(engine, item);
		}
		g_ptr_array_unref(items);
		question_free(question);
	}
	answer_free(answer);
}
