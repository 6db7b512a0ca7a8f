#include "dns_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUERY_MAX 1024

struct DnsServer {
	int udp;
	int tcp;
	int stop[2];
	char *address;
	GThread *thread;
	gint packets;
	gint is_silent;
	GHashTable *seen; /* names that were asked before */
};

/* A question as it came. */
typedef struct Query {
	guint8 octets[QUERY_MAX];
	size_t len;
	size_t question_end;
	char name[512]; /* labels with dots; tests use plain ones */
	unsigned type;
	bool has_edns;
	bool is_unchecked;
	bool is_tcp;
} Query;

static void add_u16(GByteArray *out, unsigned number)
{
	const guint8 octets[2] = { (guint8)(number >> 8), (guint8)number };

	g_byte_array_append(out, octets, 2);
}

static bool parse_query(Query *query)
{
	size_t at = 12;
	GString *name = g_string_new(NULL);

	while (at < query->len && query->octets[at] != 0) {
		if (name->len > 0)
			g_string_append_c(name, '.');
		g_string_append_len(name, (const char *)query->octets + at + 1, query->octets[at]);
		at += query->octets[at] + 1u;
	}
	g_strlcpy(query->name, name->str, sizeof query->name);
	g_string_free(name, TRUE);
	if (at + 5 > query->len)
		return false;
	query->type = (unsigned)query->octets[at + 1] << 8 | query->octets[at + 2];
	query->question_end = at + 5;
	query->has_edns = query->octets[11] != 0;
	query->is_unchecked = (query->octets[3] & 0x10) != 0;
	return true;
}

/* Header and question, with the record counts of the last three sections. */
static GByteArray *begin(const Query *query, unsigned rcode, unsigned answers, unsigned authority,
	unsigned additional)
{
	GByteArray *out = g_byte_array_new();

	g_byte_array_append(out, query->octets, 2);
	add_u16(out, 0x8180u | rcode);
	add_u16(out, 1);
	add_u16(out, answers);
	add_u16(out, authority);
	add_u16(out, additional);
	g_byte_array_append(out, query->octets + 12, (guint)(query->question_end - 12));
	return out;
}

static void add_record(GByteArray *out, unsigned type, unsigned ttl, const void *data, size_t len)
{
	add_u16(out, 0xC00C);
	add_u16(out, type);
	add_u16(out, 1);
	add_u16(out, ttl >> 16);
	add_u16(out, ttl & 0xFFFF);
	add_u16(out, (unsigned)len);
	g_byte_array_append(out, data, (guint)len);
}

static void add_txt(GByteArray *out, size_t len)
{
	g_autoptr(GByteArray) data = g_byte_array_new();

	for (size_t left = len; left > 0;) {
		guint8 part = (guint8)MIN(left, 255);
		guint8 filler[255];

		memset(filler, 'x', sizeof filler);
		g_byte_array_append(data, &part, 1);
		g_byte_array_append(data, filler, part);
		left -= part;
	}
	add_record(out, 16, 300, data->data, data->len);
}

static void add_opt(GByteArray *out, unsigned ede)
{
	g_byte_array_append(out, (const guint8 *)"", 1);
	add_u16(out, 41);
	add_u16(out, 1232);
	add_u16(out, 0);
	add_u16(out, 0);
	add_u16(out, 6);
	add_u16(out, 15);
	add_u16(out, 2);
	add_u16(out, ede);
}

static GByteArray *txt_answer(const Query *query, size_t len)
{
	GByteArray *out = begin(query, 0, 1, 0, 0);

	add_txt(out, len);
	return out;
}

static GByteArray *negative(const Query *query, unsigned rcode)
{
	static const guint8 soa[] = { 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0,
		60 };
	GByteArray *out = begin(query, rcode, 0, 1, 0);

	add_record(out, 6, 900, soa, sizeof soa);
	return out;
}

static GByteArray *with_ede(const Query *query, unsigned ede)
{
	GByteArray *out = begin(query, 2, 0, 0, 1);

	add_opt(out, ede);
	return out;
}

