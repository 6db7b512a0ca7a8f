#include "analysis/asked.h"

void case_start_asking(Case *kase)
{
	kase->lacking = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
	kase->answers = g_ptr_array_new();
	kase->lacking_by = g_array_new(FALSE, FALSE, sizeof(unsigned));
	kase->answers_by = g_array_new(FALSE, FALSE, sizeof(unsigned));
}

static void note_askers(GArray *askers, guint index, unsigned by)
{
	if (index == askers->len)
		g_array_append_val(askers, by);
	else
		g_array_index(askers, unsigned, index) |= by;
}

static void note_answer(Case *kase, const Answer *answer, unsigned by)
{
	guint index = kase->answers->len;

	if (!g_ptr_array_find(kase->answers, answer, &index))
		g_ptr_array_add(kase->answers, (gpointer)(guintptr)answer);
	note_askers(kase->answers_by, index, by);
}

static void note_lacking(Case *kase, const Question *question, unsigned by)
{
	guint index = kase->lacking->len;

	if (!g_ptr_array_find_with_equal_func(kase->lacking, question, question_equal, &index))
		g_ptr_array_add(kase->lacking, question_new(question->name, question->type));
	note_askers(kase->lacking_by, index, by);
}

void case_note_asked(Case *kase, Context *context, unsigned by)
{
	for (guint i = 0; i < context->asked->len; i++)
		note_answer(kase, g_ptr_array_index(context->asked, i), by);
	for (guint i = 0; i < context->lacking->len; i++)
		note_lacking(kase, g_ptr_array_index(context->lacking, i), by);
	g_ptr_array_set_size(context->asked, 0);
	g_ptr_array_set_size(context->lacking, 0);
}
