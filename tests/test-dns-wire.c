/* Reading the octets of a packet: numbers, and names with their pointers. */
#include "packet_suite.h"

#include "dns/wire.h"

#include <string.h>

#define OCTETS_21 "616161616161616161616161616161616161616161"

static const struct {
	const char *what;
	const char *packet;
	size_t at;
	const char *name; /* NULL: broken */
	size_t behind;
} names[] = {
	{ "the root", "00", 0, "", 1 },
	{ "labels", "<Mail.Example> 00", 0, "mail.example", 14 },
	{ "a pointer", "<a.example> c000", 11, "a.example", 13 },
	{ "a label and a pointer", "<a.example> 'b' c002", 11, "b.example", 15 },
	{ "pointers in a row", "<x> c000 c003 c005", 7, "x", 9 },
	{ "a pointer to the root", "00 c000", 1, "", 3 },
	{ "any octet", "04 00 20 2e ff 00", 0, "\\000\\032\\046\\255", 6 },
	{ "what zone files mean something by", "08 22 28 29 3b 40 24 5c 2e 00", 0,
		"\\034\\040\\041\\059\\064\\036\\092\\046", 10 },
	{ "a pointer to itself", "c000", 0, NULL, 0 },
	{ "a pointer into itself", "00 c001", 1, NULL, 0 },
	{ "a pointer forward", "c002 00", 0, NULL, 0 },
	{ "two that point to each other", "c002 c000", 2, NULL, 0 },
	{ "two that are led to", "c002 c000 c002", 4, NULL, 0 },
	{ "labels that lead back to themselves", "'a' c000", 0, NULL, 0 },
	{ "labels that lead back into themselves", "'a' 'b' c002", 0, NULL, 0 },
	{ "a pointer beyond the packet", "00 c0ff", 1, NULL, 0 },
	{ "half a pointer", "00 c0", 1, NULL, 0 },
	{ "the longest label", "3f" OCTETS_21 OCTETS_21 OCTETS_21 "00", 0,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 65 },
	{ "a label of kind 01", "40" OCTETS_21 OCTETS_21 OCTETS_21 "61 00", 0, NULL, 0 },
	{ "a label of kind 10",
		"80" OCTETS_21 OCTETS_21 OCTETS_21 OCTETS_21 OCTETS_21 OCTETS_21 "6161 00", 0, NULL,
		0 },
	{ "a label beyond the packet", "02 61", 0, NULL, 0 },
	{ "no root", "'a'", 0, NULL, 0 },
	{ "nothing", "", 0, NULL, 0 },
	{ "behind the end", "00", 1, NULL, 0 },
};

static void test_names(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GByteArray) octets = packet_assemble(names[i].packet);
		Slice packet = packet_exact(octets, octets->len);
		Wire wire = { packet, names[i].at };
		g_autofree char *name = wire_name(&wire);

		g_test_message("%s", names[i].what);
		g_assert_cmpstr(name, ==, names[i].name);
		if (name != NULL)
			g_assert_cmpuint(wire.at, ==, names[i].behind);
		g_free((gpointer)(guintptr)packet.data);
	}
}

/* labels of one octet each, then a pointer back to the start of a name that has some too. */
static char *read_pointed(unsigned first, unsigned second)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	Wire wire = { SLICE_ABSENT, first * 2 + 1 };

	for (unsigned i = 0; i < first; i++)
		packet_add_text(octets, "a", 1);
	packet_add_text(octets, "", 0);
	for (unsigned i = 0; i < second; i++)
		packet_add_text(octets, "b", 1);
	g_byte_array_append(octets, (const guint8 *)"\xC0", 2);
	wire.packet = slice_make((const char *)octets->data, octets->len);
	return wire_name(&wire);
}

/* What pointers add together is bounded as what stands in one place. */
static void test_name_length(void)
{
	g_autofree char *longest = read_pointed(100, 27);
	g_autofree char *longer = read_pointed(100, 28);

	g_assert_nonnull(longest);
	g_assert_cmpuint(strlen(longest), ==, 253);
	g_assert_null(longer);
}

/* Pointers have 14 bits. */
static void test_far_pointer(void)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	Wire wire;
	g_autofree char *name = NULL;

	g_byte_array_set_size(octets, 0x3F02);
	memset(octets->data, 0, octets->len);
	packet_add_name(octets, "far.example", 11);
	g_byte_array_append(octets, (const guint8 *)"\xFF\x02", 2);
	wire = (Wire) { slice_make((const char *)octets->data, octets->len), octets->len - 2u };
	name = wire_name(&wire);
	g_assert_cmpstr(name, ==, "far.example");
	g_assert_cmpuint(wire.at, ==, octets->len);
}

static void test_numbers(void)
{
	g_autoptr(GByteArray) octets = packet_assemble("ff fffe 80000001");
	Slice packet = packet_exact(octets, octets->len);
	Wire wire = { packet, 0 };
	uint8_t one = 0;
	uint16_t two = 0;
	uint32_t four = 0;
	Slice rest;

	g_assert_true(wire_u8(&wire, &one) && wire_u16(&wire, &two) && wire_u32(&wire, &four));
	g_assert_cmpuint(one, ==, 0xFF);
	g_assert_cmpuint(two, ==, 0xFFFE);
	g_assert_cmpuint(four, ==, 0x80000001);
	g_assert_true(wire_octets(&wire, 0, &rest));
	g_assert_false(wire_u8(&wire, &one) || wire_octets(&wire, 1, &rest));
	wire.at = 6;
	g_assert_false(wire_u16(&wire, &two));
	wire.at = 4;
	g_assert_false(wire_u32(&wire, &four) || wire_octets(&wire, SIZE_MAX, &rest));
	wire.at = 8;
	g_assert_false(wire_octets(&wire, 0, &rest));
	g_free((gpointer)(guintptr)packet.data);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/dns-wire/names", test_names);
	g_test_add_func("/dns-wire/names/length", test_name_length);
	g_test_add_func("/dns-wire/names/far-pointer", test_far_pointer);
	g_test_add_func("/dns-wire/numbers", test_numbers);
	return g_test_run();
}
