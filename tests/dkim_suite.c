#include "dkim_suite.h"

#include "base/domain_name.h"
#include "base/text_time.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

Stage *stage_new(GBytes *bytes, Evidence *evidence)
{
	Stage *stage = g_new0(Stage, 1);

	stage->bytes = bytes;
	stage->source = source_new();
	stage->facts = facts_new(bytes, stage->source, NULL);
	stage->evidence = evidence != NULL ? evidence : evidence_new();
	stage->context = context_new(stage->evidence);
	stage->findings = findings_new();
	return stage;
}

void stage_free(Stage *stage)
{
	if (stage == NULL)
		return;
	dkim_verdict_free(stage->dkim);
	findings_free(stage->findings);
	context_free(stage->context);
	evidence_free(stage->evidence);
	facts_free(stage->facts);
	source_free(stage->source);
	g_bytes_unref(stage->bytes);
	g_free(stage);
}

void stage_verify(Stage *stage)
{
	dkim_verdict_free(stage->dkim);
	stage->dkim = dkim_verify(stage->facts, stage->context, stage->findings);
}

const DkimSignature *stage_signature(const Stage *stage, size_t index)
{
	g_assert_cmpuint(index, <, stage->dkim->signatures->len);
	return dkim_signature(stage->dkim, index);
}

static void add_rr(Answer *answer, const char *text)
{
	Rr *rr = g_new0(Rr, 1);

	rr->owner = g_strdup(answer->question.name);
	rr->type = DNS_TXT;
	rr->text = g_string_new(text);
	rr->strings = 1;
	rr->presentation = g_strdup("");
	g_ptr_array_add(answer->rrs, rr);
}

void suite_txt(Evidence *evidence, const char *name, const char *text)
{
	Answer *answer = answer_new(name, DNS_TXT);

	answer->outcome = DNS_NOERROR;
	if (text != NULL)
		add_rr(answer, text);
	evidence_add(evidence, answer);
}

void suite_more_txt(Evidence *evidence, const char *name, const char *text)
{
	const Answer *known = evidence_find(evidence, name, DNS_TXT);
	Answer *answer = answer_new(name, DNS_TXT);

	g_assert_nonnull(known);
	answer->outcome = DNS_NOERROR;
	for (size_t i = 0; i < answer_count(known); i++)
		add_rr(answer, answer_rr(known, i)->text->str);
	add_rr(answer, text);
	evidence_add(evidence, answer);
}

void suite_outcome(Evidence *evidence, const char *name, DnsOutcome outcome)
{
	Answer *answer = answer_new(name, DNS_TXT);

	answer->outcome = outcome;
	evidence_add(evidence, answer);
}

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* (a) of 3.4.4: white space at the end of lines goes, runs become one space. */
static void reduce_wsp(GString *out, Slice body)
{
	for (size_t i = 0; i < body.len; i++) {
		char c = body.data[i];

		if (!is_wsp(c)) {
			g_string_append_c(out, c);
			continue;
		}
		while (i + 1 < body.len && is_wsp(body.data[i + 1]))
			i++;
		if (i + 1 < body.len &&
			!(i + 2 < body.len && memcmp(body.data + i + 1, "\r\n", 2) == 0))
			g_string_append_c(out, ' ');
	}
}

static bool ends_with(const GString *text, const char *end)
{
	size_t len = strlen(end);

	return text->len >= len && memcmp(text->str + text->len - len, end, len) == 0;
}

GString *naive_body(Slice body, CanonKind canon)
{
	GString *out = g_string_new(NULL);

	if (canon == CANON_SIMPLE)
		g_string_append_len(out, body.data, (gssize)body.len);
	else
		reduce_wsp(out, body);
	if (out->len > 0 && !ends_with(out, "\r\n"))
		g_string_append(out, "\r\n");
	while (ends_with(out, "\r\n\r\n"))
		g_string_truncate(out, out->len - 2);
	if (out->len == 0 && canon == CANON_SIMPLE)
		g_string_append(out, "\r\n");
	if (canon == CANON_RELAXED && strcmp(out->str, "\r\n") == 0 && out->len == 2)
		g_string_truncate(out, 0);
	return out;
}

