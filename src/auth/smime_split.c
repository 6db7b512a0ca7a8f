#include "auth/smime_split.h"

#include "auth/smime_der.h"

/* One that is longer is not kept. Real ones have 1 to 3 kB. */
#define CERTIFICATE_OCTETS_MAX ((size_t)16 * 1024)
#define INDEFINITE             0x80

/* A SignedData within a ContentInfo, cut. */
typedef struct Cut {
	Slice type;         /* the ContentInfo's OBJECT IDENTIFIER, with its head */
	Slice before;       /* version, digestAlgorithms, encapContentInfo */
	Slice certificates; /* one after the other */
	Slice behind;       /* crls, signerInfos */
	Slice trailing;
} Cut;

static bool open_definite(Slice *rest, int tag, int tag_class, Slice *ret_contents)
{
	return rest->len >= 2 && (unsigned char)rest->data[1] != INDEFINITE &&
	       smime_der_open(rest, tag, tag_class, ret_contents);
}

static bool skip(Slice *rest, int tag)
{
	Slice contents;

	return open_definite(rest, tag, V_ASN1_UNIVERSAL, &contents);
}

static Slice from_to(Slice begin, Slice end)
{
	return slice_sub(begin, 0, begin.len - end.len);
}

static bool cut_signed_data(Slice data, Cut *cut)
{
	Slice rest = data;

	if (!skip(&rest, V_ASN1_INTEGER) || !skip(&rest, V_ASN1_SET) ||
		!skip(&rest, V_ASN1_SEQUENCE))
		return false;
	cut->before = from_to(data, rest);
	if (!open_definite(&rest, 0, V_ASN1_CONTEXT_SPECIFIC, &cut->certificates))
		return false;
	cut->behind = rest;
	return true;
}

static bool cut_info(Slice der, Cut *cut)
{
	Slice info;
	Slice explicit;
	Slice data;
	Slice rest;

	if (smime_der_content_type(der) != NID_pkcs7_signed ||
		!open_definite(&der, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &info))
		return false;
	cut->trailing = der;
	rest = info;
	if (!skip(&rest, V_ASN1_OBJECT))
		return false;
	cut->type = from_to(info, rest);
	return open_definite(&rest, 0, V_ASN1_CONTEXT_SPECIFIC, &explicit) && rest.len == 0 &&
	       open_definite(&explicit, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, &data) &&
	       explicit.len == 0 && cut_signed_data(data, cut);
}

/* What a memo has, or takes; NULL where the octets are no certificate. Borrowed from it. */
static X509 *know_certificate(Memo *memo, Slice der)
{
	const unsigned char *at = (const unsigned char *)der.data;
	X509 *certificate = memo_find(memo, "certificate", der);

	if (certificate != NULL)
		return certificate;
	certificate = d2i_X509(NULL, &at, (long)der.len);
	if (certificate == NULL || at != (const unsigned char *)der.data + der.len) {
		X509_free(certificate);
		return NULL;
	}
	return memo_keep(memo, "certificate", der, certificate, (GDestroyNotify)X509_free);
}

static bool take_certificates(Slice rest, Memo *memo, CertificateStack *certificates)
{
	while (rest.len > 0) {
		Slice here = rest;
		X509 *certificate;

		if (!skip(&rest, V_ASN1_SEQUENCE) || here.len - rest.len > CERTIFICATE_OCTETS_MAX)
			return false;
		certificate = know_certificate(memo, from_to(here, rest));
		if (certificate == NULL || X509_up_ref(certificate) != 1)
			return false;
		if (sk_X509_push(certificates, certificate) == 0) {
			X509_free(certificate);
			return false;
		}
	}
	return true;
}

static void put_head(GByteArray *out, int tag, int tag_class, size_t length)
{
	unsigned char head[16];
	unsigned char *end = head;

	ASN1_put_object(&end, 1, (int)length, tag, tag_class);
	g_byte_array_append(out, head, (guint)(end - head));
}

static void put(GByteArray *out, Slice octets)
{
	g_byte_array_append(out, (const guint8 *)octets.data, (guint)octets.len);
}

/* The object as it would be without certificates. */
static GByteArray *join(const Cut *cut)
{
	size_t data = cut->before.len + cut->behind.len;
	size_t explicit = (size_t)ASN1_object_size(1, (int)data, V_ASN1_SEQUENCE);
	size_t inner = (size_t)ASN1_object_size(1, (int)explicit, 0);
	GByteArray *out = g_byte_array_new();

	put_head(out, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, cut->type.len + inner);
	put(out, cut->type);
	put_head(out, 0, V_ASN1_CONTEXT_SPECIFIC, explicit);
	put_head(out, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL, data);
	put(out, cut->before);
	put(out, cut->behind);
	return out;
}

static CMS_ContentInfo *parse_joined(const Cut *cut)
{
	g_autoptr(GByteArray) octets = join(cut);
	const unsigned char *at = octets->data;
	CMS_ContentInfo *info = d2i_CMS_ContentInfo(NULL, &at, (long)octets->len);

	if (info != NULL && at != octets->data + octets->len)
		g_clear_pointer(&info, CMS_ContentInfo_free);
	return info;
}

bool smime_split(Slice der, Memo *memo, SplitCms *ret_split)
{
	g_autoptr(CertificateStack) certificates = sk_X509_new_null();
	Cut cut;
	CMS_ContentInfo *info;

	if (der.len > INT_MAX / 2 || certificates == NULL || !cut_info(der, &cut) ||
		!take_certificates(cut.certificates, memo, certificates))
		return false;
	info = parse_joined(&cut);
	if (info == NULL)
		return false;
	*ret_split = (SplitCms) { .info = info,
		.certificates = g_steal_pointer(&certificates),
		.has_trailing_octets = cut.trailing.len > 0 };
	return true;
}
