#include "cli/sink.h"

#include "cli/say.h"
#include "cli/signals.h"

/* Told of one file. A file of another kind has as many problems as lines. */
#define TOLD_MAX 20u

bool sink_open_journal(Sink *sink, const Options *options, const Journal *journal, gpointer data)
{
	g_autoptr(GError) error = NULL;

	*sink = (Sink) { .options = options };
	if (!report_file_open(&sink->file, options, journal, data, &error)) {
		say(error->message);
		return false;
	}
	sink->text = g_string_new(NULL);
	signals_catch();
	return true;
}

bool sink_open(Sink *sink, const Options *options)
{
	return sink_open_journal(sink, options, NULL, NULL);
}

bool sink_begin(Sink *sink, uint64_t *ret_records)
{
	g_autoptr(GError) error = NULL;
	bool is_good = report_file_begin(
		&sink->file, slice_make(sink->text->str, sink->text->len), ret_records, &error);

	if (!is_good)
		say(error->message);
	g_string_truncate(sink->text, 0);
	return is_good;
}

bool sink_is_stopped(const Sink *sink)
{
	return sink->file.has_failed || signals_want_end();
}

void sink_flush(Sink *sink)
{
	g_autoptr(GError) error = NULL;
	Slice text = slice_make(sink->text->str, sink->text->len);

	if (!report_file_write(&sink->file, text, &error))
		say(error->message);
	g_string_truncate(sink->text, 0);
}

void sink_close_so_far(Sink *sink, bool is_complete)
{
	bool is_kept = sink->file.unfinished != NULL;
	g_autoptr(GError) error = NULL;

	sink_flush(sink);
	if (!report_file_close(&sink->file, is_complete, &error))
		say(error->message);
	if (is_kept && sink->file.has_failed)
		say("what was written stays beside the report; the same command with --resume "
		    "goes on");
	g_string_free(sink->text, TRUE);
}

void sink_close(Sink *sink)
{
	sink_close_so_far(sink, true);
}

void sink_abandon(Sink *sink)
{
	report_file_abandon(&sink->file);
	g_string_free(sink->text, TRUE);
}

void sink_problem(Sink *sink, const char *text)
{
	sink->problems++;
	sink->told++;
	if (sink->told < TOLD_MAX)
		say(text);
	else if (sink->told == TOLD_MAX)
		say("there is more that cannot be read in this file, and it is not told");
}

void sink_remark(Sink *sink, const char *text)
{
	if (!sink->options->quiet)
		say(text);
}

void sink_next_file(Sink *sink)
{
	sink->told = 0;
}
