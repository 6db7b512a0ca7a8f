#include "engine/engine_part.h"

#include "engine/answer_store.h"

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
		g_autoptr(GString) group =
			answer_store_find(engine->options->kase.evidence, question);

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
	g_autoptr(GBytes) group = answer_store_keep(engine->options->kase.evidence, answer);
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
