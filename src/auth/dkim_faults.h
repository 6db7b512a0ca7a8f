/* What is wrong with a DKIM-Signature field so that it is a trick, or looks like one: each fault
 * with the tag that has it. */
#pragma once

#include "auth/dkim.h"

/* signature is examined. The findings point into the field. */
void dkim_faults_tell(const DkimSignature *signature, const SignatureTags *tags,
	const Fields *fields, Findings *findings);
