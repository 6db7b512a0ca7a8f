#include "auth/smime_content.h"

#include "base/limits.h"

typedef struct KnownDigest {
	int nid;
	bool as_crlf;
	DigestValue value;
} KnownDigest;

struct SignedContent {
	Slice octets;
	bool is_detached;
	bool is_canonicalised;
	KnownDigest known[2 * LIMIT_SIGNER_INFOS];
	size_t count;
};

SignedContent *signed_content_new(Slice octets, bool is_detached)
{
	SignedContent *content = g_new0(SignedContent, 1);

	content->octets = octets;
	content->is_detached = is_detached;
	return content;
}

void signed_content_free(SignedContent *content)
{
	g_free(content);
}

Slice signed_content_octets(const SignedContent *content)
{
	return content->octets;
}

bool signed_content_is_detached(const SignedContent *content)
{
	return content->is_detached;
}

void signed_content_note_canonicalised(SignedContent *content)
{
	content->is_canonicalised = true;
}

bool signed_content_is_canonicalised(const SignedContent *content)
{
	return content->is_canonicalised;
}

/* Where octets go: into a digest, or into memory. */
typedef void (*OctetsFunc)(gpointer sink, Slice octets);

static void to_digest(gpointer sink, Slice octets)
{
	if (octets.len > 0 && EVP_DigestUpdate(sink, octets.data, octets.len) != 1)
		g_error("OpenSSL's digest refuses octets");
}

static void to_memory(gpointer sink, Slice octets)
{
	g_string_append_len(sink, octets.data, (gssize)octets.len);
}

/* A LF without CR gets one; a CR alone stays alone, as it was no line end when it was signed. */
static void put_as_crlf(Slice octets, OctetsFunc put, gpointer sink)
{
	while (octets.len > 0) {
		Slice line = slice_take_line(&octets);
		bool is_bare = line.data[line.len - 1] == '\n' &&
			       (line.len == 1 || line.data[line.len - 2] != '\r');

		put(sink, is_bare ? slice_sub(line, 0, line.len - 1) : line);
		if (is_bare)
			put(sink, slice_of("\r\n"));
	}
}

void signed_content_feed(const SignedContent *content, bool as_crlf, EVP_MD_CTX *ctx)
{
	if (as_crlf)
		put_as_crlf(content->octets, to_digest, ctx);
	else
		to_digest(ctx, content->octets);
}

GString *signed_content_as_crlf(const SignedContent *content)
{
	GString *text = g_string_sized_new(content->octets.len + content->octets.len / 16);

	put_as_crlf(content->octets, to_memory, text);
	return text;
}

static bool compute(const SignedContent *content, int nid, bool as_crlf, DigestValue *ret_value)
{
	const EVP_MD *algorithm = EVP_get_digestbynid(nid);
	g_autoptr(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
	unsigned int len = 0;

	g_assert(ctx != NULL);
	if (algorithm == NULL || EVP_MD_get_size(algorithm) > DIGEST_MAX ||
		(EVP_MD_get_flags(algorithm) & EVP_MD_FLAG_XOF) != 0 ||
		EVP_DigestInit_ex(ctx, algorithm, NULL) != 1)
		return false;
	signed_content_feed(content, as_crlf, ctx);
	if (EVP_DigestFinal_ex(ctx, ret_value->octets, &len) != 1)
		return false;
	ret_value->len = len;
	return true;
}

const DigestValue *signed_content_digest(SignedContent *content, int nid, bool as_crlf)
{
	KnownDigest *next = &content->known[content->count];

	for (size_t i = 0; i < content->count; i++)
		if (content->known[i].nid == nid && content->known[i].as_crlf == as_crlf)
			return &content->known[i].value;
	g_assert(content->count < G_N_ELEMENTS(content->known));
	if (!compute(content, nid, as_crlf, &next->value))
		return NULL;
	next->nid = nid;
	next->as_crlf = as_crlf;
	content->count++;
	return &next->value;
}
