/* What evidence_file.c needs of Evidence besides its public face: groups that stay text until
 * somebody asks for them. */
#pragma once

#include "dns/evidence.h"

/* A group that was read and found good. text is its ;q line and its records; it points into octets
 * that evidence was given to hold. */
typedef struct EvidenceGroup {
	Slice text;
	uint64_t line;
} EvidenceGroup;

/* Holds on to octets that groups point into. */
void evidence_hold(Evidence *evidence, GBytes *octets);
/* name, in normal form, may point into the text. */
void evidence_add_group(Evidence *evidence, Slice name, DnsType type, const EvidenceGroup *group);
/* The text of the last group of a question; absent where it is not recorded, or was added as an
 * answer. */
Slice evidence_group_text(Evidence *evidence, const char *name, DnsType type);