static GByteArray *with_cname(const Query *query)
{
	static const guint8 target[] = { 3, 'e', 'n', 'd', 0 };
	static const guint8 addr[] = { 192, 0, 2, 1 };
	GByteArray *out = begin(query, 0, 3, 0, 0);
	guint first;

	/* The address comes before the link to it, and one of somebody else's is between them. */
	g_byte_array_append(out, target, sizeof target);
	add_u16(out, 1);
	add_u16(out, 1);
	add_u16(out, 0);
	add_u16(out, 60);
	add_u16(out, 4);
	g_byte_array_append(out, addr, sizeof addr);
	first = out->len;
	add_record(out, 1, 60, addr, sizeof addr);
	add_record(out, 5, 60, target, sizeof target);
	g_assert(out->len > first);
	return out;
}

static GByteArray *truncated(const Query *query)
{
	GByteArray *out = begin(query, 0, 0, 0, 0);

	out->data[2] |= 2;
	return out;
}

static GByteArray *referral(const Query *query)
{
	static const guint8 target[] = { 2, 'n', 's', 0 };
	GByteArray *out = begin(query, 0, 0, 1, 0);

	add_record(out, 2, 60, target, sizeof target);
	out->data[3] &= 0x7F;
	return out;
}

static bool is_kind(const Query *query, const char *kind)
{
	return g_str_has_prefix(query->name, kind) && query->name[strlen(kind)] == '.';
}

/* NULL: nothing is said. */
static GByteArray *respond(DnsServer *server, const Query *query)
{
	bool is_first = g_hash_table_add(server->seen, g_strdup(query->name));
	GByteArray *out;

	if (is_kind(query, "silent") || (is_kind(query, "lossy") && is_first))
		return NULL;
	if (is_kind(query, "servfail"))
		return begin(query, 2, 0, 0, 0);
	if (is_kind(query, "lost-zone"))
		return with_ede(query, 22);
	if (is_kind(query, "bogus"))
		return query->is_unchecked ? txt_answer(query, 5) : with_ede(query, 6);
	if (is_kind(query, "bogus-and-broken"))
		return with_ede(query, 6);
	if (is_kind(query, "refused"))
		return begin(query, 5, 0, 0, 0);
	if (is_kind(query, "nxdomain"))
		return negative(query, 3);
	if (is_kind(query, "nodata"))
		return negative(query, 0);
	if (is_kind(query, "cname"))
		return with_cname(query);
	if (is_kind(query, "formerr") && query->has_edns)
		return begin(query, 1, 0, 0, 0);
	if (is_kind(query, "truncated") || is_kind(query, "no-tcp"))
		return query->is_tcp ? txt_answer(query, 4000) : truncated(query);
	if (is_kind(query, "garbage")) {
		out = begin(query, 0, 1, 0, 0);
		g_byte_array_append(out, (const guint8 *)"\xC0\xFF\xFF", 3);
		return out;
	}
	if (is_kind(query, "referral"))
		return referral(query);
	out = txt_answer(query, is_kind(query, "big") ? 1100 : 5);
	if (is_kind(query, "secure"))
		out->data[3] |= 0x20;
	return out;
}

static void answer_udp(DnsServer *server)
{
	struct sockaddr_in from;
	socklen_t len = sizeof from;
	Query query = { .is_tcp = false };
	ssize_t got = recvfrom(server->udp, query.octets, sizeof query.octets, MSG_DONTWAIT,
		(struct sockaddr *)&from, &len);
	g_autoptr(GByteArray) out = NULL;

	if (got < 12)
		return;
	g_atomic_int_inc(&server->packets);
	query.len = (size_t)got;
	if (g_atomic_int_get(&server->is_silent) != 0 || !parse_query(&query))
		return;
	out = respond(server, &query);
	if (out == NULL)
		return;
	if (is_kind(&query, "wrong-id")) {
		out->data[0] ^= 0xFF;
		sendto(server->udp, out->data, out->len, 0, (struct sockaddr *)&from, len);
		out->data[0] ^= 0xFF;
	}
	sendto(server->udp, out->data, out->len, 0, (struct sockaddr *)&from, len);
}

