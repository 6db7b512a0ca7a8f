/* Header text for people: RFC 2047 encoded words, raw 8-bit and ISO-2022-JP text, charsets. */
#pragma once

#include "base/finding.h"

/* Valid UTF-8, folding undone, encoded words decoded one by one (adjacent ones of one charset are
 * joined before they are converted, so that a character split over two survives). What cannot be
 * decoded stays, escaped. Owned by the caller. */
char *decode_text(Slice value);
/* The same of a phrase whose quotes are undone: white space at its ends is part of it (RFC 5322,
 * 3.2.4). */
char *decode_phrase(Slice value);

/* Octets of a charset (MIME's name for it, with the aliases that mail uses) as UTF-8; NULL where
 * the charset is not known. Owned by the caller. */
char *decode_charset(Slice octets, Slice charset);
