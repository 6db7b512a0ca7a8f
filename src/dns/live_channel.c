#include "dns/live_channel.h"

#include <ares.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* c-ares marks ares_send() and its kin as deprecated from 1.28 on, in favour of functions that 1.18
 * does not have; and they would give us a packet that c-ares wrote, not the server's. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* With the usual 208 kB, 300 of 512 answers at a time are lost. The kernel gives what it may. */
#define RECEIVE_BUFFER (4 * 1024 * 1024)
#define DNS_PORT       53
#define IDS            65536u
/* So that a free number is found in two tries, and a forger has as many to guess. */
#define IDS_IN_USE_MAX (IDS / 2)
#define DATAGRAM_MAX   4097u
/* How long a full send buffer may hold us up. */
#define SEND_WAIT_MS 100

struct LiveChannel {
	ares_channel ares;
	/* The datagram that c-ares read last, whole: 1.18 hands on no more than 512 octets of it
	 * unless it does EDNS itself, and then it changes questions and forgets (see receive()). */
	unsigned char datagram[DATAGRAM_MAX];
	size_t datagram_len;
	uint8_t ids[IDS / 8];
	unsigned ids_in_use;
	uint16_t random[256];
	unsigned random_left;
};

typedef struct Sent {
	LiveChannel *channel;
	uint16_t id;
	LiveEventFunc func;
	gpointer data;
} Sent;

static ares_socket_t open_socket(int domain, int type, int protocol, void *data)
{
	int fd = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	int size = RECEIVE_BUFFER;

	(void)data;
	if (fd >= 0 && type == SOCK_DGRAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	return fd;
}

static int close_socket(ares_socket_t fd, void *data)
{
	(void)data;
	return close(fd);
}

static int connect_socket(
	ares_socket_t fd, const struct sockaddr *addr, ares_socklen_t len, void *data)
{
	(void)data;
	return connect(fd, addr, len);
}

static ares_ssize_t receive(ares_socket_t fd, void *buffer, size_t size, int flags,
	struct sockaddr *from, ares_socklen_t *from_len, void *data)
{
	LiveChannel *channel = data;
	ssize_t got = recvfrom(fd, buffer, size, flags, from, from_len);

	if (got > 0 && from != NULL) {
		channel->datagram_len = MIN((size_t)got, sizeof channel->datagram);
		memcpy(channel->datagram, buffer, channel->datagram_len);
	}
	return got;
}

/* c-ares takes a full buffer for a broken server. */
static ares_ssize_t send_vector(ares_socket_t fd, const struct iovec *vector, int count, void *data)
{
	ssize_t sent = writev(fd, vector, count);

	(void)data;
	if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
		struct pollfd wait = { fd, POLLOUT, 0 };

		if (poll(&wait, 1, SEND_WAIT_MS) > 0)
			sent = writev(fd, vector, count);
		else
			errno = EAGAIN;
	}
	return sent;
}

static const struct ares_socket_functions socket_functions = { open_socket, close_socket,
	connect_socket, receive, send_vector };

static void start_ares(void)
{
	static gsize started;

	if (g_once_init_enter(&started)) {
		ares_library_init(ARES_LIB_INIT_ALL);
		g_once_init_leave(&started, 1);
	}
}

static int set_server(LiveChannel *channel, const InetAddr *addr, uint16_t port)
{
	struct ares_addr_port_node node = {
		.family = addr->family == 4 ? AF_INET : AF_INET6, .udp_port = port, .tcp_port = port
	};

	memcpy(&node.addr, addr->octets, addr->family == 4 ? 4 : 16);
	return ares_set_servers_ports(channel->ares, &node);
}

LiveChannel *live_channel_new(
	const InetAddr *addr, uint16_t port, bool tcp, unsigned timeout_ms, GError **reterr_error)
{
	g_autoptr(LiveChannel) channel = g_new0(LiveChannel, 1);
	struct ares_options options = { .timeout = (int)timeout_ms, .tries = 1 };
	int status;

	start_ares();
	options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES |
			ARES_FLAG_IGNTC | (tcp ? ARES_FLAG_USEVC : 0);
	status = ares_init_options(
		&channel->ares, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (status == ARES_SUCCESS)
		status = set_server(channel, addr, port);
	if (status != ARES_SUCCESS) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
			"c-ares cannot be set up: %s", ares_strerror(status));
		return NULL;
	}
	ares_set_socket_functions(channel->ares, &socket_functions, channel);
	return g_steal_pointer(&channel);
}

void live_channel_free(LiveChannel *channel)
{
	if (channel == NULL)
		return;
	if (channel->ares != NULL)
		ares_destroy(channel->ares);
	g_free(channel);
}

bool live_channel_is_idle(const LiveChannel *channel)
{
	return channel->ids_in_use == 0;
}

