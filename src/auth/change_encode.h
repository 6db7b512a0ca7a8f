/* Transfer encodings as most programs write them (RFC 2045, 6.7 and 6.8). */
#pragma once

#include "base/slice.h"

/* Lines have at most 76 octets, filled as far as they go; what must not stand there as it is
 * becomes =XX, and so does white space at the end of a line. Line ends of text stay as they are,
 * soft ones are eol. */
void change_encode_quoted_printable(GString *out, Slice text, const char *eol);

/* Lines of that many columns with eol between them, and none behind the last. */
void change_encode_base64(GString *out, Slice octets, size_t columns, const char *eol);
