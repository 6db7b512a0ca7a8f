#include "cli/output.h"

#include "report/database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many as Linux follows. */
#define LINKS_MAX 40

struct Output {
	char *name; /* as messages call it */
	FILE *file;
	char *place;  /* where the file belongs, links followed; NULL where it is written there */
	char *beside; /* what it is called until it is finished; NULL afterwards */
	bool is_kept; /* beside stays though it is not finished */
	Database *database; /* NULL: text */
};

static void set_errno(GError **reterr_error, const Output *output, const char *what)
{
	int code = errno;

	g_set_error(reterr_error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s: %s: %s",
		output->name, what, g_strerror(code));
}

static bool is_standard_output(const char *path)
{
	GStatBuf named;
	struct stat open;

	return path == NULL || (g_stat(path, &named) == 0 && fstat(STDOUT_FILENO, &open) == 0 &&
				       named.st_dev == open.st_dev && named.st_ino == open.st_ino);
}

/* Names of what is open already have no place of their own, whatever kind of file that is. */
static bool is_written_directly(const char *path)
{
	static const char *const open_files[] = { "/dev/fd/", "/dev/std", "/proc/" };
	GStatBuf status;

	for (size_t i = 0; i < G_N_ELEMENTS(open_files); i++)
		if (g_str_has_prefix(path, open_files[i]))
			return true;
	return g_stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* Where path leads, though nothing may be there yet. NULL where links go in a circle. */
static char *follow_links(const char *path)
{
	g_autofree char *place = g_strdup(path);

	for (int links = 0; links < LINKS_MAX; links++) {
		g_autofree char *target = g_file_read_link(place, NULL);
		g_autofree char *dir = g_path_get_dirname(place);

		if (target == NULL)
			return g_steal_pointer(&place);
		g_free(place);
		place = g_path_is_absolute(target) ? g_strdup(target)
						   : g_build_filename(dir, target, NULL);
	}
	errno = ELOOP;
	return NULL;
}

/* The file that is replaced hands down its mode and, where that is allowed, its owner. */
static void take_after(int fd, const GStatBuf *old)
{
	bool is_owned = fchown(fd, old->st_uid, old->st_gid) == 0 ||
			fchown(fd, (uid_t)-1, old->st_gid) == 0;

	(void)is_owned;
	fchmod(fd, old->st_mode & 0777);
}

/* PLACE.partial, or a name of its own beside it. */
static int open_name(Output *output)
{
	g_autofree char *dir = g_path_get_dirname(output->place);
	int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY;
	int fd;

	output->beside = output->is_kept ? g_strconcat(output->place, ".partial", NULL)
					 : g_build_filename(dir, ".kantei-XXXXXX", NULL);
	fd = output->is_kept ? g_open(output->beside, flags, 0666)
			     : g_mkstemp_full(output->beside, O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0)
		g_clear_pointer(&output->beside, g_free);
	return fd;
}

static int open_beside(Output *output, const char *path)
{
	GStatBuf old;
	bool is_there;
	int fd;

	output->place = follow_links(path);
	if (output->place == NULL)
		return -1;
	is_there = g_stat(output->place, &old) == 0;
	/* Its folder would allow to replace it; its owner does not. */
	if (is_there && g_access(output->place, W_OK) != 0)
		return -1;
	fd = open_name(output);
	if (fd >= 0 && is_there)
		take_after(fd, &old);
	return fd;
}

static FILE *open_file(Output *output, const char *path)
{
	int fd = is_written_directly(path)
			 ? g_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666)
			 : open_beside(output, path);

	return fd >= 0 ? fdopen(fd, "w") : NULL;
}

/* Only a file that is written beside its place can be a database. */
static bool check_form(const char *path, OutputForm form, GError **reterr_error)
{
	if (form == OUTPUT_TEXT || !(is_standard_output(path) || is_written_directly(path)))
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s: an SQLite file is written to a regular file; -o names one", path);
	return false;
}

