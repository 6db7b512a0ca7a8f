#include "mailbox/reader.h"

#include "base/text_time.h"
#include "mailbox/read_error.h"
#include "mailbox/recognise.h"

#include <string.h>

/* The property list behind the message; Apple Mail's have some hundred octets. */
#define PROPERTIES_MAX ((size_t)64 * 1024)
/* Bit 1 of "flags" (bit 0: read). */
#define FLAG_DELETED 2u

/* An .emlx: a line with a count of octets, the message, and a property list. */
typedef struct EmlxState {
	ReaderTools tools;
	char *path;
	bool done;
} EmlxState;

static void emlx_free(gpointer state)
{
	EmlxState *emlx = state;

	g_free(emlx->path);
	g_free(emlx);
}

/* The number in "<key>KEY</key> <integer>NUMBER</integer>" (or <real>, whose fraction is left). */
static bool property_number(Slice list, const char *key, guint64 *ret_number)
{
	g_autofree char *tag = g_strdup_printf("<key>%s</key>", key);
	ssize_t at = slice_find(list, slice_of(tag));
	size_t digits = 0;
	Slice value;

	if (at < 0)
		return false;
	value = slice_trim(slice_sub(list, (size_t)at + strlen(tag), list.len));
	if (!slice_starts(value, "<integer>") && !slice_starts(value, "<real>"))
		return false;
	slice_take_until(&value, '>');
	while (digits < value.len && g_ascii_isdigit(value.data[digits]))
		digits++;
	return slice_parse_uint(slice_sub(value, 0, digits), G_MAXINT64 / 1000, ret_number);
}

static void note_properties(RawMessage *raw, Slice list)
{
	guint64 number;

	if (property_number(list, "date-received", &number))
		raw->source->store_time = (int64_t)number * 1000;
	if (!property_number(list, "flags", &number)) {
		findings_add(raw->findings, "emlx-no-properties", SEVERITY_INFO,
			N_("No property list that could be read stands behind the message."), NULL);
	} else if ((number & FLAG_DELETED) != 0) {
		raw->source->expunged = true;
		findings_add(raw->findings, "store-expunged", SEVERITY_NOTICE,
			N_("The message is deleted in its mailbox, and still stored there."),
			g_strdup_printf("flags %" G_GUINT64_FORMAT, number));
	}
}

static void note_completeness(RawMessage *raw, guint64 count)
{
	if (raw->source->length < count)
		findings_add(raw->findings, "emlx-truncated", SEVERITY_WARNING,
			N_("The file ends before the message does."),
			g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " octets",
				raw->source->length, count));
	if (g_str_has_suffix(raw->source->path, ".partial.emlx"))
		findings_add(raw->findings, "emlx-partial", SEVERITY_NOTICE,
			N_("Apple Mail has stored the message without its attachments."), NULL);
}

static bool take_count(const EmlxState *emlx, guint64 *ret_count, GError **reterr_error)
{
	Slice line;
	bool begins;
	WindowStep step = window_take_line(emlx->tools.window, &line, &begins, reterr_error);

	if (step == WINDOW_ERROR)
		return false;
	if (step == WINDOW_OCTETS && recognise_emlx_count(line, ret_count))
		return true;
	read_error(reterr_error, emlx->path, "does not begin with a count of octets");
	return false;
}

static bool take_message(const EmlxState *emlx, guint64 count, GError **reterr_error)
{
	while (count > 0) {
		Slice piece;
		WindowStep step = window_take(emlx->tools.window,
			(size_t)MIN(count, WINDOW_CAPACITY), &piece, reterr_error);

		if (step == WINDOW_ERROR)
			return false;
		if (step == WINDOW_END)
			return true;
		raw_builder_add(emlx->tools.builder, piece);
		count -= piece.len;
	}
	return true;
}

static RawMessage *read_emlx(const EmlxState *emlx, GError **reterr_error)
{
	Source *source;
	RawMessage *raw;
	guint64 count;
	uint64_t offset;
	Slice list;

	if (!take_count(emlx, &count, reterr_error))
		return NULL;
	offset = window_offset(emlx->tools.window);
	if (!take_message(emlx, count, reterr_error) ||
		!window_peek(emlx->tools.window, &list, reterr_error)) {
		raw_builder_drop(emlx->tools.builder);
		return NULL;
	}
	source = source_new();
	source->path = g_strdup(emlx->path);
	source->index = 1;
	source->offset = offset;
	source->kind = STORE_EMLX;
	raw = raw_builder_finish(emlx->tools.builder, source);
	note_completeness(raw, count);
	if (raw->source->length == count)
		note_properties(raw, slice_sub(list, 0, PROPERTIES_MAX));
	return raw;
}

static MailboxStep emlx_next(gpointer state, RawMessage **ret_raw, GError **reterr_error)
{
	EmlxState *emlx = state;
	RawMessage *raw;

	if (emlx->done)
		return MAILBOX_END;
	emlx->done = true;
	raw = read_emlx(emlx, reterr_error);
	if (raw == NULL)
		return MAILBOX_ERROR;
	*ret_raw = raw;
	return MAILBOX_MESSAGE;
}

Reader *emlx_reader_new(const ReaderTools *tools, const char *path)
{
	static const ReaderOps ops = { emlx_next, emlx_free };
	EmlxState *emlx = g_new0(EmlxState, 1);

	emlx->tools = *tools;
	emlx->path = g_strdup(path);
	return reader_new(&ops, emlx);
}
