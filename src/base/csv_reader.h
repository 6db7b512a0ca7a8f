/* CSV that people write (RFC 4180): any line ends, a byte order mark, blank lines. */
#pragma once

#include "base/slice.h"

typedef struct CsvReader CsvReader;

/* text must outlive the reader. */
CsvReader *csv_reader_new(Slice text);
void csv_reader_free(CsvReader *reader); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvReader, csv_reader_free)

/* The cells (of char *, UTF-8, blanks at both ends removed) of the next row that is not blank. NULL
 * at the end, and where the text is none: then *reterr_error names the line. */
GPtrArray *csv_reader_next(CsvReader *reader, GError **reterr_error);
