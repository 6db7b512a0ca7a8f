#include "base/mbox_quoting.h"

/* The line was "From " (or, by mboxrd, a quoted one) before the store put a ">" in front. */
static bool is_quoted(Slice line, MboxQuoting quoting)
{
	size_t marks = 0;

	while (marks < line.len && line.data[marks] == '>')
		marks++;
	if (marks == 0 || (quoting == MBOX_QUOTING_O && marks > 1))
		return false;
	return slice_starts(slice_sub(line, marks, line.len), "From ");
}

bool mbox_must_quote(Slice line)
{
	size_t marks = 0;

	while (marks < line.len && line.data[marks] == '>')
		marks++;
	return slice_starts(slice_sub(line, marks, line.len), "From ");
}

/* Takes the header block and the empty line behind it off the front. */
static void skip_header(Slice *rest)
{
	while (rest->len > 0)
		if (slice_chop_eol(slice_take_line(rest)).len == 0)
			return;
}

GBytes *mbox_unquote(Slice message, MboxQuoting quoting)
{
	g_autoptr(GByteArray) out = NULL;
	Slice rest = message;
	size_t copied = 0;

	for (skip_header(&rest); rest.len > 0;) {
		size_t at = slice_offset(message, rest);

		if (!is_quoted(slice_take_line(&rest), quoting))
			continue;
		if (out == NULL)
			out = g_byte_array_sized_new((guint)message.len);
		g_byte_array_append(
			out, (const guint8 *)message.data + copied, (guint)(at - copied));
		copied = at + 1;
	}
	if (out == NULL)
		return NULL;
	g_byte_array_append(
		out, (const guint8 *)message.data + copied, (guint)(message.len - copied));
	return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}
