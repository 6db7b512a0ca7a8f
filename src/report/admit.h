/* What a process that may have been taken over says of a message is held to the form that a
 * report's text of one message has: it can be false, but it is of that message, and does no more
 * to its reader than such a text does. */
#pragma once

#include "base/source.h"
#include "report/style.h"

/* Lines of text, each ended, at most so many: valid UTF-8 without characters that move the reader's
 * eye or his cursor, but for the style's colours. */
bool admit_lines(Slice text, const ReportStyle *style, size_t most);
/* One record, of the message at source. */
bool admit_record(Slice text, const Source *source, bool is_redacted);
/* One row of the page's table, of elements and attributes that an account has. */
bool admit_row(Slice text);
