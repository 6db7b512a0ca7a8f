/* Saved results (JSON Lines by src/report/record.schema.json or survey.schema.json), read line by
 * line in memory that does not grow with them. What cannot be read is named with file and line, and
 * the rest is read. Results put one behind the other in one file are so many parts, each with its
 * own header and summary. */
#pragma once

#include "report/saved_record.h"
#include "report/saved_run.h"
#include "report/saved_sender.h"
#include "report/saved_survey.h"

#include <stdio.h>

typedef struct ResultsFile ResultsFile;

/* path "-" is standard input. NULL and *reterr_error, which names path, where it cannot be opened.
 */
ResultsFile *results_file_open(const char *path, GError **reterr_error);
/* The same, to be read at any place: what is no regular file is copied to a temporary one first. */
ResultsFile *results_file_open_seekable(const char *path, GError **reterr_error);
/* What is open already, called path in messages. Takes stream over. */
ResultsFile *results_file_new(const char *path, FILE *stream);
void results_file_free(ResultsFile *file); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResultsFile, results_file_free)

typedef enum ResultsEvent {
	RESULTS_RUN,     /* a part begins: .run */
	RESULTS_MESSAGE, /* .record */
	RESULTS_SURVEY,  /* a part begins, of a survey: .survey */
	RESULTS_SENDER,  /* .sender */
	RESULTS_SUMMARY, /* .summary */
	RESULTS_PROBLEM, /* something cannot be read; reading goes on */
	RESULTS_END,
} ResultsEvent;

typedef struct SavedSummary {
	uint64_t messages; /* or senders */
	uint64_t problems;
	bool is_interrupted;
	char *evidence;    /* SHA-256 of the evidence file; NULL without one */
	GPtrArray *inputs; /* of InputDigest (report.h); NULL where they were not hashed */
} SavedSummary;

typedef struct ResultsLine {
	uint64_t number; /* from 1 */
	uint64_t offset; /* in the file */
	SavedRun *run;
	SavedRecord *record;
	SavedSurvey *survey;
	SavedSender *sender;
	SavedSummary summary;
} ResultsLine;

void results_line_clear(ResultsLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ResultsLine, results_line_clear)

/* ret_line is to be cleared after every event. *reterr_error is set on RESULTS_PROBLEM only. */
ResultsEvent results_file_next(ResultsFile *file, ResultsLine *ret_line, GError **reterr_error);

/* The record on the line at that place, once more; the file must be seekable. */
SavedRecord *results_file_record_at(
	ResultsFile *file, uint64_t offset, uint64_t number, GError **reterr_error);
