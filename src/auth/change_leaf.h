/* A part of text with its transfer encoding undone, so that it can be changed inside and encoded
 * again. What is not touched keeps the octets it has, as encoders differ. */
#pragma once

#include "message/mime_view.h"

/* RFC 2045, 6.8: at most; nearly everybody's. */
#define CHANGE_BASE64_COLUMNS ((size_t)76)

typedef enum ChangeEncoding {
	CHANGE_PLAIN, /* 7bit, 8bit, binary */
	CHANGE_QUOTED_PRINTABLE,
	CHANGE_BASE64,
} ChangeEncoding;

/* Where a line of text begins, decoded and in the message. A line that soft ends break is one. */
typedef struct ChangeLinePair {
	size_t text;
	size_t octets;
} ChangeLinePair;

typedef struct ChangeLeaf {
	const MimePart *part; /* NULL: octets that are no part */
	Slice octets;         /* as they stand in the message */
	ChangeEncoding encoding;
	Slice text; /* decoded */
	GString *decoded;
	size_t columns;  /* of base64 */
	size_t regular;  /* of base64: octets of lines that are as we would write them */
	Slice tail;      /* of base64: the line ends behind the last digit */
	const char *eol; /* how its lines end: "\r\n" or "\n" */
	GArray *lines;   /* of ChangeLinePair, of quoted-printable: every line, and the end */
} ChangeLeaf;

/* Of a part of a message; NULL where its encoding is another one, or it has no body. */
ChangeLeaf *change_leaf_new(const MimePart *part);
/* Of octets that are taken as they stand. */
ChangeLeaf *change_leaf_plain(Slice octets);
void change_leaf_free(ChangeLeaf *leaf); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChangeLeaf, change_leaf_free)

/* The parts of text of a message, at most as many as are worth changing; of ChangeLeaf. */
GPtrArray *change_leaves_new(const MimePart *root);
bool change_leaf_is_html(const ChangeLeaf *leaf);

/* Octets [at, at + len) of the text become others. */
typedef struct ChangeEdit {
	size_t at;
	size_t len;
	Slice octets;
} ChangeEdit;

/* Appends what the leaf would be with these edits, which are in order and do not touch each
 * other. */
void change_leaf_edit(const ChangeLeaf *leaf, const ChangeEdit *edits, size_t count, GString *out);

/* For many edits near the end: everything before octet *ret_octets of leaf->octets, where a line
 * begins, stays as it is for edits at or behind at. change_leaf_edit_from() appends what comes from
 * there on; safe is what was returned. */
size_t change_leaf_safe(const ChangeLeaf *leaf, size_t at, size_t *ret_octets);
void change_leaf_edit_from(
	const ChangeLeaf *leaf, size_t safe, const ChangeEdit *edits, size_t count, GString *out);

/* The text in another encoding. Lines of base64 have that many columns; the lines in it end with
 * text_eol, as stores do not keep what ended them (NULL: as they do). */
void change_leaf_encode(const ChangeLeaf *leaf, ChangeEncoding encoding, size_t columns,
	const char *text_eol, GString *out);
