#include "message/embedded_time.h"

#include "base/text_time.h"
#include "message/transfer.h"

#include <string.h>

/* 1995-01-01 and 2100-01-01, ms: what lies outside was no moment. */
#define EARLIEST INT64_C(788918400000)
#define LATEST   INT64_C(4102444800000)

/* Windows' FILETIME counts 100 ns from 1601-01-01, a UUID of version 1 from 1582-10-15. */
#define FILETIME_OF_UNIX INT64_C(11644473600000)
#define UUID_OF_UNIX     INT64_C(12219292800000)
#define TICKS_PER_MS     10000u

static bool is_plausible(int64_t time)
{
	return time >= EARLIEST && time < LATEST;
}

static Slice between(Slice text, size_t from, size_t end)
{
	return slice_sub(text, from, end - from);
}

static bool is_alnum(char c)
{
	return g_ascii_isalnum(c) != 0;
}

/* Octets of hexadecimal digits, or of decimal ones, that text begins with. */
static size_t run_length(Slice text, bool is_hex)
{
	size_t len = 0;

	while (len < text.len &&
		(is_hex ? g_ascii_isxdigit(text.data[len]) : g_ascii_isdigit(text.data[len])))
		len++;
	return len;
}

static uint64_t number_of(Slice digits, unsigned base)
{
	uint64_t number = 0;

	for (size_t i = 0; i < digits.len; i++)
		number = number * base + (uint64_t)g_ascii_xdigit_value(digits.data[i]);
	return number;
}

/* So many hexadecimal digits at *at, and then mark; steps over both. */
static bool take_hex(Slice text, size_t *at, size_t digits, char mark, uint64_t *ret_number)
{
	if (*at + digits >= text.len ||
		run_length(between(text, *at, *at + digits), true) != digits ||
		text.data[*at + digits] != mark)
		return false;
	*ret_number = number_of(between(text, *at, *at + digits), 16);
	*at += digits + 1;
	return true;
}

/* "HHHHHHHH$LLLLLLLL$" and ".": the halves of a FILETIME, as Outlook writes it into Message-IDs
 * (behind four digits of a counter) and, with other marks, into boundaries. */
static bool is_outlook(Slice text, size_t at, EmbeddedTime *ret_time)
{
	static const char marks[] = { '$', '.' };
	uint64_t high;
	uint64_t low;

	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		size_t end = at;

		if (!take_hex(text, &end, 8, marks[i], &high))
			continue;
		if (end + 8 > text.len || run_length(between(text, end, end + 8), true) != 8)
			return false;
		if (end + 8 < text.len && is_alnum(text.data[end + 8]))
			return false;
		if (marks[i] == '$' && (end + 8 >= text.len || text.data[end + 8] != '$'))
			return false;
		low = number_of(between(text, end, end + 8), 16);
		ret_time->time = (int64_t)(((high << 32) | low) / TICKS_PER_MS) - FILETIME_OF_UNIX;
		ret_time->where = between(text, at, end + 8);
		return is_plausible(ret_time->time);
	}
	return false;
}

/* "LLLLLLLL-MMMM-1HHH-…" (RFC 9562, 5.1). */
static bool is_uuid(Slice text, size_t at, EmbeddedTime *ret_time)
{
	size_t end = at;
	uint64_t low;
	uint64_t mid;
	uint64_t high;

	if (at > 0 && is_alnum(text.data[at - 1]))
		return false;
	if (!take_hex(text, &end, 8, '-', &low) || !take_hex(text, &end, 4, '-', &mid) ||
		!take_hex(text, &end, 4, '-', &high) || high >> 12 != 1)
		return false;
	if (end + 17 > text.len || text.data[end + 4] != '-' ||
		strchr("89abAB", text.data[end]) == NULL)
		return false;
	high &= 0xfff;
	ret_time->time =
		(int64_t)(((high << 48) | (mid << 32) | low) / TICKS_PER_MS) - UUID_OF_UNIX;
	ret_time->where = between(text, at, end - 1);
	return is_plausible(ret_time->time);
}

static int two_digits(Slice digits, size_t at)
{
	return (digits.data[at] - '0') * 10 + digits.data[at + 1] - '0';
}

