#include "cli/selection.h"

static void begin(gpointer data)
{
	const Selection *selection = data;

	if (selection->shard != NULL)
		shard_begin(selection->shard);
}

static bool wants_file(const char *path, uint64_t length, gpointer data)
{
	const Selection *selection = data;

	(void)length;
	return selection->shard == NULL || shard_wants_file(selection->shard, path);
}

static MailboxWish wish(uint64_t offset, gpointer data)
{
	const Selection *selection = data;

	return selection->shard != NULL ? shard_wish(selection->shard, offset) : MAILBOX_READ;
}

static bool start(const char *path, MailboxMark *ret_mark, gpointer data)
{
	Selection *selection = data;

	if (selection->done == NULL || !done_start(selection->done, path, ret_mark))
		return false;
	selection->passed_over += ret_mark->offset;
	return true;
}

void selection_open(Selection *selection, const Options *options)
{
	*selection = (Selection) { .filter = { .begin = begin,
					   .wants_file = wants_file,
					   .start = start,
					   .wish = wish,
					   .data = selection } };
	if (options->shards > 0)
		selection->shard =
			shard_new(options->shard, options->shards, options->paths, options->kind);
}

void selection_clear(Selection *selection)
{
	g_clear_pointer(&selection->shard, shard_free);
}
