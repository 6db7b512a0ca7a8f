/* The report on two runs: what the printers of a comparison are given. */
#pragma once

#include "report/record_diff.h"
#include "report/style.h"

/* One of the two results. Borrowed. */
typedef struct DiffSide {
	const char *path;
	const SavedRun *run; /* the first; NULL where there is no header */
	size_t runs;
	uint64_t messages;
	const char *evidence; /* SHA-256 of the evidence file; NULL where not known */
} DiffSide;

typedef struct DiffHead {
	DiffSide a, b;
	const GPtrArray
		*runs; /* how the first runs differ, of RunDifference; NULL: a header lacks */
} DiffHead;

/* So many verdicts went from here to there. */
typedef struct Transition {
	Method method;
	Mark mark_a, mark_b;
	const char *result_a, *result_b; /* static */
	uint64_t count;
} Transition;

typedef struct DiffTally {
	uint64_t both, only_a, only_b; /* messages */
	uint64_t changed;              /* messages of both */
	uint64_t methods[METHODS];     /* verdicts that changed */
	uint64_t causes[CAUSE_KINDS];  /* of them, those that have such a cause */
	GArray *transitions;           /* of Transition, in the order in which they came */
	uint64_t problems;             /* what could not be read */
} DiffTally;

DiffTally *diff_tally_new(void);
void diff_tally_free(DiffTally *tally); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DiffTally, diff_tally_free)
/* Counts what changed. */
void diff_tally_add(DiffTally *tally, const RecordDiff *diff);
/* Most frequent first; ties by method and word. */
void diff_tally_sort(DiffTally *tally);

typedef enum DiffOnly { ONLY_A, ONLY_B } DiffOnly;

typedef struct DiffPrinter {
	void (*begin)(GString *out, const ReportStyle *style, const DiffHead *head);
	void (*changed)(GString *out, const ReportStyle *style, const RecordDiff *diff);
	/* So many messages follow, that are in one of the results only. */
	void (*only_head)(GString *out, const ReportStyle *style, DiffOnly only, uint64_t count);
	void (*only)(
		GString *out, const ReportStyle *style, DiffOnly only, const SavedRecord *record);
	void (*end)(GString *out, const ReportStyle *style, const DiffTally *tally);
} DiffPrinter;

extern const DiffPrinter diff_text_printer;
/* JSON Lines by src/report/diff.schema.json. */
extern const DiffPrinter diff_jsonl_printer;
