#include "mailbox/recognise.h"

#include "mailbox/mbox_from.h"

/* What is looked at: header blocks have their From or Date well before. */
#define HEAD_MAX ((size_t)64 * 1024)
/* Lines before the first header field of a message that something was put in front of. */
#define LINES_BEFORE_FIELD 10u
/* A field name has no limit but the line's (RFC 5322, 2.1.1); real ones stay below this. */
#define FIELD_NAME_MAX ((size_t)128)
/* Where tar's header block has its sum. */
#define TAR_SUM_AT  ((size_t)148)
#define TAR_SUM_LEN 8u

size_t recognise_bom(Slice text)
{
	return slice_starts(text, "\xEF\xBB\xBF") ? 3 : 0;
}

/* The number in a tar header's field: octal digits among blanks and NULs. */
static bool parse_octal(Slice field, unsigned *ret_number)
{
	unsigned digits = 0;

	*ret_number = 0;
	for (size_t i = 0; i < field.len; i++) {
		char c = field.data[i];

		if (c >= '0' && c <= '7') {
			*ret_number = *ret_number * 8 + (unsigned)(c - '0');
			digits++;
		} else if (c != ' ' && c != '\0') {
			return false;
		}
	}
	return digits > 0;
}

/* The sum of the block's octets, as it is made: with blanks where it stands itself. */
static unsigned sum_of(Slice block)
{
	unsigned sum = TAR_SUM_LEN * ' ';

	for (size_t i = 0; i < block.len; i++)
		if (i < TAR_SUM_AT || i >= TAR_SUM_AT + TAR_SUM_LEN)
			sum += (unsigned char)block.data[i];
	return sum;
}

/* A header block of tar (POSIX.1 pax, "ustar Interchange Format"): any kind has that sum. */
static bool is_tar(Slice head)
{
	Slice block = slice_sub(head, 0, RECOGNISE_ARCHIVE_HEAD);
	unsigned sum;

	return block.len == RECOGNISE_ARCHIVE_HEAD &&
	       parse_octal(slice_sub(block, TAR_SUM_AT, TAR_SUM_LEN), &sum) && sum == sum_of(block);
}

const char *recognise_archive(Slice head)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *name;
	} known[] = {
		{ "\x1F\x8B", 2, "gzip" },
		{ "\x28\xB5\x2F\xFD", 4, "zstd" },
		{ "\xFD"
		  "7zXZ",
			5, "xz" },
		{ "PK\x03\x04", 4, "zip" },
		{ "PK\x05\x06", 4, "zip" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (slice_equal(slice_sub(head, 0, known[i].len),
			    slice_make(known[i].magic, known[i].len)))
			return known[i].name;
	/* "BZh", the block size, and the magic of the first block or of an end without one. */
	if (slice_starts(head, "BZh") && (slice_is(slice_sub(head, 4, 6), "1AY&SY") ||
						 slice_is(slice_sub(head, 4, 6), "\x17rE8P\x90")))
		return "bzip2";
	return is_tar(head) ? "tar" : NULL;
}

bool recognise_emlx_count(Slice line, guint64 *ret_count)
{
	return slice_parse_uint(slice_trim_end(line), G_MAXUINT64, ret_count);
}

static bool is_name_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

/* The field name that a line begins with, with blanks before the colon as RFC 5322, 4.5 allows. Any
 * printable character may be in a name (3.6.8), but mail's have none other than these, and JSON or
 * program text does. Absent where it is no field's first line. */
static Slice field_name(Slice line)
{
	Slice name = slice_sub(line, 0, FIELD_NAME_MAX);

	name = slice_sub(name, 0, (size_t)MAX(slice_find_char(name, ':'), 0));
	name = slice_trim_end(name);
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_char(name.data[i]))
			return SLICE_ABSENT;
	return name.len > 0 ? name : SLICE_ABSENT;
}

static bool is_known_name(Slice name)
{
	static const char *const known[] = { "From", "To", "Cc", "Date", "Subject", "Message-ID",
		"Received", "Return-Path", "Delivered-To", "MIME-Version", "Content-Type", "Sender",
		"Reply-To", "DKIM-Signature", "Authentication-Results", "X-Mozilla-Status" };

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (slice_is_nocase(name, known[i]))
			return true;
	return false;
}

/* A header block with a name in it that mail has: a text's "Note: ..." does not suffice. */
static bool is_header_block(Slice text)
{
	while (text.len > 0) {
		Slice line = slice_take_line(&text);
		Slice name = field_name(line);

		if (is_known_name(name))
			return true;
		if (name.len == 0 && line.data[0] != ' ' && line.data[0] != '\t')
			return false;
	}
	return false;
}

/* Without the empty lines in front. */
static Slice skip_empty(Slice text)
{
	while (text.len > 0) {
		Slice rest = text;

		if (slice_chop_eol(slice_take_line(&rest)).len > 0)
			break;
		text = rest;
	}
	return text;
}

static bool has_from_line(Slice text)
{
	MboxFrom from;

	while (text.len > 0)
		if (mbox_from_parse(slice_take_line(&text), &from))
			return true;
	return false;
}

static bool has_field_soon(Slice text)
{
	for (unsigned i = 0; i < LINES_BEFORE_FIELD && text.len > 0; i++)
		if (field_name(slice_take_line(&text)).len > 0)
			return true;
	return false;
}

static FileForm form_of(Slice head, bool *ret_doubtful)
{
	Slice text = skip_empty(slice_sub(head, recognise_bom(head), HEAD_MAX));
	Slice rest = text;
	Slice first = slice_take_line(&rest);
	bool counted;
	guint64 count;
	MboxFrom from;

	*ret_doubtful = false;
	if (mbox_from_parse(first, &from))
		return FORM_MBOX;
	counted = text.data == head.data && recognise_emlx_count(first, &count);
	if (counted && (has_field_soon(rest) || has_from_line(rest)))
		return FORM_EMLX;
	if (is_header_block(text))
		return FORM_MESSAGE;
	*ret_doubtful = true;
	if (counted)
		return FORM_EMLX;
	if (field_name(text).len == 0 && has_from_line(text))
		return FORM_MBOX;
	return has_field_soon(text) ? FORM_MESSAGE : FORM_OTHER;
}

Recognised recognise(Slice head)
{
	Recognised found = { .form = FORM_EMPTY };

	if (head.len == 0)
		return found;
	found.archive = recognise_archive(head);
	if (found.archive != NULL)
		found.form = FORM_ARCHIVE;
	else
		found.form = form_of(head, &found.doubtful);
	return found;
}
