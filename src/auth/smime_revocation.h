/* The CRLs that were given, and what they say of a certificate (RFC 5280, 5 and 6.3). */
#pragma once

#include "auth/openssl_autoptr.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct RevocationLists RevocationLists;
RevocationLists *revocation_lists_new(void);
void revocation_lists_free(RevocationLists *lists); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RevocationLists, revocation_lists_free)

/* crl is referenced. */
void revocation_lists_add(RevocationLists *lists, X509_CRL *crl);

typedef struct Revocation {
	bool is_revoked;
	int64_t from;    /* where it is revoked */
	bool is_checked; /* a list that issuer signed speaks of certificate at that time */
} Revocation;

/* time in milliseconds. */
Revocation revocation_find(
	const RevocationLists *lists, X509 *certificate, X509 *issuer, int64_t time);
