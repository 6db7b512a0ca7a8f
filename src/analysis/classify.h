/* Marks: what a survey counts of a verdict (DESIGN.md, 4). */
#pragma once

#include "analysis/case.h"

/* Sets the marks of a case whose verdicts are there. */
void classify_case(Case *kase);

/* Of a case that is evaluated: the signature fails by an answer of the DNS that was taken too late
 * to say so. */
bool classify_is_stale(const Case *kase, const DkimSignature *signature);
