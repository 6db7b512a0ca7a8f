#include "mailbox/unpacker.h"

#include "base/limits.h"
#include "base/printable.h"
#include "mailbox/read_error.h"
#include "mailbox/unpacker_process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is sent down at a time. */
#define PIECE ((size_t)64 * 1024)

struct Unpacker {
	Window *window;
	char *path;
	pid_t pid; /* 0: it has ended */
	int fd;
	bool is_fed;   /* all of the archive went down, or no more of it is wanted */
	Slice piece;   /* of the window, taken and not yet sent */
	GError *fault; /* the archive could not be read; told at its end */
	char *in;
	size_t in_start; /* in[in_start..in_end) has come and is not yet read */
	size_t in_end;
	bool in_member;
	Slice octets; /* of the member, not yet handed out */
	char *member; /* its path */
	bool is_done;
};

static bool refuse(const char *path, GError **reterr_error)
{
	read_error_errno(reterr_error, path, "no process can be started to unpack it", errno);
	return false;
}

static bool start(Unpacker *unpacker, const UnpackerOptions *options, GError **reterr_error)
{
	g_autofree char *base = g_path_get_basename(unpacker->path);
	g_autofree char *stem = unpack_stem(base);
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return refuse(unpacker->path, reterr_error);
	pid = fork();
	if (pid == 0)
		unpacker_process(ends[1], stem, options);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return refuse(unpacker->path, reterr_error);
	}
	unpacker->pid = pid;
	unpacker->fd = ends[0];
	return true;
}

/* Returns the status that it ended with. */
static int stop(Unpacker *unpacker)
{
	int status = 0;
	pid_t ended;

	if (unpacker->pid == 0)
		return 0;
	close(unpacker->fd);
	kill(unpacker->pid, SIGKILL);
	do {
		ended = waitpid(unpacker->pid, &status, 0);
	} while (ended < 0 && errno == EINTR);
	unpacker->pid = 0;
	return status;
}

Unpacker *unpacker_new(
	Window *window, const char *path, const UnpackerOptions *options, GError **reterr_error)
{
	g_autoptr(Unpacker) unpacker = g_new0(Unpacker, 1);

	unpacker->window = window;
	unpacker->path = g_strdup(path);
	unpacker->in = g_malloc(FRAME_HEAD + FRAME_MAX);
	return start(unpacker, options, reterr_error) ? g_steal_pointer(&unpacker) : NULL;
}

void unpacker_free(Unpacker *unpacker)
{
	if (unpacker == NULL)
		return;
	stop(unpacker);
	g_clear_error(&unpacker->fault);
	g_free(unpacker->in);
	g_free(unpacker->member);
	g_free(unpacker->path);
	g_free(unpacker);
}

/* --- the archive goes down */

static bool take_piece(Unpacker *unpacker)
{
	if (unpacker->piece.len > 0)
		return true;
	if (window_take(unpacker->window, PIECE, &unpacker->piece, &unpacker->fault) ==
		WINDOW_OCTETS)
		return true;
	unpacker->piece = slice_of("");
	return false;
}

/* Sends what the socket takes. A process that has seen enough hears no more. */
static void feed(Unpacker *unpacker)
{
	ssize_t sent = 0;

	if (take_piece(unpacker)) {
		sent = send(unpacker->fd, unpacker->piece.data, unpacker->piece.len,
			MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent > 0)
			unpacker->piece =
				slice_sub(unpacker->piece, (size_t)sent, unpacker->piece.len);
	}
	unpacker->is_fed = sent == 0 || (sent < 0 && errno == EPIPE);
	if (unpacker->is_fed)
		shutdown(unpacker->fd, SHUT_WR);
}

/* --- frames come up */

