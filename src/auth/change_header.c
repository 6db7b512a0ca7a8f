#include "auth/change_header.h"

#include <string.h>

/* Fields that h= names and that are there; real messages have some thirty. */
#define FIELDS_MOST 200u
/* What verifying an Ed25519 signature costs, in octets hashed meanwhile. */
#define VERIFY_OCTETS 100000u

static const FieldEdit *edit_of(const ChangeOp *op, size_t field)
{
	for (guint i = 0; i < op->edits->len; i++) {
		const FieldEdit *edit = &g_array_index(op->edits, FieldEdit, i);

		if (edit->field == field)
			return edit;
	}
	return NULL;
}

/* The header with both changes undone (the second may be NULL); *ret_own is the signature's. */
static GArray *changed_fields(
	const ChangeHeader *header, const ChangeOp *first, const ChangeOp *second, size_t *ret_own)
{
	const ChangeOp *ops[] = { first, second };
	GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));

	for (size_t i = 0; i < header->fields->len; i++) {
		const FieldEdit *edit = edit_of(first, i);
		Field field = *change_field(header, i);

		if (edit == NULL && second != NULL)
			edit = edit_of(second, i);
		if (i == header->own)
			*ret_own = fields->len;
		if (edit != NULL && edit->raw == NULL)
			continue;
		if (edit != NULL)
			field = change_field_of(edit->raw);
		g_array_append_val(fields, field);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(ops); i++)
		for (guint k = 0; ops[i] != NULL && k < ops[i]->edits->len; k++) {
			const FieldEdit *edit = &g_array_index(ops[i]->edits, FieldEdit, k);
			Field field;

			if (edit->field != CHANGE_NO_FIELD)
				continue;
			field = change_field_of(edit->raw);
			g_array_append_val(fields, field);
		}
	return fields;
}

static GString *header_text(const ChangeHeader *header, GArray *list, size_t own)
{
	Fields fields = { .list = &g_array_index(list, Field, 0), .count = list->len };
	g_autoptr(SignedMessage) message = signed_message_new(&fields);
	const Field *field = &fields.list[own];
	g_autoptr(SignatureTags) tags = NULL;

	if (field->raw.data == change_field(header, header->own)->raw.data)
		return signed_message_header_text(message, header->tags, own);
	/* The signature's own field is another one: what it leaves out stands elsewhere. */
	tags = signature_tags_read(SIGNATURE_OF_DKIM, field);
	if (tags->signature_place.data == NULL)
		return NULL;
	return signed_message_header_text(message, tags, own);
}

static bool is_signed_one(const ChangeHeader *header, Slice text)
{
	DigestValue digest = digest_of(header->tags->digest, text);
	DigestValue found;

	if (header->wanted.len > 0)
		return digest_equal(&digest, &header->wanted);
	for (guint i = 0; i < header->keys->len; i++)
		if (pubkey_check(g_ptr_array_index(header->keys, i), header->tags->digest, &digest,
			    slice_of_bytes(header->tags->signature), &found) == SIGNATURE_VALID)
			return true;
	return false;
}

static void add_places(const ChangeHeader *header, const ChangeOp *op, ChangeFound *found)
{
	for (guint i = 0; i < op->edits->len; i++) {
		const FieldEdit *edit = &g_array_index(op->edits, FieldEdit, i);
		Slice present =
			edit->field != CHANGE_NO_FIELD
				? change_field(header, edit->field)->raw
				: slice_sub(header->all->header, header->all->header.len, 0);
		Slice was = edit->raw != NULL ? slice_make(edit->raw->str, edit->raw->len)
					      : slice_sub(present, 0, 0);

		change_found_add_place(found, header->all->message, present, was);
	}
}

static gint compare_places(gconstpointer a, gconstpointer b)
{
	const ChangePlace *one = *(const ChangePlace *const *)a;
	const ChangePlace *other = *(const ChangePlace *const *)b;

	return one->offset < other->offset ? -1 : one->offset > other->offset;
}

static ChangeFound *found_by(
	const ChangeHeader *header, const ChangeOp *first, const ChangeOp *second)
{
	ChangeFound *found = change_found_new();

	g_ptr_array_add(found->steps, change_step_copy(first->step));
	add_places(header, first, found);
	if (second != NULL) {
		g_ptr_array_add(found->steps, change_step_copy(second->step));
		add_places(header, second, found);
	}
	g_ptr_array_sort(found->places, compare_places);
	return found;
}

/* NULL: it was not that. Where the budget is spent, too. */
static ChangeFound *try_ops(
	const ChangeHeader *header, const ChangeOp *first, const ChangeOp *second)
{
	size_t own = 0;
	g_autoptr(GArray) fields = changed_fields(header, first, second, &own);
	g_autoptr(GString) text = header_text(header, fields, own);
	uint64_t octets = header->all->header.len;

	if (header->wanted.len == 0)
		octets += (uint64_t)VERIFY_OCTETS * header->keys->len;
	if (!change_charge(header->budget, 1, octets) || text == NULL)
		return NULL;
	if (!is_signed_one(header, slice_make(text->str, text->len)))
		return NULL;
	return found_by(header, first, second);
}

static bool touch_same(const ChangeOp *first, const ChangeOp *second)
{
	for (guint i = 0; i < first->edits->len; i++) {
		size_t field = g_array_index(first->edits, FieldEdit, i).field;

		if (field != CHANGE_NO_FIELD && edit_of(second, field) != NULL)
			return true;
	}
	return false;
}

static const ChangeOp *op_at(const ChangeHeader *header, guint index)
{
	return (const ChangeOp *)g_ptr_array_index(header->ops, index);
}

/* Pairs of the simplest ones first. */
static ChangeFound *try_pairs(const ChangeHeader *header)
{
	guint count = header->ops->len;

	for (guint sum = 1; sum + 2 < 2 * count; sum++)
		for (guint i = sum < count ? 0 : sum - count + 1; 2 * i < sum; i++) {
			const ChangeOp *first = op_at(header, i);
			const ChangeOp *second = op_at(header, sum - i);
			ChangeFound *found;

			if (touch_same(first, second))
				continue;
			found = try_ops(header, first, second);
			if (found != NULL || header->budget->is_spent)
				return found;
		}
	return NULL;
}

static void make_ops(ChangeHeader *header)
{
	change_ops_copies(header);
	change_ops_subject(header);
	change_ops_originals(header);
	change_ops_content(header);
	change_ops_added(header);
	change_ops_dropped(header);
	change_ops_names(header);
	change_ops_folding(header);
	change_ops_values(header);
}

ChangeFound *change_header_search(ChangeHeader *header)
{
	if (header->fields->len > FIELDS_MOST) {
		header->budget->is_spent = true;
		return NULL;
	}
	make_ops(header);
	for (guint i = 0; i < header->ops->len; i++) {
		ChangeFound *found = try_ops(header, op_at(header, i), NULL);

		if (found != NULL || header->budget->is_spent)
			return found;
	}
	return try_pairs(header);
}
