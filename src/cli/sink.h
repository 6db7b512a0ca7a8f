/* Where a command on saved results writes: the report, and remarks on standard error. */
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

/* False, and said why, where the report cannot be written there. */
bool sink_open(Sink *sink, const Options *options);
/* Writes what is in text. */
void sink_flush(Sink *sink);
/* Puts the report in its place. */
void sink_close(Sink *sink);

/* What could not be read. Of one file (until sink_next_file()) only the first ones are said. */
void sink_problem(Sink *sink, const char *text);
/* Worth knowing; not said with --quiet. */
void sink_remark(Sink *sink, const char *text);
void sink_next_file(Sink *sink);
