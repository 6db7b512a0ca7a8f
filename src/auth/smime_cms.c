#include "auth/smime_cms.h"

#include "auth/smime_attributes.h"
#include "auth/smime_certificate.h"
#include "auth/smime_der.h"
#include "auth/smime_split.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

/* Certificates that a signer identifier fits: one, unless somebody made others on purpose. */
#define CANDIDATES_MAX 4

struct SmimeCms {
	GBytes *der;
	CMS_ContentInfo *info;
	CertificateStack *certificates;
	size_t signers;
};

static int cms_type(const SmimeCms *cms)
{
	return OBJ_obj2nid(CMS_get0_type(cms->info));
}

static void limit_certificates(SmimeCms *cms, Findings *findings)
{
	int count = sk_X509_num(cms->certificates);

	if (count <= LIMIT_CMS_CERTIFICATES)
		return;
	while (sk_X509_num(cms->certificates) > LIMIT_CMS_CERTIFICATES)
		X509_free(sk_X509_pop(cms->certificates));
	findings_add(findings, "smime-limit-certificates", SEVERITY_WARNING,
		N_("The signature carries more certificates than are looked at."),
		g_strdup_printf("%d", count));
}

static void limit_signers(SmimeCms *cms, Findings *findings)
{
	int count = sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms->info));

	cms->signers = (size_t)CLAMP(count, 0, LIMIT_SIGNER_INFOS);
	if (count > LIMIT_SIGNER_INFOS)
		findings_add(findings, "smime-limit-signers", SEVERITY_WARNING,
			N_("The signature has more signers than are looked at."),
			g_strdup_printf("%d", count));
}

static bool parse_whole(Slice der, SplitCms *ret_split)
{
	const unsigned char *at = (const unsigned char *)der.data;
	CMS_ContentInfo *info = der.len == 0 ? NULL : d2i_CMS_ContentInfo(NULL, &at, (long)der.len);

	if (info == NULL)
		return false;
	*ret_split = (SplitCms) { .info = info,
		.has_trailing_octets = at < (const unsigned char *)der.data + der.len };
	if (OBJ_obj2nid(CMS_get0_type(info)) == NID_pkcs7_signed)
		ret_split->certificates = CMS_get1_certs(info);
	return true;
}

SmimeCms *smime_cms_parse(GBytes *der, Memo *memo, Findings *findings)
{
	Slice octets = slice_of_bytes(der);
	SplitCms split;
	SmimeCms *cms;

	if (!smime_split(octets, memo, &split) && !parse_whole(octets, &split))
		return NULL;
	cms = g_new0(SmimeCms, 1);
	cms->der = g_bytes_ref(der);
	cms->info = split.info;
	cms->certificates = split.certificates;
	if (split.has_trailing_octets)
		findings_add(findings, "smime-trailing-octets", SEVERITY_NOTICE,
			N_("Octets that belong to nothing follow the CMS object."), NULL);
	if (cms_type(cms) == NID_pkcs7_signed) {
		limit_certificates(cms, findings);
		limit_signers(cms, findings);
	}
	return cms;
}

void smime_cms_free(SmimeCms *cms)
{
	if (cms == NULL)
		return;
	certificate_stack_free(cms->certificates);
	CMS_ContentInfo_free(cms->info);
	g_bytes_unref(cms->der);
	g_free(cms);
}

CmsKind smime_cms_kind(const SmimeCms *cms)
{
	switch (cms_type(cms)) {
	case NID_pkcs7_signed:
		return CMS_KIND_SIGNED;
	case NID_pkcs7_enveloped:
	case NID_pkcs7_encrypted:
	case NID_id_smime_ct_authEnvelopedData:
		return CMS_KIND_ENCRYPTED;
	case NID_id_smime_ct_compressedData:
		return CMS_KIND_COMPRESSED;
	default:
		return CMS_KIND_OTHER;
	}
}

