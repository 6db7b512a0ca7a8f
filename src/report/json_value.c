#include "report/json_value.h"

#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

void json_add(json_t *parent, const char *name, json_t *value)
{
	int failed = name != NULL ? json_object_set_new(parent, name, value)
				  : json_array_append_new(parent, value);

	g_assert(failed == 0);
}

void json_add_text(json_t *parent, const char *name, const char *text)
{
	g_autofree char *valid = NULL;

	if (text == NULL) {
		json_add(parent, name, json_null());
		return;
	}
	if (!g_utf8_validate(text, -1, NULL))
		valid = printable_utf8(slice_of(text));
	json_add(parent, name, json_string_nocheck(valid != NULL ? valid : text));
}

void json_add_number(json_t *parent, const char *name, uint64_t number)
{
	json_add(parent, name, json_integer((json_int_t)number));
}

void json_add_bool(json_t *parent, const char *name, bool value)
{
	json_add(parent, name, json_boolean(value));
}

void json_add_time(json_t *parent, const char *name, int64_t time)
{
	g_autofree char *text = text_time_rfc3339(time);

	json_add_text(parent, name, text);
}

void json_add_texts(json_t *parent, const char *name, const GPtrArray *texts)
{
	json_t *array = json_add_array(parent, name);

	for (guint i = 0; texts != NULL && i < texts->len; i++)
		json_add_text(array, NULL, g_ptr_array_index(texts, i));
}

json_t *json_add_object(json_t *parent, const char *name)
{
	json_t *object = json_object();

	json_add(parent, name, object);
	return object;
}

json_t *json_add_array(json_t *parent, const char *name)
{
	json_t *array = json_array();

	json_add(parent, name, array);
	return array;
}

/* Characters that jansson writes bare and a terminal or a reader's eye would follow. They occur
 * inside strings only, where an escape means the same. */
static bool must_escape(gunichar c)
{
	return (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static void append_escaped(GString *out, const char *text)
{
	const char *start = text;

	for (; *text != '\0'; text = printable_next(text)) {
		gunichar c = g_utf8_get_char(text);

		if (!must_escape(c))
			continue;
		g_string_append_len(out, start, text - start);
		g_string_append_printf(out, "\\u%04X", c);
		start = printable_next(text);
	}
	g_string_append(out, start);
}

void json_append_line(GString *out, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	g_assert(text != NULL);
	append_escaped(out, text);
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
