/* Reads a file line by line, in memory that does not grow with it. */
#pragma once

#include "base/slice.h"

#include <stdint.h>
#include <stdio.h>

typedef enum LineStatus {
	LINE_READ,
	LINE_TOO_LONG, /* passed over; the text is not there */
	LINE_END,
	LINE_FAILED, /* errno says why */
} LineStatus;

typedef struct Line {
	Slice text;      /* without its LF; until the next call */
	uint64_t number; /* from 1 */
	uint64_t offset; /* of its first octet in the file */
	bool is_torn;    /* the file ends without a line end */
} Line;

typedef struct LineReader LineReader;

/* Takes file over. A line has at most limit octets. */
LineReader *line_reader_new(FILE *file, size_t limit);
void line_reader_free(LineReader *reader); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LineReader, line_reader_free)

LineStatus line_reader_next(LineReader *reader, Line *ret_line);
/* Goes to the line that begins at offset; false where the file cannot seek. Numbers of lines go on
 * from number. */
bool line_reader_seek(LineReader *reader, uint64_t offset, uint64_t number);
