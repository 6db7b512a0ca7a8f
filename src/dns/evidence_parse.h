/* Reading evidence from memory, for evidence_file.c. */
#pragma once

#include "dns/evidence.h"

#define EVIDENCE_HEADER  ";kantei-evidence"
#define EVIDENCE_VERSION "1"

/* Reads octets, which evidence then holds on to. False where they are of a version that is not
 * known: what stands before that line is read, the rest is not. */
bool evidence_parse_held(GBytes *octets, const char *name, Evidence *evidence, GPtrArray *notes);
