#include "base/csv_reader.h"

struct CsvReader {
	Slice rest;
	size_t line; /* of the first octet of rest, from 1 */
};

CsvReader *csv_reader_new(Slice text)
{
	CsvReader *reader = g_new0(CsvReader, 1);

	reader->rest = slice_starts(text, "\xEF\xBB\xBF") ? slice_sub(text, 3, text.len) : text;
	reader->line = 1;
	return reader;
}

void csv_reader_free(CsvReader *reader)
{
	g_free(reader);
}

static void fail(const CsvReader *reader, const char *what, GError **reterr_error)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "line %" G_GSIZE_FORMAT ": %s",
		reader->line, what);
}

static void drop(CsvReader *reader, size_t len)
{
	reader->rest = slice_sub(reader->rest, len, reader->rest.len);
}

static bool is_at(const CsvReader *reader, char c)
{
	return reader->rest.len > 0 && reader->rest.data[0] == c;
}

/* LF, CRLF or CR. */
static bool take_line_end(CsvReader *reader)
{
	bool has_cr = is_at(reader, '\r');

	if (has_cr)
		drop(reader, 1);
	if (is_at(reader, '\n'))
		drop(reader, 1);
	else if (!has_cr)
		return false;
	reader->line++;
	return true;
}

/* Behind the opening quote; false where there is no closing one. */
static bool take_quoted(CsvReader *reader, GString *cell)
{
	size_t lines = 0;

	while (reader->rest.len > 0) {
		char c = reader->rest.data[0];

		drop(reader, 1);
		lines += c == '\n';
		if (c == '"' && !is_at(reader, '"')) {
			reader->line += lines;
			return true;
		}
		if (c == '"')
			drop(reader, 1);
		g_string_append_c(cell, c);
	}
	return false;
}

static void take_bare(CsvReader *reader, GString *cell)
{
	while (reader->rest.len > 0 && !is_at(reader, ',') && !is_at(reader, '\r') &&
		!is_at(reader, '\n')) {
		g_string_append_c(cell, reader->rest.data[0]);
		drop(reader, 1);
	}
}

static bool add_cell(CsvReader *reader, GPtrArray *cells, GError **reterr_error)
{
	g_autoptr(GString) cell = g_string_new(NULL);

	if (is_at(reader, '"')) {
		drop(reader, 1);
		if (!take_quoted(reader, cell)) {
			fail(reader, "a quote without its end", reterr_error);
			return false;
		}
	}
	take_bare(reader, cell);
	if (memchr(cell->str, '\0', cell->len) != NULL || !g_utf8_validate(cell->str, -1, NULL)) {
		fail(reader, "this is not UTF-8; a spreadsheet saves it as \"CSV UTF-8\"",
			reterr_error);
		return false;
	}
	g_ptr_array_add(cells, g_strstrip(g_strdup(cell->str)));
	return true;
}

static bool is_blank(const GPtrArray *cells)
{
	return cells->len == 1 && *(const char *)g_ptr_array_index(cells, 0) == '\0';
}

static GPtrArray *take_row(CsvReader *reader, GError **reterr_error)
{
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);

	for (;;) {
		if (!add_cell(reader, cells, reterr_error))
			return NULL;
		if (!is_at(reader, ','))
			break;
		drop(reader, 1);
	}
	take_line_end(reader);
	return g_steal_pointer(&cells);
}

GPtrArray *csv_reader_next(CsvReader *reader, GError **reterr_error)
{
	while (reader->rest.len > 0) {
		GPtrArray *cells = take_row(reader, reterr_error);

		if (cells == NULL || !is_blank(cells))
			return cells;
		g_ptr_array_unref(cells);
	}
	return NULL;
}
