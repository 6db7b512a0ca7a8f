#include "mailbox/unpacker_process.h"

#include "base/child.h"
#include "base/limits.h"

#include <errno.h>
#include <locale.h>
#include <time.h>
#include <unistd.h>

static bool write_all(int fd, const void *octets, size_t len)
{
	const char *at = octets;

	while (len > 0) {
		ssize_t put = write(fd, at, len);

		if (put < 0 && errno != EINTR)
			return false;
		at += put > 0 ? put : 0;
		len -= put > 0 ? (size_t)put : 0;
	}
	return true;
}

static void put_octets(int fd, const void *octets, size_t len)
{
	if (len > 0 && !write_all(fd, octets, len))
		_exit(0);
}

static void put_head(int fd, FrameKind kind, size_t len)
{
	uint32_t head[] = { kind, (uint32_t)len };

	put_octets(fd, head, sizeof head);
}

static void put_frame(int fd, FrameKind kind, Slice octets)
{
	put_head(fd, kind, octets.len);
	put_octets(fd, octets.data, octets.len);
}

static size_t put_read(gpointer data, char *into, size_t room)
{
	const int *fd = data;
	ssize_t got;

	do {
		got = read(*fd, into, room);
	} while (got < 0 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}

static void put_member(gpointer data, Slice name, size_t own)
{
	const int *fd = data;
	uint32_t at = (uint32_t)own;

	put_head(*fd, FRAME_MEMBER, sizeof at + name.len);
	put_octets(*fd, &at, sizeof at);
	put_octets(*fd, name.data, name.len);
}

static void put_member_octets(gpointer data, Slice octets)
{
	const int *fd = data;

	if (octets.len > 0)
		put_frame(*fd, FRAME_OCTETS, octets);
}

/* What a library says may hold anything of the archive's, but is never long. */
static Slice bounded(const char *text)
{
	return slice_sub(slice_of(text), 0, LIMIT_ARCHIVE_NAME);
}

static void put_end(gpointer data, const char *problem)
{
	const int *fd = data;

	if (problem == NULL)
		put_frame(*fd, FRAME_END, slice_of(""));
	else
		put_frame(*fd, FRAME_BROKEN, bounded(problem));
}

static void put_problem(gpointer data, Slice name, const char *text)
{
	const int *fd = data;
	Slice said = bounded(text);

	put_head(*fd, FRAME_PROBLEM, name.len + 1 + said.len);
	put_octets(*fd, name.data, name.len);
	put_octets(*fd, "", 1);
	put_octets(*fd, said.data, said.len);
}

/* What a library would look up in files later: a converter for names that are said to be UTF-8,
 * which come out as they are in that locale, and the time zone, which the C library looks at again
 * each time unless it has a name. */
static void prepare_library(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	g_setenv("TZ", "UTC0", TRUE);
	tzset();
}

void unpacker_process(int end, const char *stem, const UnpackerOptions *options)
{
	int fd = child_begin(end);
	const UnpackIo io = { put_read, put_member, put_member_octets, put_end, put_problem, &fd };

	prepare_library();
	if (options->confine != NULL)
		options->confine(fd, LIMIT_ARCHIVE_MEMORY);
	unpack(&io, &options->limits, stem);
	put_frame(fd, FRAME_DONE, slice_of(""));
	_exit(0);
}
