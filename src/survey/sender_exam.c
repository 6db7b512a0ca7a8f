#include "survey/sender_exam.h"

#include "base/domain_name.h"

#include <string.h>

static void free_key_exam(gpointer data)
{
	key_exam_free(data);
}

static void examine_keys(SenderExam *exam, const char *selectors, Context *context)
{
	g_auto(GStrv) words = g_strsplit_set(selectors, " \t,;", -1);

	for (char **word = words; *word != NULL && exam->keys->len < LIMIT_SURVEY_SELECTORS; word++)
		if (**word != '\0')
			g_ptr_array_add(exam->keys, key_exam_new(*word, exam->domain, context));
}

static char *domain_of(const char *sender)
{
	const char *at = strrchr(sender, '@');

	return domain_name_new(slice_of(at != NULL ? at + 1 : sender));
}

SenderExam *sender_exam_new(const char *sender, const char *selectors, Evidence *evidence)
{
	SenderExam *exam = g_new0(SenderExam, 1);
	g_autoptr(Context) context = context_new(evidence);

	exam->sender = g_strdup(sender);
	exam->domain = domain_of(sender);
	exam->keys = g_ptr_array_new_with_free_func(free_key_exam);
	if (exam->domain != NULL) {
		exam->spf = spf_exam_new(exam->domain, sender, context);
		exam->mx = mx_exam_new(exam->domain, context);
		exam->dmarc = dmarc_exam_new(exam->domain, exam->mx->is_nonexistent, context);
		examine_keys(exam, selectors, context);
	}
	exam->lacking = g_steal_pointer(&context->lacking);
	return exam;
}

void sender_exam_free(SenderExam *exam)
{
	if (exam == NULL)
		return;
	g_free(exam->sender);
	g_free(exam->domain);
	spf_exam_free(exam->spf);
	dmarc_exam_free(exam->dmarc);
	mx_exam_free(exam->mx);
	g_clear_pointer(&exam->keys, g_ptr_array_unref);
	g_clear_pointer(&exam->lacking, g_ptr_array_unref);
	g_free(exam);
}
