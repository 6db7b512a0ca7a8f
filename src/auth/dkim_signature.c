#include "auth/dkim_signature.h"

#include "auth/base64.h"
#include "base/domain_name.h"
#include "base/limits.h"
#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

/* 3.5: l= has up to 76 digits, t= and x= up to 12. */
#define LENGTH_DIGITS_MOST 76
#define TIME_DIGITS_MOST   12

/* What of a hostile value is enough to show. */
#define SHOWN_OCTETS 200

static char *shown(Slice value)
{
	return printable_line(slice_sub(value, 0, SHOWN_OCTETS));
}

/* Keeps the first problem; detail is taken over. */
static void note(SignatureTags *tags, const char *problem, const char *text, char *detail)
{
	if (tags->problem != NULL) {
		g_free(detail);
		return;
	}
	tags->problem = problem;
	tags->problem_text = text;
	tags->problem_detail = detail;
}

/* The value of a tag that must be there. */
static Slice require(SignatureTags *tags, const char *name)
{
	Slice value = tag_list_get(tags->tags, name);

	if (value.data == NULL)
		note(tags, "tag-missing", N_("The signature lacks a tag that it must have."),
			g_strconcat(name, "=", NULL));
	return value;
}

static void read_version(SignatureTags *tags)
{
	Slice version;

	if (tags->kind != SIGNATURE_OF_DKIM)
		return;
	version = require(tags, "v");
	if (version.data != NULL && !slice_is(version, "1"))
		note(tags, "version-unknown",
			N_("The signature is of a version that is not known."), shown(version));
}

static void read_algorithm(SignatureTags *tags)
{
	static const struct {
		const char *word;
		KeyAlgorithm key;
		DigestKind digest;
	} known[] = { { "rsa-sha256", KEY_RSA, DIGEST_SHA256 },
		{ "ed25519-sha256", KEY_ED25519, DIGEST_SHA256 },
		{ "rsa-sha1", KEY_RSA, DIGEST_SHA1 } };
	Slice algorithm = require(tags, "a");

	if (algorithm.data == NULL)
		return;
	tags->algorithm = shown(algorithm);
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		if (!slice_is(algorithm, known[i].word))
			continue;
		tags->is_algorithm_known = true;
		tags->key_algorithm = known[i].key;
		tags->digest = known[i].digest;
		return;
	}
	note(tags, "algorithm-unknown", N_("The signature names an algorithm that is not known."),
		g_strdup(tags->algorithm));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The tag's value with the blanks around it: from the "=" to the ";" or the end of text. */
static Slice with_blanks(Slice text, Slice value)
{
	size_t from = slice_offset(text, value);
	size_t to = from + value.len;

	while (from > 0 && is_blank(text.data[from - 1]))
		from--;
	while (to < text.len && text.data[to] != ';')
		to++;
	return slice_sub(text, from, to - from);
}

static void read_signature(SignatureTags *tags, Slice text)
{
	Slice data = require(tags, "b");

	if (data.data == NULL)
		return;
	tags->signature_place = with_blanks(text, data);
	if (data.len > 0)
		tags->signature = base64_decode(data);
	if (tags->signature == NULL)
		note(tags, "signature-not-base64", N_("The signature's b= is no base64."), NULL);
}

static void read_body_digest(SignatureTags *tags)
{
	g_autoptr(GBytes) octets = NULL;
	Slice data;
	Slice digest;

	if (tags->kind == SIGNATURE_OF_ARC_SEAL)
		return;
	data = require(tags, "bh");
	if (data.data == NULL)
		return;
	octets = data.len > 0 ? base64_decode(data) : NULL;
	digest = octets != NULL ? slice_of_bytes(octets) : SLICE_ABSENT;
	if (digest.len == 0 || digest.len > DIGEST_MAX) {
		note(tags, "body-hash-unreadable",
			N_("The signature's bh= is no digest in base64."), NULL);
		return;
	}
	memcpy(tags->body_digest.octets, digest.data, digest.len);
	tags->body_digest.len = digest.len;
}

