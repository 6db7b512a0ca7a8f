/* What pages have in common: a head that allows its own style and script, and nothing else. */
#pragma once

#include "report/html_writer.h"

void html_page_head(HtmlWriter *html, const char *title);
/* The script that the head allows; owned by the caller. */
char *html_page_script(void);
