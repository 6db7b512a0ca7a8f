#include "auth/smime_certificate.h"

#include "auth/openssl_autoptr.h"
#include "base/digest.h"
#include "base/domain_name.h"
#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

/* Addresses of one certificate: real ones hold a handful, and each is compared with From. */
#define ADDRESSES_MAX 100
/* CA/Browser Forum S/MIME Baseline Requirements, 7.1.6.1: {arc}.class.generation. */
#define CABF_SMIME_ARC "2.23.140.1.5."
/* RFC 8551, 2.3: RSA below 2,048 bits. Curves below 224 bits are worth no more. */
#define RSA_BITS_MIN 2048
#define EC_BITS_MIN  224

/* The kinds of address that a certificate may hold. */
typedef enum AddressKind {
	ADDRESS_RFC822,    /* subjectAltName rfc822Name, or the subject's emailAddress */
	ADDRESS_SMTP_UTF8, /* otherName SmtpUTF8Mailbox (RFC 9598) */
} AddressKind;

typedef void (*AddressFunc)(AddressKind kind, Slice address, gpointer data);

static Slice string_octets(const ASN1_STRING *string)
{
	return slice_make(
		(const char *)ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));
}

static char *bio_text(BIO *bio)
{
	char *data = NULL;
	long len = BIO_get_mem_data(bio, &data);

	return printable_line(slice_make(len > 0 ? data : "", (size_t)MAX(len, 0)));
}

char *smime_name_text(const X509_NAME *name)
{
	g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
	unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;

	g_assert(bio != NULL);
	X509_NAME_print_ex(bio, name, 0, flags);
	return bio_text(bio);
}

int64_t smime_asn1_time(const ASN1_TIME *time)
{
	struct tm civil;
	int64_t result;

	if (time == NULL || ASN1_TIME_to_tm(time, &civil) != 1)
		return TIME_UNKNOWN;
	if (!text_time_from_civil(civil.tm_year + 1900, civil.tm_mon + 1, civil.tm_mday,
		    civil.tm_hour, civil.tm_min, civil.tm_sec, 0, &result))
		return TIME_UNKNOWN;
	return result;
}

static void visit_general_name(const GENERAL_NAME *name, AddressFunc visit, gpointer data)
{
	if (name->type == GEN_EMAIL)
		visit(ADDRESS_RFC822, string_octets(name->d.rfc822Name), data);
	if (name->type == GEN_OTHERNAME &&
		OBJ_obj2nid(name->d.otherName->type_id) == NID_id_on_SmtpUTF8Mailbox &&
		name->d.otherName->value->type == V_ASN1_UTF8STRING)
		visit(ADDRESS_SMTP_UTF8, string_octets(name->d.otherName->value->value.utf8string),
			data);
}

static bool is_address_name(const GENERAL_NAME *name)
{
	return name->type == GEN_EMAIL ||
	       (name->type == GEN_OTHERNAME &&
		       OBJ_obj2nid(name->d.otherName->type_id) == NID_id_on_SmtpUTF8Mailbox);
}

/* Whether the extension holds any address at all, readable or not. */
static bool visit_alternative_names(X509 *certificate, AddressFunc visit, gpointer data)
{
	g_autoptr(GENERAL_NAMES) names =
		X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	int found = 0;

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && found < ADDRESSES_MAX; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (!is_address_name(name))
			continue;
		visit_general_name(name, visit, data);
		found++;
	}
	return found > 0;
}

/* The old place of the address counts only where the new one has none: whoever fills
 * subjectAltName says there which addresses the certificate is for. */
static void visit_addresses(X509 *certificate, AddressFunc visit, gpointer data)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	int found = 0;

	if (visit_alternative_names(certificate, visit, data))
		return;
	for (int at = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress, -1);
		at >= 0 && found < ADDRESSES_MAX;
		at = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress, at), found++)
		visit(ADDRESS_RFC822,
			string_octets(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))),
			data);
}

