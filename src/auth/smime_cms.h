/* One CMS object (RFC 5652): what it is, and whether each of its signers signed the content. */
#pragma once

#include "auth/openssl_autoptr.h"
#include "auth/smime.h"
#include "auth/smime_content.h"

typedef struct SmimeCms SmimeCms;

typedef enum CmsKind {
	CMS_KIND_SIGNED,
	CMS_KIND_ENCRYPTED,
	CMS_KIND_COMPRESSED,
	CMS_KIND_OTHER,
} CmsKind;

/* der is referenced. NULL where it is no CMS. memo is borrowed for the call. */
SmimeCms *smime_cms_parse(GBytes *der, Memo *memo, Findings *findings);
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

/* Fills in what the signer at index says of itself, and whether content and signature are right;
 * sets its verdict where they are not, and leaves it untouched where they are. The certificate is
 * one that came with the object, or of others; NULL where neither has it. Owned by the caller. */
X509 *smime_cms_check(SmimeCms *cms, size_t index, SignedContent *content, CertificateStack *others,
	SmimeSigner *signer);
