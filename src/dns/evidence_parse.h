/* Reading evidence from memory, for evidence_file.c. */
#pragma once

#include "dns/evidence.h"
#include "dns/evidence_index.h"
#include "dns/evidence_text.h"

#define EVIDENCE_HEADER  ";kantei-evidence"
#define EVIDENCE_VERSION "1"

typedef enum EvidenceOf {
	EVIDENCE_OF_OURS,          /* empty files too */
	EVIDENCE_OF_LATER_VERSION, /* what stands before that line is read, the rest is not */
	EVIDENCE_OF_OTHER_KIND,    /* no header, and not one group that can be read */
} EvidenceOf;

/* A group that was read and found good; what it points into are the octets and the caller's stack.
 */
typedef struct ParsedGroup {
	EvidenceGroup group;
	GroupHead head;
	Slice name;    /* the question's, in normal form */
	bool is_bare;  /* name points into the octets */
	Slice records; /* the lines behind the head */
} ParsedGroup;

typedef void (*EvidenceTake)(gpointer user, const ParsedGroup *group);

/* Hands every group to take, in the order of the text. What is remarked goes to notes, and how many
 * groups and lines had to be left out to *ret_left_out. */
EvidenceOf evidence_parse_groups(Slice text, const char *name, EvidenceTake take, gpointer user,
	GPtrArray *notes, uint64_t *ret_left_out);
/* Reads the file at path, under the lock of those who only read. The groups live as long as
 * the octets, which the caller unrefs. NULL, and the error, as evidence_file_open() has it. */
GBytes *evidence_read_groups(const char *path, EvidenceTake take, gpointer user, GPtrArray *notes,
	uint64_t *ret_left_out, GError **reterr_error);
/* Reads octets, which evidence then holds on to. */
EvidenceOf evidence_parse_held(
	GBytes *octets, const char *name, Evidence *evidence, GPtrArray *notes);
