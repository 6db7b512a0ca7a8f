/* Canonical bodies and fields: the digest is that of the text, at every length; a canonical form
 * is its own canonical form. */
#include "auth/canon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_body(Slice body, CanonKind canon, uint64_t limit)
{
	g_autoptr(GString) text = canon_body_text(body, canon);
	g_autoptr(GString) again = canon_body_text(slice_make(text->str, text->len), canon);
	CanonBody hashed = canon_body(body, canon, DIGEST_SHA256, limit);
	size_t signed_len = limit < text->len ? (size_t)limit : text->len;
	DigestValue wanted = digest_of(DIGEST_SHA256, slice_make(text->str, signed_len));

	g_assert_cmpuint(hashed.length, ==, text->len);
	g_assert_cmpuint(hashed.hashed, ==, signed_len);
	g_assert_true(digest_equal(&hashed.digest, &wanted));
	g_assert_true(g_string_equal(text, again));
}

static void check_fields(Slice message)
{
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = fields_parse(message, findings);

	for (size_t i = 0; i < fields->count; i++) {
		g_autoptr(GString) relaxed = g_string_new(NULL);
		g_autoptr(GString) simple = g_string_new(NULL);

		canon_header(relaxed, &fields->list[i], CANON_RELAXED);
		canon_header(simple, &fields->list[i], CANON_SIMPLE);
		g_assert_true(g_str_has_suffix(simple->str, "\r\n") || simple->len > 0);
		g_assert_cmpuint(relaxed->len, <=, simple->len + 2);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice body = slice_make((const char *)data, size);
	uint64_t limit = size > 0 ? data[0] : 0;

	check_body(body, CANON_SIMPLE, CANON_WHOLE_BODY);
	check_body(body, CANON_RELAXED, CANON_WHOLE_BODY);
	check_body(body, CANON_SIMPLE, limit);
	check_body(body, CANON_RELAXED, limit);
	check_fields(body);
	return 0;
}
