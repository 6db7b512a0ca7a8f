#include "mailbox/mbox.h"

#include "base/text_time.h"
#include "mailbox/mbox_from.h"

#include <string.h>

/* "Wednesday, September 30 23:59:59 (comment) +0900 2026" with blanks to spare. */
#define DATE_MAX ((size_t)128)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool mbox_from_is_near(Slice line)
{
	return line.len >= 5 && memcmp(line.data, "From ", 5) == 0;
}

/* Most lines that are no From_ line have no clock; and behind the last one no date begins. */
static size_t end_of_dates(Slice text)
{
	const char *colon = memrchr(text.data, ':', text.len);

	return colon != NULL ? (size_t)(colon - text.data) : 0;
}

bool mbox_from_parse(Slice line, MboxFrom *ret_from)
{
	Slice text;

	if (!mbox_from_is_near(line))
		return false;
	text = slice_sub(slice_chop_eol(slice_sub(line, 0, MBOX_FROM_LINE_MAX)), 5, line.len);
	for (size_t i = end_of_dates(text); i-- > 0;) {
		Slice rest = slice_sub(text, i, DATE_MAX);

		if ((i > 0 && !is_blank(text.data[i - 1])) || !text_time_is_weekday(rest))
			continue;
		if (text_time_parse_asctime(rest, &ret_from->time)) {
			ret_from->sender = slice_trim(slice_sub(text, 0, i));
			return true;
		}
	}
	return false;
}

bool mbox_is_from_line(Slice line)
{
	MboxFrom from;

	return mbox_from_parse(line, &from);
}
