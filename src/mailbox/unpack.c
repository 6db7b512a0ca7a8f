#include "mailbox/unpack.h"

#include "base/limits.h"
#include "mailbox/recognise.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

/* What is read at a time. */
#define BLOCK ((size_t)64 * 1024)

const UnpackLimits unpack_limits = { LIMIT_ARCHIVE_RATIO, LIMIT_ARCHIVE_FREE,
	LIMIT_ARCHIVE_FREE_TOTAL, LIMIT_ARCHIVE_OCTETS, LIMIT_ARCHIVE_DEPTH };

typedef struct Unpack {
	const UnpackIo *io;
	const UnpackLimits *limits;
	uint64_t in;      /* octets of the archive that were read */
	uint64_t out;     /* octets that came out, of members and of archives in it */
	const char *over; /* why of all together it is enough; NULL: it is not. Told at the end. */
} Unpack;

/* The archive, or one in it: as a member of the level above it is what that one reads. */
typedef struct Level {
	Unpack *unpack;
	struct Level *above; /* NULL: the archive itself */
	unsigned depth;
	const char *name; /* with those of the archives above; empty for the archive itself */
	const char *stem;
	struct archive *archive;
	char *block; /* what the library reads from */
	Slice head;  /* of this archive: what was read of it already */
	char *ahead; /* what was read of its member */
	size_t ahead_len;
	uint64_t in_before; /* octets of the archive that were read before this member */
	uint64_t out;       /* octets of this member */
	bool is_too_much;   /* they are more than may come out */
	bool is_lost;       /* nothing behind this member can be read */
} Level;

/* --- limits */

static bool is_inflated(const Unpack *unpack, uint64_t out, uint64_t free, uint64_t in)
{
	return out > free && (out - free) / unpack->limits->ratio > in;
}

static void stop_all(Unpack *unpack, const char *text)
{
	if (unpack->over == NULL)
		unpack->over = text;
}

static void count(Level *level, size_t len)
{
	Unpack *unpack = level->unpack;
	const UnpackLimits *limits = unpack->limits;

	level->out += len;
	unpack->out += len;
	if (is_inflated(unpack, level->out, limits->free, unpack->in - level->in_before))
		level->is_too_much = true;
	if (is_inflated(unpack, unpack->out, limits->free_total, unpack->in))
		stop_all(unpack, "far more comes out of it than went in, as of a bomb; the rest of "
				 "it was not read");
	else if (unpack->out > limits->octets)
		stop_all(unpack, "more comes out of it than is read of one archive; the rest of it "
				 "was not read");
}

/* What the library decompresses only to leave it out is not counted by members. */
static bool is_inflating(const Level *level, struct archive *archive)
{
	la_int64_t out = archive_filter_bytes(archive, 0);
	const Unpack *unpack = level->unpack;

	return out > 0 && archive_filter_count(archive) > 1 &&
	       is_inflated(unpack, (uint64_t)out, unpack->limits->free_total, unpack->in);
}

/* --- octets */

static const char *problem_of(const Level *level)
{
	const char *text = archive_error_string(level->archive);

	if (level->is_too_much)
		return "far more comes out of it than went in, as of a bomb";
	if (level->unpack->over != NULL)
		return "the archive is not read any further";
	return text != NULL ? text : "it cannot be read";
}

/* Of the member that is read; 0 at its end, -1 where there is a problem. */
static ssize_t read_member(Level *level, char *into, size_t room)
{
	la_ssize_t got;

	if (level->unpack->over != NULL || level->is_too_much)
		return -1;
	got = archive_read_data(level->archive, into, room);
	if (got == ARCHIVE_FATAL)
		level->is_lost = true;
	if (got <= 0)
		return got < 0 ? -1 : 0;
	count(level, (size_t)got);
	return level->unpack->over != NULL || level->is_too_much ? -1 : (ssize_t)got;
}

static ssize_t read_below(Level *level)
{
	Slice head = level->head;

	level->head = SLICE_ABSENT;
	if (head.len == 0)
		return read_member(level->above, level->block, BLOCK);
	memcpy(level->block, head.data, head.len);
	return (ssize_t)head.len;
}

static ssize_t read_archive(Level *level)
{
	Unpack *unpack = level->unpack;
	size_t got = unpack->io->read(unpack->io->data, level->block, BLOCK);

	unpack->in += got;
	return (ssize_t)got;
}

