#include "mailbox/archive.h"

#include "base/digest.h"
#include "base/key_set.h"
#include "base/limits.h"
#include "mailbox/maildir.h"
#include "mailbox/store_file.h"

#include <string.h>

typedef struct Archive {
	ReaderTools tools; /* for its files: with a window of their own */
	char *path;
	ArchivePlace place;
	Unpacker *unpacker;
	Reader *file;    /* of the member that is being read */
	KeySet *names;   /* of the members' paths, with their numbers */
	uint32_t number; /* of the member, from 1 */
	uint32_t first;  /* of the first member of its name; 0 where it is that itself */
} Archive;

static void archive_free(gpointer state)
{
	Archive *archive = state;

	reader_free(archive->file);
	window_free(archive->tools.window);
	unpacker_free(archive->unpacker);
	key_set_free(archive->names);
	g_free(archive->path);
	g_free(archive);
}

/* --- names */

static bool is_maildir_part(const char *part)
{
	return strcmp(part, "cur") == 0 || strcmp(part, "new") == 0;
}

static bool is_hidden_part(const char *part, const char *next)
{
	if (part[0] != '.' || strcmp(part, ".") == 0 || strcmp(part, "..") == 0)
		return false;
	/* A Maildir++ folder. */
	return next == NULL || !is_maildir_part(next);
}

/* The directories and the name that a member's own name is made of. */
static bool is_hidden(char *const *parts)
{
	for (; *parts != NULL; parts++)
		if (is_hidden_part(parts[0], parts[1]))
			return true;
	return false;
}

/* The directory that the member lies in; for the content of a compressed file, where that does. */
static char *directory_of(const char *path)
{
	g_autofree char *above = g_path_get_dirname(path);

	return g_path_get_basename(above);
}

static bool is_delivery_in_tmp(const UnpackedMember *member, const char *directory)
{
	g_autofree char *name = g_path_get_basename(member->name);

	return strcmp(directory, "tmp") == 0 && maildir_is_delivery(name);
}

static bool is_passed_over(const UnpackedMember *member, const char *directory)
{
	g_auto(GStrv) parts = g_strsplit(member->name, "/", -1);

	return is_hidden(parts) || is_delivery_in_tmp(member, directory);
}

/* Beyond the limit it is not known any more which names come again. */
static void number_name(Archive *archive, const char *path)
{
	DigestValue key = digest_of(DIGEST_SHA256, slice_of(path));

	archive->first = 0;
	if (archive->number >= LIMIT_ARCHIVE_NAMES)
		return;
	archive->number++;
	archive->first = key_set_add(archive->names, &key, archive->number);
}

static void note_name(const Archive *archive, RawMessage *raw)
{
	if (archive->first == 0)
		return;
	findings_add(raw->findings, "archive-member-repeated", SEVERITY_NOTICE,
		N_("Another file of the same name comes before it in the archive; the place of the "
		   "message says the same for both."),
		g_strdup_printf("files %" G_GUINT32_FORMAT " and %" G_GUINT32_FORMAT,
			archive->first, archive->number));
}

/* --- members */

static Reader *reader_of(const Archive *archive, const UnpackedMember *member, bool is_content,
	const char *directory, GError **reterr_error)
{
	FilePlace place = archive->place.is_named && is_content ? FILE_UNPACKED : FILE_IN_FOLDER;
	Reader *reader = NULL;

	if (archive->place.kind != MAILBOX_AUTO)
		return file_reader_new(&archive->tools, archive->place.kind, member->path);
	if (is_maildir_part(directory) || (archive->place.is_maildir && is_content))
		return maildir_reader_new(&archive->tools, member->path, member->name);
	store_file_recognise(
		&archive->tools, member->path, member->name, place, &reader, reterr_error);
	return reader;
}

/* The whole of a compressed file, and no member of an archive. */
static bool is_content(const Archive *archive, const UnpackedMember *member)
{
	g_autofree char *base = g_path_get_basename(archive->path);
	g_autofree char *stem = unpack_stem(base);
	g_autofree char *path = g_strconcat(archive->path, "!", stem, NULL);

	return strcmp(member->path, path) == 0;
}

/* False with an error where it cannot be read. */
static bool enter(Archive *archive, const UnpackedMember *member, GError **reterr_error)
{
	g_autofree char *directory = directory_of(member->path);
	bool is_whole = is_content(archive, member);
	GError *error = NULL;

	number_name(archive, member->path);
	if (!is_whole && is_passed_over(member, directory))
		return true;
	unpacker_open(archive->unpacker, archive->tools.window, member->path);
	archive->file = reader_of(archive, member, is_whole, directory, &error);
	if (error == NULL &&
		(archive->file != NULL || !window_take_fault(archive->tools.window, &error)))
		return true;
	g_propagate_error(reterr_error, error);
	return false;
}

static MailboxStep next_member(Archive *archive, GError **reterr_error)
{
	UnpackedMember member = { NULL, NULL };
	MailboxStep step = MAILBOX_MESSAGE;

	switch (unpacker_next(archive->unpacker, &member, reterr_error)) {
	case UNPACKER_MEMBER:
		if (!enter(archive, &member, reterr_error))
			step = MAILBOX_ERROR;
		break;
	case UNPACKER_PROBLEM:
		step = MAILBOX_ERROR;
		break;
	case UNPACKER_END:
		step = MAILBOX_END;
		break;
	}
	g_free(member.path);
	g_free(member.name);
	return step;
}

static MailboxStep file_step(Archive *archive, RawMessage **ret_raw, GError **reterr_error)
{
	MailboxStep step = reader_next(archive->file, ret_raw, reterr_error);

	if (step == MAILBOX_MESSAGE) {
		(*ret_raw)->source->archive = g_strdup(archive->path);
		note_name(archive, *ret_raw);
	} else if (step == MAILBOX_END) {
		g_clear_pointer(&archive->file, reader_free);
		window_close(archive->tools.window);
	}
	return step;
}

static MailboxStep archive_next(gpointer state, RawMessage **ret_raw, GError **reterr_error)
{
	Archive *archive = state;

	for (;;) {
		MailboxStep step = MAILBOX_END;

		if (archive->file != NULL)
			step = file_step(archive, ret_raw, reterr_error);
		if (step != MAILBOX_END)
			return step;
		step = next_member(archive, reterr_error);
		if (step != MAILBOX_MESSAGE)
			return step;
	}
}

Reader *archive_reader_new(const ReaderTools *tools, const char *path, const ArchivePlace *place,
	GError **reterr_error)
{
	static const ReaderOps ops = { archive_next, archive_free };
	Unpacker *unpacker = unpacker_new(tools->window, path, tools->unpacker, reterr_error);
	Archive *archive;

	if (unpacker == NULL)
		return NULL;
	archive = g_new0(Archive, 1);
	archive->unpacker = unpacker;
	archive->path = g_strdup(path);
	archive->place = *place;
	archive->names = key_set_new();
	archive->tools = (ReaderTools) { .window = window_new(window_capacity(tools->window)),
		.builder = tools->builder };
	return reader_new(&ops, archive);
}
