/* One part of the MIME tree, for the walker that builds it. */
#pragma once

#include "message/mime_view.h"

/* An empty part that begins at the start of at, as the last child of parent (which owns it then),
 * or as the root (owned by the caller). Header, type and encoding are the caller's to fill. */
MimePart *mime_part_new(MimePart *parent, Slice at);

/* The transfer encoding changes nothing: 7bit, 8bit, binary. */
bool mime_part_is_identity(const MimePart *part);
/* message/rfc822 and message/global: the body is a message. */
bool mime_part_is_message(const MimePart *part);
