#include "report/line_reader.h"

#include <errno.h>

#define READ_SIZE ((size_t)64 * 1024)

struct LineReader {
	FILE *file;
	size_t limit;
	GString *buffer; /* what was read; the line that is next begins at at */
	size_t at;
	uint64_t offset; /* of that line in the file */
	uint64_t number;
};

LineReader *line_reader_new(FILE *file, size_t limit)
{
	LineReader *reader = g_new0(LineReader, 1);

	reader->file = file;
	reader->limit = limit;
	reader->buffer = g_string_new(NULL);
	reader->number = 1;
	return reader;
}

void line_reader_free(LineReader *reader)
{
	if (reader == NULL)
		return;
	fclose(reader->file);
	g_string_free(reader->buffer, TRUE);
	g_free(reader);
}

static Slice rest_of(const LineReader *reader)
{
	return slice_make(reader->buffer->str + reader->at, reader->buffer->len - reader->at);
}

/* False at the end of the file, and where it cannot be read. */
static bool fill(LineReader *reader)
{
	size_t kept = reader->buffer->len - reader->at;
	size_t got;

	g_string_erase(reader->buffer, 0, (gssize)reader->at);
	reader->at = 0;
	g_string_set_size(reader->buffer, kept + READ_SIZE);
	got = fread(reader->buffer->str + kept, 1, READ_SIZE, reader->file);
	g_string_set_size(reader->buffer, kept + got);
	return got > 0;
}

/* The next line is the first len octets, and then end octets of line end. */
static void hand_out(LineReader *reader, size_t len, size_t end, Line *ret_line)
{
	*ret_line = (Line) { .text = slice_sub(rest_of(reader), 0, len),
		.number = reader->number++,
		.offset = reader->offset,
		.is_torn = end == 0 };
	reader->at += len + end;
	reader->offset += len + end;
}

/* Passes over a line of which more than the limit was read. */
static LineStatus skip_line(LineReader *reader, Line *ret_line)
{
	uint64_t offset = reader->offset;
	ssize_t end = slice_find_char(rest_of(reader), '\n');

	while (end < 0) {
		reader->offset += rest_of(reader).len;
		reader->at = reader->buffer->len;
		if (!fill(reader))
			break;
		end = slice_find_char(rest_of(reader), '\n');
	}
	hand_out(reader, end >= 0 ? (size_t)end : 0, end >= 0, ret_line);
	ret_line->text = SLICE_ABSENT;
	ret_line->offset = offset;
	return ferror(reader->file) != 0 ? LINE_FAILED : LINE_TOO_LONG;
}

LineStatus line_reader_next(LineReader *reader, Line *ret_line)
{
	size_t searched = 0;

	for (;;) {
		Slice rest = rest_of(reader);
		ssize_t end = slice_find_char(slice_sub(rest, searched, rest.len), '\n');

		if (end >= 0 && searched + (size_t)end <= reader->limit) {
			hand_out(reader, searched + (size_t)end, 1, ret_line);
			return LINE_READ;
		}
		if (end >= 0 || rest.len > reader->limit)
			return skip_line(reader, ret_line);
		searched = rest.len;
		if (!fill(reader))
			break;
	}
	if (ferror(reader->file) != 0)
		return LINE_FAILED;
	if (searched == 0)
		return LINE_END;
	hand_out(reader, searched, 0, ret_line);
	return LINE_READ;
}

bool line_reader_seek(LineReader *reader, uint64_t offset, uint64_t number)
{
	uint64_t start = reader->offset - reader->at;

	reader->number = number;
	if (offset >= start && offset - start <= reader->buffer->len) {
		reader->at = (size_t)(offset - start);
	} else {
		if (fseeko(reader->file, (off_t)offset, SEEK_SET) != 0)
			return false;
		g_string_truncate(reader->buffer, 0);
		reader->at = 0;
	}
	reader->offset = offset;
	return true;
}
