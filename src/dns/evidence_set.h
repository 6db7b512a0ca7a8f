/* Groups of evidence of any number of files, every one of them, also those that no longer count. */
#pragma once

#include "dns/answer.h"

typedef struct EvidenceSet EvidenceSet;

/* A group and what it is ordered by. It lives as long as the set. */
typedef struct SetGroup {
	Slice name;    /* of the question, in normal form */
	Slice text;    /* its ;q line and its records, each line with its LF */
	int64_t at;    /* TIME_UNKNOWN where it does not say */
	uint64_t line; /* in its file; 0 where it was added */
	DnsType type;
	DnsOutcome outcome;
} SetGroup;

EvidenceSet *evidence_set_new(void);
void evidence_set_free(EvidenceSet *set); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EvidenceSet, evidence_set_free)

/* Adds the groups of an evidence file as they stand there. notes and the error are as
 * evidence_file_open() has them; *ret_left_out says how much of the file was lost. */
bool evidence_set_read(EvidenceSet *set, const char *path, GPtrArray *notes, uint64_t *ret_left_out,
	GError **reterr_error);
void evidence_set_add(EvidenceSet *set, const Answer *answer);

/* Orders by name and type; the groups of a question as they were added. For one file: the last of
 * a question is the one that counts. */
void evidence_set_sort(EvidenceSet *set);
/* Orders by name and type; the groups of a question by what is to count: failures, which say
 * nothing of the name, before answers; then the newest last; then by their octets, so that the
 * order in which they were added makes no difference. Groups that are there twice are dropped but
 * for one; returns how many. */
size_t evidence_set_unite(EvidenceSet *set);

size_t evidence_set_count(const EvidenceSet *set);
const SetGroup *evidence_set_get(const EvidenceSet *set, size_t index);
/* It is the last of its question, when the set is in order. */
bool evidence_set_is_last(const EvidenceSet *set, size_t index);
/* How many groups the question has whose first one is at index. */
size_t evidence_set_span(const EvidenceSet *set, size_t index);
/* Owned by the caller. */
Answer *set_group_answer(const SetGroup *group);
