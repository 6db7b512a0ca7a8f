/* A sender of a survey as it was saved (src/report/survey.schema.json), checked: its row of the
 * list, and what was found, as if it had been examined now. */
#pragma once

#include "survey/sender_exam.h"

struct json_t;

typedef struct SavedSender {
	uint64_t row;     /* of the list, from 1 */
	GPtrArray *cells; /* of char * */
	SenderExam *exam; /* without what no report shows: the names of keys */
} SavedSender;

/* Takes line over. NULL, and *reterr_error says what is missing, where it is no sender of this
 * schema. */
SavedSender *saved_sender_new(struct json_t *line, GError **reterr_error);
void saved_sender_free(SavedSender *sender); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SavedSender, saved_sender_free)
