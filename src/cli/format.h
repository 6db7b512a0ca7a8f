/* The formats of reports, and which command has which. */
#pragma once

#include "cli/command.h"
#include "cli/output.h"
#include "report/report.h"

typedef enum Format {
	FORMAT_TEXT,
	FORMAT_JSONL,
	FORMAT_HTML,
	FORMAT_CSV,
	FORMAT_CSV_TABLES,
	FORMAT_SQLITE,
	FORMAT_AUTHRES,
	FORMAT_ARF,
	/* Of evidence. */
	FORMAT_EVIDENCE,
	FORMAT_ZONE,
	FORMAT_COF,
	FORMAT_DIG,
	FORMAT_JSON,
} Format;

bool format_parse(const char *word, Format *ret_format);
/* Whether the command has the format. */
bool format_suits(Format format, Command command);
/* Of a command on mail or its results, which has the format. */
const Printer *format_printer(Format format, Command command);
/* A run can go on with such a report: it is made of records. */
bool format_is_resumable(Format format);
/* What becomes of what the printer prints. */
OutputForm format_output(Format format);
/* How much of a message's record the format needs. */
RecordExtent format_extent(Format format, Command command);
