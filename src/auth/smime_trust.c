#include "auth/smime_trust.h"

#include "auth/smime_certificate.h"
#include "auth/smime_revocation.h"
#include "base/digest.h"
#include "base/text_time.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

/* Certificates between a signer and its root: real chains have one to three. */
#define CHAIN_DEPTH_MAX 10

struct Trust {
	X509_STORE *store;
	CertificateStack *certificates;
	RevocationLists *crls;
	bool has_crls;
	GArray *moments;         /* of int64_t: when certificates begin and end to be valid */
	GPtrArray *fingerprints; /* of char *, of roots and CRLs */
	char *identity;
	size_t roots;
};

static void sum_identity(Trust *trust);

Trust *trust_new(void)
{
	Trust *trust = g_new0(Trust, 1);

	trust->store = X509_STORE_new();
	trust->certificates = sk_X509_new_null();
	trust->crls = revocation_lists_new();
	trust->moments = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_assert(trust->store != NULL && trust->certificates != NULL);
	trust->fingerprints = g_ptr_array_new_with_free_func(g_free);
	sum_identity(trust);
	return trust;
}

void trust_free(Trust *trust)
{
	if (trust == NULL)
		return;
	X509_STORE_free(trust->store);
	certificate_stack_free(trust->certificates);
	revocation_lists_free(trust->crls);
	g_array_unref(trust->moments);
	g_ptr_array_unref(trust->fingerprints);
	g_free(trust->identity);
	g_free(trust);
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sum_identity(Trust *trust)
{
	g_autoptr(Digest) digest = digest_new(DIGEST_SHA256);
	DigestValue value;

	g_ptr_array_sort(trust->fingerprints, compare_texts);
	for (guint i = 0; i < trust->fingerprints->len; i++) {
		digest_add(digest, slice_of(g_ptr_array_index(trust->fingerprints, i)));
		digest_add(digest, slice_of("\n"));
	}
	value = digest_finish(digest);
	g_free(trust->identity);
	trust->identity = digest_hex(&value);
}

static char *crl_fingerprint(X509_CRL *crl)
{
	DigestValue value = { .len = 0 };
	unsigned int len = 0;

	if (X509_CRL_digest(crl, EVP_sha256(), value.octets, &len) != 1)
		return NULL;
	value.len = len;
	return digest_hex(&value);
}

/* False where the same one is there already. */
static bool add_fingerprint(Trust *trust, char *fingerprint)
{
	if (fingerprint == NULL || g_ptr_array_find_with_equal_func(
					   trust->fingerprints, fingerprint, g_str_equal, NULL)) {
		g_free(fingerprint);
		return false;
	}
	g_ptr_array_add(trust->fingerprints, fingerprint);
	return true;
}

static int add_certificate(Trust *trust, X509 *certificate)
{
	if (!add_fingerprint(trust, smime_certificate_fingerprint(certificate)))
		return 0;
	X509_STORE_add_cert(trust->store, certificate);
	smime_certificate_add_moments(certificate, trust->moments);
	if (X509_up_ref(certificate) == 1)
		sk_X509_push(trust->certificates, certificate);
	trust->roots += X509_self_signed(certificate, 0) == 1;
	return 1;
}

static int add_crl(Trust *trust, X509_CRL *crl)
{
	if (!add_fingerprint(trust, crl_fingerprint(crl)))
		return 0;
	revocation_lists_add(trust->crls, crl);
	trust->has_crls = true;
	return 1;
}

/* OpenSSL would ask at the terminal; what is encrypted is not for us. */
static int no_passphrase(char *buffer, int size, int writing, void *data)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

int trust_add_pem(Trust *trust, Slice pem, const char *name, GError **reterr_error)
{
	g_autoptr(BIO) bio = pem.len > INT_MAX ? NULL : BIO_new_mem_buf(pem.data, (int)pem.len);
	g_autoptr(InfoStack) infos = NULL;
	int added = 0;

	ERR_clear_error();
	if (bio != NULL)
		infos = PEM_X509_INFO_read_bio(bio, NULL, no_passphrase, NULL);
	if (infos == NULL) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"%s: certificates or CRLs cannot be read", name);
		ERR_clear_error();
		return -1;
	}
	for (int i = 0; i < sk_X509_INFO_num(infos); i++) {
		const X509_INFO *info = sk_X509_INFO_value(infos, i);

		added += info->x509 == NULL ? 0 : add_certificate(trust, info->x509);
		added += info->crl == NULL ? 0 : add_crl(trust, info->crl);
	}
	sum_identity(trust);
	ERR_clear_error();
	return added;
}

const char *trust_identity(const Trust *trust)
{
	return trust->identity;
}

bool trust_place_of(const Trust *trust, int64_t time, size_t *ret_place)
{
	if (trust->has_crls)
		return false;
	*ret_place = smime_place_among(time, trust->moments);
	return true;
}

size_t trust_roots(const Trust *trust)
{
	return trust->roots;
}

CertificateStack *trust_certificates(const Trust *trust)
{
	return trust->certificates;
}

ChainReport *chain_report_copy(const ChainReport *report)
{
	ChainReport *copy = g_new(ChainReport, 1);

	*copy = *report;
	copy->words = g_strdup(report->words);
	copy->path = g_ptr_array_new_with_free_func(smime_link_free);
	for (guint i = 0; i < report->path->len; i++)
		g_ptr_array_add(copy->path, smime_link_copy(g_ptr_array_index(report->path, i)));
	return copy;
}