static bool read_canon_word(Slice word, CanonKind *ret_canon)
{
	*ret_canon = slice_is(word, "relaxed") ? CANON_RELAXED : CANON_SIMPLE;
	return slice_is(word, "relaxed") || slice_is(word, "simple");
}

/* Without c= DKIM is simple. RFC 8617 says nothing of its own, which would leave ARC simple, too;
 * but its validation suite, and so those who seal and validate, have it relaxed. */
static void read_canon(SignatureTags *tags)
{
	Slice value = tag_list_get(tags->tags, "c");
	Slice rest = value;
	bool ok = true;

	tags->header_canon = tags->kind == SIGNATURE_OF_DKIM ? CANON_SIMPLE : CANON_RELAXED;
	tags->body_canon = tags->header_canon;
	if (tags->kind != SIGNATURE_OF_ARC_SEAL && value.data != NULL) {
		ok = read_canon_word(slice_take_until(&rest, '/'), &tags->header_canon);
		tags->body_canon = CANON_SIMPLE;
		/* A slash with nothing behind it is no omitted name. */
		if (slice_find_char(value, '/') >= 0)
			ok = read_canon_word(rest, &tags->body_canon) && ok;
	}
	tags->is_canon_known = ok;
	if (!ok)
		note(tags, "canonicalisation-unknown",
			N_("The signature names a canonicalisation that is not known."),
			shown(value));
}

/* A name by the grammar of sub-domain, with U-labels converted (RFC 8616, 4); NUL and whatever
 * else is no letter, digit, hyphen or underscore spoils it, and so does a final dot. */
static char *read_name(Slice value)
{
	if (value.len == 0 || value.data[value.len - 1] == '.')
		return NULL;
	return domain_name_new(value);
}

static void read_key_name(SignatureTags *tags)
{
	Slice domain = require(tags, "d");
	Slice selector = require(tags, "s");
	g_autofree char *name = NULL;

	tags->domain = read_name(domain);
	tags->selector = read_name(selector);
	/* domain-name = sub-domain 1*("." sub-domain) */
	if (tags->domain != NULL && domain_name_labels(tags->domain) < 2)
		g_clear_pointer(&tags->domain, g_free);
	if (domain.data != NULL && tags->domain == NULL)
		note(tags, "domain-invalid", N_("The signature's d= is no domain name."),
			shown(domain));
	if (selector.data != NULL && tags->selector == NULL)
		note(tags, "selector-invalid", N_("The signature's s= is no selector."),
			shown(selector));
	if (tags->domain == NULL || tags->selector == NULL)
		return;
	name = g_strconcat(tags->selector, "._domainkey.", tags->domain, NULL);
	tags->key_name = domain_name_for_question(slice_of(name));
	if (tags->key_name == NULL)
		note(tags, "key-name-too-long", N_("No key can be at a name of that length."),
			g_steal_pointer(&name));
}

GString *signature_decode_quoted(Slice text)
{
	GString *out = g_string_sized_new(text.len);

	for (size_t i = 0; i < text.len; i++) {
		int high = i + 2 < text.len ? g_ascii_xdigit_value(text.data[i + 1]) : -1;
		int low = i + 2 < text.len ? g_ascii_xdigit_value(text.data[i + 2]) : -1;

		if (is_blank(text.data[i]))
			continue;
		if (text.data[i] == '=' && high >= 0 && low >= 0) {
			g_string_append_c(out, (char)(high << 4 | low));
			i += 2;
		} else {
			g_string_append_c(out, text.data[i]);
		}
	}
	return out;
}

