/* Families that change lines, whatever the MIME structure: what stores and the transport of mail do
 * to them. */
#include "auth/change_lines.h"

#include <limits.h>

/* SMTP allows 998 octets a line (RFC 5321, 4.5.3.1.6); programs break longer ones from 900 on. */
#define BROKEN_FROM ((size_t)900)

bool change_try_body(ChangeBody *work, ChangeKind kind, const GString *made)
{
	size_t at = change_body_at(work->draft);

	if (slice_equal(slice_make(made->str, made->len), work->draft->message))
		return work->is_over;
	return change_try(work, change_step_new(kind, 0, NULL), at);
}

bool change_try_lines(ChangeBody *work, ChangeKind kind, ChangeLineMap map)
{
	Slice rest = work->draft->body;
	GString *body = change_begin_body(work);

	while (rest.len > 0)
		map(body, slice_take_line(&rest));
	return change_try_body(work, kind, body);
}

/* --- lines that begin with "From ", and with dots */

/* Lines that may have been changed, and how. */
typedef struct LineRule {
	ChangeKind kind;
	bool (*applies)(Slice line);
	ChangeLineMap map;
} LineRule;

/* Where some of the lines were like that before, nobody knows which; of a few, each may be it. */
#define ALONE_MOST 16u

static unsigned count_lines(Slice body, const LineRule *rule)
{
	unsigned count = 0;

	while (body.len > 0)
		count += rule->applies(slice_take_line(&body));
	return count;
}

/* The lines number [from, to) of those that the rule is for. */
static bool try_rule(ChangeBody *work, const LineRule *rule, unsigned from, unsigned to)
{
	Slice rest = work->draft->body;
	GString *body = change_begin_body(work);
	unsigned number = 0;

	while (rest.len > 0) {
		Slice line = slice_take_line(&rest);

		if (!rule->applies(line)) {
			slice_append(body, line);
			continue;
		}
		if (number >= from && number < to)
			rule->map(body, line);
		else
			slice_append(body, line);
		number++;
	}
	return change_try_body(work, rule->kind, body);
}

/* All lines, then each alone, then the first few and the last few. */
static void try_line_rule(ChangeBody *work, const LineRule *rule)
{
	unsigned count = count_lines(work->draft->body, rule);

	if (count == 0 || try_rule(work, rule, 0, count) || count == 1 || count > ALONE_MOST)
		return;
	for (unsigned i = 0; i < count; i++)
		if (try_rule(work, rule, i, i + 1))
			return;
	for (unsigned i = 2; i < count; i++)
		if (try_rule(work, rule, 0, i) || try_rule(work, rule, count - i, count))
			return;
}

static bool is_quoted(Slice line)
{
	return slice_starts(line, ">From ");
}

static bool is_quoted_again(Slice line)
{
	while (slice_starts(line, ">>"))
		line = slice_sub(line, 1, line.len);
	return is_quoted(line);
}

static bool is_unquoted(Slice line)
{
	return slice_starts(line, "From ");
}

static bool has_two_dots(Slice line)
{
	return slice_starts(line, "..");
}

static void drop_first_octet(GString *out, Slice line)
{
	slice_append(out, slice_sub(line, 1, line.len));
}

static void quote(GString *out, Slice line)
{
	g_string_append_c(out, '>');
	slice_append(out, line);
}

void change_mboxo(ChangeBody *work)
{
	static const LineRule rule = { CHANGE_MBOXO_QUOTING, is_quoted, drop_first_octet };

	try_line_rule(work, &rule);
}

void change_mboxrd(ChangeBody *work)
{
	static const LineRule rule = { CHANGE_MBOXRD_QUOTING, is_quoted_again, drop_first_octet };

	/* Where no line was quoted twice, it is the same as by mboxo. */
	if (slice_find(work->draft->body, slice_of(">>From ")) >= 0)
		try_rule(work, &rule, 0, UINT_MAX);
}

void change_from_unquoted(ChangeBody *work)
{
	static const LineRule rule = { CHANGE_FROM_UNQUOTED, is_unquoted, quote };

	try_line_rule(work, &rule);
}

void change_dots(ChangeBody *work)
{
	static const LineRule rule = { CHANGE_DOTS_DOUBLED, has_two_dots, drop_first_octet };

	try_line_rule(work, &rule);
}

/* --- carriage returns */

static void drop_second_return(GString *out, Slice line)
{
	Slice content = slice_chop_eol(line);

	while (content.len > 0 && content.data[content.len - 1] == '\r')
		content.len--;
	slice_append(out, content);
	slice_append(out, change_line_end(line));
}

static void drop_returns(GString *out, Slice line)
{
	Slice content = slice_chop_eol(line);

	while (content.len > 0)
		slice_append(out, slice_take_until(&content, '\r'));
	slice_append(out, change_line_end(line));
}

static void return_to_line_end(GString *out, Slice line)
{
	Slice content = slice_chop_eol(line);

	while (content.len > 0) {
		Slice before = slice_take_until(&content, '\r');

		slice_append(out, before);
		if (content.data != before.data + before.len)
			g_string_append(out, "\r\n");
	}
	slice_append(out, change_line_end(line));
}

static bool has_bare_return(Slice body)
{
	while (body.len > 0)
		if (slice_find_char(slice_chop_eol(slice_take_line(&body)), '\r') >= 0)
			return true;
	return false;
}

void change_carriage_returns(ChangeBody *work)
{
	if (has_bare_return(work->draft->body) &&
		!change_try_lines(work, CHANGE_CR_DOUBLED, drop_second_return) &&
		!change_try_lines(work, CHANGE_CR_INSERTED, drop_returns))
		change_try_lines(work, CHANGE_CR_FOR_LINE_END, return_to_line_end);
}

/* --- long lines */

/* How one program breaks a line. */
static const struct {
	const char *end;   /* put at the end of the first piece */
	const char *start; /* and at the start of the second */
} breaks[] = { { "", " " }, { "!", " " }, { "!", "" }, { "", "" } };

static bool is_broken(Slice line, Slice next, size_t way)
{
	Slice content = slice_chop_eol(line);
	Slice end = slice_of(breaks[way].end);

	return content.len >= BROKEN_FROM && next.len > 0 &&
	       slice_equal(slice_sub(content, content.len - end.len, end.len), end) &&
	       slice_starts(next, breaks[way].start);
}

static bool try_break(ChangeBody *work, size_t way)
{
	Slice rest = work->draft->body;
	GString *body = change_begin_body(work);

	while (rest.len > 0) {
		Slice line = slice_take_line(&rest);

		if (!is_broken(line, rest, way)) {
			slice_append(body, line);
			continue;
		}
		line = slice_chop_eol(line);
		slice_append(body, slice_sub(line, 0, line.len - slice_of(breaks[way].end).len));
		rest = slice_sub(rest, slice_of(breaks[way].start).len, rest.len);
	}
	return change_try_body(work, CHANGE_LINES_BROKEN, body);
}

void change_broken_lines(ChangeBody *work)
{
	for (size_t way = 0; way < G_N_ELEMENTS(breaks); way++)
		if (try_break(work, way))
			return;
}
