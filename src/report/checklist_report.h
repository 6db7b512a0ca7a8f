/* The checklist of bulk senders in reports: of each message, and counted over all. */
#pragma once

#include "analysis/table.h"
#include "report/json_value.h"
#include "report/style.h"
#include "report/text.h"

struct json_t;

/* Lines that a message takes at most in text. */
#define CHECKLIST_LINES ((size_t)1 + CHECK_ITEMS)

void checklist_append_heads(GString *out, const ReportStyle *style);
/* A line of marks, and under it one for each item that is not met or has a remark. */
void checklist_append_message(
	GString *out, const ReportStyle *style, const Checklist *list, const MessageLine *line);
void checklist_append_counts(GString *out, const ReportStyle *style, const Table *table);

/* The part of an account. */
void checklist_explain(GString *out, const ReportStyle *style, const Case *kase);
/* The part of a page. */
void checklist_write_counts(HtmlWriter *html, const ReportStyle *style, const Table *table);

/* The members of a record and of a summary. */
void checklist_add_record(Json *record, const Checklist *list);
void checklist_add_summary(Json *summary, const Table *table);
/* False where the record has none. What list holds then lives as long as the record. */
bool checklist_read(const struct json_t *record, Checklist *ret_list);
