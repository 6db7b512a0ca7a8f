/* Octets of unknown origin as valid UTF-8 that a person may read: what is not text shows escaped.
 */
#pragma once

#include "base/slice.h"

/* Valid UTF-8 is kept; an octet that is none, and NUL, become \xNN. Control characters are kept,
 * for the report to escape as its format needs. Owned by the caller. */
char *printable_utf8(Slice octets);

/* The same, and the C0 and C1 controls, DEL and the bidirectional controls become \xNN or
 * \u{NNNN}: safe on a terminal. */
char *printable_line(Slice text);

/* The character behind the one that valid UTF-8 text begins with. */
static inline const char *printable_next(const char *text)
{
	return text + g_utf8_skip[(unsigned char)*text];
}
