/* The fields on the content: what gateways that encode anew, and lists that make a multipart of the
 * message, put in their place. */
#include "auth/change_header.h"

#include <string.h>

static void add_encodings(ChangeHeader *header)
{
	static const char *const words[] = { " 8bit", " 7bit", " quoted-printable", " base64",
		" 7BIT", " 8BIT", " binary" };
	size_t at = change_field_find(header, "Content-Transfer-Encoding", 0);

	for (size_t i = 0; at < header->fields->len && i < G_N_ELEMENTS(words); i++) {
		const Field *field = change_field(header, at);
		g_autofree char *now = change_shown(slice_trim(field->value));
		ChangeOp *op = change_op_begin(
			CHANGE_ENCODING_FIELD, g_strdup_printf("%s -> %s", words[i] + 1, now));

		change_op_edit(header, op, at, change_field_with(field, slice_of(words[i])));
		change_op_end(header, op);
	}
}

/* The fields of a part in the place of those of the message. */
static void edit_by_part(ChangeHeader *header, ChangeOp *op, const MimePart *part)
{
	static const char *const names[] = { "Content-Type", "Content-Transfer-Encoding",
		"Content-Disposition", "Content-Language", "Content-ID" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t at = change_field_find(header, names[i], 0);
		size_t inner = fields_find(part->fields, names[i], 0);
		g_autofree char *name = g_ascii_strdown(names[i], -1);
		const Field *field;

		if (!change_is_signed(header, name))
			continue;
		if (inner == part->fields->count) {
			if (at < header->fields->len)
				change_op_edit(header, op, at, NULL);
			continue;
		}
		field = &part->fields->list[inner];
		change_op_edit(header, op, at < header->fields->len ? at : CHANGE_NO_FIELD,
			g_string_new_len(field->raw.data, (gssize)field->raw.len));
	}
}

/* Of the first part, or the second where there is one above it. */
static void add_types_of_parts(ChangeHeader *header)
{
	const MimePart *root = header->mime;

	if (!g_str_has_prefix(root->type, "multipart/"))
		return;
	for (guint i = 0; i < MIN(root->children->len, 2); i++) {
		const MimePart *part = g_ptr_array_index(root->children, i);
		g_autofree char *types = g_strdup_printf("%s -> %s", part->type, root->type);
		ChangeOp *op = change_op_begin(CHANGE_TYPE_OF_PART, change_shown(slice_of(types)));

		edit_by_part(header, op, part);
		change_op_end(header, op);
	}
}

/* --- the same type, written otherwise */

typedef void (*ValueMap)(GString *out, Slice value);

static void drop_quotes(GString *out, Slice value)
{
	while (value.len > 0) {
		Slice part = slice_take_until(&value, '"');

		g_string_append_len(out, part.data, (gssize)part.len);
	}
}

/* Quotes around the value of every parameter. */
static void put_quotes(GString *out, Slice value)
{
	Slice type = slice_take_until(&value, ';');

	g_string_append_len(out, type.data, (gssize)type.len);
	while (value.len > 0) {
		Slice parameter = slice_take_until(&value, ';');
		ssize_t equals = slice_find_char(parameter, '=');
		size_t name = equals < 0 ? parameter.len : (size_t)equals + 1;
		Slice word = slice_trim_end(slice_sub(parameter, name, parameter.len));
		bool is_bare = word.len > 0 && word.data[0] != '"';

		g_string_append_c(out, ';');
		g_string_append_len(out, parameter.data, (gssize)name);
		if (is_bare)
			g_string_append_c(out, '"');
		g_string_append_len(out, word.data, (gssize)word.len);
		if (is_bare)
			g_string_append_c(out, '"');
	}
}

static void to_lower(GString *out, Slice value)
{
	for (size_t i = 0; i < value.len; i++)
		g_string_append_c(out, g_ascii_tolower(value.data[i]));
}

/* The charset in capitals, all else as it is. */
static void charset_to_upper(GString *out, Slice value)
{
	ssize_t at = -1;

	for (size_t i = 0; i < value.len && at < 0; i++)
		if (slice_starts_nocase(slice_sub(value, i, value.len), "charset="))
			at = (ssize_t)i + 8;
	for (size_t i = 0; i < value.len; i++) {
		bool is_inside = at >= 0 && (ssize_t)i >= at;

		if (is_inside && value.data[i] == ';')
			at = -1;
		g_string_append_c(out, is_inside ? g_ascii_toupper(value.data[i]) : value.data[i]);
	}
}

/* Up to the last parameter, which gateways add: format=flowed, delsp=, charset=, name=. */
static void drop_last(GString *out, Slice value)
{
	const char *at = value.len > 0 ? memrchr(value.data, ';', value.len) : NULL;
	size_t len = at != NULL ? (size_t)(at - value.data) : value.len;

	g_string_append_len(out, value.data, (gssize)len);
}

static void add_rewritten_types(ChangeHeader *header)
{
	static const ValueMap maps[] = { drop_quotes, put_quotes, to_lower, charset_to_upper,
		drop_last };
	size_t at = change_field_find(header, "Content-Type", 0);

	for (size_t i = 0; at < header->fields->len && i < G_N_ELEMENTS(maps); i++) {
		const Field *field = change_field(header, at);
		g_autoptr(GString) value = g_string_new(NULL);

		maps[i](value, field->value);
		change_op_add(header, CHANGE_TYPE_REWRITTEN, at,
			change_field_with(field, slice_make(value->str, value->len)));
	}
}

void change_ops_content(ChangeHeader *header)
{
	add_encodings(header);
	add_types_of_parts(header);
	add_rewritten_types(header);
}