/* libarchive's archive_read_callback. */
static la_ssize_t feed(struct archive *archive, void *data, const void **ret_octets)
{
	Level *level = data;
	ssize_t got;

	if (is_inflating(level, archive))
		stop_all(level->unpack, "far more comes out of it than went in, as of a bomb; the "
					"rest of it was not read");
	*ret_octets = level->block;
	if (level->unpack->over != NULL)
		got = -1;
	else
		got = level->above != NULL ? read_below(level) : read_archive(level);
	if (got < 0)
		archive_set_error(archive, EIO, "%s",
			problem_of(level->above != NULL ? level->above : level));
	return got;
}

/* Reads as much ahead as tells an archive; false where that is a problem. */
static bool read_ahead(Level *level)
{
	ssize_t got = 1;

	level->ahead_len = 0;
	while (level->ahead_len < RECOGNISE_ARCHIVE_HEAD && got > 0) {
		got = read_member(level, level->ahead + level->ahead_len, BLOCK - level->ahead_len);
		level->ahead_len += got > 0 ? (size_t)got : 0;
	}
	return got >= 0;
}

/* --- members */

static bool is_single(const Level *level)
{
	return archive_format(level->archive) == ARCHIVE_FORMAT_RAW;
}

static char *own_name(const Level *level, struct archive_entry *entry)
{
	const char *name = is_single(level) ? level->stem : archive_entry_pathname(entry);

	if (name == NULL)
		name = archive_entry_pathname_utf8(entry);
	if (name == NULL)
		name = "";
	while (g_str_has_prefix(name, "./"))
		name += 2;
	return g_strndup(name, LIMIT_ARCHIVE_NAME);
}

/* The member's name with those of the archives that it lies in; what is too long is cut. */
static char *full_name(const Level *level, const char *own, size_t *ret_own)
{
	size_t above = strlen(level->name);
	char *name = above > 0 ? g_strconcat(level->name, "!", own, NULL) : g_strdup(own);

	if (strlen(name) > LIMIT_ARCHIVE_NAME)
		name[LIMIT_ARCHIVE_NAME] = '\0';
	*ret_own = MIN(above > 0 ? above + 1 : 0, strlen(name));
	return name;
}

/* What the member's octets end with that cannot all be read. Where nothing is to come of a
 * compressed file, that is the same. */
static void tell_lost(const Level *level)
{
	const UnpackIo *io = level->unpack->io;
	g_autofree char *text = NULL;

	if (!level->is_lost || is_single(level) || level->unpack->over != NULL)
		return;
	text = g_strdup_printf("what lies behind that in it was not read: %s", problem_of(level));
	io->problem(io->data, slice_of(level->name), text);
}

static void end_member(const Level *level, bool is_whole)
{
	const UnpackIo *io = level->unpack->io;
	g_autofree char *text = NULL;

	if (!is_whole)
		text = g_strdup_printf("cannot be read at offset %" G_GUINT64_FORMAT ": %s",
			(guint64)level->out, problem_of(level));
	io->end(io->data, text);
	tell_lost(level);
}

static void give_member(Level *level, Slice name, size_t own, bool is_good)
{
	const UnpackIo *io = level->unpack->io;
	ssize_t got = is_good ? 1 : -1;

	io->member(io->data, name, own);
	io->octets(io->data, slice_make(level->ahead, level->ahead_len));
	while (got > 0) {
		got = read_member(level, level->ahead, BLOCK);
		if (got > 0)
			io->octets(io->data, slice_make(level->ahead, (size_t)got));
	}
	end_member(level, got == 0);
}

static void read_level(Level *level);

static void enter_member(Level *above, const char *name, const char *own)
{
	g_autofree char *base = g_path_get_basename(own);
	g_autofree char *stem = unpack_stem(base);
	Level level = { .unpack = above->unpack,
		.above = above,
		.depth = above->depth + 1,
		.name = name,
		.stem = stem,
		.head = slice_make(above->ahead, above->ahead_len) };

	read_level(&level);
	tell_lost(above);
}

static bool is_file(struct archive_entry *entry)
{
	return archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == NULL &&
	       archive_entry_symlink(entry) == NULL;
}

static bool is_nested(const Level *level, const char *own)
{
	const char *archive = recognise_archive(slice_make(level->ahead, level->ahead_len));

	return archive != NULL && !is_single(level) && unpack_is_wanted(archive, own);
}

static void tell(const Level *level, const char *name, const char *text)
{
	level->unpack->io->problem(level->unpack->io->data, slice_of(name), text);
}

