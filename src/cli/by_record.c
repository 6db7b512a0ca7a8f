#include "cli/by_record.h"

#include "cli/record_result.h"
#include "report/arf.h"

#define MESSAGE_FILE "message"

static bool shows_octets(const Printer *printer)
{
	return printer == &arf_printer;
}

bool by_record(const Printer *printer)
{
	return printer->record != NULL || shows_octets(printer);
}

void by_record_report(
	const Printer *printer, const Case *kase, const ReportStyle *style, EngineResult *result)
{
	Slice message = kase->facts->message;
	GBytes *octets;

	record_result_put(result, kase, style);
	if (!shows_octets(printer))
		return;
	octets = g_bytes_new(message.data, message.len);
	engine_result_add_file(result, g_strdup(MESSAGE_FILE), octets);
	g_bytes_unref(octets);
}

bool by_record_is_sound(const Printer *printer, const EngineResult *result, const Source *source,
	const ReportStyle *style)
{
	if (!shows_octets(printer))
		return record_result_is_sound(result, source, style, NULL);
	return record_result_file(result) != NULL &&
	       record_result_is_sound(result, source, style, MESSAGE_FILE);
}

bool by_record_print(GString *out, const Printer *printer, const ReportStyle *style,
	const EngineResult *result, GError **reterr_error)
{
	json_t *record = record_result_read(result, reterr_error);

	if (record == NULL)
		return false;
	if (printer->record != NULL)
		printer->record(out, style, record);
	else
		arf_append(out, style, record, slice_of_bytes(record_result_file(result)->octets));
	json_decref(record);
	return true;
}
