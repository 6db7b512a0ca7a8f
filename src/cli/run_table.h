/* kantei table: the tables again from saved results, those of several runs together. */
#pragma once

#include "cli/options.h"

/* Returns the exit status: 0 all was read, 1 something was not. */
int run_table(const Options *options);