/* What has come is moved to the front: it is less than a frame. False where nothing more will. */
static bool receive(Unpacker *unpacker)
{
	size_t held = unpacker->in_end - unpacker->in_start;
	ssize_t got;

	if (held > 0)
		memmove(unpacker->in, unpacker->in + unpacker->in_start, held);
	unpacker->in_start = 0;
	unpacker->in_end = held;
	got = recv(unpacker->fd, unpacker->in + held, FRAME_HEAD + FRAME_MAX - held, MSG_DONTWAIT);
	if (got > 0)
		unpacker->in_end += (size_t)got;
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

typedef enum Wait { WAIT_MORE, WAIT_ENDED, WAIT_STILL } Wait;

/* Waits for more, and sends the archive meanwhile. */
static Wait await(Unpacker *unpacker)
{
	short events = unpacker->is_fed ? POLLIN : POLLIN | POLLOUT;
	struct pollfd entry = { unpacker->fd, events, 0 };
	int ready = poll(&entry, 1, (int)LIMIT_STILL_MS);

	if (ready == 0)
		return WAIT_STILL;
	if (ready < 0)
		return errno == EINTR ? WAIT_MORE : WAIT_ENDED;
	if ((entry.revents & (POLLIN | POLLHUP | POLLERR)) != 0)
		return receive(unpacker) ? WAIT_MORE : WAIT_ENDED;
	feed(unpacker);
	return WAIT_MORE;
}

/* The frame that has come whole; kind is 0 where none has. False where it is longer than it may be.
 */
static bool read_frame(Unpacker *unpacker, uint32_t *ret_kind, Slice *ret_octets)
{
	Slice there = slice_make(
		unpacker->in + unpacker->in_start, unpacker->in_end - unpacker->in_start);
	uint32_t head[2];

	*ret_kind = 0;
	if (there.len < FRAME_HEAD)
		return true;
	memcpy(head, there.data, sizeof head);
	if (head[1] > FRAME_MAX)
		return false;
	if (there.len - FRAME_HEAD < head[1])
		return true;
	*ret_kind = head[0];
	*ret_octets = slice_sub(there, FRAME_HEAD, head[1]);
	unpacker->in_start += FRAME_HEAD + head[1];
	return true;
}

static void fail(Unpacker *unpacker, const char *text, GError **reterr_error)
{
	stop(unpacker);
	unpacker->is_done = true;
	unpacker->in_member = false;
	read_error(reterr_error, unpacker->path, text);
}

static void fail_ended(Unpacker *unpacker, GError **reterr_error)
{
	int status = stop(unpacker);
	g_autofree char *text = NULL;

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		text = g_strdup("the process that unpacked it did what it may not do; the rest of "
				"it was not read");
	else
		text = g_strdup_printf("the process that unpacked it ended early (%s %d); the rest "
				       "of it was not read",
			WIFSIGNALED(status) ? "signal" : "exit status",
			WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	fail(unpacker, text, reterr_error);
}

/* The next frame, however long that takes. False with an error where the process is done for. */
static bool next_frame(
	Unpacker *unpacker, uint32_t *ret_kind, Slice *ret_octets, GError **reterr_error)
{
	for (;;) {
		if (!read_frame(unpacker, ret_kind, ret_octets)) {
			fail(unpacker, "the process that unpacked it said what it may not",
				reterr_error);
			return false;
		}
		if (*ret_kind != 0)
			return true;
		switch (await(unpacker)) {
		case WAIT_MORE:
			break;
		case WAIT_STILL:
			fail(unpacker,
				"the process that unpacked it stood still; the rest of it "
				"was not read",
				reterr_error);
			return false;
		case WAIT_ENDED:
			fail_ended(unpacker, reterr_error);
			return false;
		}
	}
}

/* --- what they say */

/* "ARCHIVE!NAME"; the archive itself where there is no name. */
static char *path_of(const Unpacker *unpacker, Slice name)
{
	g_autofree char *member = slice_dup(name);

	return *member != '\0' ? g_strconcat(unpacker->path, "!", member, NULL)
			       : g_strdup(unpacker->path);
}

static bool take_member(Unpacker *unpacker, Slice octets, UnpackedMember *ret_member)
{
	Slice name = slice_sub(octets, sizeof(uint32_t), octets.len);
	uint32_t own;

	if (octets.len < sizeof own || name.len > LIMIT_ARCHIVE_NAME ||
		slice_find_char(name, '\0') >= 0)
		return false;
	memcpy(&own, octets.data, sizeof own);
	if (own > name.len)
		return false;
	g_free(unpacker->member);
	unpacker->member = g_strdup_printf(
		"%s!%.*s", unpacker->path, (int)name.len, name.len > 0 ? name.data : "");
	unpacker->in_member = true;
	ret_member->path = g_strdup(unpacker->member);
	ret_member->name = slice_dup(slice_sub(name, own, name.len));
	return true;
}

static void set_broken(const Unpacker *unpacker, Slice octets, GError **reterr_error)
{
	g_autofree char *text = printable_line(octets);

	read_error(reterr_error, unpacker->member, text);
}

static bool take_problem(const Unpacker *unpacker, Slice octets, GError **reterr_error)
{
	ssize_t end = slice_find_char(octets, '\0');
	g_autofree char *text = NULL;
	g_autofree char *path = NULL;

	if (end < 0)
		return false;
	path = path_of(unpacker, slice_sub(octets, 0, (size_t)end));
	text = printable_line(slice_sub(octets, (size_t)end + 1, octets.len));
	read_error(reterr_error, path, text);
	return true;
}

/* The archive itself may not have been read to its end. */
static UnpackerStep end_archive(Unpacker *unpacker, GError **reterr_error)
{
	unpacker->is_done = true;
	stop(unpacker);
	if (unpacker->fault == NULL)
		return UNPACKER_END;
	g_propagate_error(reterr_error, g_steal_pointer(&unpacker->fault));
	return UNPACKER_PROBLEM;
}

/* A frame between members. True where there is something to say of it. */
static bool take_frame(Unpacker *unpacker, uint32_t kind, Slice octets, UnpackedMember *ret_member,
	UnpackerStep *ret_step, GError **reterr_error)
{
	bool is_sound = false;

	*ret_step = UNPACKER_PROBLEM;
	if (unpacker->in_member && (kind == FRAME_OCTETS || kind == FRAME_END)) {
		unpacker->in_member = kind == FRAME_OCTETS;
		return false;
	}
	if (unpacker->in_member && kind == FRAME_BROKEN) {
		unpacker->in_member = false;
		set_broken(unpacker, octets, reterr_error);
		return true;
	}
	if (!unpacker->in_member && kind == FRAME_PROBLEM) {
		is_sound = take_problem(unpacker, octets, reterr_error);
	} else if (!unpacker->in_member && kind == FRAME_MEMBER) {
		is_sound = take_member(unpacker, octets, ret_member);
		*ret_step = is_sound ? UNPACKER_MEMBER : UNPACKER_PROBLEM;
	} else if (!unpacker->in_member && kind == FRAME_DONE) {
		is_sound = true;
		*ret_step = end_archive(unpacker, reterr_error);
	}
	if (!is_sound)
		fail(unpacker, "the process that unpacked it said what it may not", reterr_error);
	return true;
}

UnpackerStep unpacker_next(Unpacker *unpacker, UnpackedMember *ret_member, GError **reterr_error)
{
	UnpackerStep step;
	uint32_t kind;
	Slice octets;

	unpacker->octets = SLICE_ABSENT;
	do {
		if (unpacker->is_done)
			return UNPACKER_END;
		if (!next_frame(unpacker, &kind, &octets, reterr_error))
			return UNPACKER_PROBLEM;
	} while (!take_frame(unpacker, kind, octets, ret_member, &step, reterr_error));
	return step;
}

/* --- the octets of a member, for a window */

/* The next octets of the member. 0 at its end, -1 where there is a problem. */
static int take_octets(Unpacker *unpacker, GError **reterr_error)
{
	uint32_t kind;

	if (!unpacker->in_member)
		return 0;
	if (!next_frame(unpacker, &kind, &unpacker->octets, reterr_error)) {
		unpacker->octets = SLICE_ABSENT;
		return -1;
	}
	if (kind == FRAME_OCTETS && unpacker->octets.len > 0)
		return 1;
	unpacker->in_member = false;
	if (kind == FRAME_BROKEN)
		set_broken(unpacker, unpacker->octets, reterr_error);
	else if (kind != FRAME_END)
		fail(unpacker, "the process that unpacked it said what it may not", reterr_error);
	unpacker->octets = SLICE_ABSENT;
	return kind == FRAME_END ? 0 : -1;
}

static ssize_t read_octets(gpointer state, char *into, size_t room, GError **reterr_error)
{
	Unpacker *unpacker = state;
	Slice piece;

	if (unpacker->octets.len == 0) {
		int step = take_octets(unpacker, reterr_error);

		if (step <= 0)
			return step;
	}
	piece = slice_sub(unpacker->octets, 0, room);
	memcpy(into, piece.data, piece.len);
	unpacker->octets = slice_sub(unpacker->octets, piece.len, unpacker->octets.len);
	return (ssize_t)piece.len;
}

void unpacker_open(Unpacker *unpacker, Window *member, const char *path)
{
	const WindowStream stream = { read_octets, unpacker };

	window_open_stream(member, path, &stream);
}
