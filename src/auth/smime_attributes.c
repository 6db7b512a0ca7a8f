#include "auth/smime_attributes.h"

#include "auth/smime_certificate.h"
#include "auth/smime_der.h"
#include "base/finding.h"
#include "base/text_time.h"

#include <string.h>

/* Attributes of one signer: real ones have three to six. */
#define ATTRIBUTES_MAX 64

typedef struct Lookup {
	const ASN1_TYPE *value; /* of the attribute, where it is there once with one value */
	bool is_there;
	bool is_repeated;
} Lookup;

static Lookup find(CMS_SignerInfo *info, int nid)
{
	int at = CMS_signed_get_attr_by_NID(info, nid, -1);
	Lookup found = { .is_there = at >= 0 };
	X509_ATTRIBUTE *attribute;

	if (at < 0)
		return found;
	attribute = CMS_signed_get_attr(info, at);
	found.is_repeated = X509_ATTRIBUTE_count(attribute) != 1 ||
			    CMS_signed_get_attr_by_NID(info, nid, at) >= 0;
	if (!found.is_repeated)
		found.value = X509_ATTRIBUTE_get0_type(attribute, 0);
	return found;
}

bool smime_attributes_digest(CMS_SignerInfo *info, DigestValue *ret_value)
{
	Lookup found = find(info, NID_pkcs9_messageDigest);
	int len;

	if (found.value == NULL || found.value->type != V_ASN1_OCTET_STRING)
		return false;
	len = ASN1_STRING_length(found.value->value.octet_string);
	if (len <= 0 || len > DIGEST_MAX)
		return false;
	memcpy(ret_value->octets, ASN1_STRING_get0_data(found.value->value.octet_string),
		(size_t)len);
	ret_value->len = (size_t)len;
	return true;
}

static int64_t time_of(const ASN1_TYPE *value)
{
	if (value == NULL)
		return TIME_UNKNOWN;
	if (value->type == V_ASN1_UTCTIME)
		return smime_asn1_time(value->value.utctime);
	if (value->type == V_ASN1_GENERALIZEDTIME)
		return smime_asn1_time(value->value.generalizedtime);
	return TIME_UNKNOWN;
}

int64_t smime_attributes_signing_time(CMS_SignerInfo *info)
{
	return time_of(find(info, NID_pkcs9_signingTime).value);
}

static GBytes *encode(X509_ATTRIBUTE *attribute)
{
	unsigned char *der = NULL;
	int len = i2d_X509_ATTRIBUTE(attribute, &der);
	GBytes *bytes = len > 0 ? g_bytes_new(der, (gsize)len) : NULL;

	OPENSSL_free(der);
	return bytes;
}

/* g_bytes_compare() has DER's order (X.690, 11.6): octet by octet, the shorter one first. */
static bool is_sorted(const GPtrArray *encoded)
{
	for (guint i = 1; i < encoded->len; i++)
		if (g_bytes_compare(
			    g_ptr_array_index(encoded, i - 1), g_ptr_array_index(encoded, i)) > 0)
			return false;
	return true;
}

static GPtrArray *encode_all(CMS_SignerInfo *info)
{
	GPtrArray *encoded = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (int i = 0; i < MIN(CMS_signed_get_attr_count(info), ATTRIBUTES_MAX); i++) {
		GBytes *one = encode(CMS_signed_get_attr(info, i));

		if (one != NULL)
			g_ptr_array_add(encoded, one);
	}
	return encoded;
}

static void append_header(GByteArray *out, size_t length)
{
	unsigned char header[16];
	unsigned char *at = header;

	ASN1_put_object(&at, 1, (int)length, V_ASN1_SET, V_ASN1_UNIVERSAL);
	g_byte_array_append(out, header, (guint)(at - header));
}

GByteArray *smime_attributes_der(CMS_SignerInfo *info)
{
	g_autoptr(GPtrArray) encoded = encode_all(info);
	GByteArray *out;
	size_t length = 0;

	if (encoded->len == 0 || (int)encoded->len != CMS_signed_get_attr_count(info))
		return NULL;
	for (guint i = 0; i < encoded->len; i++)
		length += g_bytes_get_size(g_ptr_array_index(encoded, i));
	if (length > INT_MAX)
		return NULL;
	out = g_byte_array_new();
	append_header(out, length);
	for (guint i = 0; i < encoded->len; i++) {
		gsize len = 0;
		gconstpointer data = g_bytes_get_data(g_ptr_array_index(encoded, i), &len);

		g_byte_array_append(out, data, (guint)len);
	}
	return out;
}

