/* The commands on evidence files: kantei evidence list, merge, export and import. */
#pragma once

#include "cli/options.h"

/* Each returns the exit status. */
int evidence_list(const Options *options);
int evidence_merge(const Options *options);
int evidence_export(const Options *options);
int evidence_import(const Options *options);
