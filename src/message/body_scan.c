#include "message/body_scan.h"

#include <string.h>

/* Findings of each kind; a hostile body could hold millions. */
#define LIMIT_BODY_FINDINGS 5u
/* Blocks whose place in the tree is looked up: a message of attached messages has some hundreds. */
#define LIMIT_BLOCKS 1000u
/* Fields that follow in the same block before it counts as a header. */
#define BLOCK_LINES 40u

/* RFC 5322, 2.1.1. */
#define LONGEST_LINE ((size_t)998)

/* What stands at the end of a line. */
typedef enum LineEnd { END_NONE, END_LF, END_CRLF, END_CR } LineEnd;

typedef struct Line {
	Slice text;
	Slice end;
	LineEnd kind;
} Line;

/* Places of one kind: the first is told, the others counted. */
typedef struct Places {
	Slice first;
	uint64_t count;
} Places;

typedef struct Scan {
	const MimePart *root;
	Slice message;
	Findings *findings;
	LineEnd usual; /* how the store ends lines, by the header */
	LineEnd previous;
	unsigned smuggled;
	unsigned blocks;
	unsigned looked_up;
	bool in_block;      /* one that is told of already, or need not be */
	bool is_behind_dot; /* the line before was a lone dot */
	Places bare_cr, bare_lf, odd_dots, long_lines;
} Scan;

static LineEnd end_kind(Slice end)
{
	if (end.len == 0)
		return END_NONE;
	if (end.len == 2)
		return END_CRLF;
	return end.data[0] == '\n' ? END_LF : END_CR;
}

/* Lines that are still to come, with the next LF and the next CR, which are looked for once: text
 * may hold millions of the one and none of the other. */
typedef struct Lines {
	Slice rest;
	const char *lf, *cr; /* the end of rest where there is none */
} Lines;

static const char *find_end(Slice rest, char c)
{
	ssize_t at = slice_find_char(rest, c);

	return slice_sub(rest, at < 0 ? rest.len : (size_t)at, 0).data;
}

static Lines lines_of(Slice text)
{
	return (Lines) { .rest = text, .lf = find_end(text, '\n'), .cr = find_end(text, '\r') };
}

/* Lines as any SMTP server might end them: LF, CRLF, and CR alone. */
static Line take_any_line(Lines *lines)
{
	Slice rest = lines->rest;
	size_t len = (size_t)(MIN(lines->lf, lines->cr) - rest.data);
	size_t end = lines->cr + 1 == lines->lf && len + 1 < rest.len ? 2 : 1;
	Line line;

	line.text = slice_sub(rest, 0, len);
	line.end = slice_sub(rest, len, end);
	line.kind = end_kind(line.end);
	rest = slice_sub(rest, len + end, rest.len);
	lines->rest = rest;
	if (lines->lf < rest.data)
		lines->lf = find_end(rest, '\n');
	if (lines->cr < rest.data)
		lines->cr = find_end(rest, '\r');
	return line;
}

static void add_place(Places *places, Slice where)
{
	if (places->count++ == 0)
		places->first = where;
}

/* "." alone, also with NUL before it. */
static bool is_dot_line(Slice line)
{
	while (line.len > 0 && line.data[0] == '\0')
		line = slice_sub(line, 1, line.len);
	return line.len == 1 && line.data[0] == '.';
}

static bool is_smtp_command(Slice line)
{
	static const char *const commands[] = { "MAIL FROM:", "RCPT TO:", "EHLO ", "HELO " };

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (slice_starts_nocase(line, commands[i]))
			return true;
	return false;
}

/* Parts that hold another message's header by right. */
static bool may_hold_header(const MimePart *part)
{
	return g_str_has_prefix(part->type, "message/") ||
	       strcmp(part->type, "text/rfc822-headers") == 0;
}

/* The walk down to the part that the place stands in. */
static bool is_in_message_part(const MimePart *root, const char *place)
{
	const MimePart *part = root;

	while (part != NULL) {
		const MimePart *next = NULL;

		if (may_hold_header(part))
			return true;
		for (guint i = 0; part->children != NULL && i < part->children->len; i++) {
			const MimePart *child = g_ptr_array_index(part->children, i);

			if (place >= child->whole.data &&
				place < child->whole.data + child->whole.len)
				next = child;
		}
		part = next;
	}
	return false;
}

/* A Received line with From or Date, and Message-ID or To, in the same block below it. */
static bool is_header_block(Lines lines)
{
	bool has_from = false;
	bool has_other = false;

	for (unsigned i = 0; i < BLOCK_LINES && lines.rest.len > 0; i++) {
		Slice line = take_any_line(&lines).text;

		if (line.len == 0)
			break;
		has_from = has_from || slice_starts_nocase(line, "From:");
		has_other = has_other || slice_starts_nocase(line, "Date:") ||
			    slice_starts_nocase(line, "Message-ID:") ||
			    slice_starts_nocase(line, "To:");
	}
	return has_from && has_other;
}

