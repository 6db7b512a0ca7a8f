#include "auth/change_header.h"

#include <string.h>

/* Every field that h= names in every form would be some hundreds; a header of two thousand fields
 * must not become as many thousand. */
#define OPS_MOST 600u

static void edit_clear(gpointer data)
{
	FieldEdit *edit = data;

	if (edit->raw != NULL)
		g_string_free(edit->raw, TRUE);
}

static void op_free(gpointer data)
{
	ChangeOp *op = data;

	change_step_free(op->step);
	g_array_unref(op->edits);
	g_free(op);
}

static bool is_kept(const SignatureTags *tags, const Field *field)
{
	g_autofree char *name = slice_dup_lower(field->name);

	return !field->by_store && name != NULL && signature_tags_lists(tags, name) > 0;
}

ChangeHeader *change_header_new(const SignatureTags *tags, const Fields *all, size_t own_field)
{
	ChangeHeader *header = g_new0(ChangeHeader, 1);

	header->tags = tags;
	header->all = all;
	header->fields = g_array_new(FALSE, FALSE, sizeof(Field));
	header->ops = g_ptr_array_new_with_free_func(op_free);
	for (size_t i = 0; i < all->count; i++) {
		if (i == own_field)
			header->own = header->fields->len;
		if (i == own_field || is_kept(tags, &all->list[i]))
			g_array_append_val(header->fields, all->list[i]);
	}
	return header;
}

void change_header_free(ChangeHeader *header)
{
	if (header == NULL)
		return;
	g_array_unref(header->fields);
	g_ptr_array_unref(header->ops);
	g_free(header);
}

size_t change_field_find(const ChangeHeader *header, const char *name, size_t from)
{
	for (; from < header->fields->len; from++)
		if (from != header->own && slice_is_nocase(change_field(header, from)->name, name))
			break;
	return from;
}

bool change_is_signed(const ChangeHeader *header, const char *name)
{
	return signature_tags_lists(header->tags, name) > 0;
}

bool change_is_simple(const ChangeHeader *header)
{
	return header->tags->header_canon == CANON_SIMPLE;
}

Field change_field_of(const GString *raw)
{
	Field field = { .raw = slice_make(raw->str, raw->len) };

	field.value = slice_chop_eol(field.raw);
	field.name = slice_trim_end(slice_take_until(&field.value, ':'));
	return field;
}

GString *change_field_make(const char *name, Slice value)
{
	GString *raw = g_string_new(name);

	g_string_append(raw, ": ");
	g_string_append_len(raw, value.data, (gssize)value.len);
	g_string_append(raw, "\r\n");
	return raw;
}

GString *change_field_with(const Field *field, Slice value)
{
	size_t bare = slice_chop_eol(field->raw).len;
	Slice rest = field->raw;
	GString *raw = g_string_new(NULL);
	Slice name = slice_take_until(&rest, ':');

	g_string_append_len(raw, name.data, (gssize)name.len);
	g_string_append_c(raw, ':');
	g_string_append_len(raw, value.data, (gssize)value.len);
	g_string_append_len(raw, field->raw.data + bare, (gssize)(field->raw.len - bare));
	return raw;
}

static bool is_equal_canon(const ChangeHeader *header, const Field *a, const Field *b)
{
	g_autoptr(GString) one = g_string_new(NULL);
	g_autoptr(GString) other = g_string_new(NULL);

	canon_header(one, a, header->tags->header_canon);
	canon_header(other, b, header->tags->header_canon);
	return g_string_equal(one, other);
}

ChangeOp *change_op_begin(ChangeKind kind, char *detail)
{
	ChangeOp *op = g_new0(ChangeOp, 1);

	op->step = change_step_new(kind, 0, detail);
	op->edits = g_array_new(FALSE, FALSE, sizeof(FieldEdit));
	g_array_set_clear_func(op->edits, edit_clear);
	return op;
}

void change_op_edit(const ChangeHeader *header, ChangeOp *op, size_t field, GString *raw)
{
	FieldEdit edit = { field, raw };

	if (raw != NULL && field != CHANGE_NO_FIELD) {
		Field changed = change_field_of(raw);

		if (is_equal_canon(header, change_field(header, field), &changed)) {
			g_string_free(raw, TRUE);
			return;
		}
	}
	g_array_append_val(op->edits, edit);
}

static bool is_same_edit(const FieldEdit *a, const FieldEdit *b)
{
	if (a->field != b->field || (a->raw == NULL) != (b->raw == NULL))
		return false;
	return a->raw == NULL || g_string_equal(a->raw, b->raw);
}

/* The same was made in another way; the first name for it is the one that counts. */
static bool is_known(const ChangeHeader *header, const ChangeOp *op)
{
	for (guint i = 0; i < header->ops->len; i++) {
		const ChangeOp *other = g_ptr_array_index(header->ops, i);
		bool is_same = other->edits->len == op->edits->len;

		for (guint k = 0; is_same && k < op->edits->len; k++)
			is_same = is_same_edit(&g_array_index(op->edits, FieldEdit, k),
				&g_array_index(other->edits, FieldEdit, k));
		if (is_same)
			return true;
	}
	return false;
}

void change_op_end(ChangeHeader *header, ChangeOp *op)
{
	if (op->edits->len == 0 || is_known(header, op)) {
		op_free(op);
	} else if (header->ops->len == OPS_MOST) {
		header->budget->is_spent = true;
		op_free(op);
	} else {
		g_ptr_array_add(header->ops, op);
	}
}

void change_op_add(ChangeHeader *header, ChangeKind kind, size_t field, GString *raw)
{
	Slice name = field != CHANGE_NO_FIELD ? change_field(header, field)->name
					      : slice_make(raw->str, strcspn(raw->str, ":"));
	ChangeOp *op = change_op_begin(kind, change_shown(name));

	change_op_edit(header, op, field, raw);
	change_op_end(header, op);
}
