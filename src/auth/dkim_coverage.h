/* What a DKIM signature covers of the message that is there, and what it leaves to be added or
 * changed (RFC 6376, 5.4 and 8.15). */
#pragma once

#include "auth/dkim.h"
#include "auth/signed_message.h"

/* Fills signed_fields, unsigned_fields and addable_fields. */
void dkim_coverage_find(
	DkimSignature *signature, const SignedMessage *message, const SignatureTags *tags);

/* Several From fields are there, and fewer of them signed: whoever reads the message may be shown
 * one that is not. */
bool dkim_coverage_lacks_from(const SignedMessage *message, const SignatureTags *tags);

/* The findings; only for a signature that holds, as there is nothing covered by another. */
void dkim_coverage_tell(const DkimSignature *signature, const SignedMessage *message,
	const SignatureTags *tags, const Fields *fields, Findings *findings);
