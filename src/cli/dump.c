#include "cli/dump.h"

#include <errno.h>
#include <glib/gstdio.h>

static bool fail(const char *path, GError **reterr_error)
{
	int error = errno;

	g_set_error(reterr_error, G_FILE_ERROR, (gint)g_file_error_from_errno(error), "%s: %s",
		path, g_strerror(error));
	return false;
}

bool dump_open(const char *folder, GError **reterr_error)
{
	if (g_mkdir(folder, 0777) != 0 && !g_file_test(folder, G_FILE_TEST_IS_DIR))
		return fail(folder, reterr_error);
	return true;
}

static bool write_file(const char *path, GBytes *octets, GError **reterr_error)
{
	FILE *file = g_fopen(path, "wxe");
	gsize len = 0;
	gconstpointer data = g_bytes_get_data(octets, &len);
	bool is_written;

	if (file == NULL)
		return fail(path, reterr_error);
	is_written = len == 0 || fwrite(data, 1, len, file) == len;
	if (fclose(file) != 0 || !is_written)
		return fail(path, reterr_error);
	return true;
}

static bool write_dump(const char *folder, const DkimDump *dump, GError **reterr_error)
{
	for (int i = 0; i < DKIM_DUMP_FILES; i++) {
		g_autofree char *path = NULL;

		if (dump->files[i] == NULL)
			continue;
		path = g_build_filename(folder, dump->names[i], NULL);
		if (!write_file(path, dump->files[i], reterr_error))
			return false;
	}
	return true;
}

bool dump_write(const char *folder, const Case *kase, GError **reterr_error)
{
	for (guint i = 0; kase->dumps != NULL && i < kase->dumps->len; i++) {
		const DkimDump *dump = g_ptr_array_index(kase->dumps, i);

		if (dump != NULL && !write_dump(folder, dump, reterr_error))
			return false;
	}
	return true;
}
