/* Messages that another one carries as parts: message/rfc822 and message/global, anywhere in its
 * MIME structure, and those that they carry in turn (RFC 2046, 5.2.1; RFC 6532, 3.7). Journal
 * reports, what is forwarded as an attachment, digests, what a bounce gives back.
 *
 * Their octets are those of the part's body as it stands there. A transfer encoding, which these
 * types should not have, is undone. Nothing is looked for in multipart/encrypted; message/partial
 * and message/external-body hold no message, and text/rfc822-headers no more than a header. */
#pragma once

#include "base/source.h"
#include "message/mime_view.h"

typedef struct AttachedMessage {
	char *part;       /* its number, from the message down (base/part_number.h) */
	unsigned carrier; /* which of the list carries it, from 1; 0: the message itself does */
	uint64_t offset, length; /* of the part's body, among the octets of what carries it */
	PartEncoding encoding;
	GBytes *decoded; /* its octets, where an encoding was undone; NULL: they are the body's */
	bool is_open;    /* nothing ends the part but the end of what there is */
} AttachedMessage;

void attached_message_free(gpointer attached); /* NULL is fine */

/* Of AttachedMessage, in the order of the message, each before those that it carries; owned by the
 * caller; NULL where there is none. root is the tree of message; is_cut: message goes on behind
 * what is there. What is left out because a limit is reached, or because its encoding is not known,
 * is a finding. */
GPtrArray *attached_find(const MimePart *root, Slice message, bool is_cut, Findings *findings);
