/* The MIME structure by our own walker: slices and offsets of every part (RFC 2045, 2046). */
#pragma once

#include "base/finding.h"
#include "message/fields.h"

typedef struct MimePart {
	Slice whole; /* header and body: between boundary lines, without the line end that belongs
		      * to the closing one (RFC 2046, 5.1.1); the message itself at the root */
	Fields *fields;
	char *type;     /* lower case "multipart/signed"; "text/plain" where absent or unreadable */
	char *encoding; /* lower case; "7bit" where absent */
	GPtrArray *parameters; /* of MimeParameter */
	struct MimePart *parent;
	GPtrArray *children; /* of MimePart; of a multipart or message/rfc822 */
	bool is_closed;      /* multipart: its closing boundary line is there */
} MimePart;

typedef struct MimeParameter {
	char *name;  /* lower case */
	char *value; /* RFC 2231 continuations joined and decoded, UTF-8 */
} MimeParameter;

/* message must outlive the tree, whose root is owned by the caller. Reaching a limit, an unclosed
 * multipart, two Content-Type fields … are findings. */
MimePart *mime_parse(Slice message, Findings *findings);
void mime_part_free(MimePart *root); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimePart, mime_part_free)

/* Of the Content-Type; NULL where it has none. Lives as long as part. */
const char *mime_parameter(const MimePart *part, const char *name);

/* GMime's reading of the same message as a second opinion: where its leaves are not ours, by number
 * or place, that is the finding "mime-reading-differs". GMime is asked only within limits in which
 * it neither crashes nor takes long; otherwise "mime-second-opinion-left-out" says so. root is the
 * tree of message. For signed mail and on demand: it costs ten times the walk. */
void mime_second_opinion(const MimePart *root, Slice message, Findings *findings);

/* The body with its transfer encoding undone; owned by the caller. NULL where the encoding is not
 * known. Base64 goes on behind an inner '=', and ignores what is no base64. */
GBytes *mime_decode_body(const MimePart *part);

/* Has the library behind it ready, which is otherwise so when it is first needed. */
void mime_prepare(void);

/* The library behind it, with its version; owned by the caller. */
char *mime_library(void);