Slice smime_cms_content(const SmimeCms *cms)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(cms->info);
	const unsigned char *octets;

	if (content == NULL || *content == NULL)
		return SLICE_ABSENT;
	octets = ASN1_STRING_get0_data(*content);
	return slice_make(
		octets == NULL ? "" : (const char *)octets, (size_t)ASN1_STRING_length(*content));
}

bool smime_cms_is_mime(const SmimeCms *cms)
{
	return OBJ_obj2nid(CMS_get0_eContentType(cms->info)) == NID_pkcs7_data;
}

size_t smime_cms_signers(const SmimeCms *cms)
{
	return cms->signers;
}

CertificateStack *smime_cms_certificates(const SmimeCms *cms)
{
	return cms->certificates;
}

/* --- the checks of one signer */

typedef struct SignerCheck {
	CMS_SignerInfo *info;
	SmimeSigner *signer;
	X509_ALGOR *digest_algorithm;
	X509_ALGOR *signature_algorithm;
	int digest_nid;
	bool has_attributes;
} SignerCheck;

/* The first fault found is the one reported. */
static void fault(
	SignerCheck *check, AuthResult result, const char *reason, const char *text, char *detail)
{
	if (check->signer->verdict.reason[0] != '\0')
		g_free(detail);
	else
		verdict_set(&check->signer->verdict, result, reason, text, detail);
}

static int algorithm_nid(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *object = NULL;

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	return OBJ_obj2nid(object);
}

static char *algorithm_text(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *object = NULL;
	char name[128] = "";

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	OBJ_obj2txt(name, sizeof name, object, 0);
	return printable_line(slice_of(name));
}

/* The digest that the signature algorithm names itself; NID_undef where it leaves the choice. */
static int digest_in_signature(const X509_ALGOR *algorithm)
{
	int nid = algorithm_nid(algorithm);
	int digest = NID_undef;
	g_autoptr(RSA_PSS_PARAMS) pss = NULL;

	if (nid == NID_ED25519)
		return NID_sha512; /* RFC 8419, 3 */
	if (nid != NID_rsassaPss)
		return OBJ_find_sigid_algs(nid, &digest, NULL) == 1 ? digest : NID_undef;
	pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter);
	/* RFC 4055, 3.1: absent means SHA-1. */
	return pss == NULL || pss->hashAlgorithm == NULL ? NID_sha1
							 : algorithm_nid(pss->hashAlgorithm);
}

static void check_algorithms(SignerCheck *check, const SmimeCms *cms)
{
	int named = digest_in_signature(check->signature_algorithm);

	if (named != NID_undef && named != check->digest_nid)
		fault(check, RESULT_FAIL, "digest-algorithm-differs",
			N_("The signature names another digest than its signer does."),
			g_strdup_printf("%s, %s", check->signer->digest_algorithm,
				check->signer->signature_algorithm));
	if (!smime_der_names_digest(slice_of_bytes(cms->der), check->digest_nid))
		fault(check, RESULT_FAIL, "digest-algorithm-unlisted",
			N_("The signer's digest is not among those that the object names."),
			g_strdup(check->signer->digest_algorithm));
}

static void check_attributes(SignerCheck *check, const SmimeCms *cms, const SignedContent *content)
{
	const char *text = NULL;
	const char *reason;

	if (check->has_attributes)
		reason = smime_attributes_fault(
			check->info, CMS_get0_eContentType(cms->info), &text);
	else
		reason = smime_attributes_absence_fault(smime_cms_is_mime(cms),
			signed_content_is_detached(content), signed_content_octets(content), &text);
	if (reason != NULL)
		fault(check, RESULT_FAIL, reason, text, NULL);
}

static void digest_is_wrong(
	SignerCheck *check, const DigestValue *signed_value, const DigestValue *computed)
{
	g_autofree char *theirs = digest_hex(signed_value);
	g_autofree char *ours = digest_hex(computed);

	check->signer->digest = SMIME_NO;
	fault(check, RESULT_FAIL, "digest-mismatch",
		N_("The content was changed after it was signed."),
		g_strdup_printf("%s: signed %s, computed %s", check->signer->digest_algorithm,
			theirs, ours));
}

