/* Whatever a file is taken for, its messages lie inside it, are the octets at their offsets, and
 * nothing but what the kind knows is left out. */
#include "base/digest.h"
#include "mailbox/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_message(const RawMessage *raw, Slice text)
{
	const Source *source = raw->source;
	Slice stored = slice_sub(text, source->offset, source->length);
	DigestValue value = digest_of(DIGEST_SHA256, stored);
	g_autofree char *hex = digest_hex(&value);

	g_assert_cmpuint(source->offset + source->length, <=, text.len);
	g_assert_true(slice_equal(stored, slice_of_bytes(raw->bytes)));
	g_assert_cmpstr(source->sha256, ==, hex);
	for (size_t i = 0; i < findings_count(raw->findings); i++) {
		const Finding *finding = findings_get(raw->findings, i);

		g_assert_true(
			!finding->has_place || finding->offset + finding->length <= source->length);
		g_assert_true(
			finding->detail == NULL || g_utf8_validate(finding->detail, -1, NULL));
	}
	/* An .eml is the file but for what stands in front. */
	g_assert_true(source->kind != STORE_EML || source->offset + source->length == text.len);
}

/* Counts messages and errors. */
static unsigned read_as(Slice text, MailboxKind kind)
{
	g_autoptr(Mailbox) mailbox = mailbox_open_memory(text, kind, WINDOW_CAPACITY_MIN);
	unsigned count = 0;

	for (;;) {
		g_autoptr(RawMessage) raw = NULL;
		g_autoptr(GError) error = NULL;
		MailboxStep step = mailbox_next(mailbox, &raw, &error);

		if (step == MAILBOX_END)
			return count;
		if (step == MAILBOX_MESSAGE)
			check_message(raw, text);
		else
			g_assert_nonnull(error);
		count++;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);

	read_as(text, MAILBOX_AUTO);
	g_assert_cmpuint(read_as(text, MAILBOX_EML), ==, 1);
	g_assert_cmpuint(read_as(text, MAILBOX_EMLX), ==, 1);
	return 0;
}