static uint16_t random_number(LiveChannel *channel)
{
	if (channel->random_left == 0) {
		/* Up to 256 octets come whole, without a signal's interrupting them. */
		for (size_t i = 0; i < sizeof channel->random; i += 256)
			if (getrandom((char *)channel->random + i, 256, 0) != 256)
				g_error("the kernel has no random numbers");
		channel->random_left = G_N_ELEMENTS(channel->random);
	}
	return channel->random[--channel->random_left];
}

bool live_channel_take_id(LiveChannel *channel, uint16_t *ret_id)
{
	uint16_t id;

	if (channel->ids_in_use >= IDS_IN_USE_MAX)
		return false;
	do
		id = random_number(channel);
	while ((channel->ids[id / 8] & 1u << id % 8) != 0);
	channel->ids[id / 8] |= (uint8_t)(1u << id % 8);
	channel->ids_in_use++;
	*ret_id = id;
	return true;
}

void live_channel_release_id(LiveChannel *channel, uint16_t id)
{
	channel->ids[id / 8] &= (uint8_t) ~(1u << id % 8);
	channel->ids_in_use--;
}

/* The whole of what c-ares hands on the beginning of. */
static Slice whole_packet(const LiveChannel *channel, const unsigned char *octets, int len)
{
	size_t have = (size_t)len;

	if (channel->datagram_len > have && memcmp(channel->datagram, octets, have) == 0)
		return slice_make((const char *)channel->datagram, channel->datagram_len);
	return slice_make((const char *)octets, have);
}

static void on_event(void *data, int status, int timeouts, unsigned char *octets, int len)
{
	g_autofree Sent *sent = data;

	(void)timeouts;
	live_channel_release_id(sent->channel, sent->id);
	if (status == ARES_SUCCESS && octets != NULL && len > 0)
		sent->func(LIVE_EVENT_PACKET, whole_packet(sent->channel, octets, len), sent->data);
	else if (status == ARES_ETIMEOUT || status == ARES_EDESTRUCTION ||
		 status == ARES_ECANCELLED)
		sent->func(LIVE_EVENT_SILENCE, SLICE_ABSENT, sent->data);
	else
		sent->func(LIVE_EVENT_NETERR, SLICE_ABSENT, sent->data);
}

void live_channel_send(
	LiveChannel *channel, uint16_t id, Slice packet, LiveEventFunc func, gpointer data)
{
	Sent *sent = g_new(Sent, 1);

	*sent = (Sent) { channel, id, func, data };
	ares_send(
		channel->ares, (const unsigned char *)packet.data, (int)packet.len, on_event, sent);
}

unsigned live_channel_polls(LiveChannel *channel, struct pollfd polls[LIVE_CHANNEL_POLLS])
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	unsigned bits = (unsigned)ares_getsock(channel->ares, sockets, ARES_GETSOCK_MAXNUM);
	unsigned count = 0;

	for (int i = 0; i < ARES_GETSOCK_MAXNUM && count < LIVE_CHANNEL_POLLS; i++) {
		short events = 0;

		if (ARES_GETSOCK_READABLE(bits, i))
			events |= POLLIN;
		if (ARES_GETSOCK_WRITABLE(bits, i))
			events |= POLLOUT;
		if (events == 0)
			break;
		polls[count++] = (struct pollfd) { sockets[i], events, 0 };
	}
	return count;
}

void live_channel_process(LiveChannel *channel, const struct pollfd *polls, unsigned count)
{
	if (count == 0)
		ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	for (unsigned i = 0; i < count; i++) {
		bool in = (polls[i].revents & (POLLIN | POLLERR | POLLHUP | POLLNVAL)) != 0;
		bool out = (polls[i].revents & POLLOUT) != 0;

		if (in || out)
			ares_process_fd(channel->ares, in ? polls[i].fd : ARES_SOCKET_BAD,
				out ? polls[i].fd : ARES_SOCKET_BAD);
	}
}

static bool add_system_resolver(GArray *found, const struct ares_addr_port_node *node)
{
	int family = node->family == AF_INET ? 4 : 6;
	LiveAddress address = { inet_addr_from_octets(family, (const unsigned char *)&node->addr),
		(uint16_t)(node->udp_port > 0 ? node->udp_port : DNS_PORT) };

	g_array_append_val(found, address);
	return true;
}

GArray *live_system_resolvers(void)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(LiveAddress));
	struct ares_addr_port_node *nodes = NULL;
	ares_channel ares = NULL;

	start_ares();
	if (ares_init(&ares) != ARES_SUCCESS)
		return found;
	if (ares_get_servers_ports(ares, &nodes) == ARES_SUCCESS)
		for (const struct ares_addr_port_node *node = nodes; node != NULL;
			node = node->next)
			add_system_resolver(found, node);
	if (nodes != NULL)
		ares_free_data(nodes);
	ares_destroy(ares);
	return found;
}