static const char *content_type_fault(
	CMS_SignerInfo *info, const ASN1_OBJECT *content_type, const char **ret_text)
{
	Lookup found = find(info, NID_pkcs9_contentType);

	if (found.is_there && !found.is_repeated && found.value != NULL &&
		found.value->type == V_ASN1_OBJECT &&
		OBJ_cmp(found.value->value.object, content_type) == 0)
		return NULL;
	*ret_text = !found.is_there     ? N_("The signed attributes lack the content type.")
		    : found.is_repeated ? N_("The signed attributes hold several content types.")
					: N_("The signed content type is not that of the content.");
	return !found.is_there     ? "content-type-missing"
	       : found.is_repeated ? "content-type-repeated"
				   : "content-type-differs";
}

static const char *digest_fault(CMS_SignerInfo *info, const char **ret_text)
{
	Lookup found = find(info, NID_pkcs9_messageDigest);
	DigestValue value;

	if (found.is_repeated) {
		*ret_text = N_("The signed attributes hold several message digests.");
		return "message-digest-repeated";
	}
	if (!smime_attributes_digest(info, &value)) {
		*ret_text = N_("The signed attributes lack the message digest.");
		return "message-digest-missing";
	}
	return NULL;
}

static const char *signing_time_fault(CMS_SignerInfo *info, const char **ret_text)
{
	Lookup found = find(info, NID_pkcs9_signingTime);

	if (!found.is_there)
		return NULL;
	if (found.is_repeated) {
		*ret_text = N_("The signed attributes hold several signing times.");
		return "signing-time-repeated";
	}
	if (time_of(found.value) == TIME_UNKNOWN) {
		*ret_text = N_("The signing time cannot be read.");
		return "signing-time-malformed";
	}
	return NULL;
}

/* RFC 5652, 5.3: DER, whatever the rest of the object is encoded in. */
static const char *order_fault(CMS_SignerInfo *info, const char **ret_text)
{
	g_autoptr(GPtrArray) encoded = NULL;

	if (CMS_signed_get_attr_count(info) > ATTRIBUTES_MAX) {
		*ret_text = N_("There are more signed attributes than are looked at.");
		return "attributes-too-many";
	}
	encoded = encode_all(info);
	if (is_sorted(encoded))
		return NULL;
	*ret_text = N_("The signed attributes are not in the order of DER.");
	return "attributes-not-der";
}

/* RFC 5652, 11.1 to 11.3: among the unsigned ones they are nobody's word, and mean to deceive. */
static const char *unsigned_fault(CMS_SignerInfo *info, const char **ret_text)
{
	static const int signed_only[] = { NID_pkcs9_contentType, NID_pkcs9_messageDigest,
		NID_pkcs9_signingTime };

	for (size_t i = 0; i < G_N_ELEMENTS(signed_only); i++)
		if (CMS_unsigned_get_attr_by_NID(info, signed_only[i], -1) >= 0) {
			*ret_text = N_("An attribute that must be signed is not.");
			return "attribute-unsigned";
		}
	return NULL;
}

const char *smime_attributes_fault(
	CMS_SignerInfo *info, const ASN1_OBJECT *content_type, const char **ret_text)
{
	const char *reason = order_fault(info, ret_text);

	if (reason == NULL)
		reason = content_type_fault(info, content_type, ret_text);
	if (reason == NULL)
		reason = digest_fault(info, ret_text);
	if (reason == NULL)
		reason = signing_time_fault(info, ret_text);
	if (reason == NULL)
		reason = unsigned_fault(info, ret_text);
	return reason;
}

const char *smime_attributes_absence_fault(
	bool is_data, bool is_detached, Slice content, const char **ret_text)
{
	if (is_detached || !is_data) {
		*ret_text = N_("The signature lacks signed attributes, which it needs here.");
		return "attributes-missing";
	}
	/* Signed attributes of one message are, as octets, content that the same signature fits
	 * (RFC 5652, 5.4 makes no difference between them). */
	if (smime_der_looks_like_attributes(content)) {
		*ret_text = N_("The content is what another signature's attributes look like.");
		return "attributes-as-content";
	}
	return NULL;
}