static bool is_ascii(Slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return false;
	return true;
}

/* local@domain, cut at the last "@", as a quoted local part may hold others. */
static bool split_address(Slice address, Slice *ret_local, char **ret_domain)
{
	size_t at = address.len;

	while (at > 0 && address.data[at - 1] != '@')
		at--;
	if (at < 2)
		return false;
	*ret_local = slice_sub(address, 0, at - 1);
	*ret_domain = domain_name_new(slice_sub(address, at, address.len - at));
	return *ret_domain != NULL;
}

static bool is_same_local(AddressKind kind, Slice in_certificate, Slice in_message)
{
	if (kind == ADDRESS_RFC822)
		return is_ascii(in_certificate) && slice_equal_nocase(in_certificate, in_message);
	/* RFC 9598, 3: an ASCII local part belongs into rfc822Name, and never matches here. */
	return !is_ascii(in_certificate) && slice_equal(in_certificate, in_message);
}

typedef struct Match {
	const Address *wanted;
	char *found;
} Match;

static void compare_address(AddressKind kind, Slice address, gpointer data)
{
	Match *match = data;
	g_autofree char *domain = NULL;
	Slice local;

	if (match->found != NULL || !split_address(address, &local, &domain))
		return;
	if (strcmp(domain, match->wanted->domain) == 0 &&
		is_same_local(kind, local, slice_of(match->wanted->local)))
		match->found = printable_line(address);
}

char *smime_certificate_match(X509 *certificate, const Address *address)
{
	Match match = { .wanted = address };

	if (address->domain == NULL || address->local == NULL)
		return NULL;
	visit_addresses(certificate, compare_address, &match);
	return match.found;
}

static void collect_address(AddressKind kind, Slice address, gpointer data)
{
	(void)kind;
	g_ptr_array_add(data, printable_line(address));
}

bool smime_certificate_may_sign(X509 *certificate)
{
	/* UINT32_MAX where the extension is absent. */
	uint32_t usage = X509_get_key_usage(certificate);

	return (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

bool smime_certificate_is_for_mail(X509 *certificate)
{
	int critical = 0;
	g_autoptr(EXTENDED_KEY_USAGE) usages =
		X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, NULL);

	/* -1: absent. Anything else without a value cannot be read, and allows nothing. */
	if (usages == NULL)
		return critical == -1;
	for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
		int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usages, i));

		if (nid == NID_email_protect || nid == NID_anyExtendedKeyUsage)
			return true;
	}
	return false;
}

bool smime_key_is_weak(X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);

	if (key == NULL)
		return true;
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		return EVP_PKEY_get_bits(key) < RSA_BITS_MIN;
	case EVP_PKEY_EC:
		return EVP_PKEY_get_bits(key) < EC_BITS_MIN;
	case EVP_PKEY_ED25519:
	case EVP_PKEY_ED448:
		return false;
	default:
		return true;
	}
}

bool smime_digest_is_weak(int nid)
{
	switch (nid) {
	case NID_sha224:
	case NID_sha256:
	case NID_sha384:
	case NID_sha512:
	case NID_sha512_256:
	case NID_sha3_256:
	case NID_sha3_384:
	case NID_sha3_512:
		return false;
	default:
		return true;
	}
}

static char *serial_text(X509 *certificate)
{
	g_autoptr(BIGNUM) number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *hex = number == NULL ? NULL : BN_bn2hex(number);
	char *copy = hex == NULL ? NULL : g_ascii_strup(hex, -1);

	OPENSSL_free(hex);
	return copy;
}

char *smime_certificate_fingerprint(X509 *certificate)
{
	DigestValue value = { .len = 0 };
	unsigned int len = 0;

	if (X509_digest(certificate, EVP_sha256(), value.octets, &len) != 1)
		return NULL;
	value.len = len;
	return digest_hex(&value);
}