/* As it is stored first: binary content may hold bare LFs that were signed. */
static void check_digest(SignerCheck *check, SignedContent *content)
{
	DigestValue theirs;
	const DigestValue *ours = signed_content_digest(content, check->digest_nid, false);

	if (ours == NULL) {
		fault(check, RESULT_NEUTRAL, "algorithm-unknown",
			N_("The signature uses an algorithm that is not known."),
			g_strdup(check->signer->digest_algorithm));
		return;
	}
	if (!check->has_attributes || !smime_attributes_digest(check->info, &theirs))
		return;
	check->signer->digest = SMIME_YES;
	if (digest_equal(&theirs, ours))
		return;
	if (signed_content_is_detached(content))
		ours = signed_content_digest(content, check->digest_nid, true);
	if (signed_content_is_detached(content) && digest_equal(&theirs, ours))
		signed_content_note_canonicalised(content);
	else
		digest_is_wrong(check, &theirs, ours);
}

/* OpenSSL 3.0's CMS does not know EdDSA (RFC 8419), which signs the octets themselves. */
static bool verify_eddsa(const SignerCheck *check, EVP_PKEY *key, Slice octets)
{
	const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(check->info);
	g_autoptr(EVP_MD_CTX) ctx = EVP_MD_CTX_new();

	return ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, ASN1_STRING_get0_data(signature),
		       (size_t)ASN1_STRING_length(signature), (const unsigned char *)octets.data,
		       octets.len) == 1;
}

static bool verify_attributes(const SignerCheck *check, EVP_PKEY *key)
{
	g_autoptr(GByteArray) attributes = NULL;

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519)
		return CMS_SignerInfo_verify(check->info) == 1;
	attributes = smime_attributes_der(check->info);
	return attributes != NULL &&
	       verify_eddsa(
		       check, key, slice_make((const char *)attributes->data, attributes->len));
}

static bool verify_bare_eddsa(
	const SignerCheck *check, EVP_PKEY *key, const SignedContent *content, bool as_crlf)
{
	GString *text;
	bool is_right;

	if (!as_crlf)
		return verify_eddsa(check, key, signed_content_octets(content));
	text = signed_content_as_crlf(content);
	is_right = verify_eddsa(check, key, slice_make(text->str, text->len));
	g_string_free(text, TRUE);
	return is_right;
}

/* Without attributes the content's own digest is what was signed (RFC 5652, 5.4); OpenSSL takes it
 * from a digest filter, which is fed here. */
static bool verify_bare_as(
	const SignerCheck *check, EVP_PKEY *key, const SignedContent *content, bool as_crlf)
{
	g_autoptr(BIO) chain = BIO_new(BIO_f_md());
	const EVP_MD *algorithm = EVP_get_digestbynid(check->digest_nid);
	EVP_MD_CTX *ctx = NULL;

	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519)
		return verify_bare_eddsa(check, key, content, as_crlf);
	if (chain == NULL || algorithm == NULL ||
		BIO_set_md(chain, (EVP_MD *)(guintptr)algorithm) != 1 ||
		BIO_get_md_ctx(chain, &ctx) != 1)
		return false;
	signed_content_feed(content, as_crlf, ctx);
	return CMS_SignerInfo_verify_content(check->info, chain) == 1;
}

static bool verify_bare(const SignerCheck *check, EVP_PKEY *key, SignedContent *content)
{
	if (verify_bare_as(check, key, content, false))
		return true;
	if (!signed_content_is_detached(content) || !verify_bare_as(check, key, content, true))
		return false;
	signed_content_note_canonicalised(content);
	return true;
}

static bool is_key_for(const X509_ALGOR *algorithm, EVP_PKEY *key)
{
	int nid = algorithm_nid(algorithm);
	int wanted = NID_undef;
	int has = EVP_PKEY_get_base_id(key);

	if (nid == NID_rsassaPss)
		return has == EVP_PKEY_RSA || has == EVP_PKEY_RSA_PSS;
	if (OBJ_find_sigid_algs(nid, NULL, &wanted) != 1 || wanted == NID_undef)
		wanted = nid;
	return wanted == has || EVP_PKEY_type(wanted) == has;
}

