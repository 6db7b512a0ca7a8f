/* Which failure of a message a report is about (RFC 6591, 3.3; RFC 9991). */
#pragma once

#include "report/json_read.h"

typedef struct ArfFailure {
	const char *type;   /* of Auth-Failure: dmarc, bodyhash, revoked, signature, spf */
	const char *method; /* whose result it is */
	size_t signature;   /* of DKIM: its index */
	const char *domain; /* that is reported to; or NULL */
} ArfFailure;

/* The weightiest: DMARC, then DKIM where no signature passes, then SPF. False where nothing that is
 * final fails: an absence is no failure, and neither is what could not be evaluated. */
bool arf_failure_find(const json_t *record, ArfFailure *ret_failure);
