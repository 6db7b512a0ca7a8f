#include "message/mime_part.h"

#include "message/transfer.h"

#include <string.h>

static void free_part(gpointer data)
{
	mime_part_free(data);
}

MimePart *mime_part_new(MimePart *parent, Slice at)
{
	MimePart *part = g_new0(MimePart, 1);

	part->whole = slice_sub(at, 0, 0);
	part->parent = parent;
	part->children = g_ptr_array_new_with_free_func(free_part);
	if (parent != NULL)
		g_ptr_array_add(parent->children, part);
	return part;
}

void mime_part_free(MimePart *root)
{
	if (root == NULL)
		return;
	fields_free(root->fields);
	g_free(root->type);
	g_free(root->encoding);
	g_clear_pointer(&root->parameters, g_ptr_array_unref);
	g_clear_pointer(&root->children, g_ptr_array_unref);
	g_free(root);
}

bool mime_part_is_identity(const MimePart *part)
{
	static const char *const names[] = { "7bit", "8bit", "binary", "7-bit", "8-bit" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(part->encoding, names[i]) == 0)
			return true;
	return false;
}

bool mime_part_is_message(const MimePart *part)
{
	return strcmp(part->type, "message/rfc822") == 0 ||
	       strcmp(part->type, "message/global") == 0;
}

const char *mime_parameter(const MimePart *part, const char *name)
{
	for (guint i = 0; i < part->parameters->len; i++) {
		const MimeParameter *parameter = g_ptr_array_index(part->parameters, i);

		if (strcmp(parameter->name, name) == 0)
			return parameter->value;
	}
	return NULL;
}

static bool is_uuencode(const char *encoding)
{
	return strcmp(encoding, "x-uuencode") == 0 || strcmp(encoding, "uuencode") == 0 ||
	       strcmp(encoding, "x-uue") == 0 || strcmp(encoding, "x-uu") == 0;
}

GBytes *mime_decode_body(const MimePart *part)
{
	Slice body = part->fields->body;
	GString *out;

	if (mime_part_is_identity(part))
		return g_bytes_new(body.data, body.len);
	out = g_string_new(NULL);
	if (strcmp(part->encoding, "base64") == 0)
		transfer_base64(out, body);
	else if (strcmp(part->encoding, "quoted-printable") == 0)
		transfer_quoted_printable(out, body);
	else if (is_uuencode(part->encoding))
		transfer_uuencode(out, body);
	else {
		g_string_free(out, TRUE);
		return NULL;
	}
	return g_string_free_to_bytes(out);
}
