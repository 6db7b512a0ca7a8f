#include "auth/smime_trust.h"

#include "auth/smime_certificate.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text_time.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

/* Certificates between a signer and its root: real chains have one to three. */
#define CHAIN_DEPTH_MAX 10
/* Remembered answers to "did this issuer sign this CRL": an archive has some hundred issuers; a
 * hostile one may bring a new one with every message. */
#define CRL_MEMORY_MAX 4096u

struct Trust {
	X509_STORE *store;
	CertificateStack *certificates;
	CrlStack *crls;
	GPtrArray *fingerprints; /* of char *, of roots and CRLs */
	char *identity;
	size_t roots;
	/* Verifying a CRL of megabytes again for every message would cost more than all else.
	 * What is remembered is a fact about immutable things, so that Trust is still const to
	 * whoever uses it; workers share it, hence the lock. */
	GMutex lock;
	GHashTable *crl_memory; /* char * of CRL and issuer -> GINT_TO_POINTER of the answer + 1 */
};

static void sum_identity(Trust *trust);

Trust *trust_new(void)
{
	Trust *trust = g_new0(Trust, 1);

	trust->store = X509_STORE_new();
	trust->certificates = sk_X509_new_null();
	trust->crls = sk_X509_CRL_new_null();
	g_assert(trust->store != NULL && trust->certificates != NULL && trust->crls != NULL);
	trust->fingerprints = g_ptr_array_new_with_free_func(g_free);
	trust->crl_memory = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_mutex_init(&trust->lock);
	sum_identity(trust);
	return trust;
}

void trust_free(Trust *trust)
{
	if (trust == NULL)
		return;
	X509_STORE_free(trust->store);
	certificate_stack_free(trust->certificates);
	crl_stack_free(trust->crls);
	g_ptr_array_unref(trust->fingerprints);
	g_hash_table_unref(trust->crl_memory);
	g_mutex_clear(&trust->lock);
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

static char *hex_of(const unsigned char *octets, unsigned int len)
{
	DigestValue value = { .len = MIN(len, DIGEST_MAX) };

	memcpy(value.octets, octets, value.len);
	return digest_hex(&value);
}

static char *certificate_fingerprint(X509 *certificate)
{
	unsigned char octets[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	return X509_digest(certificate, EVP_sha256(), octets, &len) == 1 ? hex_of(octets, len)
									 : NULL;
}

static char *crl_fingerprint(X509_CRL *crl)
{
	unsigned char octets[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	return X509_CRL_digest(crl, EVP_sha256(), octets, &len) == 1 ? hex_of(octets, len) : NULL;
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
	if (!add_fingerprint(trust, certificate_fingerprint(certificate)))
		return 0;
	X509_STORE_add_cert(trust->store, certificate);
	if (X509_up_ref(certificate) == 1)
		sk_X509_push(trust->certificates, certificate);
	trust->roots += X509_self_signed(certificate, 0) == 1;
	return 1;
}

static int add_crl(Trust *trust, X509_CRL *crl)
{
	if (!add_fingerprint(trust, crl_fingerprint(crl)))
		return 0;
	if (X509_CRL_up_ref(crl) == 1)
		sk_X509_CRL_push(trust->crls, crl);
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

size_t trust_roots(const Trust *trust)
{
	return trust->roots;
}

CertificateStack *trust_certificates(const Trust *trust)
{
	return trust->certificates;
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

/* --- revocation (RFC 5280, 6.3) */

static bool memory_find(const Trust *trust, const char *key, bool *ret_answer)
{
	GMutex *lock = (GMutex *)(guintptr)&trust->lock;
	int found;

	g_mutex_lock(lock);
	found = GPOINTER_TO_INT(g_hash_table_lookup(trust->crl_memory, key));
	g_mutex_unlock(lock);
	if (found != 0)
		*ret_answer = found == 2;
	return found != 0;
}

static void memory_add(const Trust *trust, char *key, bool answer)
{
	GMutex *lock = (GMutex *)(guintptr)&trust->lock;

	g_mutex_lock(lock);
	if (g_hash_table_size(trust->crl_memory) < CRL_MEMORY_MAX)
		g_hash_table_replace(trust->crl_memory, key, GINT_TO_POINTER(answer ? 2 : 1));
	else
		g_free(key);
	g_mutex_unlock(lock);
}

static bool is_crl_of(const Trust *trust, int index, X509 *issuer)
{
	X509_CRL *crl = sk_X509_CRL_value(trust->crls, index);
	g_autofree char *fingerprint = NULL;
	char *key;
	bool answer;

	if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0)
		return false;
	fingerprint = certificate_fingerprint(issuer);
	key = g_strdup_printf("%d %s", index, fingerprint);
	if (memory_find(trust, key, &answer)) {
		g_free(key);
		return answer;
	}
	answer = X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
	memory_add(trust, key, answer);
	return answer;
}

/* A CRL with a critical extension that we do not know (a delta CRL's indicator among them) must
 * not be used (RFC 5280, 5.2). */
static bool is_crl_understood(X509_CRL *crl)
{
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
		X509_EXTENSION *extension = X509_CRL_get_ext(crl, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));

		if (X509_EXTENSION_get_critical(extension) && nid != NID_issuing_distribution_point)
			return false;
	}
	return true;
}

static bool has_common_name(const DIST_POINT_NAME *a, const DIST_POINT_NAME *b)
{
	if (a == NULL || b == NULL || a->type != 0 || b->type != 0)
		return false;
	for (int i = 0; i < sk_GENERAL_NAME_num(a->name.fullname) && i < LIMIT_CMS_CERTIFICATES;
		i++)
		for (int k = 0;
			k < sk_GENERAL_NAME_num(b->name.fullname) && k < LIMIT_CMS_CERTIFICATES;
			k++)
			if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a->name.fullname, i),
				    sk_GENERAL_NAME_value(b->name.fullname, k)) == 0)
				return true;
	return false;
}

