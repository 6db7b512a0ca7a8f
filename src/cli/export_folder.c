#include "cli/export_folder.h"

#include "base/digest.h"
#include "base/file_error.h"
#include "base/mbox_quoting.h"
#include "base/text_time.h"
#include "report/csv_cell.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#define MANIFEST "MANIFEST.csv"
#define SUMS     "SHA256SUMS"
#define MBOX     "messages.mbox"

struct ExportFolder {
	char *path;
	ExportKind kind;
	bool has_attached;
	GString *manifest, *sums;
	FILE *mbox; /* NULL: files */
	Digest *mbox_digest;
};

static FILE *create(const ExportFolder *folder, const char *name, GError **reterr_error)
{
	g_autofree char *path = g_build_filename(folder->path, name, NULL);
	FILE *file = g_fopen(path, "wxe");

	if (file == NULL)
		file_error_set(reterr_error, path);
	return file;
}

static bool put(FILE *file, Slice octets)
{
	return octets.len == 0 || fwrite(octets.data, 1, octets.len, file) == octets.len;
}

static bool close_written(FILE *file, bool is_good)
{
	is_good = is_good && fflush(file) == 0 && (fsync(fileno(file)) == 0 || errno == EINVAL);
	return fclose(file) == 0 && is_good;
}

static bool write_file(
	const ExportFolder *folder, const char *name, Slice octets, GError **reterr_error)
{
	FILE *file = create(folder, name, reterr_error);

	if (file == NULL)
		return false;
	return close_written(file, put(file, octets)) || file_error_set(reterr_error, name);
}

static void add_sum(ExportFolder *folder, const char *name, const DigestValue *digest)
{
	g_autofree char *hex = digest_hex(digest);

	g_string_append_printf(folder->sums, "%s  %s\n", hex, name);
}

static void add_head(GString *manifest, bool has_attached)
{
	static const char *const names[] = { "file", "sha256", "length", "path", "index", "offset",
		"stored_sha256", "stored_length", "unquoted", "message_id" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (i > 0)
			csv_append_comma(manifest);
		csv_append_word(manifest, names[i]);
	}
	if (has_attached) {
		csv_append_comma(manifest);
		csv_append_word(manifest, "part");
	}
	csv_append_row_end(manifest);
}

static bool has_export(const ExportFolder *folder)
{
	static const char *const names[] = { SUMS, MANIFEST, MBOX };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder->path, names[i], NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS) ||
			g_file_test(path, G_FILE_TEST_IS_SYMLINK))
			return true;
	}
	return false;
}

static bool make_folder(const ExportFolder *folder, GError **reterr_error)
{
	if (g_mkdir(folder->path, 0777) != 0 && !g_file_test(folder->path, G_FILE_TEST_IS_DIR))
		return file_error_set(reterr_error, folder->path);
	if (!has_export(folder))
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
		"%s: it holds an export already; -o names another folder", folder->path);
	return false;
}

ExportFolder *export_folder_open(
	const char *path, ExportKind kind, bool has_attached, GError **reterr_error)
{
	g_autoptr(ExportFolder) folder = g_new0(ExportFolder, 1);

	folder->path = g_strdup(path);
	folder->kind = kind;
	folder->manifest = g_string_new(NULL);
	folder->sums = g_string_new(NULL);
	folder->mbox_digest = digest_new(DIGEST_SHA256);
	folder->has_attached = has_attached;
	add_head(folder->manifest, has_attached);
	if (!make_folder(folder, reterr_error))
		return NULL;
	if (kind == EXPORT_MBOX && (folder->mbox = create(folder, MBOX, reterr_error)) == NULL)
		return NULL;
	return g_steal_pointer(&folder);
}

static void add_number(GString *manifest, uint64_t number)
{
	csv_append_comma(manifest);
	g_string_append_printf(manifest, "%" G_GUINT64_FORMAT, (guint64)number);
}

static void add_text(GString *manifest, const char *text)
{
	csv_append_comma(manifest);
	csv_append_text(manifest, text);
}

