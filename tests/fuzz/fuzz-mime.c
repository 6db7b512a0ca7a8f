/* message/mime_view.h: every part lies inside the one around it, parts do not overlap, and every
 * body can be decoded. The second opinion must not crash on what its limits let through. */
#include "message/mime_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_part(const MimePart *part, Slice around)
{
	size_t at = slice_offset(around, part->whole);
	size_t end = 0;
	g_autoptr(GBytes) body = mime_decode_body(part);

	g_assert_true(at + part->whole.len <= around.len);
	g_assert_true(slice_offset(part->whole, part->fields->header) + part->fields->header.len <=
		      part->whole.len);
	if (part->fields->body.data != NULL)
		g_assert_true(
			slice_offset(part->whole, part->fields->body) + part->fields->body.len ==
			part->whole.len);
	for (size_t i = 0; i < part->fields->count; i++)
		g_assert_true(slice_offset(part->fields->header, part->fields->list[i].raw) +
				      part->fields->list[i].raw.len <=
			      part->fields->header.len);
	for (guint i = 0; i < part->parameters->len; i++) {
		const MimeParameter *parameter = g_ptr_array_index(part->parameters, i);

		g_assert_true(g_utf8_validate(parameter->name, -1, NULL));
		g_assert_true(g_utf8_validate(parameter->value, -1, NULL));
	}
	for (guint i = 0; i < part->children->len; i++) {
		const MimePart *child = g_ptr_array_index(part->children, i);

		g_assert_true(child->parent == part);
		check_part(child, part->whole);
		at = slice_offset(part->whole, child->whole);
		g_assert_true(at >= end);
		end = at + child->whole.len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice message = slice_make(data != NULL ? (const char *)data : "", size);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(MimePart) root = mime_parse(message, findings);

	g_assert_true(root->whole.data == message.data && root->whole.len == size);
	check_part(root, message);
	mime_second_opinion(root, message, findings);
	return 0;
}