/* A CRL of one distribution point speaks of the certificates that name the point (RFC 5280,
 * 6.3.3 (b)(2)(i)). */
static bool is_point_of(const DIST_POINT_NAME *name, X509 *certificate)
{
	g_autoptr(CRL_DIST_POINTS) points =
		X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);

	for (int i = 0; i < sk_DIST_POINT_num(points) && i < LIMIT_CMS_CERTIFICATES; i++)
		if (has_common_name(name, sk_DIST_POINT_value(points, i)->distpoint))
			return true;
	return false;
}

/* Whether the certificate would be in the CRL if it were revoked, as far as its scope goes. */
static bool is_in_scope(X509_CRL *crl, X509 *certificate)
{
	int critical = 0;
	g_autoptr(ISSUING_DIST_POINT) scope =
		X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, NULL);
	bool is_ca = X509_check_ca(certificate) == 1;

	if (scope == NULL)
		return critical == -1;
	if (scope->indirectCRL > 0 || scope->onlyattr > 0 || scope->onlysomereasons != NULL)
		return false;
	if ((scope->onlyuser > 0 && is_ca) || (scope->onlyCA > 0 && !is_ca))
		return false;
	return scope->distpoint == NULL || is_point_of(scope->distpoint, certificate);
}

/* Whether silence means something at that time. A CRL of later speaks too, unless it was made when
 * the certificate had expired: authorities drop those. */
static bool covers_time(X509_CRL *crl, X509 *certificate, int64_t time)
{
	int64_t made = smime_asn1_time(X509_CRL_get0_lastUpdate(crl));
	int64_t next = smime_asn1_time(X509_CRL_get0_nextUpdate(crl));
	int64_t expiry = smime_asn1_time(X509_get0_notAfter(certificate));

	if (made == TIME_UNKNOWN)
		return false;
	if (made <= time)
		return next != TIME_UNKNOWN && time <= next;
	return expiry != TIME_UNKNOWN && made <= expiry;
}

/* From when on it must not be relied on: the invalidity date, where there is an earlier one (RFC
 * 5280, 5.3.2). A date that cannot be read is the beginning of time, which TIME_UNKNOWN is too. */
static int64_t revoked_from(X509_REVOKED *revoked)
{
	int64_t time = smime_asn1_time(X509_REVOKED_get0_revocationDate(revoked));
	ASN1_GENERALIZEDTIME *invalidity =
		X509_REVOKED_get_ext_d2i(revoked, NID_invalidity_date, NULL, NULL);

	if (invalidity != NULL)
		time = MIN(time, smime_asn1_time(invalidity));
	ASN1_GENERALIZEDTIME_free(invalidity);
	return time;
}

typedef struct Revocation {
	bool is_revoked;
	int64_t from; /* where it is revoked */
	bool is_checked;
} Revocation;

static void ask_crl(X509_CRL *crl, X509 *certificate, int64_t time, Revocation *answer)
{
	X509_REVOKED *revoked = NULL;

	/* 2 stands for an entry that takes the certificate off the list. */
	if (X509_CRL_get0_by_cert(crl, &revoked, certificate) == 1) {
		int64_t from = revoked_from(revoked);

		answer->from = answer->is_revoked ? MIN(answer->from, from) : from;
		answer->is_revoked = true;
		answer->is_checked = true;
	} else if (is_in_scope(crl, certificate) && covers_time(crl, certificate, time)) {
		answer->is_checked = true;
	}
}

static Revocation find_revocation(const Trust *trust, X509 *certificate, X509 *issuer, int64_t time)
{
	Revocation answer = { .is_revoked = false };

	for (int i = 0; i < sk_X509_CRL_num(trust->crls); i++) {
		X509_CRL *crl = sk_X509_CRL_value(trust->crls, i);

		if (is_crl_of(trust, i, issuer) && is_crl_understood(crl))
			ask_crl(crl, certificate, time, &answer);
	}
	return answer;
}

static void check_revocation(
	const Trust *trust, const CertificateStack *chain, int64_t time, ChainReport *report)
{
	for (int i = 0; i < sk_X509_num(chain) - 1; i++) {
		X509 *certificate = sk_X509_value(chain, i);
		Revocation answer =
			find_revocation(trust, certificate, sk_X509_value(chain, i + 1), time);

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
		g_ptr_array_add(report->path,
			smime_name_text(X509_get_subject_name(sk_X509_value(chain, i))));
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

	report->path = g_ptr_array_new_with_free_func(g_free);
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