static void add_row(
	ExportFolder *folder, const char *name, const ExportItem *item, const DigestValue *digest)
{
	g_autofree char *hex = digest_hex(digest);

	csv_append_text(folder->manifest, name);
	add_text(folder->manifest, hex);
	add_number(folder->manifest, item->octets.len);
	add_text(folder->manifest, item->source->path);
	add_number(folder->manifest, item->source->index);
	add_number(folder->manifest, item->source->offset);
	add_text(folder->manifest, item->source->sha256);
	add_number(folder->manifest, item->source->length);
	add_text(folder->manifest, item->unquoted);
	add_text(folder->manifest, item->message_id);
	if (folder->has_attached)
		add_text(folder->manifest, source_part_number(item->source));
	csv_append_row_end(folder->manifest);
}

static bool put_mbox(ExportFolder *folder, Slice octets)
{
	digest_add(folder->mbox_digest, octets);
	return put(folder->mbox, octets);
}

/* A store's line, with the date of reception. */
static char *from_line(const ExportItem *item)
{
	static const char epoch[] = "Thu Jan  1 00:00:00 1970";
	int64_t time = item->received != TIME_UNKNOWN ? item->received : item->source->store_time;
	g_autofree char *text = text_time_asctime(time);

	return g_strconcat("From MAILER-DAEMON ", text != NULL ? text : epoch, "\n", NULL);
}

/* mboxrd: a line that would begin a message, quoted or not, gets one more ">". */
static bool put_quoted(ExportFolder *folder, Slice octets)
{
	bool is_good = true;

	while (is_good && octets.len > 0) {
		Slice line = slice_take_line(&octets);

		if (mbox_must_quote(line))
			is_good = put_mbox(folder, slice_of(">"));
		is_good = is_good && put_mbox(folder, line);
	}
	return is_good;
}

static bool add_to_mbox(ExportFolder *folder, const ExportItem *item, GError **reterr_error)
{
	g_autofree char *line = from_line(item);
	Slice end = slice_sub(item->octets, item->octets.len - MIN(item->octets.len, 1), 1);

	if (put_mbox(folder, slice_of(line)) && put_quoted(folder, item->octets) &&
		put_mbox(folder, slice_of(slice_is(end, "\n") ? "\n" : "\n\n")))
		return true;
	return file_error_set(reterr_error, MBOX);
}

/* "000003-….eml", "000003.2.1-….eml". */
static char *file_name(const ExportItem *item, const char *hex)
{
	g_autofree char *word = source_file_word(item->source, item->number);
	const char *part = strchr(word, '.');

	return g_strdup_printf("%06" G_GUINT64_FORMAT "%s-%.16s.eml", (guint64)item->number,
		part != NULL ? part : "", hex);
}

bool export_folder_add(ExportFolder *folder, const ExportItem *item, GError **reterr_error)
{
	DigestValue digest = digest_of(DIGEST_SHA256, item->octets);
	g_autofree char *hex = digest_hex(&digest);
	g_autofree char *name = NULL;

	if (folder->kind == EXPORT_MBOX) {
		add_row(folder, MBOX, item, &digest);
		return add_to_mbox(folder, item, reterr_error);
	}
	name = file_name(item, hex);
	add_row(folder, name, item, &digest);
	add_sum(folder, name, &digest);
	return write_file(folder, name, item->octets, reterr_error);
}

static bool finish_mbox(ExportFolder *folder, GError **reterr_error)
{
	DigestValue digest = digest_finish(folder->mbox_digest);
	FILE *file = g_steal_pointer(&folder->mbox);

	add_sum(folder, MBOX, &digest);
	return close_written(file, true) || file_error_set(reterr_error, MBOX);
}

bool export_folder_finish(ExportFolder *folder, GError **reterr_error)
{
	Slice manifest = slice_make(folder->manifest->str, folder->manifest->len);
	DigestValue digest = digest_of(DIGEST_SHA256, manifest);

	if (folder->mbox != NULL && !finish_mbox(folder, reterr_error))
		return false;
	add_sum(folder, MANIFEST, &digest);
	return write_file(folder, MANIFEST, manifest, reterr_error) &&
	       write_file(folder, SUMS, slice_make(folder->sums->str, folder->sums->len),
		       reterr_error);
}

void export_folder_free(ExportFolder *folder)
{
	if (folder == NULL)
		return;
	if (folder->mbox != NULL)
		fclose(folder->mbox);
	digest_free(folder->mbox_digest);
	g_string_free(folder->manifest, TRUE);
	g_string_free(folder->sums, TRUE);
	g_free(folder->path);
	g_free(folder);
}
