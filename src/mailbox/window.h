/* Reads a file front to back through one large buffer, which is used again for the next file. It is
 * read, never mapped: a file that shrinks meanwhile is a read error, not a signal. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* A read of 1 MiB costs little more than the copying; the buffer stays in the second cache. */
#define WINDOW_CAPACITY ((size_t)1024 * 1024)
/* No smaller window makes sense: the longest From_ line that is recognised fits into it. */
#define WINDOW_CAPACITY_MIN ((size_t)4096)

typedef enum WindowStep { WINDOW_OCTETS, WINDOW_END, WINDOW_ERROR } WindowStep;

typedef enum WindowFiles {
	WINDOW_ANY_FILE,     /* also a pipe, as a user may name one */
	WINDOW_REGULAR_FILE, /* anything else is an error, found without waiting for a writer */
} WindowFiles;

/* Where octets come from that lie in no file of their own: at most room at a time, 0 at their end,
 * -1 with an error that names them. */
typedef struct WindowStream {
	ssize_t (*read)(gpointer state, char *into, size_t room, GError **reterr_error);
	gpointer state; /* borrowed */
} WindowStream;

typedef struct Window Window;

Window *window_new(size_t capacity);
void window_free(Window *window); /* NULL is fine; the file is closed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Window, window_free)

/* Each closes what was open. "-" is standard input, which stays open afterwards. */
bool window_open(Window *window, const char *path, WindowFiles files, GError **reterr_error);
/* Reads octets, which must outlive the reading, as if they were a file of that name. */
void window_open_memory(Window *window, const char *path, Slice octets);
void window_open_stream(Window *window, const char *path, const WindowStream *stream);
void window_close(Window *window);

/* Goes on at offset of the regular file that was just opened, where a line begins. */
bool window_seek(Window *window, uint64_t offset, GError **reterr_error);

/* Where reading fails, what comes before is handed out first; then the error, once.
 *
 * What lies ahead, without taking it: as much as the window holds, or all there is. Empty at the
 * end of the file. The slices that these hand out live until the next call. */
bool window_peek(Window *window, Slice *ret_ahead, GError **reterr_error);
/* Takes at most max octets, at least one unless the file is at its end. */
WindowStep window_take(Window *window, size_t max, Slice *ret_piece, GError **reterr_error);
/* Takes a line with its LF. A line longer than the window comes in pieces, all of them but the
 * last as long as the window; *ret_begins is true for the first piece of a line. */
WindowStep window_take_line(
	Window *window, Slice *ret_piece, bool *ret_begins, GError **reterr_error);

/* Takes the lines that are there whole, up to one that begins with stop. Empty where there
 * is none: what lies ahead is such a line, no whole one, or was not read yet. */
Slice window_take_lines(Window *window, const char *stop);

/* Of the first octet that was not taken. */
uint64_t window_offset(const Window *window);
/* True where reading failed within what lies ahead, and that was not told yet: it is now. */
bool window_take_fault(Window *window, GError **reterr_error);
size_t window_capacity(const Window *window);
/* Octets of a regular file when it was opened; 0 for anything else. */
uint64_t window_file_size(const Window *window);
