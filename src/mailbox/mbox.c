#include "mailbox/mbox.h"

#include "base/text_time.h"
#include "mailbox/mbox_from.h"

/* "Wednesday, September 30 23:59:59 (comment) +0900 2026" with blanks to spare. */
#define DATE_MAX ((size_t)128)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Tells dates from other words before they are parsed. */
static bool may_be_weekday(Slice text)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

	for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
		if (slice_starts_nocase(text, days[i]))
			return true;
	return false;
}

bool mbox_from_is_near(Slice line)
{
	return slice_starts(line, "From ");
}

bool mbox_from_parse(Slice line, MboxFrom *ret_from)
{
	bool found = false;
	Slice text;

	if (!mbox_from_is_near(line))
		return false;
	text = slice_sub(slice_chop_eol(slice_sub(line, 0, MBOX_FROM_LINE_MAX)), 5, line.len);
	for (size_t i = 0; i < text.len; i++) {
		Slice rest = slice_sub(text, i, DATE_MAX);
		int64_t time;

		if ((i > 0 && !is_blank(text.data[i - 1])) || !may_be_weekday(rest))
			continue;
		if (text_time_parse_asctime(rest, &time)) {
			found = true;
			ret_from->time = time;
			ret_from->sender = slice_trim(slice_sub(text, 0, i));
		}
	}
	return found;
}

bool mbox_is_from_line(Slice line)
{
	MboxFrom from;

	return mbox_from_parse(line, &from);
}
