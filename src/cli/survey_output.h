/* The report of a survey while it is made, of senders that are examined now or were saved: one by
 * one, and the tables in the end. */
#pragma once

#include "cli/held_text.h"
#include "cli/sink.h"
#include "report/survey_report.h"

/* Borrowed, but for what survey_output_open() makes. */
typedef struct SurveyOutput {
	const Options *options;
	const SurveyPrinter *printer;
	Sink *sink;
	const Roster *roster;
	ShareTable *table;
	SurveyTally *tally;
	HeldText *held;   /* text that belongs behind the end's; NULL: none does */
	uint64_t lacking; /* senders for whom answers are lacking */
} SurveyOutput;

/* NULL where a survey has no such format. */
const SurveyPrinter *survey_output_printer(Format format);
/* The columns of the list that the tables are made by. ROSTER_NONE: each row is a unit. False with
 * *reterr_error where there is no such column; crosses may be NULL. */
bool survey_output_find_unit(
	const Roster *roster, const char *by, size_t *ret_unit, GError **reterr_error);
bool survey_output_add_classes(SurveyOutput *output, char *const *crosses, GError **reterr_error);

/* False, and said why, where the report cannot be kept. The table is taken over. */
bool survey_output_open(SurveyOutput *output, ShareTable *table);
void survey_output_clear(SurveyOutput *output);

void survey_output_begin(SurveyOutput *output, const SurveyRun *run);
/* Counts a sender without printing it. */
void survey_output_count(SurveyOutput *output, size_t row, const SenderExam *exam);
/* Appends its text to the sink's. */
void survey_output_add(SurveyOutput *output, size_t row, const SenderExam *exam);
/* Writes what was appended, now or later. */
void survey_output_flush(SurveyOutput *output);
/* Fills in what it knows of the summary, and writes the rest of the report. */
void survey_output_end(SurveyOutput *output, SurveySummary *summary);
