/* The same message in two results: which verdicts changed, and what made them change.
 *
 * A verdict is a function of the octets, of DNS answers, and of what the header of a run says. An
 * evaluation asks its next question because of the last answer; so two that differ have been given
 * another answer to a question that both asked, or differ in header or store. Questions that only
 * one of them asked are what followed from that. */
#pragma once

#include "report/run_difference.h"
#include "report/saved_record.h"

typedef enum CauseKind {
	/* As RunAspect. */
	CAUSE_OPTION,
	CAUSE_CLOCK,
	CAUSE_TRUST,
	CAUSE_SUFFIX_LIST,
	CAUSE_VERSION,
	CAUSE_LIBRARY,
	CAUSE_DNS,
	CAUSE_STORE,        /* what the mailbox says besides the octets */
	CAUSE_NOT_RECORDED, /* the results do not say on what the verdict rests */
	CAUSE_UNEXPLAINED,  /* nothing differs: must not be */
} CauseKind;
#define CAUSE_KINDS 10

/* Borrowed texts. */
typedef struct DiffCause {
	CauseKind kind;
	const char
		*name; /* of the option, library, or member of the store; the name asked; or NULL */
	const char *a, *b; /* values; of a DNS answer the text of its record, where it is known */
	const SavedAnswer *answer_a, *answer_b; /* CAUSE_DNS only */
} DiffCause;

typedef struct MethodDiff {
	bool is_changed;
	GArray *causes; /* of DiffCause: one or several of them are responsible; NULL if unchanged
			 */
} MethodDiff;

typedef struct RecordDiff {
	const SavedRecord *a, *b; /* borrowed */
	MethodDiff methods[METHODS];
	GArray *answers_a, *answers_b; /* of SavedAnswer */
} RecordDiff;

/* runs: how the runs differ, of RunDifference; NULL where a header is missing. All borrowed. */
RecordDiff *record_diff_new(const SavedRecord *a, const SavedRecord *b, const GPtrArray *runs);
void record_diff_free(RecordDiff *diff); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecordDiff, record_diff_free)

const char *cause_word(CauseKind kind); /* "dns" … */
