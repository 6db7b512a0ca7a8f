/* Where a command on saved results writes: the report, and remarks on standard error; and whether
 * it is to stop. */
#pragma once

#include "cli/options.h"
#include "cli/output.h"

typedef struct Sink {
	const Options *options;
	Output *output;
	GString *text;     /* of the report, not yet written */
	uint64_t problems; /* told so far, or kept to themselves because there were too many */
	uint64_t told;     /* of the file that is being read */
	bool has_failed;   /* the report cannot be written */
} Sink;

/* False, and said why, where the report cannot be written there. From now on SIGINT and SIGTERM,
 * once, ask the command to stop. */
bool sink_open(Sink *sink, const Options *options);
/* There is no use in going on: the report cannot be written, or a signal came. */
bool sink_is_stopped(const Sink *sink);
/* Writes what is in text. */
void sink_flush(Sink *sink);
/* Puts the report in its place. */
void sink_close(Sink *sink);
/* Leaves what is in its place as it is. */
void sink_abandon(Sink *sink);

/* What could not be read. Of one file (until sink_next_file()) only the first ones are said. */
void sink_problem(Sink *sink, const char *text);
/* Worth knowing; not said with --quiet. */
void sink_remark(Sink *sink, const char *text);
void sink_next_file(Sink *sink);
