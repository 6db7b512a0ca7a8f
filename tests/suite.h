/* What the test programs share: exact copies, line-end variants, paths of data. */
#pragma once

#include "base/slice.h"

/* A heap copy of exactly these octets, so that an over-read shows; freed with g_free() by its
 * .data. An empty slice gets a block of its own too. */
Slice suite_exact(Slice octets);

/* A file below the source tree (tests/data/…, samples/…), or below ../shared/corpora when it begins
 * with "corpora/" and tests/corpora does not have it. Owned by the caller; a file that cannot be
 * read ends the test program. */
GBytes *suite_file(const char *path);
char *suite_path(const char *path);
/* The rows of such a file, GStrv each: cells between tabs. Lines that are empty or begin with "#"
 * are none. */
GPtrArray *suite_table(const char *path);

/* The four ways in which the same message may be stored. */
typedef enum SuiteLines { SUITE_LF, SUITE_CRLF, SUITE_LF_NO_FINAL, SUITE_CRLF_NO_FINAL } SuiteLines;
#define SUITE_LINES 4
/* text with its line ends rewritten; owned by the caller. */
GBytes *suite_lines(Slice text, SuiteLines lines);
const char *suite_lines_word(SuiteLines lines);

/* One of the texts (of char *) has part in it; where none has, all are shown. */
bool suite_has_note(const GPtrArray *notes, const char *part);

/* g_test_init with what all our tests want: failures do not end the program. */
void suite_init(int *argc, char ***argv);
