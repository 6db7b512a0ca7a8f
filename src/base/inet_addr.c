#include "base/inet_addr.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

InetAddr inet_addr_from_octets(int family, const unsigned char *octets)
{
	InetAddr addr = { .family = family };

	if (family == 6 && memcmp(octets, mapped_prefix, sizeof mapped_prefix) == 0) {
		addr.family = 4;
		memcpy(addr.octets, octets + sizeof mapped_prefix, 4);
	} else {
		memcpy(addr.octets, octets, family == 4 ? 4 : 16);
	}
	return addr;
}

static Slice strip_wrapping(Slice text)
{
	ssize_t zone;

	if (text.len > 2 && text.data[0] == '[' && text.data[text.len - 1] == ']')
		text = slice_sub(text, 1, text.len - 2);
	if (slice_starts_nocase(text, "IPv6:"))
		text = slice_sub(text, 5, text.len);
	zone = slice_find_char(text, '%');
	return zone > 0 ? slice_sub(text, 0, (size_t)zone) : text;
}

bool inet_addr_parse(Slice text, InetAddr *ret_addr)
{
	char buffer[INET_ADDR_TEXT];
	unsigned char octets[16];
	int family;

	text = strip_wrapping(text);
	if (text.len == 0 || text.len >= sizeof buffer || slice_find_char(text, '\0') >= 0)
		return false;
	memcpy(buffer, text.data, text.len);
	buffer[text.len] = '\0';
	family = strchr(buffer, ':') != NULL ? 6 : 4;
	if (inet_pton(family == 6 ? AF_INET6 : AF_INET, buffer, octets) != 1)
		return false;
	*ret_addr = inet_addr_from_octets(family, octets);
	return true;
}

const char *inet_addr_text(const InetAddr *addr, char buffer[INET_ADDR_TEXT])
{
	buffer[0] = '\0';
	if (addr->family != 0)
		inet_ntop(addr->family == 6 ? AF_INET6 : AF_INET, addr->octets, buffer,
			INET_ADDR_TEXT);
	return buffer;
}

bool inet_addr_equal(const InetAddr *a, const InetAddr *b)
{
	return a->family == b->family && memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

bool inet_addr_same_bits(const InetAddr *a, const InetAddr *b, unsigned bits)
{
	unsigned whole = bits / 8;
	unsigned rest = bits % 8;

	if (a->family != b->family || bits > (a->family == 4 ? 32u : 128u))
		return false;
	if (memcmp(a->octets, b->octets, whole) != 0)
		return false;
	return rest == 0 || ((a->octets[whole] ^ b->octets[whole]) >> (8 - rest)) == 0;
}

static bool is_in_nets(const InetAddr *addr, const char *const *nets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		InetNet net;

		if (inet_net_parse(slice_of(nets[i]), &net) && inet_net_contains(&net, addr))
			return true;
	}
	return false;
}

bool inet_addr_is_private(const InetAddr *addr)
{
	static const char *const nets[] = { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
		"127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/128",
		"::1/128", "fc00::/7", "fe80::/10" };

	return is_in_nets(addr, nets, G_N_ELEMENTS(nets));
}

bool inet_addr_is_loopback(const InetAddr *addr)
{
	static const char *const nets[] = { "127.0.0.0/8", "::1/128" };

	return is_in_nets(addr, nets, G_N_ELEMENTS(nets));
}

char *inet_addr_reverse_name(const InetAddr *addr)
{
	GString *name = g_string_new(NULL);

	if (addr->family == 4) {
		for (int i = 3; i >= 0; i--)
			g_string_append_printf(name, "%u.", addr->octets[i]);
		g_string_append(name, "in-addr.arpa");
	} else {
		for (int i = 15; i >= 0; i--)
			g_string_append_printf(
				name, "%x.%x.", addr->octets[i] & 15u, addr->octets[i] >> 4u);
		g_string_append(name, "ip6.arpa");
	}
	return g_string_free(name, FALSE);
}

bool inet_net_parse(Slice text, InetNet *ret_net)
{
	InetNet net = { .prefix = 0 };
	Slice rest = text;
	Slice addr = slice_take_until(&rest, '/');
	guint64 prefix;

	if (!inet_addr_parse(addr, &net.addr))
		return false;
	prefix = net.addr.family == 4 ? 32 : 128;
	if (addr.len < text.len && !slice_parse_uint(rest, prefix, &prefix))
		return false;
	net.prefix = (unsigned)prefix;
	*ret_net = net;
	return true;
}

bool inet_net_contains(const InetNet *net, const InetAddr *addr)
{
	return inet_addr_same_bits(&net->addr, addr, net->prefix);
}
