#include "cli/sink.h"

#include "cli/inputs.h"
#include "cli/say.h"
#include "cli/signals.h"

/* Told of one file. A file of another kind has as many problems as lines. */
#define TOLD_MAX 20u

bool sink_open(Sink *sink, const Options *options)
{
	g_autoptr(GError) error = NULL;

	*sink = (Sink) { .options = options };
	if (options->output != NULL && inputs_include(options, options->output)) {
		say("the report would overwrite what it is made from; -o names another file");
		return false;
	}
	sink->output = output_open(options->output, format_output(options->format), &error);
	if (sink->output == NULL) {
		say(error->message);
		return false;
	}
	sink->text = g_string_new(NULL);
	signals_catch();
	return true;
}

bool sink_is_stopped(const Sink *sink)
{
	return sink->has_failed || signals_want_end();
}

static void note_failure(Sink *sink, const GError *error)
{
	sink->has_failed = true;
	say(error->message);
}

void sink_flush(Sink *sink)
{
	g_autoptr(GError) error = NULL;
	Slice text = slice_make(sink->text->str, sink->text->len);

	if (!sink->has_failed && !output_write(sink->output, text, &error))
		note_failure(sink, error);
	g_string_truncate(sink->text, 0);
}

void sink_close(Sink *sink)
{
	g_autoptr(GError) error = NULL;

	sink_flush(sink);
	if (!sink->has_failed && !output_finish(sink->output, &error))
		note_failure(sink, error);
	sink_abandon(sink);
}

void sink_abandon(Sink *sink)
{
	output_free(sink->output);
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
