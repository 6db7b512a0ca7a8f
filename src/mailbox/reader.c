#include "mailbox/reader.h"

#include <sys/stat.h>

Reader *reader_new(const ReaderOps *ops, gpointer state)
{
	Reader *reader = g_new(Reader, 1);

	reader->ops = ops;
	reader->state = state;
	return reader;
}

MailboxStep reader_next(Reader *reader, RawMessage **ret_raw, GError **reterr_error)
{
	return reader->ops->next(reader->state, ret_raw, reterr_error);
}

void reader_free(Reader *reader)
{
	if (reader == NULL)
		return;
	reader->ops->free(reader->state);
	g_free(reader);
}

static uint64_t length_of(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) ? (uint64_t)facts.st_size : 0;
}

bool reader_wants_file(const ReaderTools *tools, const char *path)
{
	const MailboxFilter *filter = tools->filter;

	return filter == NULL || filter->wants_file == NULL ||
	       filter->wants_file(path, length_of(path), filter->data);
}

MailboxWish reader_wish(const ReaderTools *tools, uint64_t offset)
{
	const MailboxFilter *filter = tools->filter;

	return filter != NULL && filter->wish != NULL ? filter->wish(offset, filter->data)
						      : MAILBOX_READ;
}

bool reader_passes_error(const ReaderTools *tools, GError **reterr_error)
{
	if (reader_wish(tools, 0) == MAILBOX_READ)
		return false;
	g_clear_error(reterr_error);
	return true;
}

bool reader_start(const ReaderTools *tools, const char *path, MailboxMark *ret_mark)
{
	const MailboxFilter *filter = tools->filter;

	return filter != NULL && filter->start != NULL &&
	       filter->start(path, ret_mark, filter->data);
}
