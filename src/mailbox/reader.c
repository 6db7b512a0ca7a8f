#include "mailbox/reader.h"

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