static void naive_relaxed_field(GString *out, Slice raw)
{
	Slice value = raw;
	Slice name = slice_take_until(&value, ':');
	bool is_space_due = false;
	size_t start;

	name = slice_trim_end(name);
	for (size_t i = 0; i < name.len; i++)
		g_string_append_c(out, g_ascii_tolower(name.data[i]));
	g_string_append_c(out, ':');
	start = out->len;
	for (size_t i = 0; i < value.len; i++) {
		if (i + 1 < value.len && memcmp(value.data + i, "\r\n", 2) == 0)
			i++;
		else if (is_wsp(value.data[i]))
			is_space_due = true;
		else {
			if (is_space_due && out->len > start)
				g_string_append_c(out, ' ');
			is_space_due = false;
			g_string_append_c(out, value.data[i]);
		}
	}
}

GString *naive_field(Slice raw, CanonKind canon)
{
	GString *out = g_string_new(NULL);

	if (canon == CANON_SIMPLE)
		g_string_append_len(out, raw.data, (gssize)slice_chop_eol(raw).len);
	else
		naive_relaxed_field(out, raw);
	return out;
}

struct SignerKey {
	EVP_PKEY *pkey;
	bool is_rsa;
};

SignerKey *signer_key_new(unsigned bits)
{
	SignerKey *key = g_new0(SignerKey, 1);

	key->is_rsa = bits > 0;
	key->pkey = bits > 0 ? EVP_RSA_gen(bits) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	g_assert_nonnull(key->pkey);
	return key;
}

static EVP_PKEY *ed25519_of(const char *base64)
{
	gsize len;
	g_autofree guchar *octets = g_base64_decode(base64, &len);

	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, octets, len);
}

static EVP_PKEY *rsa_of(Slice pem)
{
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return pkey;
}

SignerKey *signer_key_read(const char *path)
{
	g_autoptr(GBytes) file = suite_file(path);
	g_autofree char *text = slice_dup(slice_trim(slice_of_bytes(file)));
	SignerKey *key = g_new0(SignerKey, 1);

	key->is_rsa = g_str_has_prefix(text, "-----BEGIN");
	key->pkey = key->is_rsa ? rsa_of(slice_of(text)) : ed25519_of(text);
	g_assert_nonnull(key->pkey);
	return key;
}

void signer_key_free(SignerKey *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	g_free(key);
}

static GBytes *der_of(const SignerKey *key, bool is_bare)
{
	unsigned char *der = NULL;
	int len = is_bare ? i2d_PublicKey(key->pkey, &der) : i2d_PUBKEY(key->pkey, &der);
	GBytes *octets;

	g_assert_cmpint(len, >, 0);
	octets = g_bytes_new(der, (gsize)len);
	OPENSSL_free(der);
	return octets;
}

GBytes *signer_key_octets(const SignerKey *key, bool is_bare)
{
	unsigned char raw[32];
	size_t len = sizeof raw;

	if (key->is_rsa)
		return der_of(key, is_bare);
	g_assert_cmpint(EVP_PKEY_get_raw_public_key(key->pkey, raw, &len), ==, 1);
	return g_bytes_new(raw, len);
}

static char *base64_of(GBytes *octets)
{
	gsize len;
	const guchar *data = g_bytes_get_data(octets, &len);

	return g_base64_encode(data, len);
}

char *signer_key_record(const SignerKey *key, const char *more)
{
	g_autoptr(GBytes) octets = signer_key_octets(key, false);
	g_autofree char *text = base64_of(octets);

	return g_strdup_printf("v=DKIM1; k=%s; %sp=%s", key->is_rsa ? "rsa" : "ed25519",
		more != NULL ? more : "", text);
}

