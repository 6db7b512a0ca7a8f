/* Which octets a message had before its store changed them, told by the signatures that fit them.
 */
#pragma once

#include "analysis/case.h"

/* Fills variant, facts, dkim, smime and arc of the case: with the octets as stored and, where a
 * signature does not fit those, with each un-quoting that changes an octet; what fits best counts,
 * the stored form where that makes no difference. What the three have to tell goes to findings. */
void case_choose_variant(Case *kase, Context *context, Findings *findings);
