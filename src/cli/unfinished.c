#include "cli/unfinished.h"

#include "base/file_error.h"
#include "base/limits.h"
#include "report/json_read.h"
#include "report/line_reader.h"
#include "report/record_path.h"
#include "report/run_difference.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define OPENING "{\"run\":"

struct Unfinished {
	const Options *options;
	char *place; /* of the report */
	RunState *state;
	Output *output;
	Done *done;
	bool is_copy; /* FILE.partial began as one of FILE */
	char *noted;  /* the mbox that the state was told of last */
};

bool unfinished_suits(const Options *options)
{
	g_autofree char *place = NULL;

	if (options->command != COMMAND_SURVEY_MAIL || options->output == NULL ||
		!format_is_resumable(options->format) ||
		g_strv_contains((const char *const *)options->paths, "-"))
		return false;
	place = output_place(options->output);
	return place != NULL;
}

Unfinished *unfinished_open(const Options *options, GError **reterr_error)
{
	g_autoptr(Unfinished) unfinished = g_new0(Unfinished, 1);

	unfinished->options = options;
	unfinished->place = output_place(options->output);
	unfinished->state = run_state_open(unfinished->place, reterr_error);
	if (unfinished->state == NULL)
		return NULL;
	unfinished->output = output_open_partial(options->output, reterr_error);
	if (unfinished->output == NULL)
		return NULL;
	unfinished->done = done_new(unfinished->state, options->verifies_input);
	return g_steal_pointer(&unfinished);
}

static bool has_octets(const char *path)
{
	GStatBuf facts;

	return g_stat(path, &facts) == 0 && facts.st_size > 0;
}

/* Of a run that did not come to its first line. */
static void remove_empty(const Unfinished *unfinished)
{
	const char *partial =
		unfinished->output != NULL ? output_partial(unfinished->output) : NULL;

	if (partial != NULL && !has_octets(partial))
		g_unlink(partial);
	if (unfinished->state != NULL && !run_state_is_there(unfinished->state))
		run_state_remove(unfinished->state);
}

void unfinished_free(Unfinished *unfinished)
{
	if (unfinished == NULL)
		return;
	remove_empty(unfinished);
	output_free(unfinished->output);
	done_free(unfinished->done);
	run_state_free(unfinished->state);
	g_free(unfinished->place);
	g_free(unfinished->noted);
	g_free(unfinished);
}

Output *unfinished_output(Unfinished *unfinished)
{
	return unfinished->output;
}

Done *unfinished_done(Unfinished *unfinished)
{
	return unfinished->done;
}

/* --- what is there */

bool unfinished_is_left(const Unfinished *unfinished)
{
	return !unfinished->options->resumes && has_octets(output_partial(unfinished->output));
}

/* What there is to go on with; NULL: nothing. */
static char *find_report(const Unfinished *unfinished)
{
	const char *partial = output_partial(unfinished->output);

	if (has_octets(partial))
		return g_strdup(partial);
	return has_octets(unfinished->place) ? g_strdup(unfinished->place) : NULL;
}

/* A report that is read. */
typedef struct Saved {
	const char *path;
	LineReader *reader;
	Line line;
	uint64_t good; /* octets up to the last line that could be read */
	uint64_t records;
	uint64_t end; /* what stands there or behind it is made anew */
	bool has_summary;
} Saved;

static bool refuse(GError **reterr_error, const char *path, const char *what)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s %s; start anew without --resume", path, what);
	return false;
}

/* The next line; NULL at the end, and at the first line that cannot be read. */
static json_t *next_line(Saved *saved)
{
	if (line_reader_next(saved->reader, &saved->line) != LINE_READ || saved->line.is_torn)
		return NULL;
	return json_read_line(saved->line.text, NULL);
}

static void keep_line(Saved *saved)
{
	saved->good = saved->line.offset + saved->line.text.len + 1;
}

