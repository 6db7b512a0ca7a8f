/* Where a report goes: where that can be, a file that a run can go on with. */
#pragma once

#include "cli/unfinished.h"

typedef struct ReportFile {
	const Options *options;
	Unfinished *unfinished; /* NULL: the report cannot be gone on with */
	Output *output;         /* owned by unfinished, where there is one */
	bool is_refused;        /* what is there cannot be gone on with */
	bool has_failed;        /* it cannot be written, or what belongs into it not be kept */
} ReportFile;

/* journal NULL: nobody goes on with it; data is handed to the journal's functions. False with
 * *reterr_error where it cannot be written there, or not be gone on with as the options ask. */
bool report_file_open(ReportFile *file, const Options *options, const Journal *journal,
	gpointer data, GError **reterr_error);
/* Of one with unfinished: begins with header, or goes on. *ret_records: how many are there. False
 * with the error where what is there cannot be gone on with. */
bool report_file_begin(
	ReportFile *file, Slice header, uint64_t *ret_records, GError **reterr_error);
/* Writes text, unless that failed before. False, once, where it fails. */
bool report_file_write(ReportFile *file, Slice text, GError **reterr_error);
/* Puts the report in its place, and lets go of it. is_complete: nothing is left to be gone on with.
 * False with *reterr_error where that fails. */
bool report_file_close(ReportFile *file, bool is_complete, GError **reterr_error);
/* Lets go of it, and leaves what is in its place as it is. */
void report_file_abandon(ReportFile *file);
