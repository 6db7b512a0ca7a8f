/* Signed mail that was sent again, as it was, by somebody else to somebody else. */
#pragma once

#include "analysis/case.h"

/* Adds to kase->findings: the signs of a replay, and where all of them are there, the suspicion. */
void case_find_replay(Case *kase);
