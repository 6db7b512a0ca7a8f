#include "cli/run_state.h"

#include "base/file_error.h"
#include "report/json_read.h"
#include "report/json_value.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STATE_FORM 1
#define OPENING    "{\"kantei_state\":"
/* Whoever had the file removed it meanwhile, but not so often. */
#define TRIES 20

struct RunState {
	char *path;
	const char *sources; /* what the report is made from */
	int fd;
	json_t *run;        /* the first line; NULL where there is none */
	GHashTable *inputs; /* path -> InputState */
};

/* --- reading */

static InputState *read_input(const json_t *object)
{
	g_autoptr(InputState) input = g_new0(InputState, 1);

	if (!json_number_of(object, "length", &input->length))
		return NULL;
	input->time = g_strdup(json_text_of(object, "time"));
	input->head = g_strdup(json_text_of(object, "head"));
	input->tail = g_strdup(json_text_of(object, "tail"));
	return input->time != NULL ? g_steal_pointer(&input) : NULL;
}

/* False where it is no line of a state. */
static bool take_line(RunState *state, Slice text)
{
	json_t *line = json_read_line(text, NULL);
	const json_t *object = json_object_of(line, "file");
	const char *path = json_text_of(object, "path");
	InputState *input = path != NULL ? read_input(object) : NULL;
	uint64_t form;

	if (state->run == NULL && json_number_of(line, "kantei_state", &form) &&
		form == STATE_FORM) {
		state->run = line;
		return true;
	}
	if (input != NULL)
		g_hash_table_replace(state->inputs, g_strdup(path), input);
	json_decref(line);
	return input != NULL && state->run != NULL;
}

/* What stands behind the last line that can be read is cut off. */
static bool take_lines(RunState *state, Slice text)
{
	uint64_t good = 0;

	while (text.len > 0) {
		Slice line = slice_take_line(&text);

		if (line.data[line.len - 1] != '\n' || !take_line(state, slice_chop_eol(line)))
			break;
		good += line.len;
	}
	return ftruncate(state->fd, (off_t)good) == 0 &&
	       lseek(state->fd, (off_t)good, SEEK_SET) >= 0;
}

/* Not by another descriptor: to close it would give up the lock. */
static bool read_all(RunState *state, GString *text)
{
	char buffer[4096];
	ssize_t got;

	while ((got = read(state->fd, buffer, sizeof buffer)) > 0)
		g_string_append_len(text, buffer, got);
	return got == 0;
}

static bool read_state(RunState *state, GError **reterr_error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!read_all(state, text))
		return file_error_set(reterr_error, state->path);
	if (strncmp(text->str, OPENING, MIN(text->len, strlen(OPENING))) != 0) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
			"%s is in the way: it is not what a run keeps of its %s", state->path,
			state->sources);
		return false;
	}
	return take_lines(state, slice_make(text->str, text->len)) ||
	       file_error_set(reterr_error, state->path);
}

/* --- the lock */

/* The name still leads to the file that is open. */
static bool is_in_place(const RunState *state)
{
	GStatBuf named;
	struct stat open;

	return g_stat(state->path, &named) == 0 && fstat(state->fd, &open) == 0 &&
	       named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

/* Belongs to the process, and not to the workers that it starts, who may outlive it for a moment.
 * False where another run has it; a file system without locks has none. */
static bool lock(const RunState *state)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(state->fd, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN);
}

static bool open_locked(RunState *state, GError **reterr_error)
{
	for (int i = 0; i < TRIES; i++) {
		state->fd = g_open(state->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
		if (state->fd < 0)
			return file_error_set(reterr_error, state->path);
		if (!lock(state))
			break;
		if (is_in_place(state))
			return true;
		close(state->fd);
		state->fd = -1;
	}
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
		"%s: another run is at work on this report", state->path);
	return false;
}

RunState *run_state_open(const char *place, const char *sources, GError **reterr_error)
{
	g_autoptr(RunState) state = g_new0(RunState, 1);

	state->sources = sources;
	state->path = g_strconcat(place, ".state", NULL);
	state->fd = -1;
	state->inputs = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)input_state_free);
	return open_locked(state, reterr_error) && read_state(state, reterr_error)
		       ? g_steal_pointer(&state)
		       : NULL;
}

