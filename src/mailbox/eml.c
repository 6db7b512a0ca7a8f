#include "mailbox/eml.h"

#include "base/printable.h"
#include "mailbox/mbox_from.h"
#include "mailbox/recognise.h"

typedef struct FileState {
	ReaderTools tools;
	char *path;
	bool done;
} FileState;

static void file_state_free(gpointer state)
{
	FileState *file = state;

	g_free(file->path);
	g_free(file);
}

static void note_in_front(RawMessage *raw, bool bom)
{
	if (bom)
		findings_add(raw->findings, "byte-order-mark", SEVERITY_NOTICE,
			N_("A byte order mark stood before the message; it was left out."), NULL);
	if (raw->source->from_line != NULL)
		findings_add(raw->findings, "message-from-line", SEVERITY_INFO,
			N_("A line of an mbox stood before the message; it was left out."),
			g_strdup(raw->source->from_line));
}

/* Where an mbox would have its next message: behind an empty line, or at once. */
static size_t next_from_line(Slice message, size_t at, Slice *ret_line)
{
	while (at < message.len) {
		ssize_t found =
			slice_find(slice_sub(message, at, message.len), slice_of("\nFrom "));
		Slice rest;
		MboxFrom from;

		if (found < 0)
			break;
		at += (size_t)found + 1;
		rest = slice_sub(message, at, message.len);
		*ret_line = slice_take_line(&rest);
		if (mbox_from_parse(*ret_line, &from))
			return at;
	}
	return message.len;
}

/* An mbox that lost its first line looks like one message. */
static void note_inner(RawMessage *raw)
{
	Slice message = slice_of_bytes(raw->bytes);
	Slice first = SLICE_ABSENT;
	Slice line = SLICE_ABSENT;
	unsigned count = 0;

	for (size_t at = 0; (at = next_from_line(message, at, &line)) < message.len; count++)
		first = count == 0 ? line : first;
	if (count > 0)
		findings_add_at(raw->findings, "message-holds-from-lines", SEVERITY_NOTICE,
			N_("Lines that begin messages in an mbox stand in the message; the file "
			   "may be a mailbox whose beginning is lost."),
			g_strdup_printf("%u", count), message, first);
}

/* A mailbox of a kind that is not known, or a message that a program saved with a heading. */
static void note_undated(RawMessage *raw)
{
	Slice rest = slice_of_bytes(raw->bytes);
	Slice line = slice_take_line(&rest);

	if (raw->source->from_line == NULL && mbox_from_is_near(line))
		findings_add(raw->findings, "message-from-undated", SEVERITY_NOTICE,
			N_("The first line begins as in an mbox, but holds no date; all of the "
			   "file was taken for one message."),
			NULL);
}

/* Takes what stands before the message off the window; sets what it says. */
static bool skip_front(const ReaderTools *tools, Source *source, bool *ret_bom, GError **error)
{
	Slice head;
	Slice line;
	Slice piece;
	MboxFrom from;
	size_t skip;

	if (!window_peek(tools->window, &head, error))
		return false;
	skip = recognise_bom(head);
	*ret_bom = skip > 0;
	head = slice_sub(head, skip, head.len);
	line = slice_take_line(&head);
	if (mbox_from_parse(line, &from)) {
		source->from_line = printable_line(slice_chop_eol(line));
		source->store_time = from.time;
		if (from.sender.len > 0 && !slice_is(from.sender, "-"))
			source->from_line_sender = printable_line(from.sender);
		skip += line.len;
	}
	return skip == 0 || window_take(tools->window, skip, &piece, error) == WINDOW_OCTETS;
}

RawMessage *eml_read(
	const ReaderTools *tools, const char *path, StoreKind kind, GError **reterr_error)
{
	g_autoptr(Source) source = source_new();
	bool bom = false;
	RawMessage *raw;
	WindowStep step;
	Slice piece;

	if (!skip_front(tools, source, &bom, reterr_error))
		return NULL;
	source->path = g_strdup(path);
	source->index = 1;
	source->kind = kind;
	source->offset = window_offset(tools->window);
	do {
		step = window_take(tools->window, WINDOW_CAPACITY, &piece, reterr_error);
		if (step == WINDOW_OCTETS)
			raw_builder_add(tools->builder, piece);
	} while (step == WINDOW_OCTETS);
	if (step == WINDOW_ERROR) {
		raw_builder_drop(tools->builder);
		return NULL;
	}
	raw = raw_builder_finish(tools->builder, g_steal_pointer(&source));
	note_in_front(raw, bom);
	note_undated(raw);
	note_inner(raw);
	return raw;
}

static MailboxStep eml_next(gpointer state, RawMessage **ret_raw, GError **reterr_error)
{
	FileState *file = state;
	RawMessage *raw;

	if (file->done)
		return MAILBOX_END;
	file->done = true;
	raw = eml_read(&file->tools, file->path, STORE_EML, reterr_error);
	if (raw == NULL)
		return MAILBOX_ERROR;
	*ret_raw = raw;
	return MAILBOX_MESSAGE;
}

Reader *eml_reader_new(const ReaderTools *tools, const char *path)
{
	static const ReaderOps ops = { eml_next, file_state_free };
	FileState *file = g_new0(FileState, 1);

	file->tools = *tools;
	file->path = g_strdup(path);
	return reader_new(&ops, file);
}
