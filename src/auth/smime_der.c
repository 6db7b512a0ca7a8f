#include "auth/smime_der.h"

#include "auth/openssl_autoptr.h"

/* Digests named by one SignedData: as many as it has signers, at most; real ones name one. */
#define DIGESTS_MAX 64

bool smime_der_open(Slice *rest, int tag, int tag_class, Slice *ret_contents)
{
	const unsigned char *at = (const unsigned char *)rest->data;
	const unsigned char *end = at + rest->len;
	long len = 0;
	int found_tag = 0;
	int found_class = 0;
	int form;

	if (rest->len == 0 || rest->len > LONG_MAX)
		return false;
	form = ASN1_get_object(&at, &len, &found_tag, &found_class, (long)rest->len);
	if ((form & 0x80) != 0 || found_tag != tag || found_class != tag_class)
		return false;
	if ((form & 1) != 0)
		len = end - at;
	*ret_contents = slice_make((const char *)at, (size_t)len);
	*rest = slice_make((const char *)at + len, (size_t)(end - at - len));
	return true;
}

static int take_object(Slice *rest)
{
	const unsigned char *at = (const unsigned char *)rest->data;
	ASN1_OBJECT *object;
	Slice contents;
	int nid;

	if (!smime_der_open(rest, V_ASN1_OBJECT, V_ASN1_UNIVERSAL, &contents))
		return NID_undef;
	object = d2i_ASN1_OBJECT(NULL, &at, (long)((const unsigned char *)rest->data - at));
	nid = object == NULL ? NID_undef : OBJ_obj2nid(object);
	ASN1_OBJECT_free(object);
	return nid;
}

int smime_der_content_type(Slice der)
{
	Slice info;

	if (!smime_der_open(&der, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &info))
		return NID_undef;
	return take_object(&info);
}

/* ContentInfo, its [0], SignedData, behind the version: the SET OF digestAlgorithms. */
static bool find_digest_algorithms(Slice der, Slice *ret_set)
{
	Slice info;
	Slice explicit;
	Slice data;
	Slice version;

	return smime_der_open(&der, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &info) &&
	       take_object(&info) == NID_pkcs7_signed &&
	       smime_der_open(&info, 0, V_ASN1_CONTEXT_SPECIFIC, &explicit) &&
	       smime_der_open(&explicit, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &data) &&
	       smime_der_open(&data, V_ASN1_INTEGER, V_ASN1_UNIVERSAL, &version) &&
	       smime_der_open(&data, V_ASN1_SET, V_ASN1_UNIVERSAL, ret_set);
}

bool smime_der_names_digest(Slice der, int nid)
{
	const unsigned char *at;
	const unsigned char *end;
	Slice set;

	if (!find_digest_algorithms(der, &set))
		return false;
	at = (const unsigned char *)set.data;
	end = at + set.len;
	for (int i = 0; i < DIGESTS_MAX && at < end; i++) {
		g_autoptr(X509_ALGOR) algorithm = d2i_X509_ALGOR(NULL, &at, (long)(end - at));
		const ASN1_OBJECT *object = NULL;

		if (algorithm == NULL)
			return false;
		X509_ALGOR_get0(&object, NULL, NULL, algorithm);
		if (OBJ_obj2nid(object) == nid)
			return true;
	}
	return false;
}

bool smime_der_looks_like_attributes(Slice octets)
{
	Slice contents;
	Slice attribute;

	return smime_der_open(&octets, V_ASN1_SET, V_ASN1_UNIVERSAL, &contents) &&
	       octets.len == 0 &&
	       smime_der_open(&contents, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &attribute) &&
	       take_object(&attribute) != NID_undef;
}
