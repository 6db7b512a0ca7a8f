#include "cli/record_result.h"

#include "report/record.h"
#include "report/report.h"

#include <string.h>

static Slice text_of(const EngineResult *result)
{
	return slice_make(result->text->str, result->text->len);
}

void record_result_put(EngineResult *result, const Case *kase, const ReportStyle *style)
{
	record_append_message(result->text, kase, style);
	g_string_append_c(result->text, '\n');
}

bool record_result_is_sound(const EngineResult *result, const Source *source,
	const ReportStyle *style, const char *name)
{
	const ReportStyle plain = { .redactor = style->redactor };
	const ResultFile *file = record_result_file(result);

	if (file == NULL ? result->files != NULL : name == NULL || strcmp(file->name, name) != 0)
		return false;
	return jsonl_printer.admits(text_of(result), &plain, source);
}

const ResultFile *record_result_file(const EngineResult *result)
{
	return result->files != NULL && result->files->len == 1
		       ? g_ptr_array_index(result->files, 0)
		       : NULL;
}

json_t *record_result_read(const EngineResult *result, GError **reterr_error)
{
	return json_read_line(slice_trim(text_of(result)), reterr_error);
}