/* It was recognised as an archive, and the library knows better: it is cut off, or garbled. */
static bool is_no_archive(const Level *level)
{
	return is_single(level) && archive_filter_count(level->archive) < 2;
}

static void take_member(Level *level, struct archive_entry *entry)
{
	g_autofree char *own = own_name(level, entry);
	size_t own_at;
	g_autofree char *name = full_name(level, own, &own_at);
	bool is_good;

	level->in_before = level->unpack->in;
	level->out = 0;
	level->is_too_much = false;
	if (archive_entry_is_encrypted(entry)) {
		tell(level, name, "is encrypted, and was not read");
		return;
	}
	is_good = read_ahead(level);
	if (!is_good || !is_nested(level, own))
		give_member(level, slice_of(name), own_at, is_good);
	else if (level->depth < level->unpack->limits->depth)
		enter_member(level, name, own);
	else
		tell(level, name, "lies in too many archives, and was not read");
	/* To find the next one, all of this would have to be decompressed. */
	if (level->is_too_much && !archive_entry_size_is_set(entry) && !level->is_lost) {
		level->is_lost = true;
		tell_lost(level);
	}
}

/* --- an archive */

/* False where it is no use to go on. */
static bool note_failure(const Level *level, int code, unsigned *failures)
{
	g_autofree char *text = NULL;

	if (level->unpack->over != NULL)
		return false;
	text = g_strdup_printf("%s behind octet %" G_GINT64_FORMAT ": %s",
		code == ARCHIVE_FATAL ? "cannot be read any further" : "what cannot be read lies",
		MAX((gint64)archive_filter_bytes(level->archive, 0), 0), problem_of(level));
	tell(level, level->name, text);
	return code != ARCHIVE_FATAL && ++*failures < LIMIT_ARCHIVE_FAILURES;
}

static void read_entries(Level *level)
{
	unsigned failures = 0;
	struct archive_entry *entry;

	while (!level->is_lost && level->unpack->over == NULL) {
		int code = archive_read_next_header(level->archive, &entry);

		if (code == ARCHIVE_EOF)
			return;
		if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
			if (!note_failure(level, code, &failures))
				return;
			continue;
		}
		failures = 0;
		if (is_no_archive(level)) {
			tell(level, level->name, "is damaged at its beginning, and was not read");
			return;
		}
		if (is_file(entry))
			take_member(level, entry);
	}
}

/* Where the library was built without one of these, it would start a program for it. */
static void allow_kinds(struct archive *archive)
{
	if (archive_zlib_version() != NULL)
		archive_read_support_filter_gzip(archive);
	if (archive_bzlib_version() != NULL)
		archive_read_support_filter_bzip2(archive);
	if (archive_liblzma_version() != NULL)
		archive_read_support_filter_xz(archive);
	if (archive_libzstd_version() != NULL)
		archive_read_support_filter_zstd(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_zip_streamable(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
}

static void read_level(Level *level)
{
	unsigned failures = 0;
	int code;

	level->archive = archive_read_new();
	if (level->archive == NULL)
		return;
	level->block = g_malloc(BLOCK);
	level->ahead = g_malloc(BLOCK);
	allow_kinds(level->archive);
	code = archive_read_open(level->archive, level, NULL, feed, NULL);
	if (code == ARCHIVE_OK || code == ARCHIVE_WARN)
		read_entries(level);
	else
		note_failure(level, ARCHIVE_FATAL, &failures);
	archive_read_free(level->archive);
	g_free(level->ahead);
	g_free(level->block);
}

void unpack(const UnpackIo *io, const UnpackLimits *limits, const char *stem)
{
	Unpack work = { .io = io, .limits = limits };
	Level level = { .unpack = &work, .depth = 1, .name = "", .stem = stem };

	read_level(&level);
	if (work.over != NULL)
		io->problem(io->data, slice_of(""), work.over);
}

/* --- names */

static bool has_ending(const char *name, const char *ending)
{
	size_t len = strlen(name);
	size_t ending_len = strlen(ending);

	return len > ending_len && g_ascii_strcasecmp(name + len - ending_len, ending) == 0;
}

char *unpack_stem(const char *name)
{
	static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst" };

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (has_ending(name, endings[i]))
			return g_strndup(name, strlen(name) - strlen(endings[i]));
	return g_strdup(name);
}

bool unpack_is_wanted(const char *archive, const char *name)
{
	g_autofree char *base = g_path_get_basename(name);

	return strcmp(archive, "zip") != 0 || has_ending(base, ".zip") || strchr(base, '.') == NULL;
}
