/* The formats of reports, and which command has which. */
#pragma once

#include "cli/command.h"
#include "report/report.h"

typedef enum Format { FORMAT_TEXT, FORMAT_JSONL, FORMAT_HTML, FORMAT_CSV } Format;

bool format_parse(const char *word, Format *ret_format);
/* NULL where the command has no such format. */
const Printer *format_printer(Format format, Command command);
