/* Families of white space: at the ends of lines, and as empty lines. */
#include "auth/change_lines.h"

/* --- white space at the ends of lines: only "simple" sees it */

static void drop_spaces(GString *out, Slice line)
{
	slice_append(out, slice_trim_end(line));
	slice_append(out, change_line_end(line));
}

static void restore_dashes(GString *out, Slice line)
{
	Slice content = slice_chop_eol(line);

	slice_append(out, content);
	if (slice_is(content, "--"))
		g_string_append_c(out, ' ');
	slice_append(out, change_line_end(line));
}

void change_spaces(ChangeBody *work)
{
	if (work->canon == CANON_SIMPLE &&
		!change_try_lines(work, CHANGE_SPACE_OF_DASHES_LOST, restore_dashes))
		change_try_lines(work, CHANGE_SPACE_AT_END_ADDED, drop_spaces);
}

/* --- empty lines; those at the end are nothing to either canonicalisation */

static bool is_empty_line(Slice line)
{
	return slice_trim(line).len == 0;
}

static const char *eol_of(const ChangeDraft *draft)
{
	ssize_t at = slice_find_char(draft->message, '\n');

	return at > 0 && draft->message.data[at - 1] == '\r' ? "\r\n" : "\n";
}

/* The first empty lines of the body go: all, or only the very first. */
static bool drop_first(ChangeBody *work, bool all)
{
	Slice rest = work->draft->body;
	Slice before = rest;
	GString *body;

	while (rest.len > 0 && is_empty_line(slice_take_line(&rest))) {
		before = rest;
		if (!all)
			break;
	}
	body = change_begin_body(work);
	slice_append(body, before);
	return change_try_body(work, CHANGE_EMPTY_LINES_BEFORE, body);
}

static bool add_first(ChangeBody *work, unsigned count)
{
	Slice body = work->draft->body;
	GString *out = change_begin_body(work);

	for (; count > 0; count--)
		g_string_append(out, eol_of(work->draft));
	slice_append(out, body);
	return change_try_body(work, CHANGE_EMPTY_LINE_BEFORE_LOST, out);
}

/* Every second empty line of a run goes. */
static bool halve_runs(ChangeBody *work)
{
	Slice rest = work->draft->body;
	GString *out = change_begin_body(work);
	size_t run = 0;

	while (rest.len > 0) {
		Slice line = slice_take_line(&rest);

		run = is_empty_line(line) ? run + 1 : 0;
		if (run == 0 || run % 2 == 1)
			slice_append(out, line);
	}
	return change_try_body(work, CHANGE_EMPTY_LINES_DOUBLED, out);
}

/* Every second line goes, where all of these are empty. */
static bool drop_second_lines(ChangeBody *work)
{
	Slice rest = work->draft->body;
	GString *out = change_begin_body(work);

	while (rest.len > 0) {
		slice_append(out, slice_take_line(&rest));
		if (rest.len > 0 && !is_empty_line(slice_take_line(&rest)))
			return work->is_over;
	}
	return change_try_body(work, CHANGE_LINES_SPACED, out);
}

void change_empty_lines(ChangeBody *work)
{
	if (!drop_first(work, true) && !drop_first(work, false) && !add_first(work, 1) &&
		!add_first(work, 2) && !halve_runs(work))
		drop_second_lines(work);
}
