/* What differs between two runs, of all that verdicts may depend on besides message and DNS. */
#pragma once

#include "report/saved_run.h"

typedef enum RunAspect {
	RUN_OPTION,
	RUN_CLOCK, /* --now */
	RUN_TRUST,
	RUN_SUFFIX_LIST,
	RUN_VERSION,
	RUN_LIBRARY,
} RunAspect;

typedef struct RunDifference {
	RunAspect aspect;
	char *name;       /* of the option or library; NULL for the others */
	char *a, *b;      /* NULL: not there; of a repeated option all, with blanks between */
	unsigned methods; /* 1 << Method, of those whose verdicts may depend on it */
} RunDifference;

/* Of RunDifference, in a fixed order; owned by the caller. How the runs counted is none. */
GPtrArray *run_differences(const SavedRun *a, const SavedRun *b);

/* "option dmarc 9989, there 7489; …": what b has, and there a. The first ones are named. Owned by
 * the caller. */
char *run_differences_text(const GPtrArray *differences);

const char *run_aspect_word(RunAspect aspect); /* "option" … */
