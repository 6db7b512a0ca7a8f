/* The octets that signers say they signed, as they are and with the line ends of mail. */
#pragma once

#include "auth/openssl_autoptr.h"
#include "base/digest.h"

/* Digests are remembered: several signers may share one. */
typedef struct SignedContent SignedContent;
/* is_detached: it stands outside the CMS object, and may have lost its CRs (RFC 8551, 3.1.1). */
SignedContent *signed_content_new(Slice octets, bool is_detached);
void signed_content_free(SignedContent *content); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignedContent, signed_content_free)

/* Whether a signer's digest was that of the content with LF made CRLF, not as it is. */
bool signed_content_is_canonicalised(const SignedContent *content);
void signed_content_note_canonicalised(SignedContent *content);

Slice signed_content_octets(const SignedContent *content);
bool signed_content_is_detached(const SignedContent *content);

/* The digest, by OpenSSL's number, of the octets as they are or with every LF without CR made
 * CRLF. NULL where OpenSSL has no such digest; lives as long as content. */
const DigestValue *signed_content_digest(SignedContent *content, int nid, bool as_crlf);
/* The same octets into a digest that is running. */
void signed_content_feed(const SignedContent *content, bool as_crlf, EVP_MD_CTX *ctx);
/* The octets with every LF without CR made CRLF; owned by the caller. */
GString *signed_content_as_crlf(const SignedContent *content);
