#include "cli/format.h"

#include "cli/by_record.h"

#include <string.h>

#define OF(command) (1u << (command))

#define OF_MAIL     (OF(COMMAND_SURVEY_MAIL) | OF(COMMAND_EXPLAIN))
#define OF_RESULTS  (OF_MAIL | OF(COMMAND_TABLE))
/* What has no format to choose has the first. */
#define OF_ALL_TEXT \
	(OF_RESULTS | OF(COMMAND_DIFF) | OF(COMMAND_EXPORT) | OF(COMMAND_SURVEY) | \
		OF(COMMAND_EVIDENCE_LIST) | OF(COMMAND_EVIDENCE_MERGE))

static const struct {
	const char *word;
	const Printer *printer; /* of mail and its results; NULL: of evidence only */
	unsigned commands;      /* OF() each that has the format */
} formats[] = {
	[FORMAT_TEXT] = { "text", &text_printer, OF_ALL_TEXT },
	[FORMAT_JSONL] = { "jsonl", &jsonl_printer,
		OF_RESULTS | OF(COMMAND_DIFF) | OF(COMMAND_SURVEY) | OF(COMMAND_EVIDENCE_LIST) },
	[FORMAT_HTML] = { "html", &html_printer, OF_RESULTS | OF(COMMAND_SURVEY) },
	[FORMAT_CSV] = { "csv", &csv_printer, OF_RESULTS | OF(COMMAND_SURVEY) },
	[FORMAT_CSV_TABLES] = { "csv-tables", &csv_tables_printer,
		OF(COMMAND_SURVEY_MAIL) | OF(COMMAND_TABLE) },
	[FORMAT_SQLITE] = { "sqlite", &jsonl_printer, OF_RESULTS },
	[FORMAT_ARF] = { "arf", &arf_printer, OF_MAIL },
	[FORMAT_AUTHRES] = { "authres", &authres_printer, OF_RESULTS },
	[FORMAT_EVIDENCE] = { "evidence", NULL, OF(COMMAND_EVIDENCE_EXPORT) },
	[FORMAT_ZONE] = { "zone", NULL, OF(COMMAND_EVIDENCE_EXPORT) | OF(COMMAND_EVIDENCE_IMPORT) },
	[FORMAT_COF] = { "cof", NULL, OF(COMMAND_EVIDENCE_EXPORT) | OF(COMMAND_EVIDENCE_IMPORT) },
	[FORMAT_JSON] = { "json", NULL, OF(COMMAND_EVIDENCE_EXPORT) | OF(COMMAND_EVIDENCE_IMPORT) },
	[FORMAT_DIG] = { "dig", NULL, OF(COMMAND_EVIDENCE_IMPORT) },
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
	return (formats[format].commands & OF(command)) != 0;
}

const Printer *format_printer(Format format, Command command)
{
	return format == FORMAT_TEXT && command == COMMAND_EXPLAIN ? &explain_printer
								   : formats[format].printer;
}

bool format_is_resumable(Format format)
{
	return format == FORMAT_JSONL || format == FORMAT_CSV || format == FORMAT_SQLITE;
}

OutputForm format_output(Format format)
{
	return format == FORMAT_SQLITE ? OUTPUT_DATABASE : OUTPUT_TEXT;
}

RecordExtent format_extent(Format format, Command command)
{
	if (format == FORMAT_SQLITE)
		return RECORD_HOPS;
	if (formats[format].printer != NULL && by_record(formats[format].printer))
		return RECORD_VERDICTS;
	return command == COMMAND_EXPLAIN ? RECORD_ACCOUNT : RECORD_VERDICTS;
}
