#include "message/mime_names.h"

#include "message/content_type.h"
#include "message/decode.h"
#include "message/text_check.h"

#include <string.h>

/* Names that are looked at; LIMIT_MIME_PARTS bounds the parts. */
#define LIMIT_NAMES 1000u

typedef struct Names {
	Slice message;
	Findings *findings;
	unsigned count;
} Names;

/* A name of ASCII letters alone, as it stands, is what it is. */
static bool may_be_odd(Slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (((unsigned char)value.data[i] & 0x80) != 0 || value.data[i] == '%' ||
			value.data[i] == '\033')
			return true;
	return slice_find(value, slice_of("=?")) >= 0;
}

static void check_parameters(Names *names, const Field *field)
{
	g_autoptr(ContentType) content = content_type_parse(field->value);

	for (guint i = 0; i < content->parameters->len; i++) {
		const MimeParameter *parameter = g_ptr_array_index(content->parameters, i);
		g_autofree char *text = NULL;

		if (strcmp(parameter->name, "name") != 0 &&
			strcmp(parameter->name, "filename") != 0)
			continue;
		text = decode_text(slice_of(parameter->value));
		text_check(text, field->raw, names->message, names->findings);
	}
}

static void check_field(Names *names, const Fields *fields, const char *name)
{
	size_t at = fields_find(fields, name, 0);

	if (at == fields->count || !may_be_odd(fields->list[at].value) ||
		names->count++ >= LIMIT_NAMES)
		return;
	check_parameters(names, &fields->list[at]);
}

static void check_part(Names *names, const MimePart *part)
{
	check_field(names, part->fields, "Content-Type");
	check_field(names, part->fields, "Content-Disposition");
	for (guint i = 0; part->children != NULL && i < part->children->len; i++)
		check_part(names, g_ptr_array_index(part->children, i));
}

void mime_names_check(const MimePart *root, Slice message, Findings *findings)
{
	Names names = { .message = message, .findings = findings };

	check_part(&names, root);
}
