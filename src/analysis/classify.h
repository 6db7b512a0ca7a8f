/* Marks: what a survey counts of a verdict (DESIGN.md, 4). */
#pragma once

#include "analysis/case.h"

/* Sets the marks of a case whose verdicts are there. received is the message's reception,
 * horizon_ms how much later evidence may have been taken to say no. */
void classify_case(Case *kase, int64_t received, int64_t horizon_ms);