static void answer_tcp(DnsServer *server)
{
	int fd = accept(server->tcp, NULL, NULL);
	Query query = { .is_tcp = true };
	g_autoptr(GByteArray) out = NULL;
	guint8 length[2];

	if (fd < 0)
		return;
	g_atomic_int_inc(&server->packets);
	if (recv(fd, length, 2, MSG_WAITALL) == 2) {
		size_t len = (size_t)length[0] << 8 | length[1];
		ssize_t got = recv(fd, query.octets, MIN(len, sizeof query.octets), MSG_WAITALL);

		query.len = got > 0 ? (size_t)got : 0;
	}
	if (query.len > 12 && parse_query(&query) && !is_kind(&query, "no-tcp"))
		out = respond(server, &query);
	if (out != NULL) {
		length[0] = (guint8)(out->len >> 8);
		length[1] = (guint8)out->len;
		g_byte_array_prepend(out, length, 2);
		send(fd, out->data, out->len, MSG_NOSIGNAL);
	}
	close(fd);
}

static gpointer serve(gpointer data)
{
	DnsServer *server = data;
	struct pollfd polls[3] = { { server->udp, POLLIN, 0 }, { server->tcp, POLLIN, 0 },
		{ server->stop[0], POLLIN, 0 } };

	while (poll(polls, 3, -1) >= 0 || errno == EINTR) {
		if (polls[2].revents != 0)
			break;
		if (polls[0].revents != 0)
			answer_udp(server);
		if (polls[1].revents != 0)
			answer_tcp(server);
	}
	return NULL;
}

static struct sockaddr_in loopback(uint16_t port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port) };

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return addr;
}

/* A socket on port, or on a free one (0); its port in *ret_port. */
static int bound_socket(int type, uint16_t port, uint16_t *ret_port)
{
	struct sockaddr_in addr = loopback(port);
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&addr, sizeof addr) != 0) {
		close(fd);
		return -1;
	}
	getsockname(fd, (struct sockaddr *)&addr, &len);
	*ret_port = ntohs(addr.sin_port);
	return fd;
}

DnsServer *dns_server_new(void)
{
	DnsServer *server = g_new0(DnsServer, 1);
	int size = 4 * 1024 * 1024;
	uint16_t port = 0;

	server->tcp = -1;
	while (server->tcp < 0) {
		server->udp = bound_socket(SOCK_DGRAM, 0, &port);
		server->tcp = bound_socket(SOCK_STREAM, port, &port);
		if (server->tcp < 0)
			close(server->udp);
	}
	setsockopt(server->udp, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	g_assert_cmpint(listen(server->tcp, 64), ==, 0);
	g_assert_cmpint(pipe(server->stop), ==, 0);
	server->address = g_strdup_printf("127.0.0.1@%u", (unsigned)port);
	server->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	server->thread = g_thread_new("dns", serve, server);
	return server;
}

const char *dns_server_address(const DnsServer *server)
{
	return server->address;
}

unsigned dns_server_packets(DnsServer *server)
{
	return (unsigned)g_atomic_int_get(&server->packets);
}

void dns_server_set_silent(DnsServer *server, bool is_silent)
{
	g_atomic_int_set(&server->is_silent, is_silent);
}

void dns_server_free(DnsServer *server)
{
	g_assert_cmpint(write(server->stop[1], "x", 1), ==, 1);
	g_thread_join(server->thread);
	close(server->udp);
	close(server->tcp);
	close(server->stop[0]);
	close(server->stop[1]);
	g_hash_table_unref(server->seen);
	g_free(server->address);
	g_free(server);
}

uint16_t dns_server_closed_port(void)
{
	uint16_t port = 0;
	int fd = bound_socket(SOCK_DGRAM, 0, &port);

	close(fd);
	return port;
}
