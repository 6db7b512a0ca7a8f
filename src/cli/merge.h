/* Saved results that are put together (kantei table): what those of mail and those of a survey have
 * in common. */
#pragma once

#include "cli/shard_count.h"
#include "cli/sink.h"
#include "report/results_file.h"

struct MergeKind;

typedef struct Merge {
	const Options *options;
	Sink sink;
	const struct MergeKind *kind; /* NULL until the first line is read */
	gpointer results;             /* of the kind */
	int refusal;                  /* status; 0: something is made of the results */
	char *first_path;             /* of the first header; NULL where there is none yet */
	ShardCount shards;
	uint32_t parts; /* so far */
	uint64_t twice; /* records that an earlier part has */
	char *first_twice;
	uint64_t problems; /* of the runs */
	bool is_interrupted;
	char *evidence; /* of the parts so far, where they agree */
	bool is_evidence_mixed;
	uint64_t summaries;
} Merge;

/* Results of one kind, and what is made of them. */
typedef struct MergeKind {
	const char *whole;  /* what shards are parts of */
	const char *record; /* "message" */
	const char *name;   /* "results of mail" */
	/* NULL, and said why, where the options do not go with it; the refusal is set then. */
	gpointer (*open)(Merge *merge);
	/* A header (RESULTS_RUN, RESULTS_SURVEY), or a record. */
	void (*take)(Merge *merge, const char *path, ResultsEvent event, ResultsLine *line);
	void (*summary)(Merge *merge, SavedSummary *summary);
	void (*end)(Merge *merge);
	void (*free)(gpointer results);
} MergeKind;

extern const MergeKind merge_mail;
extern const MergeKind merge_survey;

/* A header's shard is counted, or said not to fit; of 0: the run has all. */
void merge_count_shard(
	Merge *merge, const char *path, const ResultsLine *line, const SavedShard *shard);
/* A record that an earlier part has, which is told in the end; place is taken over. */
void merge_note_twice(Merge *merge, char *place);
/* The summary's evidence: NULL where the parts do not agree. */
const char *merge_evidence(const Merge *merge);
