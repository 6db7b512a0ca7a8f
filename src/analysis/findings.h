/* What only the verdicts and the facts together tell: tricks that pass every single check. */
#pragma once

#include "analysis/case.h"

/* Adds to kase->findings; all verdicts are there. */
void case_find(Case *kase, const CaseOptions *options);
