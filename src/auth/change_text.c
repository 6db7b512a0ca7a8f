#include "auth/change_text.h"

#include <string.h>

ChangeStep *change_lines_step(ChangeKind kind, Slice text)
{
	Slice shown = slice_trim(text);
	Slice rest = shown;
	uint64_t lines = 0;

	for (; rest.len > 0; lines++)
		slice_take_line(&rest);
	return change_step_new(kind, lines, change_shown(shown));
}

size_t change_html_find(Slice text, const char *tag, size_t from)
{
	while (from < text.len) {
		ssize_t at = slice_find_char(slice_sub(text, from, text.len), '<');

		if (at < 0)
			break;
		from += (size_t)at;
		if (slice_starts_nocase(slice_sub(text, from, text.len), tag))
			return from;
		from++;
	}
	return text.len;
}

size_t change_html_find_last(Slice text, const char *tag)
{
	size_t end = text.len;

	while (end > 0) {
		const char *at = memrchr(text.data, '<', end);

		if (at == NULL)
			break;
		end = (size_t)(at - text.data);
		if (slice_starts_nocase(slice_sub(text, end, text.len), tag))
			return end;
	}
	return text.len;
}

size_t change_html_tag_end(Slice text, size_t from)
{
	ssize_t at = slice_find_char(slice_sub(text, from, text.len), '>');

	return at < 0 ? text.len : from + (size_t)at + 1;
}

void change_html_inside(Slice text, size_t *ret_start, size_t *ret_stop)
{
	size_t body = change_html_find(text, "<body", 0);
	size_t start = body < text.len ? change_html_tag_end(text, body) : 0;
	size_t stop = change_html_find_last(text, "</body");

	*ret_start = start <= stop ? start : 0;
	*ret_stop = stop;
}
