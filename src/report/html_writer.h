/* HTML by construction: elements that are always closed, attributes and text that are always
 * escaped (libxml2's xmlwriter), and characters that move the reader's eye shown as text. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct HtmlWriter HtmlWriter;

HtmlWriter *html_writer_new(void);
void html_writer_free(HtmlWriter *html); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HtmlWriter, html_writer_free)

void html_open(HtmlWriter *html, const char *element);
/* Of the element just opened, before anything is put into it. NULL value: none. */
void html_attribute(HtmlWriter *html, const char *name, const char *value);
void html_number_attribute(HtmlWriter *html, const char *name, int64_t value);
/* Text from anywhere: valid UTF-8 or not, with controls escaped as on a terminal. */
void html_text(HtmlWriter *html, const char *text);
void html_close(HtmlWriter *html);
/* An element with a class and text; class NULL: none. */
void html_element(HtmlWriter *html, const char *element, const char *class, const char *text);
/* Text of ours, put as it is: a style sheet or a script, with no "</" in it. */
void html_raw(HtmlWriter *html, const char *text);

/* Elements that are open. */
size_t html_depth(const HtmlWriter *html);
/* Closes all that were opened since there were depth of them. */
void html_close_to(HtmlWriter *html, size_t depth);
/* The innermost open element is of this name. */
bool html_is_in(const HtmlWriter *html, const char *element);

/* Appends what was written so far to out, and forgets it. Open elements stay open. */
void html_take(HtmlWriter *html, GString *out);

/* Has the library ready, which is otherwise so when it is first needed. */
void html_prepare(void);

/* The library behind it, with its version; owned by the caller. */
char *html_library(void);
