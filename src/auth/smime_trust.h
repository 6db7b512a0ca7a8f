/* Chains to a trusted root at a given time, with the CRLs that were given (RFC 5280, 6). */
#pragma once

#include "auth/openssl_autoptr.h"
#include "auth/smime.h"

typedef enum ChainProblem {
	CHAIN_STANDS,
	CHAIN_UNTRUSTED,
	CHAIN_EXPIRED,
	CHAIN_NOT_YET_VALID,
	CHAIN_WRONG_PURPOSE,
	CHAIN_REVOKED,
	CHAIN_INVALID, /* whatever else RFC 5280 asks for */
} ChainProblem;

typedef struct ChainReport {
	ChainProblem problem;
	char *words;                /* OpenSSL's, or ours, with the certificate at fault; NULL */
	GPtrArray *path;            /* of SmimeLink, from the signer to the root; what was built
				     * where the chain does not stand */
	bool is_revocation_checked; /* a CRL that speaks of the signer at that time was there */
	int64_t revoked_later;      /* the signer is revoked, from this time on; TIME_UNKNOWN */
	bool has_weak_link;         /* a weak key or digest above the signer, below the root */
} ChainReport;

/* time in milliseconds, not TIME_UNKNOWN. extra: further certificates that came with the message,
 * believed in nothing; NULL is fine. */
ChainReport *trust_check_chain(
	const Trust *trust, X509 *certificate, CertificateStack *extra, int64_t time);
/* Where time lies among the moments at which trust's certificates begin and end to be valid: two
 * times of the same place give the same chains of the same certificates. False where CRLs are
 * there, which have moments of their own. */
bool trust_place_of(const Trust *trust, int64_t time, size_t *ret_place);
ChainReport *chain_report_copy(const ChainReport *report);
void chain_report_free(ChainReport *report); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChainReport, chain_report_free)

/* All certificates that were given; borrowed. */
CertificateStack *trust_certificates(const Trust *trust);
