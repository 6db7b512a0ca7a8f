/* The header's side of the search of what changed: every change that may have been made, as fields
 * that stood there instead. Included by change_*.c only. */
#pragma once

#include "auth/change_work.h"
#include "auth/pubkey.h"
#include "auth/signed_message.h"

#define CHANGE_NO_FIELD ((size_t)-1)

/* A field as it was; with raw NULL it was not there, with CHANGE_NO_FIELD it is not there now. */
typedef struct FieldEdit {
	size_t field; /* index into ChangeHeader.fields */
	GString *raw; /* with its line end; owned */
} FieldEdit;

typedef struct ChangeOp {
	ChangeStep *step;
	GArray *edits; /* of FieldEdit */
} ChangeOp;

typedef struct ChangeHeader {
	const SignatureTags *tags;
	const Fields *all;    /* of the message */
	const MimePart *mime; /* its tree */
	GArray *fields;       /* of Field: those that h= names, and the signature's own */
	size_t own;           /* index of that */
	GPtrArray *ops;       /* of ChangeOp, the simplest first */

	/* What the signature asks for. */
	DigestValue wanted;    /* recovered from an RSA signature; len 0: keys */
	const GPtrArray *keys; /* of PubKey, with which each try is verified */

	ChangeBudget *budget;
} ChangeHeader;

ChangeHeader *change_header_new(const SignatureTags *tags, const Fields *all, size_t own_field);
void change_header_free(ChangeHeader *header); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChangeHeader, change_header_free)

static inline const Field *change_field(const ChangeHeader *header, size_t index)
{
	return &g_array_index(header->fields, Field, index);
}

/* The first field of that name at or behind from; header->fields->len where there is none. */
size_t change_field_find(const ChangeHeader *header, const char *name, size_t from);
/* Whether h= names it. */
bool change_is_signed(const ChangeHeader *header, const char *name);
/* Whether fields are hashed as they stand, so that folding and letters count. */
bool change_is_simple(const ChangeHeader *header);

/* Makes a change of several fields: begin, edit each, end. Edits that make no difference to the
 * hash are left out, and so is a change without any. raw and detail are taken over. */
ChangeOp *change_op_begin(ChangeKind kind, char *detail);
void change_op_edit(const ChangeHeader *header, ChangeOp *op, size_t field, GString *raw);
void change_op_end(ChangeHeader *header, ChangeOp *op);
/* A change of one field; the detail is its name. */
void change_op_add(ChangeHeader *header, ChangeKind kind, size_t field, GString *raw);

/* What raw holds, which must outlive it. */
Field change_field_of(const GString *raw);
/* The field with another value, and with the line end that it has; owned by the caller. */
GString *change_field_with(const Field *field, Slice value);
/* "Name: value" with a line end; owned by the caller. */
GString *change_field_make(const char *name, Slice value);

/* By what changes, each in a file of its own: they add to header->ops. */
void change_ops_copies(ChangeHeader *header);
void change_ops_subject(ChangeHeader *header);
void change_ops_originals(ChangeHeader *header);
void change_ops_content(ChangeHeader *header);
void change_ops_added(ChangeHeader *header);
void change_ops_dropped(ChangeHeader *header);
void change_ops_names(ChangeHeader *header);
void change_ops_folding(ChangeHeader *header);
void change_ops_values(ChangeHeader *header);

/* NULL where nothing was found. */
ChangeFound *change_header_search(ChangeHeader *header);
