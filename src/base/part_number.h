/* The number of a part of a message, as IMAP has it (RFC 9051, 6.4.5.1): "2.1" is the first part of
 * the second. A message that is a part, and is no multipart, has one part: 1. */
#pragma once

#include "base/limits.h"

#include <stdbool.h>

/* Octets of one: five digits and a dot for each part around it. */
#define PART_NUMBER_OCTETS ((size_t)6 * LIMIT_MIME_DEPTH * LIMIT_ATTACHED_DEPTH)

bool part_number_is_valid(const char *text);
/* Below 0 where a stands before b in the message, above 0 where behind it; a part stands before
 * those that are within it. Both are valid. */
int part_number_compare(const char *a, const char *b);
/* The part lies in the one around it. */
bool part_number_is_within(const char *part, const char *around);
