/* Octets of a charset as UTF-8: the names that mail uses, and guesses where it names none. */
#pragma once

#include "base/slice.h"

/* ISO-2022-JP with all that Japanese mail puts into it: NEC's row 13, half-width kana, JIS X 0212
 * and 0213, Chinese and Korean sets of ISO-2022-JP-2. Valid UTF-8, what cannot be read is escaped;
 * owned by the caller. */
char *charset_iso_2022_jp(Slice octets);

/* Text of no known charset: ISO-2022-JP by its escapes, UTF-8, CP932, EUC-JP, else escapes. */
char *charset_guess(Slice octets);
