/* The few steps through raw ASN.1 (X.690) that OpenSSL's CMS interface does not offer. */
#pragma once

#include "base/slice.h"

/* The contents of the element at the front of *rest, which must have that tag and class (OpenSSL's
 * numbers); *rest is then what follows it. Of an element of indefinite length, contents are all
 * the rest, and *rest is empty. False where it is something else. */
bool smime_der_open(Slice *rest, int tag, int tag_class, Slice *ret_contents);

/* The type of a ContentInfo by OpenSSL's number, NID_undef where the octets hold none. */
int smime_der_content_type(Slice der);

/* Whether a digest, by OpenSSL's number, is among the digestAlgorithms of a SignedData within a
 * ContentInfo (RFC 5652, 5.1). */
bool smime_der_names_digest(Slice der, int nid);

/* Whether the octets could be taken for signed attributes: a SET that fills them. */
bool smime_der_looks_like_attributes(Slice octets);
