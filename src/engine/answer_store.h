/* Answers as the text that they are written as in the evidence: what is evaluated is read back from
 * it, so that a replay sees the same. */
#pragma once

#include "dns/evidence.h"

/* The text of the answer; NULL where it is not known. Owned by the caller. */
GString *answer_store_find(Evidence *evidence, const Question *question);
/* Keeps the answer, as text that evidence reads when somebody asks. Returns it. */
GBytes *answer_store_keep(Evidence *evidence, const Answer *answer);
