/* The header of a survey as it was saved with its results (src/report/survey.schema.json). */
#pragma once

#include "report/saved_run.h"
#include "survey/share_table.h"

/* Texts live as long as the survey. */
typedef struct SavedSurvey {
	struct json_t *line; /* owns them */
	gint references;
	const char *version;
	const char *by; /* the column that makes the units; NULL: each row is one */
	UnitRule rule;
	RecordRule records;
	char **crosses;   /* as --cross has them; NULL-terminated */
	const char *list; /* SHA-256 of the list of senders */
	uint64_t rows;    /* of it */
	SavedShard shard; /* of 0: the survey has all of the list */
} SavedSurvey;

/* Takes line (the whole first line) over. NULL, and *reterr_error says what is missing, where it is
 * no header of this schema. */
SavedSurvey *saved_survey_new(struct json_t *line, GError **reterr_error);
SavedSurvey *saved_survey_ref(SavedSurvey *survey);
void saved_survey_unref(SavedSurvey *survey); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SavedSurvey, saved_survey_unref)

/* The columns of the list (of char *); owned by the caller. */
GPtrArray *saved_survey_columns(const SavedSurvey *survey);
bool saved_survey_has_columns_of(const SavedSurvey *survey, const SavedSurvey *other);
/* All of the header is the same. */
bool saved_survey_is_same(const SavedSurvey *a, const SavedSurvey *b);
