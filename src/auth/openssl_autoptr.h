/* Cleanup functions for OpenSSL's types, which defines none. */
#pragma once

#include <glib.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

typedef STACK_OF(X509) CertificateStack;
typedef STACK_OF(X509_CRL) CrlStack;
typedef STACK_OF(X509_INFO) InfoStack;

static inline void certificate_stack_free(CertificateStack *stack)
{
	sk_X509_pop_free(stack, X509_free);
}

static inline void crl_stack_free(CrlStack *stack)
{
	sk_X509_CRL_pop_free(stack, X509_CRL_free);
}

static inline void info_stack_free(InfoStack *stack)
{
	sk_X509_INFO_pop_free(stack, X509_INFO_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertificateStack, certificate_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CRL_DIST_POINTS, CRL_DIST_POINTS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CrlStack, crl_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GENERAL_NAMES, GENERAL_NAMES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InfoStack, info_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ISSUING_DIST_POINT, ISSUING_DIST_POINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RSA_PSS_PARAMS, RSA_PSS_PARAMS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE_CTX, X509_STORE_CTX_free)