static bool check_run(const Saved *saved, const SavedRun *was, Slice header, GError **reterr_error)
{
	g_autoptr(SavedRun) now =
		saved_run_new(json_read_line(slice_chop_eol(header), NULL), reterr_error);
	g_autoptr(GPtrArray) differences = NULL;
	g_autofree char *text = NULL;
	g_autofree char *what = NULL;

	if (now == NULL || saved_run_is_same(was, now))
		return now != NULL;
	differences = run_differences(was, now);
	text = differences->len > 0 ? run_differences_text(differences)
				    : g_strdup("how it counts, or its shard");
	what = g_strdup_printf("is not of this run: %s", text);
	return refuse(reterr_error, saved->path, what);
}

/* False with an error where it is no report of this run. */
static bool take_header(Saved *saved, Slice header, GError **reterr_error)
{
	json_t *line = next_line(saved);
	g_autoptr(SavedRun) run = NULL;

	if (json_object_of(line, "run") == NULL) {
		json_decref(line);
		return refuse(reterr_error, saved->path,
			"does not begin as the results of a run do, which -f jsonl are");
	}
	run = saved_run_new(line, reterr_error);
	keep_line(saved);
	return run != NULL && check_run(saved, run, header, reterr_error);
}

typedef struct Taking {
	UnfinishedTake *take;
	gpointer data;
} Taking;

/* Takes line over. False with an error where the record cannot stand there, and without one where
 * what follows is to be made anew. */
static bool take_record(Unfinished *unfinished, Saved *saved, json_t *line, const Taking *taking,
	GError **reterr_error)
{
	g_autoptr(SavedRecord) record = NULL;

	if (json_object_of(line, "run") != NULL) {
		json_decref(line);
		return refuse(reterr_error, saved->path, "holds the results of several runs");
	}
	record = saved_record_new(line, NULL);
	if (record == NULL || !done_add(unfinished->done, record, reterr_error))
		return false;
	taking->take(record, taking->data);
	saved->records++;
	keep_line(saved);
	return true;
}

/* --- messages that are attached to others */

static bool is_attached(const json_t *record)
{
	return record_at(record, "source.attached") != NULL;
}

/* Whether all that is attached to the last stored message is recorded cannot be told, unless the
 * run came to its end: where that message's record stands is where the run goes on. */
static uint64_t find_end(Saved *saved)
{
	uint64_t end = UINT64_MAX;
	bool is_complete = false;
	json_t *line;

	while ((line = next_line(saved)) != NULL) {
		const json_t *summary = json_object_of(line, "summary");

		if (summary != NULL)
			is_complete = !record_is(summary, "interrupted");
		else if (json_object_of(line, "run") == NULL && !is_attached(line))
			end = saved->line.offset;
		json_decref(line);
	}
	return is_complete ? UINT64_MAX : end;
}

static bool look_for_end(const Unfinished *unfinished, Saved *saved, GError **reterr_error)
{
	saved->end = UINT64_MAX;
	if (!unfinished->options->takes_attached)
		return true;
	saved->end = find_end(saved);
	return line_reader_seek(saved->reader, 0, 1) || file_error_set(reterr_error, saved->path);
}

static bool take_records(
	Unfinished *unfinished, Saved *saved, const Taking *taking, GError **reterr_error)
{
	GError *error = NULL;
	json_t *line;

	while (error == NULL && (line = next_line(saved)) != NULL) {
		if (saved->line.offset >= saved->end) {
			json_decref(line);
			break;
		}
		if (json_object_of(line, "summary") != NULL) {
			json_decref(line);
			saved->has_summary = true;
		} else if (saved->has_summary) {
			json_decref(line);
			refuse(&error, saved->path, "has something behind its summary");
		} else if (!take_record(unfinished, saved, line, taking, &error)) {
			break;
		}
	}
	if (error != NULL)
		g_propagate_error(reterr_error, error);
	return error == NULL;
}

/* --- FILE, which is finished, becomes FILE.partial again */

