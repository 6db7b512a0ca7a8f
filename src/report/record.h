/* The record of one message as JSON, by src/report/record.schema.json. */
#pragma once

#include "report/report.h"

/* Version of the schema: another number is another meaning of a member that was there before. */
#define RECORD_SCHEMA 1

/* Appends one line of JSON, without its line end. Control characters, C1 controls and
 * bidirectional controls are escaped: the line is safe on a terminal. */
void record_append_message(GString *out, const Case *kase, const ReportStyle *style);
/* The text that the record of the message at source begins with. */
void record_append_head(GString *out, const Source *source, bool is_redacted);
void record_append_run(GString *out, const RunInfo *run);
void record_append_summary(GString *out, const Table *table, const RunSummary *summary);
