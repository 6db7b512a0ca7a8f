/* Reading evidence from memory, for evidence_file.c. */
#pragma once

#include "dns/evidence.h"

#define EVIDENCE_HEADER  ";kantei-evidence"
#define EVIDENCE_VERSION "1"

typedef enum EvidenceOf {
	EVIDENCE_OF_OURS,          /* empty files too */
	EVIDENCE_OF_LATER_VERSION, /* what stands before that line is read, the rest is not */
	EVIDENCE_OF_OTHER_KIND,    /* no header, and not one group that can be read */
} EvidenceOf;

/* Reads octets, which evidence then holds on to. */
EvidenceOf evidence_parse_held(
	GBytes *octets, const char *name, Evidence *evidence, GPtrArray *notes);
