/* What a certificate says, as our own record: names, addresses, key, purposes (RFC 5280, 8550). */
#pragma once

#include "auth/smime.h"
#include "message/address.h"

#include <openssl/x509.h>

/* Fills what signer shows of its certificate: names, serial, fingerprint, validity, addresses,
 * key, policy class. Its texts must be unset. */
void smime_certificate_describe(X509 *certificate, SmimeSigner *signer);

SmimeLink *smime_link_new(X509 *certificate);
SmimeLink *smime_link_copy(const SmimeLink *link);
void smime_link_free(gpointer link);

/* The address in the certificate that equals address (RFC 8550, 3; RFC 9598, 5), printable, owned
 * by the caller; NULL where none does. */
char *smime_certificate_match(X509 *certificate, const Address *address);

/* Each as RFC 8550, 4.4 has it: absent extensions allow everything. */
bool smime_certificate_may_sign(X509 *certificate);
bool smime_certificate_is_for_mail(X509 *certificate);

/* A key that nobody should rely on any more: RSA under 2,048 bits, DSA, short curves. */
bool smime_key_is_weak(X509 *certificate);
/* A digest that is broken or was dropped (RFC 8551, 2.1), by OpenSSL's number. */
bool smime_digest_is_weak(int nid);

/* Adds when the certificate begins and ends to be valid, as int64_t. */
void smime_certificate_add_moments(X509 *certificate, GArray *moments);
/* How many of the moments time has reached, and how many it has passed, as one number: certificates
 * are judged by whole seconds. */
size_t smime_place_among(int64_t time, const GArray *moments);

/* SHA-256, hexadecimal, owned by the caller; NULL where it cannot be encoded. */
char *smime_certificate_fingerprint(X509 *certificate);
/* RFC 2253 form, UTF-8, printable; owned by the caller. */
char *smime_name_text(const X509_NAME *name);
/* Milliseconds; TIME_UNKNOWN where it cannot be read. */
int64_t smime_asn1_time(const ASN1_TIME *time);