/* i=, whose domain "MUST be the same as, or a subdomain of, the value of the d= tag". */
static void read_identity(SignatureTags *tags)
{
	Slice value = tag_list_get(tags->tags, "i");
	g_autoptr(GString) decoded = NULL;
	const char *at;

	if (tags->kind != SIGNATURE_OF_DKIM)
		return;
	if (value.data == NULL) {
		if (tags->domain != NULL)
			tags->identity = g_strconcat("@", tags->domain, NULL);
		tags->identity_domain = g_strdup(tags->domain);
		return;
	}
	decoded = signature_decode_quoted(value);
	tags->identity = shown(slice_make(decoded->str, decoded->len));
	at = memrchr(decoded->str, '@', decoded->len);
	if (at != NULL)
		tags->identity_domain = read_name(slice_sub(slice_make(decoded->str, decoded->len),
			(size_t)(at - decoded->str) + 1, decoded->len));
	if (tags->identity_domain == NULL)
		note(tags, "identity-invalid", N_("The signature's i= names no domain."),
			g_strdup(tags->identity));
	else if (tags->domain != NULL &&
		 !domain_name_is_within(tags->identity_domain, tags->domain))
		note(tags, "identity-outside-domain",
			N_("The signature's i= is not in the domain that signs."),
			g_strdup(tags->identity));
}

/* hdr-name: the field-name of RFC 5322, 3.6.8, without ";". */
static bool is_field_name(Slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] <= ' ' || name.data[i] > '~' || name.data[i] == ';')
			return false;
	return true;
}

/* Empty places in the list ("from::to") sign nothing, as verifiers have it. False where it is no
 * list, or one that is too long. */
static bool split_names(SignatureTags *tags, Slice list)
{
	while (list.len > 0) {
		Slice name = slice_trim(slice_take_until(&list, ':'));

		if (!is_field_name(name)) {
			note(tags, "names-invalid",
				N_("The signature's h= is no list of field names."), shown(name));
			return false;
		}
		if (tags->names->len == LIMIT_SIGNED_NAMES) {
			note(tags, "too-many-names", N_("The signature's h= lists too many names."),
				NULL);
			return false;
		}
		if (name.len > 0)
			g_ptr_array_add(tags->names, slice_dup_lower(name));
	}
	return true;
}

static void read_names(SignatureTags *tags)
{
	Slice list = require(tags, "h");

	tags->are_names_known = list.data != NULL && split_names(tags, list);
	if (!tags->are_names_known)
		return;
	if (tags->kind == SIGNATURE_OF_DKIM && signature_tags_lists(tags, "from") == 0)
		note(tags, "from-not-signed", N_("The signature does not cover From."), NULL);
	/* RFC 8617, 4.1.2 forbids all three ARC fields there; a seal made afterwards can never be
	 * covered, while signers that list the others are known and were always accepted. */
	if (tags->kind == SIGNATURE_OF_ARC_MESSAGE && signature_tags_lists(tags, "arc-seal") > 0)
		note(tags, "seal-signed", N_("The signature claims to cover a seal."), NULL);
}

/* RFC 8617, 4.1.3: which fields a seal covers is fixed; "the DKIM h tag is NOT allowed". */
static void refuse_names(SignatureTags *tags)
{
	tags->are_names_known = true;
	if (tag_list_get(tags->tags, "h").data != NULL)
		note(tags, "seal-with-names", N_("The seal has an h=, which it must not."), NULL);
}

static bool is_number(Slice text, size_t digits_most)
{
	for (size_t i = 0; i < text.len; i++)
		if (!g_ascii_isdigit(text.data[i]))
			return false;
	return text.len > 0 && text.len <= digits_most;
}

static void read_length(SignatureTags *tags)
{
	Slice value = tag_list_get(tags->tags, "l");
	guint64 length = 0;

	if (value.data == NULL || tags->kind == SIGNATURE_OF_ARC_SEAL)
		return;
	if (!is_number(value, LENGTH_DIGITS_MOST)) {
		note(tags, "length-invalid", N_("The signature's l= is no number."), shown(value));
		return;
	}
	tags->has_length = true;
	/* A number that does not fit is larger than any body, as the largest that does is. */
	tags->length = slice_parse_uint(value, CANON_WHOLE_BODY - 1, &length)
			       ? length
			       : CANON_WHOLE_BODY - 1;
}

