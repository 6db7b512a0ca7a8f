#include "mailbox/mailbox.h"

#include "base/limits.h"
#include "mailbox/archive.h"
#include "mailbox/folder.h"
#include "mailbox/maildir.h"
#include "mailbox/read_error.h"
#include "mailbox/reader.h"
#include "mailbox/recognise.h"
#include "mailbox/store_file.h"

#include <string.h>

struct Mailbox {
	char *path;
	MailboxKind kind;
	ReaderTools tools;
	UnpackerOptions unpacker;
	bool in_memory; /* the window holds the octets already */
	bool begun;
	Reader *reader; /* NULL before the first step and behind the last */
};

static Mailbox *mailbox_new(
	const char *path, MailboxKind kind, size_t message_limit, size_t window_capacity)
{
	Mailbox *mailbox = g_new0(Mailbox, 1);

	mailbox->path = g_strdup(path);
	mailbox->kind = kind;
	mailbox->tools.window = window_new(window_capacity);
	mailbox->tools.builder = raw_builder_new(message_limit);
	mailbox->unpacker.limits = unpack_limits;
	mailbox->tools.unpacker = &mailbox->unpacker;
	return mailbox;
}

void mailbox_confine(Mailbox *mailbox, unsigned (*confine)(int channel, uint64_t memory))
{
	mailbox->unpacker.confine = confine;
}

void mailbox_limit_archives(Mailbox *mailbox, const UnpackLimits *limits)
{
	mailbox->unpacker.limits = *limits;
}

Mailbox *mailbox_open(const char *path, MailboxKind kind)
{
	return mailbox_new(path, kind, LIMIT_MESSAGE, WINDOW_CAPACITY);
}

Mailbox *mailbox_open_filtered(const char *path, MailboxKind kind, const MailboxFilter *filter)
{
	Mailbox *mailbox = mailbox_open(path, kind);

	mailbox->tools.filter = filter;
	if (filter != NULL && filter->begin != NULL)
		filter->begin(filter->data);
	return mailbox;
}

Mailbox *mailbox_open_limited(
	const char *path, MailboxKind kind, size_t message_limit, size_t window_capacity)
{
	return mailbox_new(path, kind, message_limit, window_capacity);
}

Mailbox *mailbox_open_memory(Slice octets, MailboxKind kind, size_t window_capacity)
{
	Mailbox *mailbox = mailbox_new("memory", kind, LIMIT_MESSAGE, window_capacity);

	window_open_memory(mailbox->tools.window, mailbox->path, octets);
	mailbox->in_memory = true;
	mailbox->tools.unpacker = NULL;
	return mailbox;
}

void mailbox_free(Mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	reader_free(mailbox->reader);
	raw_builder_free(mailbox->tools.builder);
	window_free(mailbox->tools.window);
	g_free(mailbox->path);
	g_free(mailbox);
}

static bool open_directory(Mailbox *mailbox, GError **reterr_error)
{
	if (mailbox->kind == MAILBOX_MBOX || mailbox->kind == MAILBOX_EML ||
		mailbox->kind == MAILBOX_EMLX) {
		read_error(reterr_error, mailbox->path, "is a directory");
		return false;
	}
	if (mailbox->kind == MAILBOX_MAILDIR && !maildir_is_at(mailbox->path)) {
		read_error(
			reterr_error, mailbox->path, "has neither cur nor new, as a Maildir has");
		return false;
	}
	mailbox->reader = folder_reader_new(&mailbox->tools, mailbox->path);
	return true;
}

Reader *file_reader_new(const ReaderTools *tools, MailboxKind kind, const char *path)
{
	switch (kind) {
	case MAILBOX_MBOX:
		return mbox_reader_new(tools, path);
	case MAILBOX_EML:
		return eml_reader_new(tools, path);
	case MAILBOX_EMLX:
		return emlx_reader_new(tools, path);
	case MAILBOX_AUTO:
	case MAILBOX_MAILDIR:
	case MAILBOX_FOLDER:
		break;
	}
	return NULL;
}

/* A pipe is not looked into: its first message may come long before its last. */
static bool is_archive(const ReaderTools *tools, GError **reterr_error)
{
	Slice head;

	return tools->unpacker != NULL && window_file_size(tools->window) > 0 &&
	       window_peek(tools->window, &head, reterr_error) && recognise_archive(head) != NULL;
}

/* An archive is wanted or not as a whole, as a message in a file is. */
static bool open_as_kind(Mailbox *mailbox, GError **reterr_error)
{
	const ReaderTools *tools = &mailbox->tools;
	const ArchivePlace place = { .kind = mailbox->kind, .is_named = true };
	GError *error = NULL;
	bool is_taken_apart = is_archive(tools, &error);

	if (error != NULL) {
		g_propagate_error(reterr_error, error);
		return false;
	}
	if ((is_taken_apart || mailbox->kind != MAILBOX_MBOX) &&
		reader_wish(tools, 0) != MAILBOX_READ)
		return true;
	mailbox->reader = is_taken_apart
				  ? archive_reader_new(tools, mailbox->path, &place, reterr_error)
				  : file_reader_new(tools, mailbox->kind, mailbox->path);
	return mailbox->reader != NULL;
}

static bool open_file(Mailbox *mailbox, GError **reterr_error)
{
	const ReaderTools *tools = &mailbox->tools;

	if (!mailbox->in_memory && !reader_wants_file(tools, mailbox->path))
		return true;
	if (!mailbox->in_memory &&
		!window_open(tools->window, mailbox->path, WINDOW_ANY_FILE, reterr_error))
		return reader_passes_error(tools, reterr_error);
	if (mailbox->kind == MAILBOX_AUTO)
		return store_file_recognise(tools, mailbox->path, mailbox->path, FILE_NAMED,
			&mailbox->reader, reterr_error);
	if (mailbox->kind == MAILBOX_MAILDIR || mailbox->kind == MAILBOX_FOLDER) {
		read_error(reterr_error, mailbox->path, "is not a directory");
		return false;
	}
	return open_as_kind(mailbox, reterr_error);
}

static bool is_directory(const Mailbox *mailbox)
{
	return !mailbox->in_memory && strcmp(mailbox->path, "-") != 0 &&
	       g_file_test(mailbox->path, G_FILE_TEST_IS_DIR);
}

MailboxStep mailbox_next(Mailbox *mailbox, RawMessage **ret_raw, GError **reterr_error)
{
	MailboxStep step;

	if (!mailbox->begun) {
		mailbox->begun = true;
		if (!(is_directory(mailbox) ? open_directory(mailbox, reterr_error)
					    : open_file(mailbox, reterr_error)))
			return MAILBOX_ERROR;
	}
	if (mailbox->reader == NULL)
		return MAILBOX_END;
	step = reader_next(mailbox->reader, ret_raw, reterr_error);
	if (step == MAILBOX_END) {
		g_clear_pointer(&mailbox->reader, reader_free);
		window_close(mailbox->tools.window);
	}
	return step;
}

bool mailbox_kind_parse(const char *word, MailboxKind *ret_kind)
{
	static const struct {
		const char *word;
		MailboxKind kind;
	} words[] = { { "auto", MAILBOX_AUTO }, { "mbox", MAILBOX_MBOX },
		{ "maildir", MAILBOX_MAILDIR }, { "eml", MAILBOX_EML }, { "emlx", MAILBOX_EMLX },
		{ "folder", MAILBOX_FOLDER } };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(word, words[i].word) == 0) {
			*ret_kind = words[i].kind;
			return true;
		}
	}
	return false;
}