static bool verify_with(SignerCheck *check, SignedContent *content, X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);

	if (key == NULL || !is_key_for(check->signature_algorithm, key))
		return false;
	CMS_SignerInfo_set1_signer_cert(check->info, certificate);
	return check->has_attributes ? verify_attributes(check, key)
				     : verify_bare(check, key, content);
}

/* A public operation on an absurd modulus is work for nothing. */
static bool has_usable_key(X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);

	return key != NULL && EVP_PKEY_get_bits(key) <= LIMIT_RSA_BITS;
}

static void add_candidates(
	CMS_SignerInfo *info, CertificateStack *from, X509 *candidates[], size_t *count)
{
	for (int i = 0; i < sk_X509_num(from) && *count < CANDIDATES_MAX; i++)
		if (CMS_SignerInfo_cert_cmp(info, sk_X509_value(from, i)) == 0)
			candidates[(*count)++] = sk_X509_value(from, i);
}

/* An identifier may fit several certificates; the one whose key made the signature is meant. */
static X509 *check_signature(
	SignerCheck *check, SignedContent *content, const SmimeCms *cms, CertificateStack *others)
{
	X509 *candidates[CANDIDATES_MAX];
	size_t count = 0;

	add_candidates(check->info, cms->certificates, candidates, &count);
	add_candidates(check->info, others, candidates, &count);
	if (count == 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (!has_usable_key(candidates[i]))
			continue;
		check->signer->signature = SMIME_NO;
		if (verify_with(check, content, candidates[i])) {
			check->signer->signature = SMIME_YES;
			return candidates[i];
		}
	}
	return candidates[0];
}

static void judge_signature(SignerCheck *check, X509 *certificate)
{
	SmimeSigner *signer = check->signer;

	if (certificate == NULL)
		fault(check, RESULT_PERMERROR, "no-certificate",
			N_("The signer's certificate is not there."), NULL);
	else if (signer->signature == SMIME_UNCHECKED && signer->key_bits == 0)
		fault(check, RESULT_NEUTRAL, "key-unreadable",
			N_("The key in the signer's certificate cannot be read."), NULL);
	else if (signer->signature == SMIME_UNCHECKED)
		fault(check, RESULT_NEUTRAL, "key-too-large",
			N_("The signer's key is too large to be used."),
			g_strdup_printf("%d", signer->key_bits));
	else if (signer->signature == SMIME_NO)
		fault(check, RESULT_FAIL, "signature-invalid",
			N_("The signature was not made with the certificate's key."), NULL);
	else if (!check->has_attributes)
		signer->digest = SMIME_YES;
}

X509 *smime_cms_check(SmimeCms *cms, size_t index, SignedContent *content, CertificateStack *others,
	SmimeSigner *signer)
{
	SignerCheck check = { .info = sk_CMS_SignerInfo_value(
				      CMS_get0_SignerInfos(cms->info), (int)index),
		.signer = signer };
	X509 *certificate;

	CMS_SignerInfo_get0_algs(
		check.info, NULL, NULL, &check.digest_algorithm, &check.signature_algorithm);
	check.digest_nid = algorithm_nid(check.digest_algorithm);
	check.has_attributes = CMS_signed_get_attr_count(check.info) >= 0;
	signer->digest_algorithm = algorithm_text(check.digest_algorithm);
	signer->signature_algorithm = algorithm_text(check.signature_algorithm);
	signer->at_signing.time = smime_attributes_signing_time(check.info);
	certificate = check_signature(&check, content, cms, others);
	if (certificate != NULL)
		smime_certificate_describe(certificate, signer);
	check_attributes(&check, cms, content);
	check_digest(&check, content);
	check_algorithms(&check, cms);
	judge_signature(&check, certificate);
	signer->is_weak = smime_digest_is_weak(check.digest_nid) ||
			  (certificate != NULL && smime_key_is_weak(certificate));
	if (certificate != NULL && X509_up_ref(certificate) != 1)
		return NULL;
	return certificate;
}
