/* The header of a part inside a message, for the MIME walker. */
#pragma once

#include "message/fields.h"

/* As fields_parse(), for a part that points into message, from whose start the findings count their
 * offsets. findings may be NULL: then nothing is told. */
Fields *fields_parse_part(Slice part, Slice message, Findings *findings);

/* The line, with its line end, ends a header. What only stops at the end of the message does not,
 * nor does a line of white space. */
bool fields_is_empty_line(Slice line);
