#include "message/boundary_part.h"

#include "message/organisation.h"

#include <string.h>

/* Networks that registries give out whole: the same /16 is likely the same holder (SpamAssassin's
 * inference), in IPv6 a /32. */
static bool is_near(const InetAddr *a, const InetAddr *b)
{
	return hop_ip_is_public(a) && hop_ip_is_public(b) &&
	       inet_addr_same_bits(a, b, a->family == 4 ? 16 : 32);
}

bool hop_ip_is_public(const InetAddr *ip)
{
	InetAddr inner;

	if (ip->family == 0 || inet_addr_is_private(ip))
		return false;
	if (ip->family != 6 || ip->octets[0] != 0x20 || ip->octets[1] != 0x02)
		return true;
	inner = inet_addr_from_octets(4, ip->octets + 2);
	return !inet_addr_is_private(&inner);
}

/* Networks that only hosts of Exchange Online have, of three regions; its tenants' mail comes from
 * others, also where it goes from one tenant to another. */
static bool is_within_exchange_online(const Hop *hop)
{
	static const char *const nets[] = { "2603:1096::/32", "2603:10a6::/32", "2603:10b6::/32" };

	for (size_t i = 0; host_is_exchange_online(hop->by) && i < G_N_ELEMENTS(nets); i++) {
		InetNet net;

		if (inet_net_parse(slice_of(nets[i]), &net) && inet_net_contains(&net, &hop->ip))
			return true;
	}
	return false;
}

static bool is_near_earlier(const HopChain *chain, size_t index)
{
	const Hop *hop = facts_hop(chain->facts, index);

	for (size_t i = 0; i < index; i++)
		if (chain->places[i] == HOP_LIKELY &&
			is_near(&hop->ip, &facts_hop(chain->facts, i)->ip))
			return true;
	return false;
}

/* The next line says that the client of this one wrote it. It proves nothing, as a sender can write
 * that, too; but where it does not even say so, this line is the boundary. */
static bool goes_on(const HopChain *chain, size_t index)
{
	const Hop *hop = facts_hop(chain->facts, index);
	const Hop *next;

	if (index + 1 >= chain->count)
		return false;
	next = facts_hop(chain->facts, index + 1);
	return hosts_are_neighbours(next->by, hop->by) ||
	       (next->by != NULL && hop->helo != NULL &&
		       g_ascii_strcasecmp(next->by, hop->helo) == 0) ||
	       inet_addr_equal(&next->by_ip, &hop->ip);
}

static bool is_likely_ours(const HopChain *chain, size_t index)
{
	const Hop *hop = facts_hop(chain->facts, index);

	if (!goes_on(chain, index))
		return false;
	return is_near(&hop->ip, &hop->by_ip) || is_near_earlier(chain, index) ||
	       (hop->rdns_verified && hosts_are_neighbours(hop->rdns, hop->by));
}

static HopPlace place_of(const HopChain *chain, size_t index)
{
	const Hop *hop = facts_hop(chain->facts, index);

	if (hop->is_local)
		return HOP_LOCAL;
	if (hop->is_authenticated)
		return HOP_SUBMISSION;
	if (hop->ip.family == 0)
		return HOP_OUTSIDE;
	if (!hop_ip_is_public(&hop->ip))
		return HOP_PRIVATE;
	if (is_within_exchange_online(hop))
		return HOP_CLOUD;
	return is_likely_ours(chain, index) ? HOP_LIKELY : HOP_OUTSIDE;
}

bool is_border_host(const BoundaryOptions *options, const char *host)
{
	for (guint i = 0; host != NULL && options != NULL && i < options->border_hosts->len; i++) {
		const char *border = g_ptr_array_index(options->border_hosts, i);

		/* With a dot before it, all hosts below that name. */
		if (border[0] == '.' ? host_is_within(host, border + 1)
				     : g_ascii_strcasecmp(host, border) == 0)
			return true;
	}
	return false;
}

/* What the networks given say of the address; NULL where none holds it. */
static const BorderNet *find_border_net(const BoundaryOptions *options, const InetAddr *ip)
{
	for (guint i = 0; options != NULL && i < options->border_nets->len; i++) {
		const BorderNet *each = &g_array_index(options->border_nets, BorderNet, i);

		if (inet_net_contains(&each->net, ip))
			return each;
	}
	return NULL;
}

static bool is_surely_ours(const HopChain *chain, const BoundaryOptions *options, size_t index)
{
	const Hop *hop = facts_hop(chain->facts, index);
	HopPlace place = chain->places[index];
	const BorderNet *net = find_border_net(options, &hop->ip);

	if (place == HOP_LOCAL || inet_addr_is_loopback(&hop->ip))
		return true;
	if (net != NULL)
		return !net->is_outside;
	return place == HOP_PRIVATE || place == HOP_CLOUD ||
	       (hop->rdns_verified && is_border_host(options, hop->rdns));
}

HopChain hop_chain(const Facts *facts, const BoundaryOptions *options)
{
	HopChain chain = { .facts = facts, .count = MIN(facts->hops->len, LIMIT_HOPS) };

	chain.outside = chain.count;
	for (size_t i = 0; i < chain.count; i++) {
		chain.places[i] = place_of(&chain, i);
		chain.is_ours[i] = is_surely_ours(&chain, options, i);
		if (chain.places[i] == HOP_OUTSIDE && chain.outside == chain.count)
			chain.outside = i;
	}
	return chain;
}

size_t hops_above(const Facts *facts, size_t field)
{
	size_t above = 0;

	while (above < facts->hops->len && facts_hop(facts, above)->field < field)
		above++;
	return above;
}
