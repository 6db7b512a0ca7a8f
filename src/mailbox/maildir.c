#include "mailbox/maildir.h"

#include "mailbox/archive.h"
#include "mailbox/eml.h"
#include "mailbox/read_error.h"
#include "mailbox/recognise.h"
#include "mailbox/store_fields.h"

#include <string.h>

/* A name begins with the seconds of its delivery. Before Maildir (1995) and after 2100 the number
 * means something else. */
#define SECONDS_MIN 788918400u
#define SECONDS_MAX 4102444800u

typedef struct MaildirFile {
	ReaderTools tools;
	char *path;
	char *name;
	bool done;
} MaildirFile;

static void maildir_file_free(gpointer state)
{
	MaildirFile *file = state;

	g_free(file->path);
	g_free(file->name);
	g_free(file);
}

bool maildir_is_at(const char *path)
{
	g_autofree char *cur = g_build_filename(path, "cur", NULL);
	g_autofree char *new = g_build_filename(path, "new", NULL);

	return g_file_test(cur, G_FILE_TEST_IS_DIR) || g_file_test(new, G_FILE_TEST_IS_DIR);
}

/* The last ":2," or its substitutes; NULL where the name has none. */
static const char *find_info(const char *name)
{
	for (size_t at = strlen(name); at >= 3; at--) {
		const char *info = name + at - 3;

		if (strchr(":;!", info[0]) != NULL && info[1] == '2' && info[2] == ',')
			return info;
	}
	return NULL;
}

Slice maildir_unique_name(const char *name)
{
	const char *info = find_info(name);

	return info != NULL ? slice_make(name, (size_t)(info - name)) : slice_of(name);
}

static int compare_letters(gconstpointer a, gconstpointer b)
{
	return *(const char *)a - *(const char *)b;
}

/* The letters behind ":2,", sorted and each once; NULL without any. */
static char *flags_of(const char *name)
{
	const char *info = find_info(name);
	GString *flags;

	if (info == NULL)
		return NULL;
	flags = g_string_new(NULL);
	for (const char *c = info + 3; *c != '\0'; c++)
		if (g_ascii_isalpha(*c) && strchr(flags->str, *c) == NULL)
			g_string_append_c(flags, *c);
	if (flags->len == 0)
		return g_string_free(flags, TRUE);
	qsort(flags->str, flags->len, 1, compare_letters);
	return g_string_free(flags, FALSE);
}

/* The size that Dovecot and Courier write into the name: ",S=1234". */
static bool size_of(Slice unique, guint64 *ret_size)
{
	for (slice_take_until(&unique, ','); unique.len > 0;) {
		Slice item = slice_take_until(&unique, ',');

		if (slice_starts(item, "S="))
			return slice_parse_uint(
				slice_sub(item, 2, item.len), G_MAXUINT64, ret_size);
	}
	return false;
}

static void note_size(RawMessage *raw, Slice unique)
{
	uint64_t size = raw->source->offset + raw->source->length;
	guint64 said;

	if (!size_of(unique, &said) || said == size)
		return;
	findings_add(raw->findings, "maildir-size-differs", SEVERITY_WARNING,
		N_("The file's size is not what its name says; it was cut off or altered."),
		g_strdup_printf(
			"%" G_GUINT64_FORMAT " octets, and S=%" G_GUINT64_FORMAT, size, said));
}

static bool delivery_time(Slice unique, guint64 *ret_seconds)
{
	return slice_parse_uint(slice_take_until(&unique, '.'), SECONDS_MAX, ret_seconds) &&
	       *ret_seconds >= SECONDS_MIN;
}

bool maildir_is_delivery(const char *name)
{
	guint64 seconds;

	return strchr(name, '.') != NULL && delivery_time(maildir_unique_name(name), &seconds);
}

static void note_time(RawMessage *raw, Slice unique)
{
	guint64 seconds;

	if (delivery_time(unique, &seconds))
		raw->source->store_time = (int64_t)seconds * 1000;
}

static void note_name(RawMessage *raw, const char *name)
{
	Slice unique = maildir_unique_name(name);

	raw->source->flags = flags_of(name);
	note_size(raw, unique);
	note_time(raw, unique);
	if (raw->source->flags != NULL && strchr(raw->source->flags, 'T') != NULL)
		findings_add(raw->findings, "maildir-trashed", SEVERITY_INFO,
			N_("The message is marked as trashed in its Maildir."), NULL);
}

static MailboxStep maildir_file_next(gpointer state, RawMessage **ret_raw, GError **reterr_error)
{
	MaildirFile *file = state;
	RawMessage *raw;

	if (file->done)
		return MAILBOX_END;
	file->done = true;
	raw = eml_read(&file->tools, file->path, STORE_MAILDIR, reterr_error);
	if (raw == NULL)
		return MAILBOX_ERROR;
	note_name(raw, file->name);
	store_fields_note(raw);
	*ret_raw = raw;
	return MAILBOX_MESSAGE;
}

Reader *maildir_reader_new(const ReaderTools *tools, const char *path, const char *name)
{
	static const ReaderOps ops = { maildir_file_next, maildir_file_free };
	MaildirFile *file = g_new0(MaildirFile, 1);

	file->tools = *tools;
	file->path = g_strdup(path);
	file->name = g_path_get_basename(name);
	return reader_new(&ops, file);
}

/* Dovecot's zlib plugin stores messages compressed, under the same names. */
Reader *maildir_file_open(const ReaderTools *tools, const char *path, GError **reterr_error)
{
	const ArchivePlace place = { .is_maildir = true };
	Slice head;

	if (!window_open(tools->window, path, WINDOW_REGULAR_FILE, reterr_error) ||
		!window_peek(tools->window, &head, reterr_error))
		return NULL;
	if (tools->unpacker != NULL && recognise_archive(head) != NULL)
		return archive_reader_new(tools, path, &place, reterr_error);
	return maildir_reader_new(tools, path, path);
}
