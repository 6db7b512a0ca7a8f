/* Runs the engine over the mailboxes and writes the report: the main job, and explain. */
#pragma once

#include "cli/options.h"

/* Returns the exit status: 0 all was analysed, 1 something was not. */
int run_mailboxes(const Options *options);