void run_state_free(RunState *state)
{
	if (state == NULL)
		return;
	if (state->fd >= 0)
		close(state->fd);
	json_decref(state->run);
	g_hash_table_unref(state->inputs);
	g_free(state->path);
	g_free(state);
}

void run_state_remove(RunState *state)
{
	g_unlink(state->path);
}

/* --- what a run is */

bool run_state_is_there(const RunState *state)
{
	return state->run != NULL;
}

const InputState *run_state_input(const RunState *state, const char *path)
{
	return g_hash_table_lookup(state->inputs, path);
}

static void add_evidence(Json *line, const Options *options)
{
	g_autofree char *hash = NULL;
	uint64_t length = 0;
	Json *object;

	json_add_bool(line, "offline", options->offline);
	if (options->evidence == NULL) {
		json_add_null(line, "evidence");
		return;
	}
	hash = input_hash(options->evidence, UINT64_MAX, &length);
	object = json_add_object(line, "evidence");
	json_add_number(object, "length", length);
	json_add_text(object, "sha256", hash);
}

static json_t *line_of(const Options *options)
{
	g_autoptr(GString) text = g_string_new(NULL);
	Json *line = json_begin(text);
	Json *paths;

	json_add_number(line, "kantei_state", STATE_FORM);
	json_add_number(line, "format", options->format);
	json_add_number(line, "kind", options->kind);
	paths = json_add_array(line, "mailboxes");
	for (char **path = options->paths; *path != NULL; path++)
		json_add_text(paths, NULL, *path);
	add_evidence(line, options);
	json_end(line);
	return json_read_line(slice_make(text->str, text->len), NULL);
}

static bool refuse(GError **reterr_error, const RunState *state, const char *what)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s is of a run with %s; start anew without --resume", state->path, what);
	return false;
}

static bool is_same(const RunState *state, const json_t *now, const char *member)
{
	return json_equal(json_object_get(state->run, member), json_object_get(now, member)) != 0;
}

/* What was there is there still; a live run may have added to it. */
static bool is_same_evidence(const RunState *state, const Options *options)
{
	const json_t *was = json_object_of(state->run, "evidence");
	g_autofree char *hash = NULL;
	uint64_t length, found;

	if (was == NULL || options->evidence == NULL)
		return was == NULL && options->evidence == NULL;
	if (!json_number_of(was, "length", &length))
		return false;
	hash = input_hash(options->evidence, options->offline ? UINT64_MAX : length, &found);
	return found == length && g_strcmp0(hash, json_text_of(was, "sha256")) == 0;
}

bool run_state_check(const RunState *state, const Options *options, GError **reterr_error)
{
	g_autofree char *inputs = g_strdup_printf("other %s", state->sources);
	const struct {
		const char *member, *what;
	} parts[] = { { "format", "another --format" }, { "kind", "another --kind" },
		{ "mailboxes", inputs }, { "offline", "another word on --offline" } };
	json_t *now = line_of(options);
	const char *what = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(parts) && what == NULL; i++)
		if (!is_same(state, now, parts[i].member))
			what = parts[i].what;
	json_decref(now);
	if (what == NULL && !is_same_evidence(state, options))
		what = "other evidence";
	return what == NULL || refuse(reterr_error, state, what);
}

/* --- writing */

static bool append(RunState *state, GString *text)
{
	g_string_append_c(text, '\n');
	return write(state->fd, text->str, text->len) == (ssize_t)text->len;
}

bool run_state_begin(RunState *state, const Options *options, GError **reterr_error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_hash_table_remove_all(state->inputs);
	json_decref(state->run);
	state->run = line_of(options);
	json_append_line(text, state->run);
	return (ftruncate(state->fd, 0) == 0 && lseek(state->fd, 0, SEEK_SET) == 0 &&
		       append(state, text)) ||
	       file_error_set(reterr_error, state->path);
}

void run_state_note(RunState *state, const char *path)
{
	g_autoptr(InputState) input = input_state_of(path);
	g_autoptr(GString) text = NULL;
	Json *line, *object;

	if (input == NULL)
		return;
	text = g_string_new(NULL);
	line = json_begin(text);
	object = json_add_object(line, "file");
	json_add_text(object, "path", path);
	json_add_number(object, "length", input->length);
	json_add_text(object, "time", input->time);
	json_add_text(object, "head", input->head);
	json_add_text(object, "tail", input->tail);
	json_end(line);
	append(state, text);
}