/* "YYYYMMDDhhmmss", or without the seconds. */
static bool is_civil(Slice digits, EmbeddedTime *ret_time)
{
	int second = digits.len == 14 ? two_digits(digits, 12) : 0;

	ret_time->is_local = true;
	return text_time_from_civil(two_digits(digits, 0) * 100 + two_digits(digits, 2),
		       two_digits(digits, 4), two_digits(digits, 6), two_digits(digits, 8),
		       two_digits(digits, 10), second, 0, &ret_time->time) &&
	       is_plausible(ret_time->time);
}

static bool is_unix(Slice digits, EmbeddedTime *ret_time)
{
	uint64_t number = number_of(digits, 10);

	ret_time->time = (int64_t)(digits.len == 10 ? number * 1000 : number);
	return is_plausible(ret_time->time);
}

typedef bool (*AtPlace)(Slice text, size_t at, EmbeddedTime *ret_time);
typedef bool (*OfDigits)(Slice digits, EmbeddedTime *ret_time);

typedef struct Form {
	const char *code;
	AtPlace at_place;   /* tried at every octet … */
	OfDigits of_digits; /* … or with every run of so many decimal digits */
	size_t digits;
	const char *behind; /* what has to follow the run; NULL: anything */
} Form;

static const Form forms[] = {
	{ "outlook", is_outlook, NULL, 0, NULL },
	{ "uuid-1", is_uuid, NULL, 0, NULL },
	{ "javamail", NULL, is_unix, 13, ".JavaMail." },
	{ "civil", NULL, is_civil, 14, NULL },
	{ "unix-ms", NULL, is_unix, 13, NULL },
	{ "unix", NULL, is_unix, 10, NULL },
	{ "civil", NULL, is_civil, 12, NULL },
};

static bool find_place(Slice text, const Form *form, EmbeddedTime *ret_time)
{
	for (size_t at = 0; at < text.len; at++)
		if (g_ascii_isxdigit(text.data[at]) && form->at_place(text, at, ret_time))
			return true;
	return false;
}

static bool find_digits(Slice text, const Form *form, EmbeddedTime *ret_time)
{
	for (size_t at = 0; at < text.len; at++) {
		size_t len = run_length(between(text, at, text.len), false);
		bool is_word = (at == 0 || !is_alnum(text.data[at - 1])) &&
			       (at + len == text.len || !is_alnum(text.data[at + len]));

		if (len == 0)
			continue;
		if (len == form->digits && is_word &&
			(form->behind == NULL ||
				slice_starts(between(text, at + len, text.len), form->behind))) {
			ret_time->where = between(text, at, at + len);
			if (form->of_digits(ret_time->where, ret_time))
				return true;
		}
		at += len;
	}
	return false;
}

bool embedded_time_find(Slice text, EmbeddedTime *ret_time)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		const Form *form = &forms[i];

		*ret_time = (EmbeddedTime) { .form = form->code };
		if (form->at_place != NULL ? find_place(text, form, ret_time)
					   : find_digits(text, form, ret_time))
			return true;
	}
	return false;
}

/* The first octet is 1, which is also the first of every FILETIME from 1829 to 2057; the five
 * behind it are the next ones of the FILETIME. The last two are not there: 6.6 ms. */
bool embedded_time_of_thread(Slice value, int64_t *ret_time)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	uint64_t filetime = 0;

	if (value.len > 1024)
		return false;
	transfer_base64(octets, value);
	if (octets->len < 22 || octets->str[0] != 1)
		return false;
	for (size_t i = 0; i < 6; i++)
		filetime = (filetime << 8) | (unsigned char)octets->str[i];
	*ret_time = (int64_t)((filetime << 16) / TICKS_PER_MS) - FILETIME_OF_UNIX;
	return is_plausible(*ret_time);
}

/* The upper 44 bits count milliseconds. */
bool embedded_time_of_gmail(Slice sender, int64_t *ret_time)
{
	size_t len = run_length(sender, false);

	if (len < 18 || len > 19 || !slice_is(between(sender, len, sender.len), "@xxx"))
		return false;
	*ret_time = (int64_t)(number_of(between(sender, 0, len), 10) >> 20);
	return is_plausible(*ret_time);
}
