#include "auth/change_work.h"

#include "base/limits.h"

#include <string.h>

/* How far to look for the line at which two texts come together again. */
#define LOOK_AHEAD ((size_t)200)

typedef struct Ahead {
	Slice lines[LOOK_AHEAD];
	size_t count;
} Ahead;

static void look_ahead(Ahead *ahead, Slice rest)
{
	for (ahead->count = 0; ahead->count < LOOK_AHEAD && rest.len > 0; ahead->count++)
		ahead->lines[ahead->count] = slice_take_line(&rest);
}

/* Empty lines and closing brackets are everywhere: they say little of where the texts meet. */
static bool is_telling(Slice line)
{
	return slice_trim(line).len > 2;
}

/* The nearest pair of equal lines; false where there is none. */
static bool find_meeting(const Ahead *a, const Ahead *b, size_t *ret_a, size_t *ret_b)
{
	for (size_t sum = 1; sum < a->count + b->count; sum++) {
		size_t i = sum < b->count ? 0 : sum - b->count + 1;

		for (; i <= sum && i < a->count; i++) {
			if (!is_telling(a->lines[i]) ||
				!slice_equal(a->lines[i], b->lines[sum - i]))
				continue;
			*ret_a = i;
			*ret_b = sum - i;
			return true;
		}
	}
	return false;
}

static Slice up_to(Slice rest, const Ahead *ahead, size_t lines)
{
	return lines < ahead->count ? slice_sub(rest, 0, slice_offset(rest, ahead->lines[lines]))
				    : rest;
}

static void skip_common(Slice *a, Slice *b)
{
	size_t common = 0;

	while (common < a->len && common < b->len && a->data[common] == b->data[common])
		common++;
	*a = slice_sub(*a, common, a->len);
	*b = slice_sub(*b, common, b->len);
	while (a->len > 0 && b->len > 0 && a->data[a->len - 1] == b->data[b->len - 1]) {
		a->len--;
		b->len--;
	}
}

/* Takes the lines that both begin with off both. */
static void skip_equal_lines(Slice *a, Slice *b)
{
	while (a->len > 0 && b->len > 0) {
		Slice rest_a = *a;
		Slice rest_b = *b;

		if (!slice_equal(slice_take_line(&rest_a), slice_take_line(&rest_b)))
			return;
		*a = rest_a;
		*b = rest_b;
	}
}

void change_places(ChangeFound *found, Slice message, Slice present, Slice was_signed)
{
	g_autofree Ahead *a = g_new(Ahead, 1);
	g_autofree Ahead *b = g_new(Ahead, 1);

	for (;;) {
		Slice here;
		Slice there;
		size_t in_a = LOOK_AHEAD;
		size_t in_b = LOOK_AHEAD;
		bool is_rest = found->places->len + 1 == LIMIT_CHANGE_PLACES;

		skip_equal_lines(&present, &was_signed);
		if (present.len == 0 && was_signed.len == 0)
			return;
		look_ahead(a, present);
		look_ahead(b, was_signed);
		if (is_rest || !find_meeting(a, b, &in_a, &in_b))
			is_rest = true;
		here = is_rest ? present : up_to(present, a, in_a);
		there = is_rest ? was_signed : up_to(was_signed, b, in_b);
		present = slice_sub(present, here.len, present.len);
		was_signed = slice_sub(was_signed, there.len, was_signed.len);
		skip_common(&here, &there);
		change_found_add_place(found, message, here, there);
	}
}
