#include "survey/address_space.h"

#define IP4_LAST ((uint64_t)UINT32_MAX)

typedef enum Family { FAMILY_4, FAMILY_6 } Family;
#define FAMILIES 2

/* Both ends are in it. */
typedef struct Range {
	uint64_t first, last;
} Range;

/* Ranges in order, which neither overlap nor touch. */
struct AddressSpace {
	GArray *ranges[FAMILIES];
};

AddressSpace *address_space_new(void)
{
	AddressSpace *space = g_new0(AddressSpace, 1);

	for (int i = 0; i < FAMILIES; i++)
		space->ranges[i] = g_array_new(FALSE, FALSE, sizeof(Range));
	return space;
}

void address_space_free(AddressSpace *space)
{
	if (space == NULL)
		return;
	for (int i = 0; i < FAMILIES; i++)
		g_array_unref(space->ranges[i]);
	g_free(space);
}

static gint compare_ranges(gconstpointer a, gconstpointer b)
{
	uint64_t first_a = ((const Range *)a)->first;
	uint64_t first_b = ((const Range *)b)->first;

	return (first_a > first_b) - (first_a < first_b);
}

static bool is_touching(const Range *before, const Range *next)
{
	return next->first <= before->last || next->first - before->last == 1;
}

static void put_in_order(GArray *ranges)
{
	guint kept = 0;

	g_array_sort(ranges, compare_ranges);
	for (guint i = 1; i < ranges->len; i++) {
		Range *last = &g_array_index(ranges, Range, kept);
		Range next = g_array_index(ranges, Range, i);

		if (is_touching(last, &next))
			last->last = MAX(last->last, next.last);
		else
			g_array_index(ranges, Range, ++kept) = next;
	}
	if (ranges->len > 0)
		g_array_set_size(ranges, kept + 1);
}

static void add_range(AddressSpace *space, Family family, Range range)
{
	g_array_append_val(space->ranges[family], range);
	put_in_order(space->ranges[family]);
}

static uint64_t number_of(const InetAddr *addr, size_t octets)
{
	uint64_t number = 0;

	for (size_t i = 0; i < octets; i++)
		number = number << 8 | addr->octets[i];
	return number;
}

/* The numbers of so many bits that begin with the first prefix bits of number. */
static Range range_of(uint64_t number, unsigned prefix, unsigned bits)
{
	unsigned free_bits = bits - MIN(prefix, bits);
	uint64_t mask = free_bits == 64 ? UINT64_MAX : (UINT64_C(1) << free_bits) - 1;

	return (Range) { number & ~mask, number | mask };
}

void address_space_add(AddressSpace *space, const InetNet *net)
{
	if (net->addr.family == 4)
		add_range(space, FAMILY_4, range_of(number_of(&net->addr, 4), net->prefix, 32));
	else if (net->addr.family == 6)
		add_range(space, FAMILY_6,
			range_of(number_of(&net->addr, 8), net->prefix, ADDRESS_SPACE_BITS6));
}

void address_space_add_everything(AddressSpace *space)
{
	add_range(space, FAMILY_4, (Range) { 0, IP4_LAST });
	add_range(space, FAMILY_6, (Range) { 0, UINT64_MAX });
}

void address_space_join(AddressSpace *space, const AddressSpace *other)
{
	for (int i = 0; i < FAMILIES; i++) {
		const GArray *added = other->ranges[i];

		if (added->len == 0)
			continue;
		g_array_append_vals(space->ranges[i], added->data, added->len);
		put_in_order(space->ranges[i]);
	}
}

/* Appends what of range is in none of the holes. */
static void append_rest(GArray *out, Range range, const GArray *holes)
{
	for (guint i = 0; i < holes->len; i++) {
		Range hole = g_array_index(holes, Range, i);
		Range before = { range.first, hole.first - 1 };

		if (hole.last < range.first)
			continue;
		if (hole.first > range.last)
			break;
		if (hole.first > range.first)
			g_array_append_val(out, before);
		if (hole.last >= range.last)
			return;
		range.first = hole.last + 1;
	}
	g_array_append_val(out, range);
}

void address_space_remove(AddressSpace *space, const AddressSpace *other)
{
	for (int i = 0; i < FAMILIES; i++) {
		GArray *rest;

		if (other->ranges[i]->len == 0)
			continue;
		rest = g_array_new(FALSE, FALSE, sizeof(Range));
		for (guint k = 0; k < space->ranges[i]->len; k++)
			append_rest(
				rest, g_array_index(space->ranges[i], Range, k), other->ranges[i]);
		g_array_unref(space->ranges[i]);
		space->ranges[i] = rest;
	}
}

static uint64_t count(const GArray *ranges)
{
	uint64_t sum = 0;

	for (guint i = 0; i < ranges->len; i++) {
		Range range = g_array_index(ranges, Range, i);
		uint64_t more = range.last - range.first;

		if (more >= INT64_MAX - sum)
			return INT64_MAX;
		sum += more + 1;
	}
	return sum;
}

uint64_t address_space_ip4(const AddressSpace *space)
{
	return count(space->ranges[FAMILY_4]);
}

uint64_t address_space_ip6(const AddressSpace *space)
{
	return count(space->ranges[FAMILY_6]);
}
