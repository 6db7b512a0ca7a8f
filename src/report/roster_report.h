/* What a roster adds to the tables: who was expected and did not come, and cross tables. */
#pragma once

#include "report/html_writer.h"
#include "report/json_value.h"
#include "report/style.h"

#include "analysis/table.h"

/* Each writes nothing where the table has no roster. */
void roster_append_text(GString *out, const ReportStyle *style, const Table *table);
void roster_write_html(HtmlWriter *html, const ReportStyle *style, const Table *table);
void roster_add_json(Json *summary, const Table *table);
/* The column is one of those whose values are counted as expected, received and missing. */
bool roster_is_tallied(const Table *table, size_t column);
