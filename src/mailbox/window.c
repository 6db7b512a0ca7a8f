#include "mailbox/window.h"

#include "mailbox/read_error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Window {
	char *path;
	int fd;       /* -1: memory or a stream is read */
	bool owns_fd; /* standard input is not ours */
	Slice memory;
	WindowStream stream; /* read is NULL where there is none */
	uint64_t file_size;
	char *buffer;
	size_t capacity;
	size_t start; /* buffer[start..end) was read and not taken */
	size_t end;
	size_t searched; /* so many octets from start on hold no LF */
	uint64_t offset; /* in the file, of buffer[start] */
	bool at_end;
	GError *fault; /* what ended it; told when all before it was taken */
	bool in_line;  /* what was taken last did not end its line */
};

Window *window_new(size_t capacity)
{
	Window *window = g_new0(Window, 1);

	g_assert(capacity >= WINDOW_CAPACITY_MIN);
	window->fd = -1;
	window->memory = SLICE_ABSENT;
	window->capacity = capacity;
	window->buffer = g_malloc(capacity);
	window->at_end = true;
	return window;
}

void window_close(Window *window)
{
	if (window->owns_fd && window->fd >= 0)
		close(window->fd);
	g_clear_pointer(&window->path, g_free);
	g_clear_error(&window->fault);
	window->fd = -1;
	window->memory = SLICE_ABSENT;
	window->stream = (WindowStream) { NULL, NULL };
	window->file_size = 0;
	window->start = window->end = window->searched = 0;
	window->offset = 0;
	window->at_end = true;
	window->in_line = false;
}

void window_free(Window *window)
{
	if (window == NULL)
		return;
	window_close(window);
	g_free(window->buffer);
	g_free(window);
}

/* Without O_NONBLOCK a FIFO would hold us up in open() until somebody writes to it. */
static int open_file(const char *path, WindowFiles files)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;

	return open(path, files == WINDOW_REGULAR_FILE ? flags | O_NONBLOCK : flags);
}

bool window_open(Window *window, const char *path, WindowFiles files, GError **reterr_error)
{
	struct stat facts;

	window_close(window);
	window->owns_fd = strcmp(path, "-") != 0;
	window->fd = window->owns_fd ? open_file(path, files) : STDIN_FILENO;
	if (window->fd < 0 || fstat(window->fd, &facts) != 0) {
		read_error_errno(reterr_error, path, "cannot be opened", errno);
		window_close(window);
		return false;
	}
	if (files == WINDOW_REGULAR_FILE && !S_ISREG(facts.st_mode)) {
		read_error(reterr_error, path, "is not a regular file");
		window_close(window);
		return false;
	}
	window->path = g_strdup(path);
	window->at_end = false;
	/* Standard input may be a file that somebody has read a part of. */
	if (S_ISREG(facts.st_mode) && facts.st_size > 0 && window->owns_fd)
		window->file_size = (uint64_t)facts.st_size;
	return true;
}

void window_open_memory(Window *window, const char *path, Slice octets)
{
	window_close(window);
	window->path = g_strdup(path);
	window->memory = octets;
	window->at_end = false;
}

bool window_seek(Window *window, uint64_t offset, GError **reterr_error)
{
	if (lseek(window->fd, (off_t)offset, SEEK_SET) < 0) {
		read_error_errno(reterr_error, window->path, "cannot be read there", errno);
		return false;
	}
	window->start = window->end = window->searched = 0;
	window->offset = offset;
	window->at_end = false;
	window->in_line = false;
	return true;
}

void window_open_stream(Window *window, const char *path, const WindowStream *stream)
{
	window_close(window);
	window->path = g_strdup(path);
	window->stream = *stream;
	window->at_end = false;
}

static ssize_t read_memory(Window *window, char *into, size_t room)
{
	Slice piece = slice_sub(window->memory, 0, room);

	if (piece.len > 0)
		memcpy(into, piece.data, piece.len);
	window->memory = slice_sub(window->memory, piece.len, window->memory.len);
	return (ssize_t)piece.len;
}

static ssize_t read_file(const Window *window, char *into, size_t room)
{
	ssize_t got;

	do {
		got = read(window->fd, into, room);
	} while (got < 0 && errno == EINTR);
	return got;
}

