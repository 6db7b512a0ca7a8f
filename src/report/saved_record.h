/* The record of one message as it was saved, checked: what tables and comparisons need of it. */
#pragma once

#include "analysis/table.h"

struct json_t;

typedef struct SavedVerdict {
	const char *result; /* as case_result_word() has it; static */
	const char *reason;
	bool is_final;
	Mark mark;
} SavedVerdict;

/* Texts live as long as the record. */
typedef struct SavedRecord {
	struct json_t *json; /* owns them */
	EntryFacts facts;
	uint64_t offset;
	const char *sha256;
	/* Of the store; NULL where it does not say. */
	const char *kind, *from_line, *store_time;
	const char *unquoted;              /* which octets were evaluated */
	const char *message_id, *received; /* or NULL */
	SavedVerdict verdicts[METHODS];
} SavedRecord;

/* Takes line over. NULL, and *reterr_error says what is missing, where it is no record of this
 * schema. */
SavedRecord *saved_record_new(struct json_t *line, GError **reterr_error);
void saved_record_free(SavedRecord *record); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SavedRecord, saved_record_free)

/* Appends it as it was, in one line of JSON that is safe on a terminal. */
void saved_record_append(GString *out, const SavedRecord *record);

/* A DNS question that the record rests on. */
typedef struct SavedAnswer {
	const char *name, *type;
	bool is_lacking; /* the evidence had no answer; what follows is absent then */
	const char *outcome;
	uint64_t records;
	const char *at;       /* NULL: nobody knows */
	const char *security; /* of DNSSEC; NULL where the record does not say */
	const char *digest;   /* of what it says; NULL where the record does not have it */
	unsigned by;          /* ASKED_BY…; 0 where the record does not say */
} SavedAnswer;

/* All of them (of SavedAnswer), those that are lacking last; owned by the caller, texts as above.
 */
GArray *saved_record_answers(const SavedRecord *record);

/* The text of the SPF or DMARC record that was the answer, where the verdicts have it; or NULL. */
const char *saved_record_text_of(const SavedRecord *record, const SavedAnswer *answer);
