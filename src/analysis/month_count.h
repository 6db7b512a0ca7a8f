/* Marks counted by month, for a line of time. */
#pragma once

#include "analysis/table.h"

/* Adds the marks to the month of time in months (a GArray of TableMonth, earliest first). Nothing
 * for TIME_UNKNOWN. */
void month_count_add(GArray *months, int64_t time, const Mark *marks);