GBytes *signer_make(const SignerKey *key, DigestKind digest, Slice octets)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const EVP_MD *md = digest == DIGEST_SHA1 ? EVP_sha1() : EVP_sha256();
	DigestValue hash = digest_of(digest, octets);
	unsigned char out[1024];
	size_t len = sizeof out;
	int ok = EVP_DigestSignInit(ctx, NULL, key->is_rsa ? md : NULL, NULL, key->pkey);

	g_assert_cmpint(ok, ==, 1);
	ok = key->is_rsa ? EVP_DigestSign(
				   ctx, out, &len, (const unsigned char *)octets.data, octets.len)
			 : EVP_DigestSign(ctx, out, &len, hash.octets, hash.len);
	g_assert_cmpint(ok, ==, 1);
	EVP_MD_CTX_free(ctx);
	return g_bytes_new(out, len);
}

/* Appends the instances that h= names, each name's from the bottom. */
static void sign_fields(GString *out, const Fields *fields, const char *names, CanonKind canon)
{
	g_auto(GStrv) list = g_strsplit(names, ":", -1);
	g_autofree bool *taken = g_new0(bool, fields->count + 1);

	for (size_t n = 0; list[n] != NULL; n++) {
		size_t i = fields->count;

		while (i > 0 && (taken[i - 1] || !slice_is_nocase(fields->list[i - 1].name,
							 g_strstrip(list[n]))))
			i--;
		if (i > 0) {
			g_autoptr(GString) one = naive_field(fields->list[i - 1].raw, canon);

			taken[i - 1] = true;
			g_string_append_len(out, one->str, (gssize)one->len);
			g_string_append(out, "\r\n");
		}
	}
}

static char *body_hash(
	const Fields *fields, const SignOptions *options, CanonKind canon, DigestKind digest)
{
	Slice body = fields->body.data != NULL ? fields->body : slice_of("");
	g_autoptr(GString) text = naive_body(body, canon);
	size_t len = options->has_length ? MIN(options->length, text->len) : text->len;
	DigestValue value = digest_of(digest, slice_make(text->str, len));

	return g_base64_encode(value.octets, value.len);
}

GBytes *signer_sign(const SignerKey *key, Slice message, const SignOptions *options)
{
	const char *canon = options->canon != NULL ? options->canon : "relaxed/relaxed";
	const char *names = options->names != NULL ? options->names : "from:to:subject:date";
	const char *algorithm = options->algorithm != NULL ? options->algorithm : "rsa-sha256";
	DigestKind digest = strstr(algorithm, "sha1") != NULL ? DIGEST_SHA1 : DIGEST_SHA256;
	CanonKind header = g_str_has_prefix(canon, "relaxed") ? CANON_RELAXED : CANON_SIMPLE;
	CanonKind body = g_str_has_suffix(canon, "/relaxed") ? CANON_RELAXED : CANON_SIMPLE;
	g_autoptr(Findings) ignored = findings_new();
	g_autoptr(Fields) fields = fields_parse(message, ignored);
	g_autofree char *bh = body_hash(fields, options, body, digest);
	g_autofree char *length =
		options->has_length ? g_strdup_printf("l=%" G_GSIZE_FORMAT "; ", options->length)
				    : g_strdup("");
	g_autoptr(GString) field = g_string_new(NULL);
	g_autoptr(GString) input = g_string_new(NULL);
	g_autoptr(GString) own = NULL;
	g_autoptr(GBytes) signature = NULL;
	g_autofree char *text = NULL;

	g_string_printf(field,
		"%s: %sa=%s; c=%s;\r\n\td=%s; s=test; %s%s\r\n\th=%s;\r\n  bh=%s; b=",
		options->field != NULL ? options->field : "DKIM-Signature",
		options->version != NULL ? options->version : "v=1; ", algorithm, canon,
		options->domain != NULL ? options->domain : "example.com", length,
		options->more != NULL ? options->more : "", names, bh);
	sign_fields(input, fields, names, header);
	own = naive_field(slice_make(field->str, field->len), header);
	g_string_append_len(input, own->str, (gssize)own->len);
	signature = signer_make(key, digest, slice_make(input->str, input->len));
	text = base64_of(signature);
	for (size_t i = 0; text[i] != '\0'; i++)
		g_string_append_printf(field, i % 60 == 0 ? "\r\n\t%c" : "%c", text[i]);
	g_string_append(field, "\r\n");
	g_string_append_len(field, message.data, (gssize)message.len);
	return g_bytes_new(field->str, field->len);
}
