/* Signed attributes of a CMS signer (RFC 5652, 5.3, 5.4 and 11). */
#pragma once

#include "auth/openssl_autoptr.h"
#include "base/digest.h"

#include <stdint.h>

/* What is wrong with the attributes, as a reason code with its sentence; NULL where nothing is.
 * content_type: the type that the content has. */
const char *smime_attributes_fault(
	CMS_SignerInfo *info, const ASN1_OBJECT *content_type, const char **ret_text);

/* The same where a signer has none: they may be left out only where the content is plain data
 * inside the object, and is nothing that could be taken for attributes. */
const char *smime_attributes_absence_fault(
	bool is_data, bool is_detached, Slice content, const char **ret_text);

/* The message-digest attribute; false where there is none that can be read. */
bool smime_attributes_digest(CMS_SignerInfo *info, DigestValue *ret_value);
/* The signing-time attribute, a claim; TIME_UNKNOWN. */
int64_t smime_attributes_signing_time(CMS_SignerInfo *info);
/* The attributes as they are signed (RFC 5652, 5.4); NULL where they cannot be encoded. */
GByteArray *smime_attributes_der(CMS_SignerInfo *info);
