/* What a run is made from, and its report must not overwrite. */
#pragma once

#include "cli/options.h"

/* The file that path leads to is read by this run, under whatever name. Where nothing is at path
 * yet, it is not. */
bool inputs_include(const Options *options, const char *path);
