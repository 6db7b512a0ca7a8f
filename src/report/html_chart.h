/* Charts as inline SVG, with their numbers in text beside them. */
#pragma once

#include "analysis/table.h"
#include "report/style.h"

/* How often each result of the method occurs, as a table with bars; SPF's in the order in which
 * Japanese surveys have them. */
void html_results(HtmlWriter *html, const ReportStyle *style, const Table *table, Method method);
/* The marks of the method by month: stacked columns. */
void html_timeline(HtmlWriter *html, const ReportStyle *style, const Table *table, Method method);
/* The same for all methods, as a table of numbers. */
void html_months(HtmlWriter *html, const ReportStyle *style, const Table *table);
