/* Takes the certificates out of a SignedData, so that those which came with an earlier message are
 * not decoded again: with OpenSSL that costs more than to check the signature. */
#pragma once

#include "auth/memo.h"
#include "auth/openssl_autoptr.h"

typedef struct SplitCms {
	CMS_ContentInfo *info;          /* without certificates */
	CertificateStack *certificates; /* that it had, in order */
	bool has_trailing_octets;       /* behind the object */
} SplitCms;

/* True and both, owned by the caller, where the octets are a SignedData (RFC 5652, 5.1) with
 * certificates of the plain kind, all in definite lengths. Else false, which says nothing of
 * whether they are a CMS. */
bool smime_split(Slice der, Memo *memo, SplitCms *ret_split);
