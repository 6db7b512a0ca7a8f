#include "auth/dkim_copies.h"

#include "base/limits.h"
#include "base/printable.h"

/* A copied field or one that is there: its name in lower case and the value in relaxed form. */
typedef struct Entry {
	char *name; /* NULL: holds NUL, so that it equals none */
	char *shown_name;
	GString *value;
	bool is_matched;
} Entry;

static void entry_free(gpointer data)
{
	Entry *entry = data;

	g_free(entry->name);
	g_free(entry->shown_name);
	g_string_free(entry->value, TRUE);
	g_free(entry);
}

static void difference_free(gpointer data)
{
	DkimCopyDifference *difference = data;

	g_free(difference->name);
	g_free(difference->copied);
	g_free(difference->present);
	g_free(difference);
}

void dkim_copies_free(DkimCopies *copies)
{
	if (copies == NULL)
		return;
	g_ptr_array_unref(copies->differences);
	g_free(copies);
}

static Entry *entry_new(Slice name, Slice raw)
{
	Entry *entry = g_new0(Entry, 1);
	Field field = { .name = name, .raw = raw };
	Slice canonical;

	entry->name = slice_dup_lower(name);
	entry->shown_name = printable_line(name);
	entry->value = g_string_new(NULL);
	canon_header(entry->value, &field, CANON_RELAXED);
	canonical = slice_chop_eol(slice_make(entry->value->str, entry->value->len));
	g_string_truncate(entry->value, canonical.len);
	g_string_erase(entry->value, 0, (gssize)name.len + 1);
	return entry;
}

static void g_string_free_all(gpointer data)
{
	g_string_free(data, TRUE);
}

static void add_field(GPtrArray *fields, Slice copy)
{
	Slice name = slice_trim(slice_take_until(&copy, ':'));
	g_autoptr(GString) value = signature_decode_quoted(copy);
	GString *field = g_string_new_len(name.data, (gssize)name.len);

	g_string_append_c(field, ':');
	g_string_append_len(field, value->str, (gssize)value->len);
	g_string_append(field, "\r\n");
	g_ptr_array_add(fields, field);
}

GPtrArray *dkim_copies_fields(const SignatureTags *tags)
{
	GPtrArray *fields = g_ptr_array_new_with_free_func(g_string_free_all);
	Slice list = tags->tags != NULL ? tag_list_get(tags->tags, "z") : SLICE_ABSENT;

	while (list.len > 0 && fields->len < LIMIT_SIGNED_NAMES) {
		Slice copy = slice_take_until(&list, '|');

		if (slice_find_char(copy, ':') > 0)
			add_field(fields, copy);
	}
	return fields;
}

static GPtrArray *copied_entries(const GPtrArray *fields)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);

	for (guint i = 0; i < fields->len; i++) {
		const GString *field = g_ptr_array_index(fields, i);
		Slice raw = slice_make(field->str, field->len);
		Slice rest = raw;

		g_ptr_array_add(entries, entry_new(slice_take_until(&rest, ':'), raw));
	}
	return entries;
}

/* Fields of a copied name, bottom-most first. */
static GPtrArray *present_entries(
	const GPtrArray *copies, const SignedMessage *message, const Fields *fields)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < copies->len; i++) {
		char *name = ((Entry *)g_ptr_array_index(copies, i))->name;
		const GArray *there = name != NULL && g_hash_table_add(seen, name)
					      ? signed_message_instances(message, name)
					      : NULL;

		for (guint k = 0; there != NULL && k < there->len; k++) {
			const Field *field = &fields->list[g_array_index(there, size_t, k)];

			g_ptr_array_add(entries, entry_new(field->name, field->raw));
		}
	}
	return entries;
}

/* The first entry of that name that has no partner yet, with that value where one is given. */
static Entry *find_partner(const GPtrArray *entries, const Entry *copy, const GString *value)
{
	for (guint i = 0; copy->name != NULL && i < entries->len; i++) {
		Entry *entry = g_ptr_array_index(entries, i);

		if (!entry->is_matched && g_strcmp0(entry->name, copy->name) == 0 &&
			(value == NULL || g_string_equal(entry->value, value)))
			return entry;
	}
	return NULL;
}

static void match_equal(const GPtrArray *copies, const GPtrArray *present)
{
	for (guint i = 0; i < copies->len; i++) {
		Entry *copy = g_ptr_array_index(copies, i);
		Entry *partner = find_partner(present, copy, copy->value);

		if (partner != NULL)
			copy->is_matched = partner->is_matched = true;
	}
}

static char *value_shown(const GString *value)
{
	return printable_line(slice_make(value->str, value->len));
}

static void list_differences(DkimCopies *copies, const GPtrArray *copied, const GPtrArray *present)
{
	for (guint i = 0; i < copied->len; i++) {
		const Entry *copy = g_ptr_array_index(copied, i);
		DkimCopyDifference *difference;
		Entry *partner;

		if (copy->is_matched)
			continue;
		partner = find_partner(present, copy, NULL);
		difference = g_new0(DkimCopyDifference, 1);
		difference->name = g_strdup(copy->shown_name);
		difference->copied = value_shown(copy->value);
		if (partner != NULL) {
			difference->present = value_shown(partner->value);
			partner->is_matched = true;
		}
		g_ptr_array_add(copies->differences, difference);
	}
}

DkimCopies *dkim_copies_read(
	const SignatureTags *tags, const SignedMessage *message, const Fields *fields)
{
	g_autoptr(GPtrArray) copied_fields = NULL;
	g_autoptr(GPtrArray) copied = NULL;
	g_autoptr(GPtrArray) present = NULL;
	DkimCopies *copies;

	if (tags->tags == NULL || tag_list_get(tags->tags, "z").data == NULL)
		return NULL;
	copies = g_new0(DkimCopies, 1);
	copies->differences = g_ptr_array_new_with_free_func(difference_free);
	copied_fields = dkim_copies_fields(tags);
	copied = copied_entries(copied_fields);
	present = present_entries(copied, message, fields);
	copies->count = copied->len;
	copies->is_cut = copied->len == LIMIT_SIGNED_NAMES;
	match_equal(copied, present);
	list_differences(copies, copied, present);
	return copies;
}
