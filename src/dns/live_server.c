#include "dns/live_server.h"

#include <string.h>

#define DNS_PORT 53u
/* More than a resolv.conf may have; each costs two channels. */
#define SERVERS_MAX 16u
/* Silence to this many questions, and not a word between them, is no lost packet any more. */
#define SILENCES_OF_THE_DEAD 3u
#define DEAD_FOR             (10 * G_USEC_PER_SEC)

/* Connections to one server at a time. */
#define CONNECTIONS_MAX 32u

static void channel_free(gpointer data)
{
	live_channel_free(data);
}

static void server_free(gpointer data)
{
	LiveServer *server = data;

	g_ptr_array_unref(server->channels);
	g_free(server->label);
	g_free(server);
}

static LiveChannel *add_channel(LiveServer *server, bool is_tcp, GError **reterr_error)
{
	LiveChannel *channel = live_channel_new(&server->address.addr, server->address.port, is_tcp,
		server->timeout_ms, reterr_error);

	if (channel != NULL)
		g_ptr_array_add(server->channels, channel);
	return channel;
}

static bool add_server(
	GPtrArray *servers, const LiveAddress *address, unsigned timeout_ms, GError **reterr_error)
{
	LiveServer *server = g_new0(LiveServer, 1);
	char buffer[INET_ADDR_TEXT];

	g_ptr_array_add(servers, server);
	server->label = g_strdup_printf(
		"%s@%u", inet_addr_text(&address->addr, buffer), (unsigned)address->port);
	server->address = *address;
	server->timeout_ms = timeout_ms;
	server->channels = g_ptr_array_new_with_free_func(channel_free);
	return add_channel(server, false, reterr_error) != NULL;
}

LiveChannel *live_server_channel(LiveServer *server, bool is_tcp)
{
	if (!is_tcp)
		return g_ptr_array_index(server->channels, 0);
	for (guint i = 1; i < server->channels->len; i++) {
		LiveChannel *channel = g_ptr_array_index(server->channels, i);

		if (live_channel_is_idle(channel))
			return channel;
	}
	return server->channels->len <= CONNECTIONS_MAX ? add_channel(server, true, NULL) : NULL;
}

/* "ADDR", "ADDR@PORT", "[ADDR]:PORT". */
static bool parse_resolver(Slice text, LiveAddress *ret_address)
{
	Slice port = text;
	Slice addr = slice_take_until(&port, '@');
	bool has_port = addr.len < text.len;
	ssize_t bracket = slice_starts(text, "[") ? slice_find(text, slice_of("]:")) : -1;
	guint64 number = DNS_PORT;

	if (bracket >= 0) {
		addr = slice_sub(text, 0, (size_t)bracket + 1);
		port = slice_sub(text, (size_t)bracket + 2, text.len);
		has_port = true;
	}
	if (has_port && (!slice_parse_uint(port, UINT16_MAX, &number) || number == 0))
		return false;
	ret_address->port = (uint16_t)number;
	return inet_addr_parse(addr, &ret_address->addr);
}

static bool add_named(
	GPtrArray *servers, const GPtrArray *resolvers, unsigned timeout_ms, GError **reterr_error)
{
	for (guint i = 0; i < resolvers->len; i++) {
		const char *text = g_ptr_array_index(resolvers, i);
		LiveAddress address;

		if (!parse_resolver(slice_of(text), &address) || i >= SERVERS_MAX) {
			g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
				"%s is no resolver's address, or one too many", text);
			return false;
		}
		if (!add_server(servers, &address, timeout_ms, reterr_error))
			return false;
	}
	return true;
}

static bool add_system(GPtrArray *servers, unsigned timeout_ms, GError **reterr_error)
{
	g_autoptr(GArray) found = live_system_resolvers();

	for (guint i = 0; i < found->len && i < SERVERS_MAX; i++)
		if (!add_server(servers, &g_array_index(found, LiveAddress, i), timeout_ms,
			    reterr_error))
			return false;
	if (servers->len == 0)
		g_set_error_literal(reterr_error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
			"the system has no resolver");
	return servers->len > 0;
}

GPtrArray *live_servers_new(const GPtrArray *resolvers, unsigned timeout_ms, GError **reterr_error)
{
	g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func(server_free);
	bool is_named = resolvers != NULL && resolvers->len > 0;
	bool good = is_named ? add_named(servers, resolvers, timeout_ms, reterr_error)
			     : add_system(servers, timeout_ms, reterr_error);

	return good ? g_steal_pointer(&servers) : NULL;
}

bool live_server_is_dead(const LiveServer *server, int64_t now)
{
	return now < server->dead_until;
}

void live_server_spoke(LiveServer *server)
{
	server->silences = 0;
	server->dead_until = 0;
}

void live_server_was_silent(LiveServer *server, int64_t now)
{
	server->silences++;
	if (server->silences >= SILENCES_OF_THE_DEAD)
		server->dead_until = now + DEAD_FOR;
}

void live_server_refused(LiveServer *server, int64_t now)
{
	server->silences = SILENCES_OF_THE_DEAD;
	server->dead_until = now + DEAD_FOR;
}

/* Of one that was dead, a single question finds out whether it still is. */
static void take_for_trial(LiveServer *server, int64_t now)
{
	if (server->silences >= SILENCES_OF_THE_DEAD)
		server->dead_until = now + DEAD_FOR;
}

size_t live_servers_next(const GPtrArray *servers, size_t last, int64_t now)
{
	size_t first = last == SIZE_MAX ? 0 : (last + 1) % servers->len;

	for (size_t i = 0; i < servers->len; i++) {
		size_t at = (first + i) % servers->len;
		LiveServer *server = g_ptr_array_index(servers, at);

		if (!live_server_is_dead(server, now)) {
			take_for_trial(server, now);
			return at;
		}
	}
	return first;
}
