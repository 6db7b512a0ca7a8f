#include "cli/format.h"

#include <string.h>

static const struct {
	const char *word;
	const Printer *printer;
	bool is_of_results; /* made from saved results too */
} formats[] = {
	[FORMAT_TEXT] = { "text", &text_printer, true },
	[FORMAT_JSONL] = { "jsonl", &jsonl_printer, true },
	[FORMAT_HTML] = { "html", &html_printer, false },
	[FORMAT_CSV] = { "csv", &csv_printer, true },
	[FORMAT_SQLITE] = { "sqlite", &jsonl_printer, true },
	[FORMAT_ARF] = { "arf", &arf_printer, false },
	[FORMAT_AUTHRES] = { "authres", &authres_printer, true },
	[FORMAT_EVIDENCE] = { "evidence", NULL, false },
	[FORMAT_ZONE] = { "zone", NULL, false },
	[FORMAT_COF] = { "cof", NULL, false },
	[FORMAT_DIG] = { "dig", NULL, false },
};

bool format_parse(const char *word, Format *ret_format)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strcmp(word, formats[i].word) == 0) {
			*ret_format = (Format)i;
			return true;
		}
	}
	return false;
}

bool format_suits(Format format, Command command)
{
	switch (command) {
	case COMMAND_EVIDENCE_LIST:
		return format == FORMAT_TEXT || format == FORMAT_JSONL;
	case COMMAND_EVIDENCE_MERGE:
		return format == FORMAT_TEXT;
	case COMMAND_EVIDENCE_EXPORT:
		return format == FORMAT_EVIDENCE || format == FORMAT_ZONE || format == FORMAT_COF;
	case COMMAND_EVIDENCE_IMPORT:
		return format == FORMAT_ZONE || format == FORMAT_COF || format == FORMAT_DIG;
	case COMMAND_SURVEY_MAIL:
	case COMMAND_EXPLAIN:
	case COMMAND_TABLE:
	case COMMAND_DIFF:
	case COMMAND_EXPORT:
		return format_printer(format, command) != NULL;
	}
	g_assert_not_reached();
}

const Printer *format_printer(Format format, Command command)
{
	switch (command) {
	case COMMAND_EXPLAIN:
		return format == FORMAT_TEXT ? &explain_printer : formats[format].printer;
	case COMMAND_SURVEY_MAIL:
		return formats[format].printer;
	case COMMAND_TABLE:
		return formats[format].is_of_results ? formats[format].printer : NULL;
	case COMMAND_EXPORT:
	case COMMAND_DIFF:
		return format == FORMAT_TEXT || format == FORMAT_JSONL ? formats[format].printer
								       : NULL;
	case COMMAND_EVIDENCE_LIST:
	case COMMAND_EVIDENCE_MERGE:
	case COMMAND_EVIDENCE_EXPORT:
	case COMMAND_EVIDENCE_IMPORT:
		return NULL;
	}
	g_assert_not_reached();
}

OutputForm format_output(Format format)
{
	return format == FORMAT_SQLITE ? OUTPUT_DATABASE : OUTPUT_TEXT;
}

RecordExtent format_extent(Format format, Command command)
{
	if (format == FORMAT_SQLITE)
		return RECORD_HOPS;
	return command == COMMAND_EXPLAIN ? RECORD_ACCOUNT : RECORD_VERDICTS;
}
