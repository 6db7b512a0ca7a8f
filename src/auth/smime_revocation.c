#include "auth/smime_revocation.h"

#include "auth/smime_certificate.h"
#include "base/limits.h"
#include "base/text_time.h"

/* Remembered answers to "did this issuer sign this CRL": an archive has some hundred issuers; a
 * hostile one may bring a new one with every message. */
#define MEMORY_MAX 4096u

struct RevocationLists {
	CrlStack *crls;
	/* Verifying a CRL of megabytes again for every message would cost more than all else.
	 * What is remembered is a fact about immutable things, so that the lists are still const to
	 * whoever asks them; workers share them, hence the lock. */
	GMutex lock;
	GHashTable *memory; /* char * of CRL and issuer -> GINT_TO_POINTER of the answer + 1 */
};

RevocationLists *revocation_lists_new(void)
{
	RevocationLists *lists = g_new0(RevocationLists, 1);

	lists->crls = sk_X509_CRL_new_null();
	g_assert(lists->crls != NULL);
	lists->memory = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_mutex_init(&lists->lock);
	return lists;
}

void revocation_lists_free(RevocationLists *lists)
{
	if (lists == NULL)
		return;
	crl_stack_free(lists->crls);
	g_hash_table_unref(lists->memory);
	g_mutex_clear(&lists->lock);
	g_free(lists);
}

void revocation_lists_add(RevocationLists *lists, X509_CRL *crl)
{
	if (X509_CRL_up_ref(crl) == 1)
		sk_X509_CRL_push(lists->crls, crl);
}

static bool memory_find(const RevocationLists *lists, const char *key, bool *ret_answer)
{
	GMutex *lock = (GMutex *)(guintptr)&lists->lock;
	int found;

	g_mutex_lock(lock);
	found = GPOINTER_TO_INT(g_hash_table_lookup(lists->memory, key));
	g_mutex_unlock(lock);
	if (found != 0)
		*ret_answer = found == 2;
	return found != 0;
}

static void memory_add(const RevocationLists *lists, char *key, bool answer)
{
	GMutex *lock = (GMutex *)(guintptr)&lists->lock;

	g_mutex_lock(lock);
	if (g_hash_table_size(lists->memory) < MEMORY_MAX)
		g_hash_table_replace(lists->memory, key, GINT_TO_POINTER(answer ? 2 : 1));
	else
		g_free(key);
	g_mutex_unlock(lock);
}

static bool is_crl_of(const RevocationLists *lists, int index, X509 *issuer)
{
	X509_CRL *crl = sk_X509_CRL_value(lists->crls, index);
	g_autofree char *fingerprint = NULL;
	char *key;
	bool answer;

	if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0)
		return false;
	fingerprint = smime_certificate_fingerprint(issuer);
	key = g_strdup_printf("%d %s", index, fingerprint);
	if (memory_find(lists, key, &answer)) {
		g_free(key);
		return answer;
	}
	answer = X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
	memory_add(lists, key, answer);
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

Revocation revocation_find(
	const RevocationLists *lists, X509 *certificate, X509 *issuer, int64_t time)
{
	Revocation answer = { .is_revoked = false };

	for (int i = 0; i < sk_X509_CRL_num(lists->crls); i++) {
		X509_CRL *crl = sk_X509_CRL_value(lists->crls, i);

		if (is_crl_of(lists, i, issuer) && is_crl_understood(crl))
			ask_crl(crl, certificate, time, &answer);
	}
	return answer;
}
