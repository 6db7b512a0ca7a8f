/* How far a run is, on standard error: a line that is written over on a terminal, elsewhere a line
 * every half minute. */
#pragma once

#include "engine/engine.h"

typedef enum ProgressMode {
	PROGRESS_AUTO,
	PROGRESS_ALWAYS, /* also when the run has ended, however short it was */
	PROGRESS_NEVER,
} ProgressMode;

bool progress_mode_parse(const char *word, ProgressMode *ret_mode);

typedef struct Progress Progress;

/* paths, which are borrowed, are looked at for how much there is to read. */
Progress *progress_new(ProgressMode mode, char *const *paths);
/* Of a survey: messages are senders, and so are octets, of which there are so many. */
Progress *progress_new_of_senders(ProgressMode mode, uint64_t senders);
/* Of all that the paths hold so much is read. */
void progress_set_total(Progress *progress, uint64_t octets);
/* So many of these octets stand in records already, and are not read again. */
void progress_pass_over(Progress *progress, uint64_t octets);
/* The run has ended. Takes the line away; NULL is fine. */
void progress_free(Progress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Progress, progress_free)

/* Shows it where it is time to. */
void progress_show(Progress *progress, const EngineStatus *status);
/* A line of its own, now. */
void progress_tell(Progress *progress, const EngineStatus *status);
/* Something else is about to be written to the terminal. */
void progress_clear(Progress *progress);
