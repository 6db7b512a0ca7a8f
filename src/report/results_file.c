#include "report/results_file.h"

#include "base/file_error.h"
#include "base/limits.h"
#include "report/json_read.h"
#include "report/line_reader.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_SIZE ((size_t)64 * 1024)

/* What is wrong with a part, said once. */
typedef enum PartProblem {
	PART_HEADLESS = 1 << 0, /* a record before the header */
	PART_LONG = 1 << 1,     /* something behind the summary */
	PART_SHORT = 1 << 2,    /* the summary counts other messages than there are */
	PART_CUT_OFF = 1 << 3,  /* no summary */
} PartProblem;

struct ResultsFile {
	char *path;
	LineReader *reader;
	json_t *held; /* what is on line, not yet handed out, for there was a problem to tell first
		       */
	Line line;
	bool is_failed; /* nothing more can be read */
	/* Of the part that is being read. */
	bool has_run, has_summary;
	bool is_survey;
	bool is_foreign;   /* of another schema: its lines are passed over */
	unsigned told;     /* of PartProblem */
	uint64_t messages; /* lines that are, or should have been, records */
};

static FILE *open_path(const char *path, GError **reterr_error)
{
	FILE *file = strcmp(path, "-") == 0 ? fdopen(dup(STDIN_FILENO), "r") : g_fopen(path, "re");

	if (file == NULL)
		file_error_set(reterr_error, path);
	return file;
}

ResultsFile *results_file_new(const char *path, FILE *stream)
{
	ResultsFile *file = g_new0(ResultsFile, 1);

	file->path = g_strdup(path);
	file->reader = line_reader_new(stream, LIMIT_RECORD_LINE);
	return file;
}

ResultsFile *results_file_open(const char *path, GError **reterr_error)
{
	FILE *stream = open_path(path, reterr_error);

	return stream != NULL ? results_file_new(path, stream) : NULL;
}

static bool copy_octets(FILE *from, FILE *to)
{
	g_autofree char *buffer = g_malloc(COPY_SIZE);
	size_t got;

	do {
		got = fread(buffer, 1, COPY_SIZE, from);
		if (fwrite(buffer, 1, got, to) != got)
			return false;
	} while (got > 0);
	return ferror(from) == 0 && fseeko(to, 0, SEEK_SET) == 0;
}

/* Takes stream over. */
static FILE *make_seekable(FILE *stream, const char *path, GError **reterr_error)
{
	struct stat status;
	FILE *copy;

	if (fstat(fileno(stream), &status) == 0 && S_ISREG(status.st_mode))
		return stream;
	copy = tmpfile();
	if (copy == NULL || !copy_octets(stream, copy)) {
		file_error_set(reterr_error, path);
		if (copy != NULL)
			fclose(copy);
		copy = NULL;
	}
	fclose(stream);
	return copy;
}

ResultsFile *results_file_open_seekable(const char *path, GError **reterr_error)
{
	FILE *stream = open_path(path, reterr_error);

	if (stream != NULL)
		stream = make_seekable(stream, path, reterr_error);
	return stream != NULL ? results_file_new(path, stream) : NULL;
}

void results_file_free(ResultsFile *file)
{
	if (file == NULL)
		return;
	line_reader_free(file->reader);
	json_decref(file->held);
	g_free(file->path);
	g_free(file);
}

void results_line_clear(ResultsLine *line)
{
	saved_run_unref(line->run);
	saved_record_free(line->record);
	saved_survey_unref(line->survey);
	saved_sender_free(line->sender);
	g_free(line->summary.evidence);
	g_clear_pointer(&line->summary.inputs, g_ptr_array_unref);
	*line = (ResultsLine) { .number = 0 };
}

/* Says where it was. */
static void set_problem(GError **reterr_error, const ResultsFile *file, const char *text)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s:%" G_GUINT64_FORMAT ": %s",
		file->path, (guint64)file->line.number, text);
}

