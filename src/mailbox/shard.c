#include "mailbox/shard.h"

#include "base/key_set.h"

typedef struct Extent {
	uint64_t start; /* before it so many octets of other files stand */
	uint64_t length;
} Extent;

struct Shard {
	uint64_t from, to; /* the range; to is open */
	bool is_last;      /* what has no length may stand at the very end */
	uint64_t total;
	GArray *extents; /* of Extent, of all files */
	KeySet *files;   /* the extent's index plus 1, by the mailbox's number and the path */
	unsigned mailbox;
	Extent file; /* that was asked about last */
};

/* The same path may come in several mailboxes, and each time is another one. */
static DigestValue key_of(const Shard *shard, const char *path)
{
	g_autofree char *text = g_strdup_printf("%u\n%s", shard->mailbox, path);

	return digest_of(DIGEST_SHA256, slice_of(text));
}

static bool note_file(const char *path, uint64_t length, gpointer data)
{
	Shard *shard = data;
	Extent extent = { shard->total, length };
	DigestValue key = key_of(shard, path);

	g_array_append_val(shard->extents, extent);
	key_set_add(shard->files, &key, shard->extents->len);
	shard->total += length;
	return false;
}

static void note_mailbox(gpointer data)
{
	shard_begin(data);
}

/* What cannot be read is told when it is to be read. */
static void look_at(Shard *shard, const char *path, MailboxKind kind)
{
	MailboxFilter filter = { .begin = note_mailbox, .wants_file = note_file, .data = shard };
	g_autoptr(Mailbox) mailbox = mailbox_open_filtered(path, kind, &filter);
	MailboxStep step;

	do {
		g_autoptr(RawMessage) raw = NULL;
		g_autoptr(GError) error = NULL;

		step = mailbox_next(mailbox, &raw, &error);
	} while (step != MAILBOX_END);
}

/* Where the part begins, without a product that does not fit. */
static uint64_t cut(uint64_t total, unsigned before, unsigned of)
{
	return total / of * before + total % of * before / of;
}

Shard *shard_new(unsigned number, unsigned of, char *const *paths, MailboxKind kind)
{
	Shard *shard = g_new0(Shard, 1);

	g_assert(number >= 1 && number <= of && of <= SHARDS_MAX);
	shard->extents = g_array_new(FALSE, FALSE, sizeof(Extent));
	shard->files = key_set_new();
	for (; *paths != NULL; paths++)
		look_at(shard, *paths, kind);
	shard->mailbox = 0;
	shard->from = cut(shard->total, number - 1, of);
	shard->to = cut(shard->total, number, of);
	shard->is_last = number == of;
	return shard;
}

void shard_free(Shard *shard)
{
	if (shard == NULL)
		return;
	g_array_unref(shard->extents);
	key_set_free(shard->files);
	g_free(shard);
}

uint64_t shard_total(const Shard *shard)
{
	return shard->total;
}

uint64_t shard_length(const Shard *shard)
{
	return shard->to - shard->from;
}

void shard_begin(Shard *shard)
{
	shard->mailbox++;
}

static bool is_beyond(const Shard *shard, uint64_t place)
{
	return place >= shard->to && !shard->is_last;
}

bool shard_wants_file(Shard *shard, const char *path)
{
	DigestValue key = key_of(shard, path);
	uint32_t owner = key_set_find(shard->files, &key);

	if (owner == 0)
		return false;
	shard->file = g_array_index(shard->extents, Extent, owner - 1);
	return !is_beyond(shard, shard->file.start) &&
	       shard->file.start + MAX(shard->file.length, 1) > shard->from;
}

MailboxWish shard_wish(const Shard *shard, uint64_t offset)
{
	uint64_t place = shard->file.start + MIN(offset, shard->file.length);
	bool is_later = shard->file.length > 0 && offset >= shard->file.length;

	if (is_later || is_beyond(shard, place))
		return MAILBOX_STOP;
	return place < shard->from ? MAILBOX_PASS : MAILBOX_READ;
}
