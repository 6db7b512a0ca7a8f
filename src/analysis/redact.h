/* A case for passing on: what tells who wrote to whom of what is masked, and what the verdicts rest
 * on (domains, hosts, hashes, dates, results) is kept. Hashes stay those of the octets as they are.
 */
#pragma once

#include "analysis/case.h"
#include "analysis/mask.h"

/* Masks all that reports take from an evaluated case. It is not to be evaluated again. */
void case_redact(Case *kase, const Redactor *redactor);
