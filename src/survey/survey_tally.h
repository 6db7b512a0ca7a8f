/* What the senders of a survey publish, counted one by one. */
#pragma once

#include "survey/sender_exam.h"

#define SURVEY_TALLY_ALLS     5
#define SURVEY_TALLY_POLICIES 3
#define SURVEY_TALLY_KEYS     5

/* How many senders have a finding; at most once each. */
typedef struct TallyFinding {
	const char *code, *text; /* of the tally */
	uint64_t count;
	uint64_t last; /* the sender that was counted last, from 1 */
} TallyFinding;

typedef struct SurveyTally {
	uint64_t senders;
	uint64_t without_domain; /* of them */
	uint64_t spf[PUBLICATIONS];
	uint64_t all[SURVEY_TALLY_ALLS]; /* by survey_tally_all() */
	uint64_t dmarc[PUBLICATIONS];
	uint64_t inherited;                       /* the record is of a domain above */
	uint64_t policies[SURVEY_TALLY_POLICIES]; /* none, quarantine, reject: what holds */
	uint64_t mx[MX_STATES];
	uint64_t keys[SURVEY_TALLY_KEYS]; /* by KeyStatus */
	uint64_t weak_keys, testing_keys;
	uint64_t spf_secure, dmarc_secure, mx_secure; /* the answer is validated by DNSSEC */
	GArray *findings;    /* of TallyFinding, most frequent first once it is finished */
	GHashTable *by_code; /* code -> index in findings + 1, until then */
	GStringChunk *texts;
} SurveyTally;

SurveyTally *survey_tally_new(void);
void survey_tally_free(SurveyTally *tally); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SurveyTally, survey_tally_free)

void survey_tally_add(SurveyTally *tally, const SenderExam *exam);
void survey_tally_finish(SurveyTally *tally);

/* "-all", "~all", "?all", "+all", and "" for none; static. */
const char *survey_tally_all(int index);