static bool copy(FILE *from, FILE *to, uint64_t length)
{
	char buffer[65536];

	while (length > 0) {
		size_t got = fread(buffer, 1, MIN(length, sizeof buffer), from);

		if (got == 0 || fwrite(buffer, 1, got, to) != got)
			return false;
		length -= got;
	}
	return true;
}

/* The first octets of the report, under another name first: a copy that is not whole would hold
 * less than there is. */
static bool copy_report(Unfinished *unfinished, const char *path, uint64_t length)
{
	const char *partial = output_partial(unfinished->output);
	g_autofree char *beside = g_strconcat(partial, ".copy", NULL);
	FILE *from = g_fopen(path, "rbe");
	FILE *to = g_fopen(beside, "wbe");
	bool is_good = from != NULL && to != NULL && copy(from, to, length);

	if (from != NULL)
		fclose(from);
	if (to != NULL)
		is_good = fclose(to) == 0 && is_good;
	return is_good && g_rename(beside, partial) == 0;
}

static bool reopen(Unfinished *unfinished, const char *path, uint64_t length, GError **reterr_error)
{
	if (!copy_report(unfinished, path, length))
		return file_error_set(reterr_error, output_partial(unfinished->output));
	output_free(unfinished->output);
	unfinished->output = output_open_partial(unfinished->options->output, reterr_error);
	unfinished->is_copy = unfinished->output != NULL;
	return unfinished->is_copy;
}

/* --- begin */

static bool begin_anew(Unfinished *unfinished, Slice header, GError **reterr_error)
{
	return run_state_begin(unfinished->state, unfinished->options, reterr_error) &&
	       output_cut(unfinished->output, 0, reterr_error) &&
	       output_write(unfinished->output, header, reterr_error);
}

static bool read_report(Unfinished *unfinished, Saved *saved, Slice header, const Taking *taking,
	GError **reterr_error)
{
	FILE *file = g_fopen(saved->path, "rbe");
	bool is_good;

	if (file == NULL)
		return file_error_set(reterr_error, saved->path);
	saved->reader = line_reader_new(file, LIMIT_RECORD_LINE);
	is_good = look_for_end(unfinished, saved, reterr_error) &&
		  take_header(saved, header, reterr_error) &&
		  take_records(unfinished, saved, taking, reterr_error);
	line_reader_free(saved->reader);
	return is_good;
}

static bool go_on(
	Unfinished *unfinished, const Saved *saved, const char *partial, GError **reterr_error)
{
	if (!run_state_is_there(unfinished->state) &&
		!run_state_begin(unfinished->state, unfinished->options, reterr_error))
		return false;
	if (strcmp(saved->path, partial) != 0 &&
		!reopen(unfinished, saved->path, saved->good, reterr_error))
		return false;
	return output_cut(unfinished->output, saved->good, reterr_error);
}

/* A run that was killed may not have come to the end of its first line. */
static bool is_headless(const char *path)
{
	char buffer[sizeof OPENING] = "";
	FILE *file = g_fopen(path, "rbe");
	size_t got = file != NULL ? fread(buffer, 1, strlen(OPENING), file) : 0;
	bool has_line = false;
	int c = 0;

	while (file != NULL && !has_line && (c = fgetc(file)) != EOF)
		has_line = c == '\n';
	if (file != NULL)
		fclose(file);
	return !has_line && strncmp(buffer, OPENING, got) == 0;
}

/* Nothing but an unfinished report of kantei is thrown away. */
static bool check_partial(const char *partial, GError **reterr_error)
{
	char buffer[sizeof OPENING] = "";
	FILE *file = g_fopen(partial, "rbe");
	size_t got = file != NULL ? fread(buffer, 1, strlen(OPENING), file) : 0;

	if (file != NULL)
		fclose(file);
	if (strncmp(buffer, OPENING, got) == 0)
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
		"%s is in the way: it is no unfinished report", partial);
	return false;
}

