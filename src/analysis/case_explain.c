#include "analysis/case.h"

void case_explain(Case *kase, const CaseOptions *options)
{
	g_autoptr(Context) context = context_new(options->evidence);
	g_autofree char *word = source_file_word(kase->source, kase->number);

	g_clear_pointer(&kase->changes, g_ptr_array_unref);
	g_clear_pointer(&kase->dumps, g_ptr_array_unref);
	kase->changes = change_search_all(kase->facts, kase->dkim, context);
	if (options->dumps)
		kase->dumps = dkim_dump_all(kase->facts, kase->dkim, word, context);
}
