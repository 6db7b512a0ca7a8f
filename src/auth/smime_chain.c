#include "auth/smime_chain.h"

#include "auth/smime_certificate.h"
#include "base/digest.h"

#include <string.h>

struct SignerChain {
	const Trust *trust;
	Memo *memo;
	X509 *certificate;
	CertificateStack *extra;
	GArray *moments;          /* of the certificates that the message brought */
	DigestValue certificates; /* of their octets, in order; len 0: one cannot be encoded */
};

/* All that a report rests on. */
typedef struct ChainKey {
	unsigned char certificates[DIGEST_MAX];
	char trust[DIGEST_MAX];
	size_t place, place_of_trust;
} ChainKey;

static bool add_certificate(SignerChain *chain, Digest *digest, X509 *certificate)
{
	unsigned char *der = NULL;
	int len = i2d_X509(certificate, &der);

	if (len > 0)
		digest_add(digest, slice_make((const char *)der, (size_t)len));
	OPENSSL_free(der);
	smime_certificate_add_moments(certificate, chain->moments);
	return len > 0;
}

/* Each is DER, which says how long it is: no two lists have the same octets. */
static void sum_certificates(SignerChain *chain)
{
	g_autoptr(Digest) digest = digest_new(DIGEST_SHA256);
	bool is_known = add_certificate(chain, digest, chain->certificate);

	for (int i = 0; i < sk_X509_num(chain->extra); i++)
		is_known &= add_certificate(chain, digest, sk_X509_value(chain->extra, i));
	chain->certificates = digest_finish(digest);
	if (!is_known)
		chain->certificates.len = 0;
}

SignerChain *signer_chain_new(
	const Trust *trust, Memo *memo, X509 *certificate, CertificateStack *extra)
{
	SignerChain *chain = g_new0(SignerChain, 1);

	chain->trust = trust;
	chain->memo = memo;
	chain->certificate = certificate;
	chain->extra = extra;
	chain->moments = g_array_new(FALSE, FALSE, sizeof(int64_t));
	sum_certificates(chain);
	return chain;
}

void signer_chain_free(SignerChain *chain)
{
	if (chain == NULL)
		return;
	g_array_unref(chain->moments);
	g_free(chain);
}

static void report_free(gpointer report)
{
	chain_report_free(report);
}

ChainReport *signer_chain_check(SignerChain *chain, int64_t time)
{
	ChainKey key = { .place = smime_place_among(time, chain->moments) };
	Slice octets = slice_make((const char *)&key, sizeof key);
	ChainReport *report;

	if (chain->certificates.len == 0 ||
		!trust_place_of(chain->trust, time, &key.place_of_trust))
		return trust_check_chain(chain->trust, chain->certificate, chain->extra, time);
	memcpy(key.trust, trust_identity(chain->trust), sizeof key.trust);
	memcpy(key.certificates, chain->certificates.octets, chain->certificates.len);
	report = memo_find(chain->memo, "chain", octets);
	if (report == NULL)
		report = memo_keep(chain->memo, "chain", octets,
			trust_check_chain(chain->trust, chain->certificate, chain->extra, time),
			report_free);
	return chain_report_copy(report);
}