static int64_t read_time(SignatureTags *tags, const char *name)
{
	Slice value = tag_list_get(tags->tags, name);
	guint64 seconds = 0;

	if (value.data == NULL)
		return TIME_UNKNOWN;
	if (is_number(value, TIME_DIGITS_MOST) && slice_parse_uint(value, G_MAXUINT64, &seconds))
		return (int64_t)seconds * 1000;
	note(tags, "time-invalid", N_("A time in the signature is no number of seconds."),
		shown(value));
	return TIME_UNKNOWN;
}

static void read_times(SignatureTags *tags)
{
	tags->signed_at = read_time(tags, "t");
	if (tags->kind == SIGNATURE_OF_ARC_SEAL)
		return;
	tags->expires = read_time(tags, "x");
	if (tags->expires != TIME_UNKNOWN && tags->signed_at != TIME_UNKNOWN &&
		tags->expires <= tags->signed_at)
		note(tags, "expires-before-signed", N_("The signature expires before it was made."),
			NULL);
}

static void read_query(SignatureTags *tags)
{
	Slice value = tag_list_get(tags->tags, "q");
	Slice list = value;

	if (value.data == NULL || tags->kind == SIGNATURE_OF_ARC_SEAL)
		return;
	while (list.len > 0)
		if (slice_is(slice_trim(slice_take_until(&list, ':')), "dns/txt"))
			return;
	note(tags, "query-unknown", N_("The signature's key is not to be had from the DNS."),
		shown(value));
}

static void read_list(SignatureTags *tags, Slice text)
{
	Slice where = SLICE_ABSENT;
	TagProblem problem = tag_list_parse(text, &tags->tags, &where);

	if (slice_find_char(text, '\0') >= 0)
		note(tags, "nul-octet", N_("The signature field holds NUL octets."), NULL);
	if (problem == TAG_REPEATED)
		note(tags, "tag-repeated", N_("A tag stands twice in the signature."),
			shown(where));
	else if (problem != TAG_OK)
		note(tags, "no-tag-list", N_("The signature field is no list of tags."),
			shown(where));
}

SignatureTags *signature_tags_read(SignatureKind kind, const Field *field)
{
	SignatureTags *tags = g_new0(SignatureTags, 1);

	tags->kind = kind;
	tags->names = g_ptr_array_new_with_free_func(g_free);
	tags->length = CANON_WHOLE_BODY;
	tags->signed_at = TIME_UNKNOWN;
	tags->expires = TIME_UNKNOWN;
	read_list(tags, field->value);
	if (tags->tags == NULL)
		return tags;
	read_version(tags);
	read_algorithm(tags);
	read_signature(tags, field->value);
	read_body_digest(tags);
	read_canon(tags);
	read_key_name(tags);
	read_identity(tags);
	if (kind == SIGNATURE_OF_ARC_SEAL)
		refuse_names(tags);
	else
		read_names(tags);
	read_length(tags);
	read_times(tags);
	read_query(tags);
	return tags;
}

void signature_tags_free(SignatureTags *tags)
{
	if (tags == NULL)
		return;
	tag_list_free(tags->tags);
	g_free(tags->problem_detail);
	g_free(tags->algorithm);
	g_clear_pointer(&tags->signature, g_bytes_unref);
	g_free(tags->domain);
	g_free(tags->selector);
	g_free(tags->key_name);
	g_free(tags->identity);
	g_free(tags->identity_domain);
	g_ptr_array_unref(tags->names);
	g_free(tags);
}

unsigned signature_tags_lists(const SignatureTags *tags, const char *name)
{
	unsigned count = 0;

	for (guint i = 0; i < tags->names->len; i++)
		count += strcmp(g_ptr_array_index(tags->names, i), name) == 0;
	return count;
}
