#include "cli/report_file.h"

#include "cli/inputs.h"
#include "cli/say.h"

static bool refuse(GError **reterr_error, const char *text)
{
	g_set_error_literal(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, text);
	return false;
}

bool report_file_open(ReportFile *file, const Options *options, const Journal *journal,
	gpointer data, GError **reterr_error)
{
	const char *path = options->output;

	*file = (ReportFile) { .options = options };
	if (path != NULL && inputs_include(options, path))
		return refuse(reterr_error,
			"the report would overwrite what it is made from; -o names another file");
	if (journal != NULL && unfinished_suits(options)) {
		file->unfinished = unfinished_open(options, journal, data, reterr_error);
		return file->unfinished != NULL;
	}
	if (options->resumes)
		return refuse(reterr_error,
			"--resume goes with a regular file: what is written elsewhere is gone");
	file->output = output_open(path, format_output(options->format), reterr_error);
	return file->output != NULL;
}

bool report_file_begin(ReportFile *file, Slice header, uint64_t *ret_records, GError **reterr_error)
{
	if (unfinished_is_left(file->unfinished) && !file->options->quiet)
		say("an unfinished report is thrown away; --resume goes on with it");
	file->is_refused = !unfinished_begin(file->unfinished, header, ret_records, reterr_error);
	file->output = unfinished_output(file->unfinished);
	return !file->is_refused;
}

bool report_file_write(ReportFile *file, Slice text, GError **reterr_error)
{
	if (file->has_failed || output_write(file->output, text, reterr_error))
		return true;
	file->has_failed = true;
	return false;
}

static bool finish(ReportFile *file, bool is_complete, GError **reterr_error)
{
	if (file->has_failed || file->is_refused)
		return true;
	return file->unfinished != NULL
		       ? unfinished_finish(file->unfinished, is_complete, reterr_error)
		       : output_finish(file->output, reterr_error);
}

bool report_file_close(ReportFile *file, bool is_complete, GError **reterr_error)
{
	bool is_good = finish(file, is_complete, reterr_error);

	file->has_failed |= !is_good;
	report_file_abandon(file);
	return is_good;
}

void report_file_abandon(ReportFile *file)
{
	if (file->unfinished == NULL)
		output_free(file->output);
	else if (file->is_refused)
		unfinished_abandon(file->unfinished);
	unfinished_free(file->unfinished);
	file->output = NULL;
	file->unfinished = NULL;
}
