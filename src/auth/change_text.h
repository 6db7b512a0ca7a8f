/* Text that was put into other text: how it is told, and where it stands in HTML. */
#pragma once

#include "auth/change.h"

/* A step whose number is the lines of that text, and whose detail shows it. */
ChangeStep *change_lines_step(ChangeKind kind, Slice text);

/* Where a tag begins at or behind from; text.len where there is none. Its name is given with "<" or
 * "</"; letters of either case are the same. */
size_t change_html_find(Slice text, const char *tag, size_t from);
size_t change_html_find_last(Slice text, const char *tag);
/* Behind the ">" of the tag that begins at from. */
size_t change_html_tag_end(Slice text, size_t from);
/* What is shown: behind <body …>, or from the start where there is none; up to the last </body>, or
 * to text.len. */
void change_html_inside(Slice text, size_t *ret_start, size_t *ret_stop);