/* True where it was not told yet. */
static bool tell_once(
	ResultsFile *file, PartProblem problem, const char *text, GError **reterr_error)
{
	if ((file->told & (unsigned)problem) != 0)
		return false;
	file->told |= (unsigned)problem;
	set_problem(reterr_error, file, text);
	return true;
}

static bool tell_cut_off(ResultsFile *file, GError **reterr_error)
{
	if (file->is_foreign || file->has_summary || (file->told & PART_CUT_OFF) != 0)
		return false;
	file->told |= PART_CUT_OFF;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s: cut off: no summary stands behind its last record", file->path);
	return true;
}

static bool tell_count(ResultsFile *file, uint64_t messages, GError **reterr_error)
{
	g_autofree char *text = g_strdup_printf("the summary counts %" G_GUINT64_FORMAT
						" %s, and there are %" G_GUINT64_FORMAT,
		(guint64)messages, file->is_survey ? "senders" : "messages",
		(guint64)file->messages);

	return messages != file->messages && tell_once(file, PART_SHORT, text, reterr_error);
}

/* What hangs together is told before the line itself is handed out. */
static ResultsEvent hold(ResultsFile *file, json_t *json)
{
	file->held = json;
	return RESULTS_PROBLEM;
}

static ResultsEvent reject(const ResultsFile *file, GError *error, GError **reterr_error)
{
	set_problem(reterr_error, file, error->message);
	g_error_free(error);
	return RESULTS_PROBLEM;
}

static ResultsEvent take_run(
	ResultsFile *file, json_t *json, ResultsLine *ret_line, GError **reterr_error)
{
	GError *error = NULL;

	if ((file->has_run || file->messages > 0) && tell_cut_off(file, reterr_error))
		return hold(file, json);
	file->has_run = true;
	file->has_summary = false;
	file->told = 0;
	file->messages = 0;
	file->is_survey = json_object_of(json, "survey") != NULL;
	if (file->is_survey)
		ret_line->survey = saved_survey_new(json, &error);
	else
		ret_line->run = saved_run_new(json, &error);
	file->is_foreign = error != NULL;
	if (error != NULL)
		return reject(file, error, reterr_error);
	return file->is_survey ? RESULTS_SURVEY : RESULTS_RUN;
}

static void input_free(gpointer data)
{
	InputDigest *input = data;

	g_free(input->path);
	g_free(input->before);
	g_free(input->after);
	g_free(input);
}

/* The files that an account was made from; NULL where the summary does not have them. */
static GPtrArray *read_inputs(const json_t *summary)
{
	const json_t *array = json_array_of(summary, "inputs");
	GPtrArray *inputs = array != NULL ? g_ptr_array_new_with_free_func(input_free) : NULL;

	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *object = json_array_get(array, i);
		const char *path = json_text_of(object, "path");
		InputDigest *input;

		if (path == NULL)
			continue;
		input = g_new0(InputDigest, 1);
		input->path = g_strdup(path);
		input->before = g_strdup(json_text_of(object, "sha256_before"));
		input->after = g_strdup(json_text_of(object, "sha256_after"));
		json_number_of(object, "length", &input->length);
		g_ptr_array_add(inputs, input);
	}
	return inputs;
}

static ResultsEvent take_summary(
	ResultsFile *file, json_t *json, ResultsLine *ret_line, GError **reterr_error)
{
	const json_t *object = json_object_of(json, "summary");
	SavedSummary *summary = &ret_line->summary;

	if (!json_number_of(object, file->is_survey ? "senders" : "messages", &summary->messages) ||
		!json_number_of(object, "problems", &summary->problems) ||
		!json_bool_of(object, "interrupted", &summary->is_interrupted)) {
		json_decref(json);
		set_problem(reterr_error, file, "no summary of a run: a member is missing");
		return RESULTS_PROBLEM;
	}
	if ((file->has_summary && tell_once(file, PART_LONG, "a second summary", reterr_error)) ||
		tell_count(file, summary->messages, reterr_error))
		return hold(file, json);
	file->has_summary = true;
	summary->evidence = g_strdup(json_text_of(object, "evidence"));
	summary->inputs = read_inputs(object);
	json_decref(json);
	return RESULTS_SUMMARY;
}

