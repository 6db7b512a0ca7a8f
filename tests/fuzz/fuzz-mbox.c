/* The mbox splitter loses nothing: between its messages stand only From_ lines and the empty line
 * before them, and a message's octets are those at its offset, however large the window is. */
#include "base/digest.h"
#include "mailbox/mbox.h"
#include "mailbox/reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* gap ends with a From_ line, and holds no more than an empty line besides. */
static void check_gap(Slice gap)
{
	Slice rest = gap;
	Slice line = slice_take_line(&rest);

	if (slice_chop_eol(line).len == 0)
		line = slice_take_line(&rest);
	g_assert_true(mbox_is_from_line(line));
	g_assert_cmpuint(rest.len, ==, 0);
}

/* What stands before the first message: the line that ends it is a From_ line. */
static void check_leading(Slice gap)
{
	Slice line = slice_sub(gap, slice_starts(gap, "\xEF\xBB\xBF") ? 3 : 0, gap.len);

	for (Slice rest = line; rest.len > 0;) {
		line = slice_take_line(&rest);
		g_assert_true(rest.len == 0 || !mbox_is_from_line(line));
	}
	g_assert_true(mbox_is_from_line(line));
}

static void check_message(const RawMessage *raw, Slice text, size_t end, uint64_t index)
{
	const Source *source = raw->source;
	Slice stored = slice_sub(text, source->offset, source->length);
	DigestValue value = digest_of(DIGEST_SHA256, stored);
	g_autofree char *hex = digest_hex(&value);

	g_assert_cmpuint(source->index, ==, index);
	g_assert_cmpuint(source->offset, >=, end);
	g_assert_cmpuint(source->offset + source->length, <=, text.len);
	g_assert_true(slice_equal(stored, slice_of_bytes(raw->bytes)));
	g_assert_cmpstr(source->sha256, ==, hex);
	g_assert_nonnull(source->from_line);
	if (index == 1)
		check_leading(slice_sub(text, 0, source->offset));
	else
		check_gap(slice_sub(text, end, source->offset - end));
}

/* Returns how many messages there are, and a digest of where they lie. */
static uint64_t split(Slice text, size_t window_capacity, DigestValue *ret_places)
{
	g_autoptr(Mailbox) mailbox = mailbox_open_memory(text, MAILBOX_MBOX, window_capacity);
	g_autoptr(Digest) places = digest_new(DIGEST_SHA256);
	g_autoptr(GError) error = NULL;
	RawMessage *raw = NULL;
	MailboxStep step;
	uint64_t count = 0;
	size_t end = 0;

	while ((step = mailbox_next(mailbox, &raw, &error)) == MAILBOX_MESSAGE) {
		check_message(raw, text, end, ++count);
		end = raw->source->offset + raw->source->length;
		digest_add(places, slice_make((const char *)&end, sizeof end));
		digest_add(places, slice_of(raw->source->sha256));
		raw_message_free(raw);
	}
	g_assert_true(step == MAILBOX_END || count == 0);
	if (count > 0)
		g_assert_cmpuint(slice_chop_eol(slice_sub(text, end, text.len)).len, ==, 0);
	*ret_places = digest_finish(places);
	return count;
}

static void check_unquote(Slice text, MboxQuoting quoting)
{
	g_autoptr(GBytes) bytes = mbox_unquote(text, quoting);

	g_assert_true(bytes == NULL || g_bytes_get_size(bytes) < text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);
	DigestValue small;
	DigestValue large;
	uint64_t count = split(text, WINDOW_CAPACITY_MIN, &small);

	g_assert_cmpuint(split(text, (size_t)64 * 1024, &large), ==, count);
	g_assert_true(digest_equal(&small, &large));
	check_unquote(text, MBOX_QUOTING_O);
	check_unquote(text, MBOX_QUOTING_RD);
	return 0;
}
