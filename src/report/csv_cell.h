/* Cells of a CSV file (RFC 4180) that no spreadsheet takes for a formula. */
#pragma once

#include "base/slice.h"

/* Where Excel is to know that it is UTF-8. */
#define CSV_BOM "\xEF\xBB\xBF"

/* Text from mail: octets that are no text, control and directional characters are escaped, so that
 * a cell is one line; an apostrophe stands before what a spreadsheet would compute. NULL: empty. */
void csv_append_text(GString *out, const char *text);
/* What is ours and harmless: a number, a code. */
void csv_append_word(GString *out, const char *word);
/* Between two cells, and behind the last. */
void csv_append_comma(GString *out);
void csv_append_row_end(GString *out);
