#include "analysis/case.h"

void case_explain(Case *kase, const CaseOptions *options)
{
	g_autoptr(Context) context = context_new(options->evidence);

	g_clear_pointer(&kase->changes, g_ptr_array_unref);
	g_clear_pointer(&kase->dumps, g_ptr_array_unref);
	kase->changes = change_search_all(kase->facts, kase->dkim, context);
	if (options->dumps)
		kase->dumps = dkim_dump_all(kase->facts, kase->dkim, kase->number, context);
}
