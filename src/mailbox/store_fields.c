#include "mailbox/store_fields.h"

#include "base/limits.h"

/* Bits of Thunderbird's X-Mozilla-Status: EXPUNGED. */
#define MOZILLA_EXPUNGED 0x0008u

/* The header block with the empty line that ends it, if there is one. */
static Slice header_block(Slice message)
{
	Slice rest = slice_sub(message, 0, LIMIT_HEADER);
	Slice bounded = rest;

	while (rest.len > 0)
		if (slice_chop_eol(slice_take_line(&rest)).len == 0)
			break;
	return slice_sub(message, 0, bounded.len - rest.len);
}

/* The first field of that name, its value's first line trimmed; absent if there is none. Stores
 * write theirs on top, so that what a sender has put below does not count. */
static Slice first_value(Slice header, const char *name)
{
	Slice wanted = slice_of(name);

	while (header.len > 0) {
		Slice line = slice_take_line(&header);
		Slice value = slice_sub(line, wanted.len + 1, line.len);

		if (line.len > wanted.len && line.data[wanted.len] == ':' &&
			slice_equal_nocase(slice_sub(line, 0, wanted.len), wanted))
			return slice_trim(value);
	}
	return SLICE_ABSENT;
}

static bool parse_hex(Slice text, unsigned *ret_number)
{
	unsigned number = 0;

	if (text.len == 0 || text.len > 8)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!g_ascii_isxdigit(text.data[i]))
			return false;
		number = number * 16 + (unsigned)g_ascii_xdigit_value(text.data[i]);
	}
	*ret_number = number;
	return true;
}

static void note_mozilla(RawMessage *raw, Slice message, Slice header)
{
	Slice value = first_value(header, "X-Mozilla-Status");
	unsigned status;

	if (!parse_hex(value, &status) || (status & MOZILLA_EXPUNGED) == 0)
		return;
	raw->source->expunged = true;
	findings_add_at(raw->findings, "store-expunged", SEVERITY_NOTICE,
		N_("The message is deleted in its mailbox, and still stored there."),
		g_strdup_printf("X-Mozilla-Status: %04x", status), message, value);
}

static void note_internal(RawMessage *raw, Slice header)
{
	if (!slice_starts(first_value(header, "Subject"),
		    "DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA") ||
		first_value(header, "X-IMAP").data == NULL)
		return;
	findings_add(raw->findings, "store-internal-message", SEVERITY_NOTICE,
		N_("No mail: the mailbox's program keeps data of its own in this message."), NULL);
}

void store_fields_note(RawMessage *raw)
{
	Slice message = slice_of_bytes(raw->bytes);
	Slice header = header_block(message);

	note_mozilla(raw, message, header);
	note_internal(raw, header);
}

void store_fields_note_length(RawMessage *raw, size_t separator)
{
	Slice message = slice_of_bytes(raw->bytes);
	Slice header = header_block(message);
	Slice value = first_value(header, "Content-Length");
	uint64_t body = raw->source->length - header.len;
	guint64 said = 0;
	bool number = slice_parse_uint(value, G_MAXUINT64, &said);

	if (value.data == NULL || (number && said >= body && said - body <= separator))
		return;
	findings_add_at(raw->findings, "content-length-differs", SEVERITY_INFO,
		N_("Content-Length does not say how long the body is; it was not followed."),
		number ? g_strdup_printf(
				 "%" G_GUINT64_FORMAT " and not %" G_GUINT64_FORMAT, said, body)
		       : NULL,
		message, value);
}