void chain_report_free(ChainReport *report)
{
	if (report == NULL)
		return;
	g_ptr_array_unref(report->path);
	g_free(report->words);
	g_free(report);
}

static ChainProblem problem_of(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_CERT_UNTRUSTED:
	case X509_V_ERR_CERT_REJECTED:
		return CHAIN_UNTRUSTED;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return CHAIN_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return CHAIN_NOT_YET_VALID;
	case X509_V_ERR_INVALID_PURPOSE:
	case X509_V_ERR_INVALID_CA:
	case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
		return CHAIN_WRONG_PURPOSE;
	default:
		return CHAIN_INVALID;
	}
}

/* The first problem counts, as it is the one nearest to the signer's standing. */
static void complain(
	ChainReport *report, ChainProblem problem, const char *words, X509 *certificate)
{
	g_autofree char *subject =
		certificate == NULL ? NULL : smime_name_text(X509_get_subject_name(certificate));

	if (report->problem != CHAIN_STANDS)
		return;
	report->problem = problem;
	report->words =
		subject == NULL ? g_strdup(words) : g_strdup_printf("%s: %s", words, subject);
}

/* OpenSSL's own S/MIME purpose refuses anyExtendedKeyUsage, which RFC 8550, 4.4.4 wants accepted;
 * hence no purpose is asked of it, and the extensions are judged here. */
static void check_purposes(const CertificateStack *chain, ChainReport *report)
{
	X509 *signer = sk_X509_value(chain, 0);

	if (!smime_certificate_may_sign(signer))
		complain(
			report, CHAIN_WRONG_PURPOSE, "key usage does not allow signatures", signer);
	if (X509_check_ca(signer) == 1)
		complain(report, CHAIN_WRONG_PURPOSE, "the certificate of an authority", signer);
	for (int i = 0; i == 0 || i < sk_X509_num(chain) - 1; i++)
		if (!smime_certificate_is_for_mail(sk_X509_value(chain, i)))
			complain(report, CHAIN_WRONG_PURPOSE,
				"extended key usage does not allow e-mail",
				sk_X509_value(chain, i));
}

static bool has_weak_signature(X509 *certificate)
{
	int digest = NID_undef;
	int key = NID_undef;

	if (X509_get_signature_info(certificate, &digest, &key, NULL, NULL) != 1)
		return true;
	return key != NID_ED25519 && key != NID_ED448 && smime_digest_is_weak(digest);
}

/* The signer's own key is judged with its signature; a root's signature on itself proves nothing.
 */
static bool has_weak_link(const CertificateStack *chain)
{
	int count = sk_X509_num(chain);

	for (int i = 0; i < count; i++) {
		if (i > 0 && smime_key_is_weak(sk_X509_value(chain, i)))
			return true;
		if (i < count - 1 && has_weak_signature(sk_X509_value(chain, i)))
			return true;
	}
	return false;
}

static void check_revocation(
	const Trust *trust, const CertificateStack *chain, int64_t time, ChainReport *report)
{
	for (int i = 0; i < sk_X509_num(chain) - 1; i++) {
		X509 *certificate = sk_X509_value(chain, i);
		Revocation answer = revocation_find(
			trust->crls, certificate, sk_X509_value(chain, i + 1), time);

		if (answer.is_revoked && answer.from <= time)
			complain(report, CHAIN_REVOKED, "certificate revoked", certificate);
		if (i > 0)
			continue;
		report->is_revocation_checked = answer.is_checked;
		if (answer.is_revoked && answer.from > time)
			report->revoked_later = answer.from;
	}
}

static void read_path(const CertificateStack *chain, ChainReport *report)
{
	for (int i = 0; i < sk_X509_num(chain); i++)
		g_ptr_array_add(report->path, smime_link_new(sk_X509_value(chain, i)));
}

static X509_STORE_CTX *chain_context(
	const Trust *trust, X509 *certificate, CertificateStack *extra, int64_t time)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;

	g_assert(ctx != NULL);
	if (X509_STORE_CTX_init(ctx, trust->store, certificate, extra) != 1)
		g_error("OpenSSL begins no chain");
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_depth(param, CHAIN_DEPTH_MAX);
	X509_VERIFY_PARAM_set_time(param, (time_t)(time / 1000));
	X509_VERIFY_PARAM_set_trust(param, X509_TRUST_EMAIL);
	/* Weak keys are our own verdict, with its own reason. */
	X509_VERIFY_PARAM_set_auth_level(param, 0);
	return ctx;
}

ChainReport *trust_check_chain(
	const Trust *trust, X509 *certificate, CertificateStack *extra, int64_t time)
{
	g_autoptr(X509_STORE_CTX) ctx = chain_context(trust, certificate, extra, time);
	ChainReport *report = g_new0(ChainReport, 1);
	const CertificateStack *chain;

	report->path = g_ptr_array_new_with_free_func(smime_link_free);
	report->revoked_later = TIME_UNKNOWN;
	if (X509_verify_cert(ctx) != 1) {
		int error = X509_STORE_CTX_get_error(ctx);

		complain(report, problem_of(error), X509_verify_cert_error_string(error),
			X509_STORE_CTX_get_current_cert(ctx));
	}
	chain = X509_STORE_CTX_get0_chain(ctx);
	if (chain == NULL || sk_X509_num(chain) == 0)
		return report;
	read_path(chain, report);
	check_purposes(chain, report);
	check_revocation(trust, chain, time, report);
	report->has_weak_link = has_weak_link(chain);
	ERR_clear_error();
	return report;
}
