/* recorded_field_parse(): every result has its method, every property its value. */
#include "base/limits.h"
#include "message/auth_results.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_result(const RecordedResult *result)
{
	g_assert_nonnull(result->method);
	for (guint i = 0; i < result->properties->len; i++) {
		const RecordedProperty *property = g_ptr_array_index(result->properties, i);

		g_assert_true(property->name != NULL && property->value != NULL);
		g_assert_true(g_utf8_validate(property->value, -1, NULL));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice value = slice_make((const char *)data, size);

	for (int kind = RECORDED_AR; kind <= RECORDED_ARC_AR; kind++) {
		g_autoptr(RecordedField) field = recorded_field_parse((RecordedKind)kind, value);

		g_assert_cmpuint(field->results->len, <=, LIMIT_RECORDED_RESULTS);
		for (guint i = 0; i < field->results->len; i++)
			check_result(g_ptr_array_index(field->results, i));
	}
	return 0;
}
