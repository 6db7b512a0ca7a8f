#include "dns/evidence_file.h"
#include "dns/evidence_parse.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 * 1024)

struct EvidenceFile {
	char *path;
	int fd;
	bool can_append;
	bool lacks_line_end; /* what is written next begins a fresh line */
	bool lacks_header;
};

static void set_errno(GError **reterr_error, const EvidenceFile *file, const char *what)
{
	int code = errno;

	g_set_error(reterr_error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s: %s: %s",
		file->path, what, g_strerror(code));
}

/* Reads some octets at the file's own place. */
static ssize_t read_some(int fd, void *buffer, size_t size)
{
	ssize_t got;

	do
		got = read(fd, buffer, size);
	while (got < 0 && errno == EINTR);
	return got;
}

static size_t expected_size(int fd)
{
	struct stat status;

	/* One octet more than there are, so that the end is seen without growing. */
	if (fstat(fd, &status) != 0 || status.st_size <= 0 ||
		(uint64_t)status.st_size >= SIZE_MAX / 2)
		return READ_SIZE;
	return (size_t)status.st_size + 1;
}

/* The whole file in one block, read, not mapped: a file that is cut short meanwhile is then
 * shorter, and no signal. NULL on failure. */
static GBytes *read_all(EvidenceFile *file, GError **reterr_error)
{
	size_t size = expected_size(file->fd);
	g_autofree char *octets = g_try_malloc(size);
	size_t len = 0;

	for (;;) {
		ssize_t got;

		if (octets == NULL) {
			errno = ENOMEM;
			set_errno(reterr_error, file, "cannot be read");
			return NULL;
		}
		got = read_some(file->fd, octets + len, size - len);
		if (got < 0) {
			set_errno(reterr_error, file, "cannot be read");
			return NULL;
		}
		len += (size_t)got;
		if (got == 0)
			return g_bytes_new_take(g_steal_pointer(&octets), len);
		if (len == size) {
			char *larger = g_try_realloc(octets, size * 2);

			if (larger == NULL)
				g_free(octets);
			octets = larger;
			size *= 2;
		}
	}
}

static bool open_file(EvidenceFile *file, EvidenceMode mode, GError **reterr_error)
{
	struct stat status;
	int flags = O_CLOEXEC | O_NOCTTY;

	flags |= mode == EVIDENCE_APPEND ? O_RDWR | O_APPEND | O_CREAT : O_RDONLY;
	file->fd = open(file->path, flags, 0666);
	file->can_append = mode == EVIDENCE_APPEND;
	if (file->fd < 0) {
		set_errno(reterr_error, file, "cannot be opened");
		return false;
	}
	if (fstat(file->fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		set_errno(reterr_error, file, "cannot be read");
		return false;
	}
	return true;
}

/* One write, so that a group is there or is not, and two runs do not mix theirs. */
static bool write_once(EvidenceFile *file, const GString *text, GError **reterr_error)
{
	ssize_t written;

	do
		written = write(file->fd, text->str, text->len);
	while (written < 0 && errno == EINTR);
	if (written == (ssize_t)text->len)
		return true;
	if (written > 0)
		file->lacks_line_end = true;
	if (written >= 0)
		errno = ENOSPC;
	set_errno(reterr_error, file, "cannot be written");
	return false;
}

static bool append_text(EvidenceFile *file, const GString *text, GError **reterr_error)
{
	g_autoptr(GString) whole = g_string_new(file->lacks_line_end ? "\n" : NULL);

	if (file->lacks_header)
		g_string_append(whole, EVIDENCE_HEADER " " EVIDENCE_VERSION "\n");
	g_string_append_len(whole, text->str, (gssize)text->len);
	if (!write_once(file, whole, reterr_error))
		return false;
	file->lacks_line_end = false;
	file->lacks_header = false;
	return true;
}

/* What is read and, to append, what has to come before the first group. */
static bool load(EvidenceFile *file, Evidence *evidence, GPtrArray *notes, GError **reterr_error)
{
	g_autoptr(GBytes) octets = read_all(file, reterr_error);
	g_autoptr(GString) nothing = g_string_new(NULL);
	Slice text;

	if (octets == NULL)
		return false;
	text = slice_of_bytes(octets);
	if (!evidence_parse_held(octets, file->path, evidence, notes)) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"%s: the evidence file is of a version that this kantei does not know",
			file->path);
		return false;
	}
	file->lacks_line_end = text.len > 0 && text.data[text.len - 1] != '\n';
	file->lacks_header = text.len == 0;
	return !file->can_append || !file->lacks_header || append_text(file, nothing, reterr_error);
}

EvidenceFile *evidence_file_open(const char *path, EvidenceMode mode, Evidence *evidence,
	GPtrArray *notes, GError **reterr_error)
{
	g_autoptr(EvidenceFile) file = g_new0(EvidenceFile, 1);

	file->path = g_strdup(path);
	file->fd = -1;
	if (!open_file(file, mode, reterr_error) || !load(file, evidence, notes, reterr_error))
		return NULL;
	return g_steal_pointer(&file);
}

bool evidence_file_append(EvidenceFile *file, const Answer *answer, GError **reterr_error)
{
	g_autoptr(GString) group = evidence_format(answer);

	if (!file->can_append) {
		errno = EBADF;
		set_errno(reterr_error, file, "cannot be written");
		return false;
	}
	return append_text(file, group, reterr_error);
}

bool evidence_file_digest(EvidenceFile *file, DigestValue *ret_digest, GError **reterr_error)
{
	g_autoptr(Digest) digest = digest_new(DIGEST_SHA256);
	g_autofree char *buffer = g_malloc(READ_SIZE);
	off_t at = 0;
	ssize_t got;

	for (;;) {
		got = pread(file->fd, buffer, READ_SIZE, at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		digest_add(digest, slice_make(buffer, (size_t)got));
		at += got;
	}
	if (got < 0) {
		set_errno(reterr_error, file, "cannot be read");
		return false;
	}
	*ret_digest = digest_finish(digest);
	return true;
}

void evidence_file_free(EvidenceFile *file)
{
	if (file == NULL)
		return;
	if (file->fd >= 0)
		close(file->fd);
	g_free(file->path);
	g_free(file);
}