static ResultsEvent take_record(
	ResultsFile *file, json_t *json, ResultsLine *ret_line, GError **reterr_error)
{
	GError *error = NULL;

	if ((!file->has_run && tell_once(file, PART_HEADLESS,
				       "a record without the header of its run", reterr_error)) ||
		(file->has_summary &&
			tell_once(file, PART_LONG, "a record behind the summary", reterr_error)))
		return hold(file, json);
	file->messages++;
	if (file->is_survey)
		ret_line->sender = saved_sender_new(json, &error);
	else
		ret_line->record = saved_record_new(json, &error);
	if (error != NULL)
		return reject(file, error, reterr_error);
	return file->is_survey ? RESULTS_SENDER : RESULTS_MESSAGE;
}

static ResultsEvent take_json(
	ResultsFile *file, json_t *json, ResultsLine *ret_line, GError **reterr_error)
{
	ret_line->number = file->line.number;
	ret_line->offset = file->line.offset;
	if (json_object_of(json, "run") != NULL || json_object_of(json, "survey") != NULL)
		return take_run(file, json, ret_line, reterr_error);
	if (json_object_of(json, "summary") != NULL)
		return take_summary(file, json, ret_line, reterr_error);
	return take_record(file, json, ret_line, reterr_error);
}

/* What is no JSON was a record, most likely. */
static ResultsEvent take_garbage(ResultsFile *file, GError *error, GError **reterr_error)
{
	file->messages++;
	if (!file->line.is_torn)
		return reject(file, error, reterr_error);
	g_error_free(error);
	set_problem(reterr_error, file, "torn: the file ends within this line");
	return RESULTS_PROBLEM;
}

static ResultsEvent take_line(ResultsFile *file, ResultsLine *ret_line, GError **reterr_error)
{
	GError *error = NULL;
	json_t *json = json_read_line(file->line.text, &error);

	if (json == NULL)
		return take_garbage(file, error, reterr_error);
	return take_json(file, json, ret_line, reterr_error);
}

/* Blank lines say nothing; those of a part of another schema nothing that we understand. */
static bool is_passed_over(const ResultsFile *file)
{
	return slice_trim(file->line.text).len == 0 ||
	       (file->is_foreign && !slice_starts(file->line.text, "{\"run\":") &&
		       !slice_starts(file->line.text, "{\"survey\":"));
}

ResultsEvent results_file_next(ResultsFile *file, ResultsLine *ret_line, GError **reterr_error)
{
	LineStatus status;

	*ret_line = (ResultsLine) { .number = 0 };
	if (file->held != NULL)
		return take_json(file, g_steal_pointer(&file->held), ret_line, reterr_error);
	do
		status = line_reader_next(file->reader, &file->line);
	while (status == LINE_READ && is_passed_over(file));
	switch (status) {
	case LINE_READ:
		return take_line(file, ret_line, reterr_error);
	case LINE_TOO_LONG:
		file->messages++;
		set_problem(reterr_error, file, "a line that is longer than any record");
		return RESULTS_PROBLEM;
	case LINE_FAILED:
		if (file->is_failed)
			return RESULTS_END;
		file->is_failed = true;
		file_error_set(reterr_error, file->path);
		return RESULTS_PROBLEM;
	case LINE_END:
		return tell_cut_off(file, reterr_error) ? RESULTS_PROBLEM : RESULTS_END;
	}
	g_assert_not_reached();
}

SavedRecord *results_file_record_at(
	ResultsFile *file, uint64_t offset, uint64_t number, GError **reterr_error)
{
	GError *error = NULL;
	SavedRecord *record = NULL;
	json_t *json = NULL;

	if (!line_reader_seek(file->reader, offset, number) ||
		line_reader_next(file->reader, &file->line) != LINE_READ) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_IO,
			"%s: it changed while it was read", file->path);
		return NULL;
	}
	json = json_read_line(file->line.text, &error);
	if (json != NULL)
		record = saved_record_new(json, &error);
	if (record == NULL)
		reject(file, error, reterr_error);
	return record;
}
