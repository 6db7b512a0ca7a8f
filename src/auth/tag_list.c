#include "auth/tag_list.h"

#include <string.h>

typedef struct Tag {
	Slice name;
	Slice value;
} Tag;

struct TagList {
	GPtrArray *tags;     /* of Tag, in order; owns them */
	GHashTable *by_name; /* the same tags: a hostile list has 10^5 of them */
};

static guint tag_hash(gconstpointer data)
{
	const Tag *tag = data;
	guint hash = 5381;

	for (size_t i = 0; i < tag->name.len; i++)
		hash = hash * 33 + (unsigned char)tag->name.data[i];
	return hash;
}

static gboolean tag_equal(gconstpointer a, gconstpointer b)
{
	return slice_equal(((const Tag *)a)->name, ((const Tag *)b)->name);
}

static TagList *tag_list_new(void)
{
	TagList *tags = g_new0(TagList, 1);

	tags->tags = g_ptr_array_new_with_free_func(g_free);
	tags->by_name = g_hash_table_new(tag_hash, tag_equal);
	return tags;
}

void tag_list_free(TagList *tags)
{
	if (tags == NULL)
		return;
	g_hash_table_unref(tags->by_name);
	g_ptr_array_unref(tags->tags);
	g_free(tags);
}

/* tag-name = ALPHA *ALNUMPUNC */
static bool is_tag_name(Slice name)
{
	if (name.len == 0 || !g_ascii_isalpha(name.data[0]))
		return false;
	for (size_t i = 1; i < name.len; i++)
		if (!g_ascii_isalnum(name.data[i]) && name.data[i] != '_')
			return false;
	return true;
}

/* tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS], trimmed */
static TagProblem add_tag(TagList *tags, Slice spec)
{
	ssize_t equals = slice_find_char(spec, '=');
	Tag tag;

	if (equals < 0)
		return TAG_NO_EQUALS;
	tag.name = slice_trim_end(slice_sub(spec, 0, (size_t)equals));
	tag.value = slice_trim(slice_sub(spec, (size_t)equals + 1, spec.len));
	if (!is_tag_name(tag.name))
		return TAG_BAD_NAME;
	if (g_hash_table_contains(tags->by_name, &tag))
		return TAG_REPEATED;
	g_ptr_array_add(tags->tags, g_memdup2(&tag, sizeof tag));
	g_hash_table_add(tags->by_name, g_ptr_array_index(tags->tags, tags->tags->len - 1));
	return TAG_OK;
}

TagProblem tag_list_parse(Slice text, TagList **ret_tags, Slice *reterr_where)
{
	g_autoptr(TagList) tags = tag_list_new();

	for (text = slice_trim(text); text.len > 0;) {
		Slice spec = slice_trim(slice_take_until(&text, ';'));
		TagProblem problem = add_tag(tags, spec);

		if (problem != TAG_OK) {
			*reterr_where = spec;
			return problem;
		}
	}
	*ret_tags = g_steal_pointer(&tags);
	return TAG_OK;
}

Slice tag_list_get(const TagList *tags, const char *name)
{
	Tag wanted = { .name = slice_of(name) };
	const Tag *tag = g_hash_table_lookup(tags->by_name, &wanted);

	return tag != NULL ? tag->value : SLICE_ABSENT;
}

size_t tag_list_count(const TagList *tags)
{
	return tags->tags->len;
}

void tag_list_at(const TagList *tags, size_t index, Slice *ret_name, Slice *ret_value)
{
	const Tag *tag = index < tags->tags->len ? g_ptr_array_index(tags->tags, index) : NULL;

	*ret_name = tag != NULL ? tag->name : SLICE_ABSENT;
	*ret_value = tag != NULL ? tag->value : SLICE_ABSENT;
}