Output *output_open(const char *path, OutputForm form, GError **reterr_error)
{
	g_autoptr(Output) output = NULL;

	if (!check_form(path, form, reterr_error))
		return NULL;
	output = g_new0(Output, 1);
	output->name = g_strdup(path != NULL ? path : "standard output");
	output->file = is_standard_output(path) ? stdout : open_file(output, path);
	if (output->file == NULL) {
		set_errno(reterr_error, output, "the report cannot be written");
		return NULL;
	}
	if (form == OUTPUT_DATABASE) {
		output->database = database_open(output->beside, reterr_error);
		if (output->database == NULL)
			return NULL;
	}
	return g_steal_pointer(&output);
}

char *output_place(const char *path)
{
	return path == NULL || is_standard_output(path) || is_written_directly(path)
		       ? NULL
		       : follow_links(path);
}

Output *output_open_partial(const char *path, GError **reterr_error)
{
	g_autoptr(Output) output = g_new0(Output, 1);
	int fd;

	output->name = g_strdup(path);
	output->is_kept = true;
	fd = open_beside(output, path);
	output->file = fd >= 0 ? fdopen(fd, "r+") : NULL;
	if (output->file != NULL)
		return g_steal_pointer(&output);
	set_errno(reterr_error, output, "the report cannot be written");
	return NULL;
}

const char *output_partial(const Output *output)
{
	return output->beside;
}

bool output_cut(Output *output, uint64_t length, GError **reterr_error)
{
	if (ftruncate(fileno(output->file), (off_t)length) == 0 &&
		fseeko(output->file, (off_t)length, SEEK_SET) == 0)
		return true;
	set_errno(reterr_error, output, "the report cannot be written");
	return false;
}

/* Whoever is killed has written all that it could. */
static bool write_text(Output *output, Slice text)
{
	return text.len == 0 || (fwrite(text.data, 1, text.len, output->file) == text.len &&
					(!output->is_kept || fflush(output->file) == 0));
}

bool output_write(Output *output, Slice text, GError **reterr_error)
{
	if (output->database != NULL)
		return database_take(output->database, text, reterr_error);
	if (write_text(output, text))
		return true;
	set_errno(reterr_error, output, "the report cannot be written");
	return false;
}

/* Some file systems have nothing to wait for, and say so. */
static bool reach_disk(int fd)
{
	return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP;
}

static bool close_file(Output *output)
{
	FILE *file = g_steal_pointer(&output->file);
	bool good = fflush(file) == 0 && (output->beside == NULL || reach_disk(fileno(file)));
	int code = errno;

	if (file != stdout && fclose(file) != 0 && good)
		return false;
	errno = code;
	return good;
}

/* The name is on the disk when its folder is; that this can be asked for is not a given. */
static void keep_name(const char *place)
{
	g_autofree char *dir = g_path_get_dirname(place);
	int fd = g_open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (fd < 0)
		return;
	reach_disk(fd);
	close(fd);
}

static bool take_place(Output *output, GError **reterr_error)
{
	g_autofree char *beside = g_steal_pointer(&output->beside);
	g_autofree char *what = NULL;
	int code;

	if (g_rename(beside, output->place) == 0) {
		keep_name(output->place);
		return true;
	}
	code = errno;
	what = g_file_test(beside, G_FILE_TEST_EXISTS)
		       ? g_strdup_printf("the report cannot be put there, and stays %s", beside)
		       : g_strdup("the report cannot be put there, and is lost");
	errno = code;
	set_errno(reterr_error, output, what);
	return false;
}

bool output_store(Output *output, GError **reterr_error)
{
	if (close_file(output))
		return true;
	set_errno(reterr_error, output, "the report cannot be written");
	return false;
}

bool output_finish(Output *output, GError **reterr_error)
{
	if (output->database != NULL && !database_finish(output->database, reterr_error))
		return false;
	if (!close_file(output)) {
		set_errno(reterr_error, output, "the report cannot be written");
		return false;
	}
	return output->beside == NULL || take_place(output, reterr_error);
}

void output_free(Output *output)
{
	if (output == NULL)
		return;
	database_free(output->database);
	if (output->file != NULL && output->file != stdout)
		fclose(output->file);
	if (output->beside != NULL && !output->is_kept)
		g_unlink(output->beside);
	g_free(output->name);
	g_free(output->place);
	g_free(output->beside);
	g_free(output);
}
