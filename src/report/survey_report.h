/* Reports of what senders publish: what printers of it have in common. */
#pragma once

#include "report/style.h"
#include "survey/share_table.h"
#include "survey/survey_tally.h"

#define SURVEY_SCHEMA 1

/* All borrowed. */
typedef struct SurveyRun {
	const char *version;
	const Roster *roster;
	const ShareTable *table; /* nothing is counted yet */
	char *const *crosses;    /* as --cross has them, NULL-terminated; NULL: none */
	const char *list;        /* SHA-256 of the list of senders */
	uint64_t rows;           /* of it */
	unsigned shard, shards;  /* --shard; shards 0: not given */
} SurveyRun;

typedef struct SurveySender {
	const Roster *roster;
	size_t row; /* from 0 */
	const SenderExam *exam;
} SurveySender;

typedef struct SurveySummary {
	const ShareTable *table;
	const SurveyTally *tally;
	uint64_t rows;    /* of the list, or of the shard of it */
	uint64_t lacking; /* senders for whom answers are lacking */
	uint64_t problems;
	const char *evidence; /* SHA-256 of the evidence file as it is now; NULL without one */
	bool is_interrupted;
} SurveySummary;

typedef struct SurveyPrinter {
	void (*begin)(GString *out, const ReportStyle *style, const SurveyRun *run);
	void (*sender)(GString *out, const ReportStyle *style, const SurveySender *sender);
	void (*end)(GString *out, const ReportStyle *style, const SurveySummary *summary);
	/* Not NULL: the senders' text comes behind end()'s, and this behind them. */
	void (*foot)(GString *out);
} SurveyPrinter;

/* The tables; with style->lines, every sender before them. */
extern const SurveyPrinter survey_text_printer;
/* The tables, or with style->lines a row a sender. */
extern const SurveyPrinter survey_csv_printer;
/* JSON Lines by src/report/survey.schema.json. */
extern const SurveyPrinter survey_jsonl_printer;
/* One self-contained page. */
extern const SurveyPrinter survey_html_printer;

/* --- what they share */

/* A figure of the tables, and of which row it is. */
typedef struct SurveyFigure {
	const char *word; /* for machines */
	const char *head; /* for people, English */
	size_t place;     /* in ShareRow */
	bool is_main;     /* stands in tables for people */
} SurveyFigure;
#define SURVEY_FIGURES 9
extern const SurveyFigure survey_figures[SURVEY_FIGURES];
uint64_t survey_figure(const ShareRow *row, int index);
/* "923 (90.0%)"; owned by the caller. */
char *survey_share_text(uint64_t count, uint64_t units);
/* A class for people; static or borrowed. */
const char *survey_class_name(const ReportStyle *style, const char *name);
const char *survey_table_title(const ReportStyle *style, const ShareTable *table);

/* A statement on all senders: what is counted, and a number. */
typedef struct SurveyCount {
	const char *label; /* English; NULL: code is shown */
	const char *code;  /* for machines and people */
	uint64_t count;
} SurveyCount;

typedef struct SurveyCounts {
	const char *word;  /* for machines */
	const char *title; /* for people, English */
	SurveyCount counts[8];
	int length;
	uint64_t total; /* what shares are of */
} SurveyCounts;
#define SURVEY_COUNTS 7
void survey_count_up(const SurveyTally *tally, SurveyCounts ret_counts[SURVEY_COUNTS]);

/* "-all", or NULL for none. */
const char *survey_all_text(const SpfExam *spf);
