#include "cli/inputs.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_same(const GStatBuf *file, const char *path)
{
	GStatBuf other;

	return path != NULL && g_stat(path, &other) == 0 && file->st_dev == other.st_dev &&
	       file->st_ino == other.st_ino;
}

static bool is_among(const GStatBuf *file, char *const *paths)
{
	for (; paths != NULL && *paths != NULL; paths++)
		if (is_same(file, *paths))
			return true;
	return false;
}

/* Members may be links to what lies elsewhere. */
static bool is_member(const GStatBuf *file, const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (is_same(file, path))
			return true;
	}
	return false;
}

static bool is_member_of_any(const GStatBuf *file, char *const *folders)
{
	for (; folders != NULL && *folders != NULL; folders++)
		if (is_member(file, *folders))
			return true;
	return false;
}

/* One of the mailboxes is a folder that holds the file, at whatever depth. */
static bool is_below_any(const char *path, char *const *mailboxes)
{
	g_autofree char *place = realpath(path, NULL);
	bool found = false;

	while (place != NULL && !found && strcmp(place, "/") != 0) {
		char *above = g_path_get_dirname(place);
		GStatBuf folder;

		g_free(place);
		place = above;
		found = g_stat(place, &folder) == 0 && is_among(&folder, mailboxes);
	}
	return found;
}

bool inputs_include(const Options *options, const char *path)
{
	GStatBuf file;

	if (g_stat(path, &file) != 0 || !S_ISREG(file.st_mode))
		return false;
	return is_same(&file, options->evidence) || is_same(&file, options->suffix_list) ||
	       is_same(&file, options->roster) || is_among(&file, options->paths) ||
	       is_among(&file, options->ca_files) || is_among(&file, options->crl_files) ||
	       is_member_of_any(&file, options->ca_paths) || is_below_any(path, options->paths);
}
