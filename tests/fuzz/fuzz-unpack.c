/* Whatever an archive is, what is taken out of it is bounded, its files come one behind the other,
 * and names and texts are ones that the frames to the reader can hold. */
#include "base/limits.h"
#include "mailbox/unpack.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What may come out: what is free of all, and the ratio of each octet; a piece may go beyond. */
static const UnpackLimits limits = {
	.ratio = 20, .free = 64 * 1024, .free_total = 256 * 1024, .octets = 1024 * 1024, .depth = 3
};
#define PIECE_MAX ((size_t)64 * 1024)

typedef struct Taken {
	Slice rest;
	bool in_member;
	uint64_t octets;
	unsigned members;
	unsigned problems;
} Taken;

static size_t read_some(gpointer data, char *into, size_t room)
{
	Taken *taken = data;
	Slice piece = slice_sub(taken->rest, 0, MIN(room, 1000u));

	g_assert_cmpuint(room, >, 0);
	if (piece.len > 0)
		memcpy(into, piece.data, piece.len);
	taken->rest = slice_sub(taken->rest, piece.len, taken->rest.len);
	return piece.len;
}

static void begin_member(gpointer data, Slice name, size_t own)
{
	Taken *taken = data;

	g_assert_false(taken->in_member);
	g_assert_cmpuint(name.len, <=, LIMIT_ARCHIVE_NAME);
	g_assert_cmpint(slice_find_char(name, '\0'), ==, -1);
	g_assert_cmpuint(own, <=, name.len);
	g_assert_true(own == 0 || own == name.len || name.data[own - 1] == '!');
	taken->in_member = true;
	taken->members++;
}

static void add_octets(gpointer data, Slice octets)
{
	Taken *taken = data;

	g_assert_true(taken->in_member);
	g_assert_cmpuint(octets.len, <=, PIECE_MAX);
	taken->octets += octets.len;
}

static void end_member(gpointer data, const char *problem)
{
	Taken *taken = data;

	g_assert_true(taken->in_member);
	taken->in_member = false;
	taken->problems += problem != NULL;
}

static void add_problem(gpointer data, Slice name, const char *text)
{
	Taken *taken = data;

	g_assert_false(taken->in_member);
	g_assert_cmpuint(name.len, <=, LIMIT_ARCHIVE_NAME);
	g_assert_cmpint(slice_find_char(name, '\0'), ==, -1);
	g_assert_cmpuint(strlen(text), >, 0);
	taken->problems++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Taken taken = { .rest = slice_make((const char *)data, size) };
	const UnpackIo io = { read_some, begin_member, add_octets, end_member, add_problem,
		&taken };

	unpack(&io, &limits, "stem");
	g_assert_false(taken.in_member);
	g_assert_cmpuint(taken.octets, <=,
		MIN(limits.octets, limits.free_total + (size + 1) * limits.ratio) + PIECE_MAX);
	return 0;
}
