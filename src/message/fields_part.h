/* The header of a part inside a message, for the MIME walker. */
#pragma once

#include "message/fields.h"

/* As fields_parse(), for a part that points into message, from whose start the findings count their
 * offsets. findings may be NULL: then nothing is told. */
Fields *fields_parse_part(Slice part, Slice message, Findings *findings);
