/* Characters of several octets whose octets look like the grammar's own: those of ISO-2022-JP (RFC
 * 1468) between its escape sequences, and of Shift_JIS behind their lead octet. Raw, they are no
 * mail, yet Japanese mail has them. */
#pragma once

#include "base/slice.h"

/* How many octets at the start of text, which is not empty, are to be read as one: a stretch from
 * the escape sequence that leaves ASCII to the one that returns to it; a Shift_JIS character with
 * a special in its second octet; else 1.
 *
 * A stretch that is cut off, or that does not consist of whole characters, is none, and neither is
 * anything in which a program that does not know the charset would see an address: nothing can
 * hide there. is_utf8: all of the text is UTF-8, and so has no Shift_JIS in it. */
size_t multibyte_len(Slice text, bool is_utf8);
