/* The chain of a signer's certificate at several clocks, built once for all messages that bring the
 * same certificates at times between which none of them begins or ends to be valid. */
#pragma once

#include "auth/memo.h"
#include "auth/smime_trust.h"

typedef struct SignerChain SignerChain;

/* All are borrowed, and must outlive the chain. extra may be NULL. */
SignerChain *signer_chain_new(
	const Trust *trust, Memo *memo, X509 *certificate, CertificateStack *extra);
void signer_chain_free(SignerChain *chain); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignerChain, signer_chain_free)

/* As trust_check_chain(). Owned by the caller. */
ChainReport *signer_chain_check(SignerChain *chain, int64_t time);
