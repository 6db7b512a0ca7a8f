/* base/csv_reader.h: cells are UTF-8 without blanks around them, no row is blank, and what was read
 * is read again as the same from the same cells in quotes. */
#include "base/csv_reader.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void append_quoted(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text != '\0'; text++)
		g_string_append(out, *text == '"' ? "\"\"" : (const char[]) { *text, '\0' });
	g_string_append_c(out, '"');
}

static void check_cell(const char *cell)
{
	size_t len = strlen(cell);

	g_assert_true(g_utf8_validate(cell, -1, NULL));
	if (len > 0)
		g_assert_false(g_ascii_isspace(cell[0]) || g_ascii_isspace(cell[len - 1]));
}

static void take_row(const GPtrArray *cells, GString *quoted)
{
	g_assert_cmpuint(cells->len, >, 0);
	if (cells->len == 1)
		g_assert_cmpstr(g_ptr_array_index(cells, 0), !=, "");
	for (guint i = 0; i < cells->len; i++) {
		check_cell(g_ptr_array_index(cells, i));
		if (i > 0)
			g_string_append_c(quoted, ',');
		append_quoted(quoted, g_ptr_array_index(cells, i));
	}
	g_string_append(quoted, "\r\n");
}

/* What is there, row by row, in quotes; owned by the caller. */
static GString *read_all(Slice text, bool *ret_is_whole)
{
	g_autoptr(CsvReader) reader = csv_reader_new(text);
	g_autoptr(GError) error = NULL;
	GString *quoted = g_string_new(NULL);
	GPtrArray *cells;

	while ((cells = csv_reader_next(reader, &error)) != NULL) {
		g_assert_no_error(error);
		take_row(cells, quoted);
		g_ptr_array_unref(cells);
	}
	*ret_is_whole = error == NULL;
	return quoted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool is_whole;
	g_autoptr(GString) first = read_all(slice_make((const char *)data, size), &is_whole);
	g_autoptr(GString) again = read_all(slice_make(first->str, first->len), &is_whole);

	g_assert_true(is_whole);
	g_assert_cmpstr(again->str, ==, first->str);
	return 0;
}
