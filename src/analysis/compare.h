/* Recorded results against recomputed ones, and what made them differ (DESIGN.md, 5). */
#pragma once

#include "analysis/case.h"

/* Fills kase->differences: one for each method that a trusted field recorded, then one for each
 * that only somebody outside the boundary did. */
void compare_recorded(Case *kase);

/* The topmost trusted result recorded for a method, or NULL. Lives as long as the case's facts. */
const RecordedResult *compare_recorded_result(const Case *kase, Method method);