bool unfinished_begin(Unfinished *unfinished, Slice header, UnfinishedTake *take, gpointer data,
	uint64_t *ret_records, GError **reterr_error)
{
	const Taking taking = { take, data };
	g_autofree char *partial = g_strdup(output_partial(unfinished->output));
	g_autofree char *path = unfinished->options->resumes ? find_report(unfinished) : NULL;
	Saved saved = { .path = path };

	*ret_records = 0;
	if (!check_partial(partial, reterr_error))
		return false;
	if (path != NULL && strcmp(path, partial) != 0 &&
		unfinished->options->format != FORMAT_JSONL)
		return refuse(
			reterr_error, path, "is finished, and only -f jsonl can be added to then");
	if (path == NULL || is_headless(path))
		return begin_anew(unfinished, header, reterr_error);
	if ((run_state_is_there(unfinished->state) &&
		    !run_state_check(unfinished->state, unfinished->options, reterr_error)) ||
		!read_report(unfinished, &saved, header, &taking, reterr_error) ||
		!go_on(unfinished, &saved, partial, reterr_error))
		return false;
	*ret_records = saved.records;
	return true;
}

void unfinished_note(Unfinished *unfinished, const Source *source)
{
	if (source->kind != STORE_MBOX || g_strcmp0(unfinished->noted, source->path) == 0)
		return;
	g_free(unfinished->noted);
	unfinished->noted = g_strdup(source->path);
	run_state_note(unfinished->state, source->path);
}

/* --- the end */

void unfinished_abandon(Unfinished *unfinished)
{
	if (!unfinished->is_copy)
		return;
	g_unlink(output_partial(unfinished->output));
	run_state_remove(unfinished->state);
}

/* A row, or what a database makes of the line. False where it cannot be written. */
static bool convert_line(const Options *options, Output *output, Slice line, GError **reterr_error)
{
	const Printer *printer = format_printer(options->format, options->command);
	g_autoptr(GString) text = g_string_new(NULL);
	json_t *json;

	if (printer->record == NULL) {
		slice_append(text, line);
		g_string_append_c(text, '\n');
		return output_write(output, slice_make(text->str, text->len), reterr_error);
	}
	json = json_read_line(line, reterr_error);
	if (json == NULL)
		return false;
	if (json_object_of(json, "run") != NULL)
		printer->begin(text, &options->style, NULL);
	else if (json_object_of(json, "summary") == NULL)
		printer->record(text, &options->style, json);
	json_decref(json);
	return output_write(output, slice_make(text->str, text->len), reterr_error);
}

static bool convert_lines(
	const Options *options, const char *partial, Output *output, GError **reterr_error)
{
	FILE *file = g_fopen(partial, "rbe");
	g_autoptr(LineReader) reader = NULL;
	LineStatus status;
	Line line;

	if (file == NULL)
		return file_error_set(reterr_error, partial);
	reader = line_reader_new(file, LIMIT_RECORD_LINE);
	while ((status = line_reader_next(reader, &line)) == LINE_READ)
		if (!convert_line(options, output, line.text, reterr_error))
			return false;
	return status == LINE_END || file_error_set(reterr_error, partial);
}

/* FILE in its format, of the lines in FILE.partial. */
static bool convert(Unfinished *unfinished, GError **reterr_error)
{
	const Options *options = unfinished->options;
	g_autoptr(Output) output =
		output_open(options->output, format_output(options->format), reterr_error);

	return output != NULL && output_store(unfinished->output, reterr_error) &&
	       convert_lines(options, output_partial(unfinished->output), output, reterr_error) &&
	       output_finish(output, reterr_error);
}

bool unfinished_finish(Unfinished *unfinished, bool is_complete, GError **reterr_error)
{
	bool is_journal = unfinished->options->format != FORMAT_JSONL;
	bool is_good = is_journal ? convert(unfinished, reterr_error)
				  : output_finish(unfinished->output, reterr_error);

	if (!is_good || !is_complete)
		return is_good;
	run_state_remove(unfinished->state);
	if (is_journal)
		g_unlink(output_partial(unfinished->output));
	return true;
}
