/* check_host() (RFC 7208, 4): a domain's record, its terms in order, include and redirect. */
#pragma once

#include "auth/spf_run.h"

/* What a record came to; without meaning where the run is stopped. */
typedef struct SpfOutcome {
	AuthResult result;      /* none, pass, fail, softfail, neutral */
	const SpfTerm *term;    /* that matched, in the innermost record; NULL where none did */
	const SpfLevel *level;  /* whose record holds that term */
	const SpfLevel *ruling; /* whose record holds the directive that gave the result, and the
				   exp= that goes with it (6.2) */
} SpfOutcome;

/* domain without a final dot; its name as a question. The run needs no more than its values and
 * its verdict. */
SpfOutcome spf_check_host(SpfRun *run, const char *domain, const char *name);
void spf_level_free(SpfLevel *level); /* NULL is fine */
