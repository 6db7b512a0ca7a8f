/* What may have happened to a message on its way, by which a signature that does not verify is
 * explained. An explanation is never a verdict: it says what would have to be undone. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* In the order in which they are tried: the simplest and most common first. */
typedef enum ChangeKind {
	/* Of the body. */
	CHANGE_MBOXO_QUOTING,
	CHANGE_MBOXRD_QUOTING,
	CHANGE_FROM_UNQUOTED,
	CHANGE_DOTS_DOUBLED,
	CHANGE_CR_DOUBLED,
	CHANGE_CR_INSERTED,
	CHANGE_CR_FOR_LINE_END,
	CHANGE_LINES_BROKEN,
	CHANGE_SPACE_AT_END_ADDED,
	CHANGE_SPACE_OF_DASHES_LOST,
	CHANGE_EMPTY_LINES_BEFORE,
	CHANGE_EMPTY_LINE_BEFORE_LOST,
	CHANGE_EMPTY_LINES_DOUBLED,
	CHANGE_LINES_SPACED,
	CHANGE_RECODED,
	CHANGE_REWRAPPED,
	CHANGE_META_INSERTED,
	CHANGE_HTML_WRAPPED,
	CHANGE_LINKS_REWRITTEN,
	CHANGE_PART_APPENDED,
	CHANGE_PART_PREPENDED,
	CHANGE_WRAPPED,
	CHANGE_FOOTER,
	CHANGE_BANNER,
	/* Of the header. */
	CHANGE_FIELD_COPIED,
	CHANGE_SUBJECT_TAG,
	CHANGE_FIELD_ORIGINAL_KEPT,
	CHANGE_LIST_FIELDS_ADDED,
	CHANGE_FIELD_ADDED,
	CHANGE_FIELD_DROPPED,
	CHANGE_ENCODING_FIELD,
	CHANGE_TYPE_OF_PART,
	CHANGE_TYPE_REWRITTEN,
	CHANGE_NAME_RECASED,
	CHANGE_REFOLDED,
	CHANGE_ADDRESS_REWRITTEN,
	CHANGE_DATE_REWRITTEN,
	CHANGE_FIELDS_REORDERED,
	CHANGE_KINDS
} ChangeKind;

/* Stable, lower-case words with hyphens. */
const char *change_code(ChangeKind kind);
/* English sentence, marked with N_; "{n}" in it stands for the step's number. */
const char *change_text(ChangeKind kind);

/* One thing that happened. */
typedef struct ChangeStep {
	ChangeKind kind;
	uint64_t number; /* of lines, where the text has a "{n}" */
	char *detail;    /* printable: which field, which encodings, what was added; may be NULL */
} ChangeStep;

/* Octets that differ from those that were signed. Texts are printable and cut to what can be shown.
 */
typedef struct ChangePlace {
	uint64_t offset; /* in the message */
	uint64_t length; /* octets that stand there now */
	uint64_t signed_length;
	char *present;
	char *was_signed;
	bool is_present_cut;
	bool is_signed_cut;
} ChangePlace;

/* What, undone, gives octets that were signed. */
typedef struct ChangeFound {
	GPtrArray *steps;  /* of ChangeStep: one or two, the last that happened first */
	GPtrArray *places; /* of ChangePlace, in order; the last one may cover the rest */
} ChangeFound;

ChangeStep *change_step_new(
	ChangeKind kind, uint64_t number, char *detail); /* detail: taken over */
ChangeStep *change_step_copy(const ChangeStep *step);
void change_step_free(ChangeStep *step); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChangeStep, change_step_free)

ChangeFound *change_found_new(void);
/* present and was_signed are octets; the place is that of present in message. */
void change_found_add_place(ChangeFound *found, Slice message, Slice present, Slice was_signed);
void change_found_free(ChangeFound *found); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChangeFound, change_found_free)

/* Octets of a message as a reader is shown them: printable, and cut. Owned by the caller. */
char *change_shown(Slice octets);

static inline const ChangeStep *change_found_step(const ChangeFound *found, guint index)
{
	return (const ChangeStep *)g_ptr_array_index(found->steps, index);
}

static inline const ChangePlace *change_found_place(const ChangeFound *found, guint index)
{
	return (const ChangePlace *)g_ptr_array_index(found->places, index);
}
