#include "cli/input_state.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Of head and tail each: what one disk access brings. */
#define SAMPLE ((uint64_t)64 * 1024)
#define WINDOW ((size_t)256 * 1024)

void input_state_free(InputState *state)
{
	if (state == NULL)
		return;
	g_free(state->time);
	g_free(state->head);
	g_free(state->tail);
	g_free(state);
}

/* Of limit octets from where the file stands; those that are not there do not count. */
static char *hash_some(FILE *file, uint64_t limit, uint64_t *ret_length)
{
	g_autoptr(Digest) digest = digest_new(DIGEST_SHA256);
	g_autofree char *window = g_malloc(WINDOW);
	DigestValue value;
	size_t got;

	*ret_length = 0;
	do {
		got = fread(window, 1, (size_t)MIN(limit - *ret_length, WINDOW), file);
		digest_add(digest, slice_make(window, got));
		*ret_length += got;
	} while (got > 0 && *ret_length < limit);
	value = digest_finish(digest);
	return ferror(file) == 0 ? digest_hex(&value) : NULL;
}

static char *hash_at(FILE *file, uint64_t from, uint64_t limit)
{
	uint64_t length;

	return fseeko(file, (off_t)from, SEEK_SET) == 0 ? hash_some(file, limit, &length) : NULL;
}

/* The file as it was when it had that length. */
static void hash_ends(FILE *file, uint64_t length, char **ret_head, char **ret_tail)
{
	uint64_t sample = MIN(length, SAMPLE);

	*ret_head = hash_at(file, 0, sample);
	*ret_tail = hash_at(file, length - sample, sample);
}

static char *time_text(const struct stat *facts)
{
	return g_strdup_printf("%" G_GINT64_FORMAT ".%09ld", (gint64)facts->st_mtim.tv_sec,
		(long)facts->st_mtim.tv_nsec);
}

static FILE *open_regular(const char *path, struct stat *ret_facts)
{
	FILE *file = g_fopen(path, "rbe");

	if (file == NULL || (fstat(fileno(file), ret_facts) == 0 && S_ISREG(ret_facts->st_mode)))
		return file;
	fclose(file);
	return NULL;
}

InputState *input_state_of(const char *path)
{
	g_autoptr(InputState) state = NULL;
	struct stat facts;
	FILE *file = open_regular(path, &facts);

	if (file == NULL)
		return NULL;
	state = g_new0(InputState, 1);
	state->length = (uint64_t)facts.st_size;
	state->time = time_text(&facts);
	hash_ends(file, state->length, &state->head, &state->tail);
	fclose(file);
	return state->head != NULL && state->tail != NULL ? g_steal_pointer(&state) : NULL;
}

static InputChange compare_open(
	FILE *file, const struct stat *facts, const InputState *was, const char **ret_what)
{
	g_autofree char *head = NULL;
	g_autofree char *tail = NULL;
	g_autofree char *time = time_text(facts);

	*ret_what = "it is shorter";
	if ((uint64_t)facts->st_size < was->length)
		return INPUT_CHANGED;
	hash_ends(file, was->length, &head, &tail);
	*ret_what = "it begins otherwise";
	if (g_strcmp0(head, was->head) != 0)
		return INPUT_CHANGED;
	*ret_what = "it ended otherwise";
	if (g_strcmp0(tail, was->tail) != 0)
		return INPUT_CHANGED;
	*ret_what = "its time is another, or it grew";
	return (uint64_t)facts->st_size == was->length && strcmp(time, was->time) == 0
		       ? INPUT_SAME
		       : INPUT_TOUCHED;
}

InputChange input_state_compare(const char *path, const InputState *was, const char **ret_what)
{
	InputChange change = INPUT_CHANGED;
	struct stat facts;
	FILE *file = open_regular(path, &facts);

	*ret_what = "it cannot be read";
	if (file == NULL)
		return INPUT_CHANGED;
	change = compare_open(file, &facts, was, ret_what);
	fclose(file);
	return change;
}

char *input_hash(const char *path, uint64_t limit, uint64_t *ret_length)
{
	struct stat facts;
	FILE *file = open_regular(path, &facts);
	char *hash;

	*ret_length = 0;
	if (file == NULL)
		return NULL;
	hash = hash_some(file, limit, ret_length);
	fclose(file);
	return hash;
}