static char *class_of_policy(const ASN1_OBJECT *policy)
{
	static const char *const classes[] = { "mailbox", "organization", "sponsor", "individual" };
	char oid[64];
	int len = OBJ_obj2txt(oid, sizeof oid, policy, 1);
	const char *rest = oid + strlen(CABF_SMIME_ARC);

	if (len <= 0 || (size_t)len >= sizeof oid || !g_str_has_prefix(oid, CABF_SMIME_ARC))
		return NULL;
	if (rest[0] < '1' || rest[0] > '4' || (rest[1] != '.' && rest[1] != '\0'))
		return NULL;
	return g_strdup(classes[rest[0] - '1']);
}

static char *policy_class(X509 *certificate)
{
	g_autoptr(CERTIFICATEPOLICIES) policies =
		X509_get_ext_d2i(certificate, NID_certificate_policies, NULL, NULL);

	for (int i = 0; i < sk_POLICYINFO_num(policies); i++) {
		char *found = class_of_policy(sk_POLICYINFO_value(policies, i)->policyid);

		if (found != NULL)
			return found;
	}
	return NULL;
}

static void describe_key(X509 *certificate, SmimeSigner *signer)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	const char *name = key == NULL ? NULL : EVP_PKEY_get0_type_name(key);

	signer->key_algorithm = g_strdup(name);
	signer->key_bits = key == NULL ? 0 : EVP_PKEY_get_bits(key);
}

SmimeLink *smime_link_new(X509 *certificate)
{
	SmimeLink *link = g_new0(SmimeLink, 1);

	link->subject = smime_name_text(X509_get_subject_name(certificate));
	link->issuer = smime_name_text(X509_get_issuer_name(certificate));
	link->serial = serial_text(certificate);
	link->fingerprint = smime_certificate_fingerprint(certificate);
	link->not_before = smime_asn1_time(X509_get0_notBefore(certificate));
	link->not_after = smime_asn1_time(X509_get0_notAfter(certificate));
	return link;
}

SmimeLink *smime_link_copy(const SmimeLink *link)
{
	SmimeLink *copy = g_new(SmimeLink, 1);

	*copy = *link;
	copy->subject = g_strdup(link->subject);
	copy->issuer = g_strdup(link->issuer);
	copy->serial = g_strdup(link->serial);
	copy->fingerprint = g_strdup(link->fingerprint);
	return copy;
}

void smime_link_free(gpointer data)
{
	SmimeLink *link = data;

	g_free(link->subject);
	g_free(link->issuer);
	g_free(link->serial);
	g_free(link->fingerprint);
	g_free(link);
}

void smime_certificate_describe(X509 *certificate, SmimeSigner *signer)
{
	signer->subject = smime_name_text(X509_get_subject_name(certificate));
	signer->issuer = smime_name_text(X509_get_issuer_name(certificate));
	signer->serial = serial_text(certificate);
	signer->fingerprint = smime_certificate_fingerprint(certificate);
	signer->not_before = smime_asn1_time(X509_get0_notBefore(certificate));
	signer->not_after = smime_asn1_time(X509_get0_notAfter(certificate));
	signer->policy_class = policy_class(certificate);
	visit_addresses(certificate, collect_address, signer->emails);
	describe_key(certificate, signer);
}

void smime_certificate_add_moments(X509 *certificate, GArray *moments)
{
	int64_t from = smime_asn1_time(X509_get0_notBefore(certificate));
	int64_t until = smime_asn1_time(X509_get0_notAfter(certificate));

	g_array_append_val(moments, from);
	g_array_append_val(moments, until);
}

size_t smime_place_among(int64_t time, const GArray *moments)
{
	size_t reached = 0;
	size_t passed = 0;

	time = time / 1000 * 1000;
	for (guint i = 0; i < moments->len; i++) {
		reached += g_array_index(moments, int64_t, i) <= time;
		passed += g_array_index(moments, int64_t, i) < time;
	}
	return reached * (moments->len + 1) + passed;
}
