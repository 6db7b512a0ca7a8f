/* A verdict: a word of RFC 8601, 2.7 (RFC 7281 for S/MIME), a reason, and what it rests on. */
#pragma once

#include "base/finding.h"

#include <stdint.h>

typedef enum AuthResult {
	RESULT_NONE,
	RESULT_PASS,
	RESULT_FAIL,
	RESULT_SOFTFAIL,
	RESULT_NEUTRAL,
	RESULT_POLICY,
	RESULT_TEMPERROR,
	RESULT_PERMERROR,
} AuthResult;

typedef struct Verdict {
	AuthResult result;
	const char *reason; /* static code, lower-case words with hyphens */
	const char *text;   /* static English sentence, marked with N_ */
	char *detail;       /* UTF-8 data for the sentence; may be NULL */
	bool is_final;      /* evaluated on complete evidence */
	/* Of the DNS answers it rests on: how many, how many without a date, and when the oldest
	 * and the youngest of the others were taken. What says "no" is only as good as its date. */
	unsigned answers;
	unsigned undated;
	int64_t oldest;
	int64_t youngest;
} Verdict;

#define VERDICT_INIT \
	((Verdict) { .reason = "", .text = "", .oldest = INT64_MAX, .youngest = INT64_MIN })

/* Sets word and reason, and final; detail is taken over, the old one freed. */
void verdict_set(
	Verdict *verdict, AuthResult result, const char *reason, const char *text, char *detail);
/* No word can be given: what it needs is not there (reason says what). Not final; the word is
 * temperror for answers that are missing, none for the rest. */
void verdict_set_unknown(
	Verdict *verdict, AuthResult result, const char *reason, const char *text, char *detail);
void verdict_clear(Verdict *verdict);

const char *auth_result_word(AuthResult result);
