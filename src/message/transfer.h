/* Transfer encodings undone (RFC 2045, 6; RFC 2047, 4), as tolerantly as readers of mail are. */
#pragma once

#include "base/slice.h"

/* Each appends the decoded octets to out. */

/* What is no base64 is ignored; '=' ends a group, not the text: what follows is decoded too, as
 * joined pieces need it. */
void transfer_base64(GString *out, Slice text);

/* A '=' that begins no escape stays; white space at the end of a line goes (RFC 2045, 6.7). */
void transfer_quoted_printable(GString *out, Slice text);

/* The "Q" encoding: '_' is a space. */
void transfer_q(GString *out, Slice text);

/* The lines between "begin" and "end"; nothing where there is no "begin". */
void transfer_uuencode(GString *out, Slice text);

/* "%41" as RFC 2231 has it; a '%' that begins no escape stays. */
void transfer_percent(GString *out, Slice text);
