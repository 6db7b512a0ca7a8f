/* Examines the senders of a list, in rounds of questions to the DNS.
 *
 * Many senders are under way at a time, each until nothing is lacking; each distinct question is
 * asked once in a run, and results leave in the order of the list. What is under way is bounded by
 * a window; answers are kept as text, and read for a while only. */
#pragma once

#include "analysis/roster.h"
#include "engine/engine.h"
#include "survey/sender_exam.h"

typedef struct SurveyOptions {
	const Roster *roster;
	size_t sender;      /* the column of addresses or domains */
	size_t selectors;   /* that of DKIM's selectors; ROSTER_NONE: there is none */
	size_t first;       /* row, from 0 */
	size_t behind;      /* the last row */
	Evidence *evidence; /* borrowed, as the next two */
	Live *live;         /* NULL: nothing is asked */
	EvidenceFile *file; /* live answers are appended to it; NULL is fine */
} SurveyOptions;

typedef struct SurveySink {
	/* A result, in the order of the list; borrowed. */
	void (*result)(size_t row, const SenderExam *exam, gpointer data);
	void (*problem)(const char *text, gpointer data);
	bool (*wants_end)(gpointer data);
	/* Called now and then. Messages and octets of the status are senders. */
	void (*tick)(const EngineStatus *status, gpointer data);
	gpointer data;
} SurveySink;

/* ENGINE_COMPLETE, ENGINE_WISHED or ENGINE_NO_RESOLVER. */
EngineEnd survey_run(const SurveyOptions *options, const SurveySink *sink);
