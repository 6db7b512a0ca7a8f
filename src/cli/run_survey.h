/* kantei survey: what the senders of a list publish, without mail of theirs. */
#pragma once

#include "cli/options.h"

/* Returns the exit status: 0 all was examined, 1 something was not. */
int run_survey(const Options *options);
