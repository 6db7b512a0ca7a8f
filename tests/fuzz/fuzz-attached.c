/* message/attached.h: what a worker finds in any octets is what the engine takes from it; and
 * octets that follow an "=" are read as what a worker that was taken over says. */
#include "base/part_number.h"
#include "engine/attached_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same list came through the channel. */
static void check_again(const GPtrArray *list)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autoptr(GPtrArray) again = NULL;
	Unpack unpack;

	attached_pack(out, list);
	unpack = (Unpack) { slice_make((const char *)out->data, out->len), false };
	g_assert_true(attached_unpack(&unpack, &again) && unpack_is_done(&unpack));
	g_assert_cmpuint(again->len, ==, list->len);
	for (guint i = 0; i < list->len; i++) {
		const AttachedMessage *a = g_ptr_array_index(list, i);
		const AttachedMessage *b = g_ptr_array_index(again, i);

		g_assert_cmpstr(a->part, ==, b->part);
		g_assert_true(a->offset == b->offset && a->length == b->length);
		g_assert_true((a->decoded == NULL) == (b->decoded == NULL));
		g_assert_true(a->decoded == NULL || g_bytes_equal(a->decoded, b->decoded));
	}
}

static void find(Slice message)
{
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(message, findings);
	g_autoptr(GPtrArray) list = attached_find(root, message, false, findings);

	if (list == NULL)
		return;
	g_assert_cmpuint(list->len, <=, LIMIT_ATTACHED);
	g_assert_true(attached_are_sound(list, message.len));
	check_again(list);
}

static void hear(Slice octets)
{
	Unpack unpack = { octets, false };
	g_autoptr(GPtrArray) list = NULL;

	if (!attached_unpack(&unpack, &list) || list == NULL || !attached_are_sound(list, 1000))
		return;
	for (guint i = 0; i < list->len; i++) {
		const AttachedMessage *attached = g_ptr_array_index(list, i);

		g_assert_true(part_number_is_valid(attached->part));
		g_assert_cmpuint(attached->carrier, <=, i);
		g_assert_true(attached->offset + attached->length <= 1000);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice octets = slice_make(data != NULL ? (const char *)data : "", size);

	if (slice_starts(octets, "="))
		hear(slice_sub(octets, 1, size));
	else
		find(octets);
	return 0;
}
