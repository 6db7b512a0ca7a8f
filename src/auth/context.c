#include "auth/context.h"

#include "base/text_time.h"

Context *context_new(Evidence *evidence)
{
	Context *context = g_new0(Context, 1);

	context->evidence = evidence;
	context->now = TIME_UNKNOWN;
	context->at = TIME_UNKNOWN;
	context->received = TIME_UNKNOWN;
	context->lacking = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
	context->asked = g_ptr_array_new();
	context->memo = memo_new();
	return context;
}

void context_share_memo(Context *context, Memo *memo)
{
	memo_unref(context->memo);
	context->memo = memo_ref(memo);
}

void context_free(Context *context)
{
	if (context == NULL)
		return;
	g_clear_pointer(&context->lacking, g_ptr_array_unref);
	g_clear_pointer(&context->asked, g_ptr_array_unref);
	memo_unref(context->memo);
	g_free(context);
}

static void note_lacking(Context *context, const char *name, DnsType type)
{
	Question *question = question_new(name, type);

	if (g_ptr_array_find_with_equal_func(context->lacking, question, question_equal, NULL))
		question_free(question);
	else
		g_ptr_array_add(context->lacking, question);
}

static void count_answer(Verdict *verdict, const Answer *answer)
{
	verdict->answers++;
	if (answer->at == TIME_UNKNOWN) {
		verdict->undated++;
		return;
	}
	verdict->oldest = MIN(verdict->oldest, answer->at);
	verdict->youngest = MAX(verdict->youngest, answer->at);
}

const Answer *context_ask(Context *context, const char *name, DnsType type, Verdict *verdict)
{
	const Answer *answer = evidence_find(context->evidence, name, type);

	if (answer == NULL) {
		note_lacking(context, name, type);
		return NULL;
	}
	if (!g_ptr_array_find(context->asked, answer, NULL))
		g_ptr_array_add(context->asked, (gpointer)(guintptr)answer);
	if (verdict != NULL)
		count_answer(verdict, answer);
	return answer;
}

void verdict_rest_on(Verdict *verdict, const Verdict *other)
{
	verdict->answers += other->answers;
	verdict->undated += other->undated;
	verdict->oldest = MIN(verdict->oldest, other->oldest);
	verdict->youngest = MAX(verdict->youngest, other->youngest);
}
