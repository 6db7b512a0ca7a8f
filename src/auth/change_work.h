/* What the parts of the search of what changed share; nobody else includes it. */
#pragma once

#include "auth/canon.h"
#include "auth/change.h"
#include "auth/change_leaf.h"
#include "message/mime_view.h"

/* What may still be spent. It is counted, not timed, so that the result never depends on the
 * machine. */
typedef struct ChangeBudget {
	unsigned tries;  /* texts that are compared with what was signed */
	uint64_t octets; /* gone through, hashed or made */
	bool is_spent;   /* something was left out */
} ChangeBudget;

/* Takes that much off the budget; false, and is_spent, where it does not have it. */
bool change_charge(ChangeBudget *budget, unsigned tries, uint64_t octets);

/* A message as it is, or as it may have been. */
typedef struct ChangeDraft {
	Slice message;
	Slice body;
	MimePart *mime;    /* by change_mime() */
	GPtrArray *leaves; /* by change_leaves() */
} ChangeDraft;

typedef struct ChangeBody {
	/* What the signature asks for. */
	CanonKind canon;
	DigestKind digest;
	uint64_t limit;
	DigestValue wanted;

	ChangeBudget *budget;
	const ChangeDraft *present; /* the message itself */
	ChangeDraft *draft;         /* what the families now change */
	const ChangeStep *first;    /* the step that made draft of present; NULL: they are one */
	guint family;               /* that runs now */
	bool is_pairing;
	bool is_over;
	GString *made[2]; /* where the texts of a first and of a second step are made */
	ChangeFound *found;
} ChangeBody;

/* A family makes every text that one kind of change may have made draft of. Returns early where
 * work->is_over. */
typedef void (*ChangeFamily)(ChangeBody *work);

/* What a family makes texts in, one after the other, always the same for one draft: empty, or with
 * the message up to old, which points into it. change_end() appends what stands behind old. */
GString *change_begin(ChangeBody *work, Slice old);
void change_end(ChangeBody *work, Slice old);
/* Tries what was made, with its body from body_at on; takes over step. True where the search is
 * over: the family returns. */
bool change_try(ChangeBody *work, ChangeStep *step, size_t body_at);
/* Ends the search: what was made, and has been tried, is the one. Takes over step. */
void change_match(ChangeBody *work, ChangeStep *step, size_t body_at);
/* The message with these edits of a leaf, made. */
void change_make_edited(
	ChangeBody *work, const ChangeLeaf *leaf, const ChangeEdit *edits, size_t count);

/* The canonical body is the one that was signed. */
bool change_body_is_signed(const ChangeBody *work, CanonBody body);

/* Of the draft; they live as long as it. */
const MimePart *change_mime(ChangeBody *work);
const GPtrArray *change_leaves(ChangeBody *work); /* of ChangeLeaf */
size_t change_body_at(const ChangeDraft *draft);

static inline const ChangeLeaf *change_leaf_at(const GPtrArray *leaves, guint index)
{
	return (const ChangeLeaf *)g_ptr_array_index(leaves, index);
}

/* By families, in files of their own. */
void change_mboxrd(ChangeBody *work);
void change_mboxo(ChangeBody *work);
void change_from_unquoted(ChangeBody *work);
void change_dots(ChangeBody *work);
void change_carriage_returns(ChangeBody *work);
void change_broken_lines(ChangeBody *work);
void change_spaces(ChangeBody *work);
void change_empty_lines(ChangeBody *work);
void change_recoded(ChangeBody *work);
void change_html(ChangeBody *work);
void change_links(ChangeBody *work);
void change_parts(ChangeBody *work);
void change_banner(ChangeBody *work);
void change_footer(ChangeBody *work);

/* The body's search; NULL where nothing was found. */
ChangeFound *change_body_search(ChangeBody *work, Slice message, Slice body);

/* Where present and was_signed differ, both texts of lines; present points into message. */
void change_places(ChangeFound *found, Slice message, Slice present, Slice was_signed);
