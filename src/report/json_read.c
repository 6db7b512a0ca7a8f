#include "report/json_read.h"

#include "base/limits.h"
#include "report/json_value.h"

typedef struct Extent {
	unsigned depth, deepest;
	size_t values;
} Extent;

static void count_char(Extent *extent, char c)
{
	switch (c) {
	case '[':
	case '{':
		extent->depth++;
		extent->deepest = MAX(extent->deepest, extent->depth);
		extent->values++;
		break;
	case ']':
	case '}':
		extent->depth -= extent->depth > 0;
		break;
	case ',':
		extent->values++;
		break;
	default:
		break;
	}
}

/* Counted before jansson allocates anything for it. */
static bool is_within_limits(Slice line)
{
	Extent extent = { .depth = 0 };
	bool is_text = false;

	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '"')
			is_text = !is_text;
		else if (is_text)
			i += line.data[i] == '\\';
		else
			count_char(&extent, line.data[i]);
	}
	return extent.deepest <= LIMIT_RECORD_DEPTH && extent.values <= LIMIT_RECORD_VALUES;
}

json_t *json_read_line(Slice line, GError **reterr_error)
{
	json_error_t error;
	json_t *value;

	if (!is_within_limits(line)) {
		g_set_error_literal(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"more values, or deeper ones, than a record has");
		return NULL;
	}
	value = json_loadb(line.data, line.len, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"no JSON: column %d: %s", error.column, error.text);
		return NULL;
	}
	if (json_is_object(value))
		return value;
	json_decref(value);
	g_set_error_literal(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "JSON, but no object");
	return NULL;
}

const char *json_text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

bool json_is_null_of(const json_t *object, const char *name)
{
	return json_is_null(json_object_get(object, name));
}

bool json_number_of(const json_t *object, const char *name, uint64_t *ret_number)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*ret_number = (uint64_t)json_integer_value(value);
	return true;
}

bool json_bool_of(const json_t *object, const char *name, bool *ret_value)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_boolean(value))
		return false;
	*ret_value = json_is_true(value);
	return true;
}

const json_t *json_object_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_object(value) ? value : NULL;
}

const json_t *json_array_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_array(value) ? value : NULL;
}

const char *json_text_at(const json_t *array, size_t index)
{
	return json_string_value(json_array_get(array, index));
}

void json_append_line(GString *out, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	g_assert(text != NULL);
	json_append_made(out, text);
	free(text);
}

void json_prepare(void)
{
	json_object_seed(0);
}

char *json_library(void)
{
	return g_strconcat("jansson ", JANSSON_VERSION, NULL);
}
