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

/* Between the hosts of Exchange Online, which have public IPv6 addresses of three regions. */
static bool is_within_exchange_online(const Hop *hop)
{
	static const char *const nets[] = { "2603:1096::/32", "2603:10a6::/32", "2603:10b6::/32" };

	if (!host_is_within(hop->by, "outlook.com") || !host_is_within(hop->helo, "outlook.com"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(nets); i++) {
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
		if (chain->places[i] == HOP_ORGANISATION &&
			is_near(&hop->ip, &facts_hop(chain->facts, i)->ip))
			return true;
	return false;
}

/* The client of a line wrote the next one, and is of the same organisation. Where it did not, its
 * address is the last that is proven, and the line is the boundary after all. */
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

static bool is_of_organisation(const HopChain *chain, size_t index)
{
	const Hop *hop = facts_hop(chain->facts, index);

	if (!goes_on(chain, index))
		return false;
	return is_near(&hop->ip, &hop->by_ip) || is_near_earlier(chain, index) ||
	       (hop->rdns_verified && hosts_are_neighbours(hop->rdns, hop->by)) ||
	       is_within_exchange_online(hop);
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
	return is_of_organisation(chain, index) ? HOP_ORGANISATION : HOP_OUTSIDE;
}

HopChain hop_chain(const Facts *facts)
{
	HopChain chain = { .facts = facts, .count = MIN(facts->hops->len, LIMIT_HOPS) };

	chain.outside = chain.count;
	for (size_t i = 0; i < chain.count; i++) {
		chain.places[i] = place_of(&chain, i);
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
