/* kantei export: the chosen messages, octet by octet, with a manifest of hashes. */
#pragma once

#include "cli/options.h"

/* Returns the exit status: 0 all was written, 1 something was not. */
int run_export(const Options *options);
