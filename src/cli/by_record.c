#include "cli/by_record.h"

#include "report/arf.h"
#include "report/record.h"
#include "report/record_path.h"

#include <string.h>

#define MESSAGE_FILE "message"

static bool shows_octets(const Printer *printer)
{
	return printer == &arf_printer;
}

bool by_record(const Printer *printer)
{
	return printer->record != NULL || shows_octets(printer);
}

void by_record_report(const Printer *printer, const Case *kase, EngineResult *result)
{
	Slice message = kase->facts->message;
	GBytes *octets;

	record_append_message(result->text, kase, RECORD_VERDICTS);
	g_string_append_c(result->text, '\n');
	if (!shows_octets(printer))
		return;
	octets = g_bytes_new(message.data, message.len);
	engine_result_add_file(result, g_strdup(MESSAGE_FILE), octets);
	g_bytes_unref(octets);
}

static const ResultFile *only_file(const EngineResult *result)
{
	return result->files != NULL && result->files->len == 1
		       ? g_ptr_array_index(result->files, 0)
		       : NULL;
}

bool by_record_is_sound(const Printer *printer, const EngineResult *result, const Source *source)
{
	static const ReportStyle plain = { .color = false };
	const ResultFile *file = only_file(result);

	if (shows_octets(printer) ? file == NULL || strcmp(file->name, MESSAGE_FILE) != 0
				  : result->files != NULL)
		return false;
	return jsonl_printer.admits(
		slice_make(result->text->str, result->text->len), &plain, source);
}

bool by_record_print(GString *out, const Printer *printer, const ReportStyle *style,
	const EngineResult *result, GError **reterr_error)
{
	Slice line = slice_trim(slice_make(result->text->str, result->text->len));
	const ResultFile *file = only_file(result);
	json_t *record = json_read_line(line, reterr_error);
	gsize len = 0;
	const char *octets = file != NULL ? g_bytes_get_data(file->octets, &len) : NULL;

	if (record == NULL)
		return false;
	if (printer->record != NULL)
		printer->record(out, style, record);
	else
		arf_append(out, style, record, slice_make(octets, len));
	json_decref(record);
	return true;
}
