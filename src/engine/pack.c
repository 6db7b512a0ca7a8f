#include "engine/pack.h"

#include <string.h>

/* A text that is there has this added to its length. */
#define IS_THERE 1u

void pack_number(GByteArray *out, uint64_t number)
{
	g_byte_array_append(out, (const guint8 *)&number, sizeof number);
}

void pack_octets(GByteArray *out, Slice octets)
{
	pack_number(out, octets.len);
	g_byte_array_append(out, (const guint8 *)octets.data, (guint)octets.len);
}

void pack_text(GByteArray *out, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	pack_number(out, text != NULL ? len + IS_THERE : 0);
	if (len > 0)
		g_byte_array_append(out, (const guint8 *)text, (guint)len);
}

static Slice break_off(Unpack *unpack)
{
	*unpack = (Unpack) { .is_broken = true };
	return SLICE_ABSENT;
}

static Slice take(Unpack *unpack, uint64_t len)
{
	Slice taken;

	if (unpack->is_broken || len > unpack->rest.len)
		return break_off(unpack);
	taken = slice_sub(unpack->rest, 0, (size_t)len);
	unpack->rest = slice_sub(unpack->rest, (size_t)len, unpack->rest.len);
	return taken;
}

uint64_t unpack_number(Unpack *unpack, uint64_t limit)
{
	Slice octets = take(unpack, sizeof(uint64_t));
	uint64_t number = 0;

	if (octets.data != NULL)
		memcpy(&number, octets.data, sizeof number);
	if (number <= limit)
		return number;
	break_off(unpack);
	return 0;
}

Slice unpack_octets(Unpack *unpack)
{
	return take(unpack, unpack_number(unpack, SIZE_MAX));
}

char *unpack_text(Unpack *unpack, size_t limit)
{
	uint64_t number = unpack_number(unpack, (uint64_t)limit + IS_THERE);
	Slice octets = take(unpack, number > 0 ? number - IS_THERE : 0);

	if (number == 0 || unpack->is_broken)
		return NULL;
	if (slice_find_char(octets, '\0') >= 0) {
		break_off(unpack);
		return NULL;
	}
	return g_strndup(octets.data, octets.len);
}

bool unpack_is_done(const Unpack *unpack)
{
	return !unpack->is_broken && unpack->rest.len == 0;
}
