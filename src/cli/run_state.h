/* What a run that may be gone on with keeps beside its report, in FILE.state: its mailboxes, its
 * evidence, and the mailboxes' files as they were. While it is open no other run has the report. */
#pragma once

#include "cli/input_state.h"
#include "cli/options.h"

typedef struct RunState RunState;

/* place: the report's; sources: what it is made from, for messages. What the file holds is read, as
 * far as it can be. NULL and *reterr_error where another run has it, or the file is no such state.
 */
RunState *run_state_open(const char *place, const char *sources, GError **reterr_error);
void run_state_free(RunState *state); /* leaves the file; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunState, run_state_free)

/* It holds a run. */
bool run_state_is_there(const RunState *state);
/* That run is the one that options ask for. */
bool run_state_check(const RunState *state, const Options *options, GError **reterr_error);
/* A file as it was; NULL where that is not known. Lives as long as the state. */
const InputState *run_state_input(const RunState *state, const char *path);

/* Begins anew. */
bool run_state_begin(RunState *state, const Options *options, GError **reterr_error);
/* Notes the file as it is. What cannot be written is not noted, and only costs time later. */
void run_state_note(RunState *state, const char *path);
/* The report is finished. */
void run_state_remove(RunState *state);
