#include "base/text_time.h"

#include <string.h>

#define MS_A_SECOND   1000
#define SECONDS_A_DAY 86400

/* Days from 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	int64_t shifted = month <= 2 ? year - 1 : year;
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int64_t of_era = shifted - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool text_time_from_civil(int year, int month, int day, int hour, int minute, int second,
	int offset_minutes, int64_t *ret_time)
{
	int64_t seconds;

	if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 ||
		day > days_in_month(year, month))
		return false;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	seconds = days_from_civil(year, month, day) * SECONDS_A_DAY + (int64_t)hour * 3600 +
		  (int64_t)minute * 60 + (second == 60 ? 59 : second) -
		  (int64_t)offset_minutes * 60;
	*ret_time = seconds * MS_A_SECOND;
	return true;
}

typedef struct Day {
	int year, month, day;
} Day;

/* The inverse of days_from_civil(). */
static Day civil_from_days(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t months = (5 * of_year + 2) / 153; /* from March on */
	int month = (int)(months < 10 ? months + 3 : months - 9);

	return (Day) { .year = (int)(years + era * 400) + (month <= 2),
		.month = month,
		.day = (int)(of_year - (153 * months + 2) / 5) + 1 };
}

/* So many digits of number, which has no more, and what follows them; returns where that ends. */
static char *put_number(char *at, int number, int digits, char next)
{
	for (int i = digits; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	at[digits] = next;
	return at + digits + 1;
}

/* Years that have four digits, and are some. */
#define FIRST_SECOND INT64_C(-62135596800)
#define LAST_SECOND  INT64_C(253402300799)

#define TIME_TEXT    sizeof "2026-11-24T02:15:00.000Z"

/* "2026-11-24T02:15:00" and end, with room for more behind it; owned by the caller. NULL as
 * text_time_rfc3339() has it; *ret_ms is what is left of the second. */
static char *date_and_clock(int64_t time, char end, int *ret_ms)
{
	int64_t seconds = time / MS_A_SECOND - (time % MS_A_SECOND < 0);
	int64_t days = seconds / SECONDS_A_DAY - (seconds % SECONDS_A_DAY < 0);
	int clock = (int)(seconds - days * SECONDS_A_DAY);
	char *text;
	char *at;
	Day day;

	if (time == TIME_UNKNOWN || seconds < FIRST_SECOND || seconds > LAST_SECOND)
		return NULL;
	day = civil_from_days(days);
	text = g_malloc(TIME_TEXT);
	at = put_number(text, day.year, 4, '-');
	at = put_number(at, day.month, 2, '-');
	at = put_number(at, day.day, 2, 'T');
	at = put_number(at, clock / 3600, 2, ':');
	at = put_number(at, clock / 60 % 60, 2, ':');
	at = put_number(at, clock % 60, 2, end);
	*at = '\0';
	*ret_ms = (int)(time - seconds * MS_A_SECOND);
	return text;
}

char *text_time_rfc3339(int64_t time)
{
	int ms;

	return date_and_clock(time, 'Z', &ms);
}

char *text_time_rfc3339_ms(int64_t time)
{
	int ms;
	char *text = date_and_clock(time, '.', &ms);

	if (text != NULL)
		*put_number(text + strlen(text), ms, 3, 'Z') = '\0';
	return text;
}

/* Takes up to max digits, at least min, off the front of *rest. max is at most 9. */
static bool take_number(Slice *rest, size_t min, size_t max, int *ret_number)
{
	size_t len = 0;
	int number = 0;

	for (; len < max && len < rest->len && g_ascii_isdigit(rest->data[len]); len++)
		number = number * 10 + (rest->data[len] - '0');
	if (len < min)
		return false;
	*rest = slice_sub(*rest, len, rest->len);
	*ret_number = number;
	return true;
}

static bool take_char(Slice *rest, char c)
{
	if (rest->len == 0 || rest->data[0] != c)
		return false;
	*rest = slice_sub(*rest, 1, rest->len);
	return true;
}

/* "+0900", "-05:30"; minutes. */
static bool take_offset(Slice *rest, int *ret_minutes)
{
	int sign = take_char(rest, '-') ? -1 : take_char(rest, '+') ? 1 : 0;
	int hours;
	int minutes;

	if (sign == 0 || !take_number(rest, 2, 2, &hours))
		return false;
	take_char(rest, ':');
	if (!take_number(rest, 2, 2, &minutes) || minutes > 59 || hours > 23)
		return false;
	*ret_minutes = sign * (hours * 60 + minutes);
	return true;
}

static bool take_clock(Slice *rest, int *hour, int *minute, int *second)
{
	*second = 0;
	if (!take_number(rest, 1, 2, hour) || !take_char(rest, ':') ||
		!take_number(rest, 2, 2, minute))
		return false;
	return !take_char(rest, ':') || take_number(rest, 2, 2, second);
}

static int take_fraction_ms(Slice *rest)
{
	int ms = 0;
	int weight = 100;

	if (!take_char(rest, '.'))
		return 0;
	for (; rest->len > 0 && g_ascii_isdigit(rest->data[0]); weight /= 10) {
		ms += (rest->data[0] - '0') * weight;
		*rest = slice_sub(*rest, 1, rest->len);
	}
	return ms;
}

bool text_time_parse_rfc3339(Slice text, int64_t *ret_time)
{
	int year;
	int month;
	int day;
	int hour = 0;
	int minute = 0;
	int second = 0;
	int offset = 0;
	int ms = 0;
	int64_t time;

	if (!take_number(&text, 4, 4, &year) || !take_char(&text, '-') ||
		!take_number(&text, 2, 2, &month) || !take_char(&text, '-') ||
		!take_number(&text, 2, 2, &day))
		return false;
	if (text.len > 0) {
		if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
			return false;
		if (!take_clock(&text, &hour, &minute, &second))
			return false;
		ms = take_fraction_ms(&text);
		if (!take_char(&text, 'Z') && !take_char(&text, 'z') &&
			!take_offset(&text, &offset))
			return false;
	}
	if (text.len > 0 ||
		!text_time_from_civil(year, month, day, hour, minute, second, offset, &time))
		return false;
	*ret_time = time + ms;
	return true;
}

/* The first three letters of word in lower case, as one number; other octets give no such number.
 * 0 where it is shorter. */
static uint32_t three_letters(const char *word, size_t len)
{
	if (len < 3)
		return 0;
	return ((uint32_t)(unsigned char)word[0] << 16 | (uint32_t)(unsigned char)word[1] << 8 |
		       (uint32_t)(unsigned char)word[2]) |
	       0x202020;
}

/* Which of the names, three letters each, word begins with, from 1; 0 where with none. */
static int name_number(Slice word, const char *names, int count)
{
	uint32_t letters = three_letters(word.data, word.len);

	for (int i = 0; i < count; i++)
		if (three_letters(names + (ptrdiff_t)3 * i, 3) == letters)
			return i + 1;
	return 0;
}

static int month_number(Slice word)
{
	return name_number(word, "JanFebMarAprMayJunJulAugSepOctNovDec", 12);
}

bool text_time_is_weekday(Slice word)
{
	return name_number(word, "MonTueWedThuFriSatSun", 7) != 0;
}

/* The zones of RFC 5322, 4.3 and those that Japanese and European mail writes; minutes. */
static bool zone_by_name(Slice word, int *ret_minutes)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = { { "UT", 0 }, { "UTC", 0 }, { "GMT", 0 }, { "Z", 0 }, { "EST", -300 },
		{ "EDT", -240 }, { "CST", -360 }, { "CDT", -300 }, { "MST", -420 }, { "MDT", -360 },
		{ "PST", -480 }, { "PDT", -420 }, { "JST", 540 }, { "CET", 60 }, { "CEST", 120 },
		{ "BST", 60 }, { "WET", 0 }, { "EET", 120 } };

	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		if (slice_is_nocase(word, zones[i].name)) {
			*ret_minutes = zones[i].minutes;
			return true;
		}
	}
	return false;
}

