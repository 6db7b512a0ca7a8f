#include "engine/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEAD   ((size_t)16)
#define FILL   ((size_t)64 * 1024)
#define PIECES 16u
/* What the kernel is asked to hold for a channel: some messages of usual size. */
#define SOCKET_BUFFER (1024 * 1024)

struct Channel {
	int fd;
	size_t limit;
	GQueue out;    /* of GBytes */
	size_t out_at; /* so many octets of the first are sent */
	GByteArray *in;
	size_t in_at; /* so many octets of it are handed out */
};

bool channel_pair(int ret_ends[2])
{
	int size = SOCKET_BUFFER;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ret_ends) != 0)
		return false;
	/* As much as the system allows will do. */
	for (int i = 0; i < 2; i++)
		setsockopt(ret_ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	return true;
}

Channel *channel_new(int fd, size_t limit)
{
	Channel *channel = g_new0(Channel, 1);

	channel->fd = fd;
	channel->limit = limit;
	g_queue_init(&channel->out);
	channel->in = g_byte_array_new();
	return channel;
}

void channel_free(Channel *channel)
{
	if (channel == NULL)
		return;
	close(channel->fd);
	g_queue_clear_full(&channel->out, (GDestroyNotify)g_bytes_unref);
	g_byte_array_unref(channel->in);
	g_free(channel);
}

int channel_fd(const Channel *channel)
{
	return channel->fd;
}

bool channel_is_behind(const Channel *channel)
{
	return channel->out.length > 0;
}

static void put_head(guint8 head[HEAD], uint64_t kind, uint64_t len)
{
	memcpy(head, &kind, sizeof kind);
	memcpy(head + sizeof kind, &len, sizeof len);
}

void channel_send(Channel *channel, uint64_t kind, GByteArray *head, GBytes *tail)
{
	guint8 start[HEAD];

	put_head(start, kind, head->len + (tail != NULL ? g_bytes_get_size(tail) : 0));
	g_byte_array_prepend(head, start, HEAD);
	g_queue_push_tail(&channel->out, g_byte_array_free_to_bytes(head));
	if (tail != NULL && g_bytes_get_size(tail) > 0)
		g_queue_push_tail(&channel->out, g_bytes_ref(tail));
}

static void drop_sent(Channel *channel, size_t sent)
{
	channel->out_at += sent;
	while (channel->out.length > 0) {
		GBytes *first = g_queue_peek_head(&channel->out);

		if (channel->out_at < g_bytes_get_size(first))
			return;
		channel->out_at -= g_bytes_get_size(first);
		g_bytes_unref(g_queue_pop_head(&channel->out));
	}
}

static ssize_t send_pieces(int fd, struct iovec *pieces, size_t count, int flags)
{
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = count };
	ssize_t sent;

	do {
		sent = sendmsg(fd, &message, MSG_NOSIGNAL | flags);
	} while (sent < 0 && errno == EINTR);
	return sent;
}

static size_t collect_pieces(const Channel *channel, struct iovec pieces[PIECES])
{
	size_t count = 0;
	size_t skip = channel->out_at;

	for (const GList *link = channel->out.head; link != NULL && count < PIECES;
		link = link->next) {
		Slice octets = slice_of_bytes(link->data);

		octets = slice_sub(octets, skip, octets.len);
		skip = 0;
		pieces[count].iov_base = (void *)(guintptr)octets.data;
		pieces[count].iov_len = octets.len;
		count++;
	}
	return count;
}

static bool is_full(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS;
}

bool channel_flush(Channel *channel)
{
	while (channel->out.length > 0) {
		struct iovec pieces[PIECES];
		size_t count = collect_pieces(channel, pieces);
		ssize_t sent = send_pieces(channel->fd, pieces, count, MSG_DONTWAIT);

		if (sent < 0)
			return is_full();
		drop_sent(channel, (size_t)sent);
	}
	return true;
}

bool channel_fill(Channel *channel)
{
	guint used;
	ssize_t got;

	if (channel->in_at > 0) {
		g_byte_array_remove_range(channel->in, 0, (guint)channel->in_at);
		channel->in_at = 0;
	}
	used = channel->in->len;
	g_byte_array_set_size(channel->in, used + (guint)FILL);
	do {
		got = recv(channel->fd, channel->in->data + used, FILL, MSG_DONTWAIT);
	} while (got < 0 && errno == EINTR);
	g_byte_array_set_size(channel->in, used + (got > 0 ? (guint)got : 0));
	return got > 0 || (got < 0 && is_full());
}

ChannelStep channel_next(Channel *channel, uint64_t *ret_kind, Slice *ret_octets)
{
	const guint8 *start = channel->in->data + channel->in_at;
	size_t there = channel->in->len - channel->in_at;
	uint64_t len;

	if (there < HEAD)
		return CHANNEL_NOTHING;
	memcpy(&len, start + sizeof(uint64_t), sizeof len);
	if (len > channel->limit)
		return CHANNEL_BROKEN;
	if (there - HEAD < len)
		return CHANNEL_NOTHING;
	memcpy(ret_kind, start, sizeof *ret_kind);
	*ret_octets = slice_make((const char *)start + HEAD, (size_t)len);
	channel->in_at += HEAD + (size_t)len;
	return CHANNEL_FRAME;
}

/* --- the worker's side */

static struct iovec piece_of(const void *data, size_t len)
{
	return (struct iovec) { .iov_base = (void *)(guintptr)data, .iov_len = len };
}

/* What is left of the pieces behind so many octets; returns how many pieces are used up. */
static int skip_pieces(struct iovec *pieces, int count, size_t octets)
{
	int used = 0;

	for (; used < count && octets >= pieces[used].iov_len; used++)
		octets -= pieces[used].iov_len;
	if (used < count)
		pieces[used] = piece_of((const char *)pieces[used].iov_base + octets,
			pieces[used].iov_len - octets);
	return used;
}

static bool write_all(int fd, struct iovec *pieces, int count)
{
	while (count > 0) {
		ssize_t sent = writev(fd, pieces, count);
		int used;

		if (sent < 0 && errno != EINTR)
			return false;
		used = skip_pieces(pieces, count, sent > 0 ? (size_t)sent : 0);
		pieces += used;
		count -= used;
	}
	return true;
}

bool channel_put(int fd, uint64_t kind, const GByteArray *head, Slice tail)
{
	guint8 start[HEAD];
	struct iovec pieces[] = { piece_of(start, HEAD), piece_of(head->data, head->len),
		piece_of(tail.data, tail.len) };

	put_head(start, kind, head->len + tail.len);
	return write_all(fd, pieces, G_N_ELEMENTS(pieces));
}

static bool read_all(int fd, guint8 *octets, size_t len)
{
	while (len > 0) {
		ssize_t got = read(fd, octets, len);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		octets += got > 0 ? got : 0;
		len -= got > 0 ? (size_t)got : 0;
	}
	return true;
}

bool channel_get(int fd, uint64_t *ret_kind, GBytes **ret_octets)
{
	guint8 head[HEAD];
	guint8 *octets;
	uint64_t len;

	if (!read_all(fd, head, HEAD))
		return false;
	memcpy(ret_kind, head, sizeof *ret_kind);
	memcpy(&len, head + sizeof(uint64_t), sizeof len);
	octets = g_malloc((size_t)len);
	if (!read_all(fd, octets, (size_t)len)) {
		g_free(octets);
		return false;
	}
	*ret_octets = g_bytes_new_take(octets, (size_t)len);
	return true;
}
