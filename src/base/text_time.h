/* Points in time as text: RFC 3339 in reports and evidence, asctime in mbox lines, RFC 5322 in
 * mail. A time is a count of milliseconds since 1970-01-01T00:00:00Z. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

#define TIME_UNKNOWN INT64_MIN
/* In milliseconds, as all times here. */
#define TEXT_TIME_DAY ((int64_t)24 * 60 * 60 * 1000)

/* "2026-11-24T02:15:00Z", with milliseconds "2026-11-24T02:15:00.121Z"; owned by the caller. NULL
 * for TIME_UNKNOWN and for years outside 0 to 9999. */
char *text_time_rfc3339(int64_t time);
char *text_time_rfc3339_ms(int64_t time);

/* RFC 3339 with any offset and any fraction; a day alone ("2026-11-24") is its midnight UTC. */
bool text_time_parse_rfc3339(Slice text, int64_t *ret_time);

/* A civil date and time with an offset from UTC in minutes, checked (31 February is none; second
 * 60 is taken as 59). */
bool text_time_from_civil(int year, int month, int day, int hour, int minute, int second,
	int offset_minutes, int64_t *ret_time);

/* asctime's form as mbox lines have it (RFC 4155), the zone in any of its places or absent (then
 * UTC): "Sat Jan  3 01:05:34 1996", "Sat Sep  4 09:36:25 +0000 2021". */
bool text_time_parse_asctime(Slice text, int64_t *ret_time);

/* The forms of RFC 5322 and of asctime, UTC, for years from 1 to 9999; NULL for others. Owned by
 * the caller. */
char *text_time_rfc5322(int64_t time);
char *text_time_asctime(int64_t time);

/* word begins with the first three letters of a day's name. */
bool text_time_is_weekday(Slice word);

/* word is a zone that is known: an offset, or a name of RFC 5322, 4.3, or JST. */
bool text_time_is_zone(Slice word);

/* date-time of RFC 5322, 3.3 and 4.3: comments, missing weekday, two-digit years, and the zone
 * names of the RFC and JST. A zone that is not known counts as UTC (RFC 5322, 4.3). */
bool text_time_parse_rfc5322(Slice text, int64_t *ret_time);
