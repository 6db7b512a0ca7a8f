/* One signer of a message: its record, its three clocks, its binding to From, its verdict. */
#pragma once

#include "auth/smime_cms.h"
#include "auth/smime_trust.h"

/* What is the same for all signers of a message. */
typedef struct SignerInput {
	const Facts *facts;
	const Context *context;
	const Trust *trust; /* never NULL */
	SmimeCms *cms;
	SignedContent *content;
	Findings *findings;
} SignerInput;

typedef struct SignerOutcome {
	SmimeSigner *signer; /* owned by the caller */
	bool is_revocation_checked;
} SignerOutcome;

SignerOutcome smime_signer_judge(const SignerInput *input, size_t index);
void smime_signer_free(gpointer signer); /* NULL is fine */

/* Which of two verdicts of signers says more for the message: higher is better. */
int smime_signer_rank(const SmimeSigner *signer);
