/* Where a command on saved results writes: the report, and remarks on standard error; and whether
 * it is to stop. */
#pragma once

#include "cli/options.h"
#include "cli/report_file.h"

typedef struct Sink {
	const Options *options;
	ReportFile file;
	GString *text;     /* of the report, not yet written */
	uint64_t problems; /* told so far, or kept to themselves because there were too many */
	uint64_t told;     /* of the file that is being read */
} Sink;

/* False, and said why, where the report cannot be written there. From now on SIGINT and SIGTERM,
 * once, ask the command to stop. */
bool sink_open(Sink *sink, const Options *options);
/* The same of a report that a run can go on with, where the options have such a one. */
bool sink_open_journal(Sink *sink, const Options *options, const Journal *journal, gpointer data);
/* Of a report that can be gone on with: what is in text is its first line. *ret_records: how many
 * are there already. False, and said why, where it cannot be gone on with. */
bool sink_begin(Sink *sink, uint64_t *ret_records);
/* There is no use in going on: the report cannot be written, or a signal came. */
bool sink_is_stopped(const Sink *sink);
/* Writes what is in text. */
void sink_flush(Sink *sink);
/* Puts the report in its place. */
void sink_close(Sink *sink);
/* The same of a report that nothing is left of to be gone on with, or something is. */
void sink_close_so_far(Sink *sink, bool is_complete);
/* Leaves what is in its place as it is. */
void sink_abandon(Sink *sink);

/* What could not be read. Of one file (until sink_next_file()) only the first ones are said. */
void sink_problem(Sink *sink, const char *text);
/* Worth knowing; not said with --quiet. */
void sink_remark(Sink *sink, const char *text);
void sink_next_file(Sink *sink);