static ssize_t read_some(
	Window *window, char *into, size_t room, uint64_t offset, GError **reterr_error)
{
	g_autofree char *text = NULL;
	ssize_t got;

	if (window->stream.read != NULL)
		return window->stream.read(window->stream.state, into, room, reterr_error);
	if (window->fd < 0)
		return read_memory(window, into, room);
	got = read_file(window, into, room);
	if (got >= 0)
		return got;
	text = g_strdup_printf("cannot be read at offset %" G_GUINT64_FORMAT, offset);
	read_error_errno(reterr_error, window->path, text, errno);
	return -1;
}

static void note_end(Window *window, uint64_t reached)
{
	g_autofree char *text = NULL;

	window->at_end = true;
	if (reached >= window->file_size)
		return;
	text = g_strdup_printf("shrank while it was read: it ends at offset %" G_GUINT64_FORMAT
			       ", and had %" G_GUINT64_FORMAT " octets",
		reached, window->file_size);
	read_error(&window->fault, window->path, text);
}

/* Reads more into a window that is not full. */
static void fill(Window *window)
{
	size_t held = window->end - window->start;
	ssize_t got;

	if (window->start > 0) {
		memmove(window->buffer, window->buffer + window->start, held);
		window->start = 0;
		window->end = held;
	}
	got = read_some(window, window->buffer + held, window->capacity - held,
		window->offset + held, &window->fault);
	if (got < 0)
		window->at_end = true;
	else if (got == 0)
		note_end(window, window->offset + held);
	else
		window->end += (size_t)got;
}

bool window_take_fault(Window *window, GError **reterr_error)
{
	if (window->fault == NULL)
		return false;
	g_propagate_error(reterr_error, g_steal_pointer(&window->fault));
	return true;
}

static bool is_full(const Window *window)
{
	return window->end - window->start == window->capacity;
}

bool window_peek(Window *window, Slice *ret_ahead, GError **reterr_error)
{
	while (!window->at_end && !is_full(window))
		fill(window);
	if (window->start == window->end && window_take_fault(window, reterr_error))
		return false;
	*ret_ahead = slice_make(window->buffer + window->start, window->end - window->start);
	return true;
}

static Slice take(Window *window, size_t len)
{
	Slice piece = slice_make(window->buffer + window->start, len);

	window->start += len;
	window->offset += len;
	window->searched = 0;
	window->in_line = piece.data[len - 1] != '\n';
	return piece;
}

WindowStep window_take(Window *window, size_t max, Slice *ret_piece, GError **reterr_error)
{
	if (window->start == window->end && !window->at_end)
		fill(window);
	if (window->start == window->end)
		return window_take_fault(window, reterr_error) ? WINDOW_ERROR : WINDOW_END;
	if (max == 0)
		return WINDOW_END;
	*ret_piece = take(window, MIN(max, window->end - window->start));
	return WINDOW_OCTETS;
}

/* Length of the line ahead with its LF, as far as it was read; 0 where it has no LF yet. */
static size_t line_length(Window *window)
{
	Slice fresh = slice_make(window->buffer + window->start + window->searched,
		window->end - window->start - window->searched);
	ssize_t at = slice_find_char(fresh, '\n');

	if (at >= 0)
		return window->searched + (size_t)at + 1;
	window->searched += fresh.len;
	return 0;
}

WindowStep window_take_line(
	Window *window, Slice *ret_piece, bool *ret_begins, GError **reterr_error)
{
	size_t len = line_length(window);

	while (len == 0 && !window->at_end && !is_full(window)) {
		fill(window);
		len = line_length(window);
	}
	/* A part of a line is none. */
	if (len == 0 && window_take_fault(window, reterr_error)) {
		window->start = window->end;
		return WINDOW_ERROR;
	}
	if (len == 0)
		len = window->end - window->start;
	if (len == 0)
		return WINDOW_END;
	*ret_begins = !window->in_line;
	*ret_piece = take(window, len);
	return WINDOW_OCTETS;
}

Slice window_take_lines(Window *window, const char *stop)
{
	Slice ahead = slice_make(window->buffer + window->start, window->end - window->start);
	Slice rest = window->in_line ? SLICE_ABSENT : ahead;

	while (rest.len > 0 && !slice_starts(rest, stop)) {
		ssize_t at = slice_find_char(rest, '\n');

		if (at < 0)
			break;
		rest = slice_sub(rest, (size_t)at + 1, rest.len);
	}
	if (window->in_line || rest.len == ahead.len)
		return SLICE_ABSENT;
	return take(window, ahead.len - rest.len);
}

uint64_t window_offset(const Window *window)
{
	return window->offset;
}

uint64_t window_file_size(const Window *window)
{
	return window->file_size;
}

size_t window_capacity(const Window *window)
{
	return window->capacity;
}
