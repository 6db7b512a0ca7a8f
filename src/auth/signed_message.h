/* What the signatures of one message share, DKIM's and ARC's: its fields by name, and every body
 * hash computed but once. */
#pragma once

#include "auth/canon.h"
#include "auth/dkim_signature.h"

typedef struct SignedMessage SignedMessage;

/* fields must outlive the result. */
SignedMessage *signed_message_new(const Fields *fields);
void signed_message_free(SignedMessage *message); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignedMessage, signed_message_free)

/* Fields that the message was received with (what its store added is left out), as indices into
 * Fields, bottom-most first; NULL where there is none. name in lower case. Lives as long as
 * message. */
const GArray *signed_message_instances(const SignedMessage *message, const char *name);
unsigned signed_message_count(const SignedMessage *message, const char *name);

/* The canonical body's digest, of at most limit octets. False where the message asks for more
 * different ones than are computed: one signature costs a pass over the body. */
bool signed_message_body(SignedMessage *message, CanonKind canon, DigestKind digest, uint64_t limit,
	CanonBody *ret_body);

/* Hash step 2 (RFC 6376, 3.7): the fields that h= lists, bottom-up where a name is listed more
 * than once (5.4.2), then the signature's own field. Names that are not there contribute nothing.
 */
DigestValue signed_message_header(
	const SignedMessage *message, const SignatureTags *tags, size_t own_field);
/* The text that is hashed there; owned by the caller. */
GString *signed_message_header_text(
	const SignedMessage *message, const SignatureTags *tags, size_t own_field);
