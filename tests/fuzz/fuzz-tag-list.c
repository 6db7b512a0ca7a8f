/* auth/tag_list.h: every name and value lies inside the text, and is found again by its name. */
#include "auth/tag_list.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tag(const TagList *tags, size_t index, Slice text)
{
	g_autofree char *name_text = NULL;
	Slice name;
	Slice value;

	tag_list_at(tags, index, &name, &value);
	g_assert_true(slice_offset(text, name) + name.len <= text.len);
	g_assert_true(slice_offset(text, value) + value.len <= text.len);
	name_text = slice_dup(name);
	g_assert_nonnull(name_text);
	g_assert_true(tag_list_get(tags, name_text).data == value.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);
	g_autoptr(TagList) tags = NULL;
	Slice where = SLICE_ABSENT;

	if (tag_list_parse(text, &tags, &where) != TAG_OK) {
		g_assert_true(slice_offset(text, where) + where.len <= text.len);
		return 0;
	}
	for (size_t i = 0; i < tag_list_count(tags); i++)
		check_tag(tags, i, text);
	return 0;
}
