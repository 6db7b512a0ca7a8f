#include "message/body_scan.h"

#include <string.h>

/* Findings of each kind; a hostile body could hold millions. */
#define LIMIT_BODY_FINDINGS 5u
/* Blocks whose place in the tree is looked up: a message of attached messages has some hundreds. */
#define LIMIT_BLOCKS 1000u
/* Fields that follow in the same block before it counts as a header. */
#define BLOCK_LINES 40u

typedef struct Scan {
	const MimePart *root;
	Slice message;
	Findings *findings;
	unsigned smuggled;
	unsigned blocks;
	unsigned looked_up;
	bool in_block;            /* one that is told of already, or need not be */
	const char *previous_dot; /* the line before was a lone dot, or NULL */
} Scan;

/* Lines as any SMTP server might end them: LF, CRLF, and CR alone. */
static Slice take_any_line(Slice *rest)
{
	size_t len = 0;
	Slice line;

	while (len < rest->len && rest->data[len] != '\n' && rest->data[len] != '\r')
		len++;
	line = slice_sub(*rest, 0, len);
	if (len < rest->len)
		len += rest->data[len] == '\r' && len + 1 < rest->len && rest->data[len + 1] == '\n'
			       ? 2
			       : 1;
	*rest = slice_sub(*rest, len, rest->len);
	return line;
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
static bool is_header_block(Slice rest)
{
	bool has_from = false;
	bool has_other = false;

	for (unsigned i = 0; i < BLOCK_LINES && rest.len > 0; i++) {
		Slice line = take_any_line(&rest);

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
		findings_add_at(scan->findings, "received-in-body", SEVERITY_WARNING,
			N_("The body holds a header with Received lines outside of any attached "
			   "message; two messages may have been glued together."),
			NULL, scan->message, line);
}

static void scan_line(Scan *scan, Slice line, Slice rest)
{
	if (scan->previous_dot != NULL && is_smtp_command(line))
		tell_smuggling(scan, line);
	scan->previous_dot = is_dot_line(line) ? line.data : NULL;
	if (line.len == 0)
		scan->in_block = false;
	if (scan->in_block || !slice_starts_nocase(line, "Received:") ||
		scan->looked_up >= LIMIT_BLOCKS || !is_header_block(rest))
		return;
	scan->in_block = true;
	scan->looked_up++;
	if (!is_in_message_part(scan->root, line.data))
		tell_block(scan, line);
}

void body_scan(const MimePart *root, Slice message, Slice body, Findings *findings)
{
	Scan scan = { .root = root, .message = message, .findings = findings };
	ssize_t nul = slice_find_char(body, '\0');
	Slice rest = body;

	if (nul >= 0)
		findings_add_at(findings, "nul-in-body", SEVERITY_WARNING,
			N_("The body holds NUL, where programs may stop reading."), NULL, message,
			slice_sub(body, (size_t)nul, 1));
	while (rest.len > 0) {
		Slice line = take_any_line(&rest);

		scan_line(&scan, line, rest);
	}
}
