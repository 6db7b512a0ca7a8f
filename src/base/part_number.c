#include "base/part_number.h"

#include "base/slice.h"

#include <string.h>

bool part_number_is_valid(const char *text)
{
	Slice rest = slice_of(text);

	if (rest.len == 0 || rest.len > PART_NUMBER_OCTETS || text[rest.len - 1] == '.')
		return false;
	while (rest.len > 0) {
		Slice word = slice_take_until(&rest, '.');
		guint64 number;

		if (!slice_parse_uint(word, LIMIT_MIME_PARTS, &number) || word.data[0] == '0')
			return false;
	}
	return true;
}

/* Without zeros in front the longer number is the greater one. */
static int compare_words(Slice a, Slice b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return memcmp(a.data, b.data, a.len);
}

int part_number_compare(const char *a, const char *b)
{
	Slice first = slice_of(a);
	Slice second = slice_of(b);

	while (first.len > 0 && second.len > 0) {
		Slice one = slice_take_until(&first, '.');
		Slice other = slice_take_until(&second, '.');
		int order = compare_words(one, other);

		if (order != 0)
			return order;
	}
	return (first.len > 0) - (second.len > 0);
}

bool part_number_is_within(const char *part, const char *around)
{
	size_t len = strlen(around);

	return strncmp(part, around, len) == 0 && part[len] == '.';
}
