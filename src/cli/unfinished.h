/* A report that a run can go on with (kantei(1), --resume): JSON Lines in FILE.partial as long as
 * the run is at work, whatever the format, and FILE.state beside it (cli/run_state.h). What a run
 * that was killed leaves is complete up to its last record, which may be torn. FILE is made of it
 * at the end; where that is CSV or SQLite, and the run was interrupted, both files stay. */
#pragma once

#include "cli/done.h"
#include "cli/journal.h"
#include "cli/output.h"

typedef struct Unfinished Unfinished;

/* The report that options ask for is one that can be gone on with. */
bool unfinished_suits(const Options *options);
/* NULL and *reterr_error where it cannot be written, or another run is at it. Nothing that is there
 * is altered yet. data is handed to the journal's functions. */
Unfinished *unfinished_open(
	const Options *options, const Journal *journal, gpointer data, GError **reterr_error);
void unfinished_free(Unfinished *unfinished); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Unfinished, unfinished_free)

/* Begins the report, whose first line is header, or goes on with what is there, where options say
 * so: the journal takes each record of it. *ret_records: how many. False where it cannot be gone on
 * with, or not be written. */
bool unfinished_begin(
	Unfinished *unfinished, Slice header, uint64_t *ret_records, GError **reterr_error);
/* There is something, which unfinished_begin() will throw away. */
bool unfinished_is_left(const Unfinished *unfinished);

/* What the report is written to; owned by unfinished. */
Output *unfinished_output(Unfinished *unfinished);
/* What of mail is recorded. */
Done *unfinished_done(Unfinished *unfinished);
/* A message that is not recorded is about to be analysed. */
void unfinished_note(Unfinished *unfinished, const Source *source);

/* It cannot be gone on with. FILE, where that is what was gone on with, stands alone again; what a
 * run left stays. */
void unfinished_abandon(Unfinished *unfinished);

/* Puts the report in its place. */
bool unfinished_finish(Unfinished *unfinished, bool is_complete, GError **reterr_error);
