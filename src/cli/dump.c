#include "cli/dump.h"

#include "base/file_error.h"

#include <glib/gstdio.h>

bool dump_open(const char *folder, GError **reterr_error)
{
	if (g_mkdir(folder, 0777) != 0 && !g_file_test(folder, G_FILE_TEST_IS_DIR))
		return file_error_set(reterr_error, folder);
	return true;
}

static bool write_file(const char *path, GBytes *octets, GError **reterr_error)
{
	FILE *file = g_fopen(path, "wxe");
	gsize len = 0;
	gconstpointer data = g_bytes_get_data(octets, &len);
	bool is_written;

	if (file == NULL)
		return file_error_set(reterr_error, path);
	is_written = len == 0 || fwrite(data, 1, len, file) == len;
	if (fclose(file) != 0 || !is_written)
		return file_error_set(reterr_error, path);
	return true;
}

bool dump_write(const char *folder, const EngineResult *result, GError **reterr_error)
{
	for (guint i = 0; result->files != NULL && i < result->files->len; i++) {
		const ResultFile *file = g_ptr_array_index(result->files, i);
		g_autofree char *path = g_build_filename(folder, file->name, NULL);

		if (!write_file(path, file->octets, reterr_error))
			return false;
	}
	return true;
}

static void add_files(const DkimDump *dump, EngineResult *result)
{
	for (int i = 0; i < DKIM_DUMP_FILES; i++)
		if (dump->files[i] != NULL)
			engine_result_add_file(result, g_strdup(dump->names[i]), dump->files[i]);
}

void dump_add(const Case *kase, EngineResult *result)
{
	for (guint i = 0; kase->dumps != NULL && i < kase->dumps->len; i++) {
		const DkimDump *dump = g_ptr_array_index(kase->dumps, i);

		if (dump != NULL)
			add_files(dump, result);
	}
}

bool dump_is_sound(const EngineResult *result, const Source *source, uint64_t number)
{
	g_autofree char *word = source_file_word(source, number);

	for (guint i = 0; result->files != NULL && i < result->files->len; i++) {
		const ResultFile *file = g_ptr_array_index(result->files, i);

		if (!dkim_dump_has_name(word, file->name))
			return false;
	}
	return true;
}