/* Without its end all the rest is comment. */
static size_t comment_length(Slice text)
{
	size_t len = slice_comment_length(text);

	return len > 0 ? len : text.len;
}

static bool is_filler(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

static bool is_end_of_word(char c)
{
	return is_filler(c) || c == '(' || c == '\0';
}

/* Drops blanks, commas and comments from the front. */
static void skip_cfws(Slice *rest)
{
	while (rest->len > 0) {
		if (is_filler(rest->data[0]))
			*rest = slice_sub(*rest, 1, rest->len);
		else if (rest->data[0] == '(')
			*rest = slice_sub(*rest, comment_length(*rest), rest->len);
		else
			return;
	}
}

static Slice take_word(Slice *rest)
{
	size_t len = 0;
	Slice word;

	skip_cfws(rest);
	while (len < rest->len && !is_end_of_word(rest->data[len]))
		len++;
	word = slice_sub(*rest, 0, len);
	*rest = slice_sub(*rest, len, rest->len);
	return word;
}

static bool parse_zone(Slice word, int *ret_minutes)
{
	return (take_offset(&word, ret_minutes) && word.len == 0) ||
	       zone_by_name(word, ret_minutes);
}

bool text_time_is_zone(Slice word)
{
	int minutes;

	return parse_zone(word, &minutes);
}

static bool parse_clock(Slice word, int *hour, int *minute, int *second)
{
	return take_clock(&word, hour, minute, second) && word.len == 0;
}

static bool parse_year(Slice word, int *ret_year)
{
	return take_number(&word, 4, 4, ret_year) && word.len == 0;
}

bool text_time_parse_asctime(Slice text, int64_t *ret_time)
{
	int hour;
	int minute;
	int second;
	int year;
	int offset = 0;
	guint64 day;
	int month;
	Slice word = take_word(&text);

	if (!text_time_is_weekday(word))
		return false;
	month = month_number(take_word(&text));
	if (month == 0 || !slice_parse_uint(take_word(&text), 31, &day))
		return false;
	if (!parse_clock(take_word(&text), &hour, &minute, &second))
		return false;
	word = take_word(&text);
	if (!parse_year(word, &year)) {
		parse_zone(word, &offset);
		if (!parse_year(take_word(&text), &year))
			return false;
	} else {
		parse_zone(take_word(&text), &offset);
	}
	return text_time_from_civil(year, month, (int)day, hour, minute, second, offset, ret_time);
}

/* RFC 5322, 4.3: two and three digits. */
static int full_year(guint64 year, size_t digits)
{
	if (digits == 2)
		return (int)(year < 50 ? year + 2000 : year + 1900);
	return (int)(digits == 3 ? year + 1900 : year);
}

bool text_time_parse_rfc5322(Slice text, int64_t *ret_time)
{
	Slice word = take_word(&text);
	guint64 day;
	guint64 year;
	int month;
	int hour;
	int minute;
	int second;
	int offset = 0;

	if (text_time_is_weekday(word))
		word = take_word(&text);
	if (!slice_parse_uint(word, 31, &day))
		return false;
	month = month_number(take_word(&text));
	word = take_word(&text);
	if (month == 0 || !slice_parse_uint(word, 9999, &year))
		return false;
	year = (guint64)full_year(year, word.len);
	if (!parse_clock(take_word(&text), &hour, &minute, &second))
		return false;
	parse_zone(take_word(&text), &offset);
	return text_time_from_civil(
		(int)year, month, (int)day, hour, minute, second, offset, ret_time);
}
