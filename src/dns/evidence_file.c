#include "dns/evidence_file.h"
#include "dns/evidence_parse.h"
#include "dns/evidence_text.h"

#include "base/block.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 * 1024)
/* Octets of a ;q line that kantei wrote: a name of 255 octets takes four each at most, the rest a
 * few hundred. */
#define HEAD_MAX ((size_t)4096)

struct EvidenceFile {
	char *path;
	int fd;
	bool can_append;
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

/* The octets in a block of another size; NULL where there is no memory for it. */
static char *resize(char *octets, size_t len, size_t size)
{
	char *other = block_new(size);

	if (other != NULL && len > 0)
		memcpy(other, octets, len);
	block_free(octets);
	return other;
}

/* The whole file in one block, read, not mapped: a file that is cut short meanwhile is then
 * shorter, and no signal. NULL on failure. */
static GBytes *read_all(EvidenceFile *file, GError **reterr_error)
{
	size_t size = expected_size(file->fd);
	char *octets = block_new(size);
	size_t len = 0;
	ssize_t got = 1;

	while (octets != NULL && got > 0) {
		got = read_some(file->fd, octets + len, size - len);
		len += got > 0 ? (size_t)got : 0;
		if (got > 0 && len == size) {
			octets = resize(octets, len, size * 2);
			size *= 2;
		}
	}
	if (octets != NULL && got == 0)
		return g_bytes_new_with_free_func(octets, len, block_free, octets);
	if (octets == NULL)
		errno = ENOMEM;
	set_errno(reterr_error, file, "cannot be read");
	block_free(octets);
	return NULL;
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

/* Keeps other kanteis out of the file meanwhile. Where the file system has no locks, that every
 * group is one write has to do. */
static void lock(const EvidenceFile *file, int operation)
{
	int result;

	do
		result = flock(file->fd, operation);
	while (result != 0 && errno == EINTR);
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
	if (written >= 0)
		errno = ENOSPC;
	set_errno(reterr_error, file, "cannot be written");
	return false;
}

/* The last octets of the file, as many as a ;q line may have, and they are the whole file where it
 * is shorter. */
static Slice read_tail(const EvidenceFile *file, char buffer[HEAD_MAX])
{
	struct stat status;
	off_t from;
	ssize_t got;

	if (fstat(file->fd, &status) != 0 || status.st_size < 0)
		return SLICE_ABSENT;
	from = MAX(0, status.st_size - (off_t)HEAD_MAX);
	do
		got = pread(file->fd, buffer, HEAD_MAX, from);
	while (got < 0 && errno == EINTR);
	return got >= 0 ? slice_make(buffer, (size_t)got) : SLICE_ABSENT;
}

/* The rest of a header that was torn, or all of it; NULL where the file has more than a header. */
static const char *rest_of_header(Slice tail)
{
	static const char header[] = EVIDENCE_HEADER " " EVIDENCE_VERSION "\n";

	if (tail.len >= strlen(header) || memcmp(header, tail.data, tail.len) != 0)
		return NULL;
	return header + tail.len;
}

/* What has to come before the next group: the header, or the end of a line that was torn. A ;q line
 * that lost its crc would be one that was written by hand; this crc is never right. */
static const char *lacking_octets(const EvidenceFile *file)
{
	char buffer[HEAD_MAX];
	Slice tail = read_tail(file, buffer);
	const char *header = tail.data != NULL ? rest_of_header(tail) : NULL;
	const char *last;

	if (header != NULL)
		return header;
	if (tail.len == 0 || tail.data[tail.len - 1] == '\n')
		return "";
	last = memrchr(tail.data, '\n', tail.len);
	if (last != NULL)
		tail = slice_sub(tail, (size_t)(last + 1 - tail.data), tail.len);
	return group_is_head(tail) ? " crc=torn\n" : "\n";
}

/* Others may have written since: what is lacking is seen when nobody else can write. */
static bool append_text(EvidenceFile *file, Slice text, GError **reterr_error)
{
	g_autoptr(GString) whole = NULL;
	bool good;

	lock(file, LOCK_EX);
	whole = g_string_new(lacking_octets(file));
	g_string_append_len(whole, text.data, (gssize)text.len);
	good = whole->len == 0 || write_once(file, whole, reterr_error);
	lock(file, LOCK_UN);
	return good;
}

static void refuse_version(GError **reterr_error, const EvidenceFile *file)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s: the evidence file is of a version that this kantei does not know", file->path);
}

/* said are the notes that were there before this file's; of its own the first tells of the missing
 * header, the second of what stands in its place. */
static void refuse_other_file(
	GError **reterr_error, const EvidenceFile *file, const GPtrArray *notes, guint said)
{
	bool is_told = notes->len > said + 1;

	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s: this is no evidence file: neither a " EVIDENCE_HEADER
		" line nor a group that can be read is in it%s%s",
		file->path, is_told ? "; first " : "",
		is_told ? (const char *)g_ptr_array_index(notes, said + 1) : "");
}

/* The octets of the file, where they are evidence; said as above. */
static bool check_kind(EvidenceOf kind, const EvidenceFile *file, const GPtrArray *notes,
	guint said, GError **reterr_error)
{
	switch (kind) {
	case EVIDENCE_OF_LATER_VERSION:
		refuse_version(reterr_error, file);
		return false;
	case EVIDENCE_OF_OTHER_KIND:
		refuse_other_file(reterr_error, file, notes, said);
		return false;
	case EVIDENCE_OF_OURS:
		break;
	}
	return true;
}

static GBytes *read_locked(EvidenceFile *file, GError **reterr_error)
{
	GBytes *octets;

	lock(file, LOCK_SH);
	octets = read_all(file, reterr_error);
	lock(file, LOCK_UN);
	return octets;
}

static bool load(EvidenceFile *file, Evidence *evidence, GPtrArray *notes, GError **reterr_error)
{
	g_autoptr(GBytes) octets = read_locked(file, reterr_error);
	guint said = notes->len;

	if (octets == NULL || !check_kind(evidence_parse_held(octets, file->path, evidence, notes),
				      file, notes, said, reterr_error))
		return false;
	return !file->can_append || g_bytes_get_size(octets) > 0 ||
	       append_text(file, SLICE_ABSENT, reterr_error);
}

static EvidenceFile *file_new(const char *path)
{
	EvidenceFile *file = g_new0(EvidenceFile, 1);

	file->path = g_strdup(path);
	file->fd = -1;
	return file;
}

GBytes *evidence_read_groups(const char *path, EvidenceTake take, gpointer user, GPtrArray *notes,
	uint64_t *ret_left_out, GError **reterr_error)
{
	g_autoptr(EvidenceFile) file = file_new(path);
	g_autoptr(GBytes) octets = NULL;
	guint said = notes->len;
	EvidenceOf kind;

	if (!open_file(file, EVIDENCE_READ, reterr_error))
		return NULL;
	octets = read_locked(file, reterr_error);
	if (octets == NULL)
		return NULL;
	kind = evidence_parse_groups(slice_of_bytes(octets), path, take, user, notes, ret_left_out);
	return check_kind(kind, file, notes, said, reterr_error) ? g_steal_pointer(&octets) : NULL;
}

EvidenceFile *evidence_file_open(const char *path, EvidenceMode mode, Evidence *evidence,
	GPtrArray *notes, GError **reterr_error)
{
	g_autoptr(EvidenceFile) file = file_new(path);

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
	return append_text(file, slice_make(group->str, group->len), reterr_error);
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
