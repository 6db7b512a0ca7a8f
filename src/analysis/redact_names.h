/* Private to redact.c: names that SPF macros made of the sender (RFC 7208, 7), in what was asked
 * for, in the answers and in the verdicts. Labels are masked that hold a piece of the sender's
 * local part. */
#pragma once

#include "analysis/case.h"
#include "analysis/mask.h"

/* The envelope is still the one that was evaluated. */
void redact_names(Case *kase, const Redactor *redactor);
