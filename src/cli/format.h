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
	FORMAT_SQLITE,
	FORMAT_AUTHRES,
	FORMAT_ARF,
	/* Of evidence. */
	FORMAT_EVIDENCE,
	FORMAT_ZONE,
	FORMAT_COF,
	FORMAT_DIG,
} Format;

bool format_parse(const char *word, Format *ret_format);
bool format_suits(Format format, Command command);
/* NULL where the command has no such format, or is one on evidence. */
const Printer *format_printer(Format format, Command command);
/* What becomes of what the printer prints. */
OutputForm format_output(Format format);
/* How much of a message's record the format needs. */
RecordExtent format_extent(Format format, Command command);
