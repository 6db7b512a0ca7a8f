/* kantei diff: which verdicts changed between two runs, and what made them change. */
#pragma once

#include "cli/options.h"

/* Returns the exit status: 0 both were read, 1 something was not; with --exit-code 3 where the runs
 * differ in a verdict or in their messages. */
int run_diff(const Options *options);
