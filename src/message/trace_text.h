/* What the readers of trace fields share: folded text for people, comments, unquoting. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

bool trace_is_blank(char c);

/* The length of the quoted-string that text begins with, both quotes counted; 0 where it is not
 * closed. */
size_t trace_quoted_length(Slice text);

/* Printable UTF-8 on one line: every run of white space, line ends too, is one space, none at the
 * ends. NULL where nothing is left. Owned by the caller. */
char *trace_text(Slice text);
/* The same in ASCII lower case. */
char *trace_text_lower(Slice text);

/* The content of a quoted-string (given with its quotes), the quoted pairs undone. Owned by the
 * caller; "" where it is empty. */
char *trace_unquote(Slice quoted);

/* text holds needle, which is in lower case, in whatever case. */
bool trace_has_nocase(Slice text, const char *needle);
