/* One CMS object (RFC 5652): what it is, and whether each of its signers signed the content. */
#pragma once

#include "auth/openssl_autoptr.h"
#include "auth/smime.h"

typedef struct SmimeCms SmimeCms;

typedef enum CmsKind {
	CMS_KIND_SIGNED,
	CMS_KIND_ENCRYPTED,
	CMS_KIND_COMPRESSED,
	CMS_KIND_OTHER,
} CmsKind;

/* der is referenced. NULL where it is no CMS. */
SmimeCms *smime_cms_parse(GBytes *der, Findings *findings);
void smime_cms_free(SmimeCms *cms); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmimeCms, smime_cms_free)

CmsKind smime_cms_kind(const SmimeCms *cms);
/* The rest is for signed-data. The encapsulated content, absent where the object has none; lives
 * as long as cms. */
Slice smime_cms_content(const SmimeCms *cms);
bool smime_cms_is_mime(const SmimeCms *cms); /* eContentType is id-data */
size_t smime_cms_signers(const SmimeCms *cms);
/* What came with it, at most LIMIT_CMS_CERTIFICATES; borrowed; NULL where there are none. */
CertificateStack *smime_cms_certificates(const SmimeCms *cms);

/* The octets that the signers say they signed; digests of them are remembered. */
typedef struct SignedContent SignedContent;
/* is_detached: it stands outside the CMS object, and may have lost its CRs (RFC 8551, 3.1.1). */
SignedContent *signed_content_new(Slice octets, bool is_detached);
void signed_content_free(SignedContent *content); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignedContent, signed_content_free)

/* Whether a signer's digest was that of the content with LF made CRLF, not as it is. */
bool signed_content_is_canonicalised(const SignedContent *content);

/* Fills in what the signer at index says of itself, and whether content and signature are right;
 * sets its verdict where they are not, and leaves it untouched where they are. The certificate is
 * one that came with the object, or of others; NULL where neither has it. Owned by the caller. */
X509 *smime_cms_check(SmimeCms *cms, size_t index, SignedContent *content, CertificateStack *others,
	SmimeSigner *signer);