static void tell_smuggling(Scan *scan, Slice line)
{
	if (scan->smuggled++ < LIMIT_BODY_FINDINGS)
		findings_add_at(scan->findings, "smtp-smuggling", SEVERITY_ALERT,
			N_("The body holds an end of message and SMTP commands: an attempt to "
			   "smuggle a second message."),
			NULL, scan->message, line);
}

static void tell_block(Scan *scan, Slice line)
{
	if (scan->blocks++ < LIMIT_BODY_FINDINGS)
		findings_add_at(scan->findings, "received-in-body", SEVERITY_NOTICE,
			N_("The body holds a header with Received lines outside of any attached "
			   "message; two messages may have been glued together."),
			NULL, scan->message, line);
}

/* A lone dot that not every server takes for the end of the data: the line before or its own does
 * not end as the others do, or a NUL stands in it. */
static bool is_odd_dot(const Scan *scan, const Line *line)
{
	return line->text.len > 1 || scan->previous != scan->usual ||
	       (line->kind != scan->usual && line->kind != END_NONE);
}

static void look_at_end(Scan *scan, const Line *line)
{
	if (line->kind == END_CR)
		add_place(&scan->bare_cr, line->end);
	if (line->kind == END_LF && scan->usual == END_CRLF)
		add_place(&scan->bare_lf, line->end);
	if (line->text.len > LONGEST_LINE)
		add_place(&scan->long_lines, line->text);
}

static void look_at_block(Scan *scan, Slice line, const Lines *behind)
{
	if (line.len == 0)
		scan->in_block = false;
	if (scan->in_block || !slice_starts_nocase(line, "Received:") ||
		scan->looked_up >= LIMIT_BLOCKS || !is_header_block(*behind))
		return;
	scan->in_block = true;
	scan->looked_up++;
	if (!is_in_message_part(scan->root, line.data))
		tell_block(scan, line);
}

static void scan_line(Scan *scan, const Line *line, const Lines *behind)
{
	bool is_dot = is_dot_line(line->text);

	if (scan->is_behind_dot && is_smtp_command(line->text))
		tell_smuggling(scan, line->text);
	if (is_dot && is_odd_dot(scan, line))
		add_place(&scan->odd_dots, line->text);
	look_at_end(scan, line);
	look_at_block(scan, line->text, behind);
	scan->is_behind_dot = is_dot;
	scan->previous = line->kind;
}

/* Most lines of a store that ends them by LF are like any other: neither empty nor long, no dot, no
 * "Received:". */
static bool pass_plain_line(Scan *scan, Lines *lines)
{
	const char *start = lines->rest.data;
	size_t len = (size_t)(lines->lf - start);

	if (scan->usual != END_LF || scan->is_behind_dot || lines->cr < lines->lf || len == 0 ||
		len > LONGEST_LINE || len == lines->rest.len || *start == '.' || *start == '\0' ||
		*start == 'R' || *start == 'r')
		return false;
	lines->rest = slice_sub(lines->rest, len + 1, lines->rest.len);
	lines->lf = find_end(lines->rest, '\n');
	scan->previous = END_LF;
	return true;
}

static void tell_places(
	Scan *scan, const Places *places, const char *code, Severity severity, const char *text)
{
	if (places->count > 0)
		findings_add_at(scan->findings, code, severity, text,
			g_strdup_printf("%" G_GUINT64_FORMAT, places->count), scan->message,
			places->first);
}

static void tell_lines(Scan *scan)
{
	tell_places(scan, &scan->bare_cr, "body-bare-cr", SEVERITY_NOTICE,
		N_("The body holds carriage returns that end no line; programs differ on where "
		   "its lines end."));
	tell_places(scan, &scan->bare_lf, "body-bare-lf", SEVERITY_NOTICE,
		N_("Lines of the body end with LF alone, while the message has CRLF; programs "
		   "differ on where its lines end."));
	tell_places(scan, &scan->odd_dots, "body-dot-line-odd", SEVERITY_WARNING,
		N_("A lone dot stands in the body in a way that some SMTP servers take for the "
		   "end of the message, and others do not."));
	tell_places(scan, &scan->long_lines, "line-too-long", SEVERITY_INFO,
		N_("The body has lines of more than 998 octets, which hosts may cut."));
}

static LineEnd usual_end(Slice message)
{
	Slice line = slice_take_line(&message);

	return line.len > 1 && line.data[line.len - 2] == '\r' ? END_CRLF : END_LF;
}

void body_scan(const MimePart *root, Slice message, Slice body, Findings *findings)
{
	Scan scan = { .root = root, .message = message, .findings = findings };
	ssize_t nul = slice_find_char(body, '\0');
	Lines lines = lines_of(body);

	scan.usual = usual_end(message);
	scan.previous = scan.usual;
	if (nul >= 0)
		findings_add_at(findings, "nul-in-body", SEVERITY_WARNING,
			N_("The body holds NUL, where programs may stop reading."), NULL, message,
			slice_sub(body, (size_t)nul, 1));
	while (lines.rest.len > 0) {
		Line line;

		if (pass_plain_line(&scan, &lines))
			continue;
		line = take_any_line(&lines);
		scan_line(&scan, &line, &lines);
	}
	tell_lines(&scan);
}
