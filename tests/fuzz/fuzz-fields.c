/* message/fields.h: fields stand in order inside the header, and cover it with what is left out. */
#include "message/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_field(const Fields *fields, const Field *field, size_t *end)
{
	size_t at = slice_offset(fields->header, field->raw);
	GString *text = field_unfold(field);

	g_assert_true(at >= *end);
	*end = at + field->raw.len;
	g_assert_true(*end <= fields->header.len);
	g_assert_true(field->name.len > 0);
	g_assert_true(slice_offset(field->raw, field->value) + field->value.len <= field->raw.len);
	g_assert_true(text->len <= field->value.len);
	g_string_free(text, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice message = slice_make(data != NULL ? (const char *)data : "", size);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = fields_parse(message, findings);
	size_t end = 0;

	for (size_t i = 0; i < fields->count; i++)
		check_field(fields, &fields->list[i], &end);
	for (size_t i = 0; i < findings_count(findings); i++)
		g_assert_true(findings_get(findings, i)->offset <= size);
	if (fields->body.data != NULL)
		g_assert_true(slice_offset(message, fields->body) + fields->body.len == size);
	return 0;
}
