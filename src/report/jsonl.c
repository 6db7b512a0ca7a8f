/* JSON Lines: the run, a record a message, the summary. */
#include "report/admit.h"
#include "report/record.h"

static void begin(GString *out, const ReportStyle *style, const RunInfo *run)
{
	(void)style;
	record_append_run(out, run);
	g_string_append_c(out, '\n');
}

static void message(GString *out, const ReportStyle *style, const Case *kase)
{
	record_append_message(out, kase, style);
	g_string_append_c(out, '\n');
}

static void end(
	GString *out, const ReportStyle *style, const Table *table, const RunSummary *summary)
{
	(void)style;
	record_append_summary(out, table, summary);
	g_string_append_c(out, '\n');
}

static bool admits(Slice text, const ReportStyle *style, const Source *source)
{
	return admit_record(text, source, style->redactor != NULL);
}

const Printer jsonl_printer = { .begin = begin, .message = message, .end = end, .admits = admits };
