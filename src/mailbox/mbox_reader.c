#include "mailbox/reader.h"

#include "base/printable.h"
#include "base/text_time.h"
#include "mailbox/mbox_from.h"
#include "mailbox/read_error.h"
#include "mailbox/store_fields.h"

#include <string.h>

#define BOM "\xEF\xBB\xBF"

/* The mbox as a stream: only the message that is being collected is held. */
typedef struct MboxReader {
	ReaderTools tools;
	char *path;
	uint64_t count;     /* messages begun */
	Source *source;     /* of the message being collected; NULL before the first, and where it
			     * is passed over */
	Findings *findings; /* of the same */
	bool in_from_line;  /* the rest of a From_ line longer than the window comes */
	char empty[2];      /* an empty line: the message's, unless the message ends here */
	size_t empty_len;
	uint64_t undated; /* lines behind an empty line that begin with "From " and hold no date */
	uint64_t leading; /* octets before the first From_ line, without a BOM and blank lines */
	uint64_t leading_empty; /* empty lines there */
	bool has_bom;
	bool begun;
	bool done;
} MboxReader;

static void mbox_reader_free(gpointer state)
{
	MboxReader *reader = state;

	g_free(reader->path);
	source_free(reader->source);
	findings_free(reader->findings);
	g_free(reader);
}

static bool is_empty_line(Slice line)
{
	return slice_is(line, "\n") || slice_is(line, "\r\n");
}

static void note_leading(MboxReader *reader)
{
	if (reader->has_bom)
		findings_add(reader->findings, "byte-order-mark", SEVERITY_NOTICE,
			N_("A byte order mark stood before the message; it was left out."), NULL);
	if (reader->leading_empty > 0)
		findings_add(reader->findings, "mbox-leading-blank", SEVERITY_INFO,
			N_("Empty lines stood before the first message of the mailbox."),
			g_strdup_printf("%" G_GUINT64_FORMAT, reader->leading_empty));
	if (reader->leading > 0)
		findings_add(reader->findings, "mbox-leading-garbage", SEVERITY_WARNING,
			N_("Text that belongs to no message stood before the first message of the "
			   "mailbox; it was left out."),
			g_strdup_printf("%" G_GUINT64_FORMAT " octets", reader->leading));
}

static void note_no_blank_line(MboxReader *reader, uint64_t at)
{
	findings_add(reader->findings, "mbox-no-blank-line", SEVERITY_WARNING,
		N_("No empty line separates the message from the one before it; the line that "
		   "divides them may have been text of a single message."),
		g_strdup_printf("offset %" G_GUINT64_FORMAT, at));
}

static void note_long_from_line(MboxReader *reader)
{
	findings_add(reader->findings, "mbox-from-line-long", SEVERITY_NOTICE,
		N_("The mailbox's line before the message is too long; the end of it was not "
		   "read."),
		NULL);
}

/* An mbox whose lines end with CR alone is a single From_ line to us. */
static void note_bare_cr(MboxReader *reader, Slice line)
{
	if (slice_find_char(slice_chop_eol(line), '\r') < 0)
		return;
	findings_add(reader->findings, "mbox-from-line-cr", SEVERITY_WARNING,
		N_("A carriage return without a line feed stands in the mailbox's line before the "
		   "message; what follows it is not read as text of the message."),
		NULL);
}

static void note_undated(MboxReader *reader)
{
	if (reader->undated == 0)
		return;
	findings_add(reader->findings, "mbox-from-undated", SEVERITY_INFO,
		N_("Lines that begin with \"From \" behind an empty line hold no date; they were "
		   "taken for text of the message."),
		g_strdup_printf("%" G_GUINT64_FORMAT, reader->undated));
}

/* The message that is collected; NULL where there is none. */
static RawMessage *end_message(MboxReader *reader)
{
	RawMessage *raw;

	if (reader->source == NULL)
		return NULL;
	raw = raw_builder_finish(reader->tools.builder, g_steal_pointer(&reader->source));
	note_undated(reader);
	findings_append(raw->findings, reader->findings);
	g_clear_pointer(&reader->findings, findings_free);
	store_fields_note(raw);
	store_fields_note_length(raw, reader->empty_len);
	return raw;
}

static bool is_nobody(Slice sender)
{
	return sender.len == 0 || slice_is(sender, "-");
}

static Source *source_of(const MboxReader *reader, Slice line, const MboxFrom *from)
{
	Source *source = source_new();
	Slice shown = slice_sub(slice_chop_eol(line), 0, MBOX_FROM_LINE_MAX);

	source->path = g_strdup(reader->path);
	source->index = reader->count;
	source->offset = window_offset(reader->tools.window);
	source->kind = STORE_MBOX;
	source->from_line = printable_line(shown);
	source->from_line_sender = is_nobody(from->sender) ? NULL : printable_line(from->sender);
	source->store_time = from->time;
	return source;
}

/* Ends the message before the From_ line, if there is one, and begins the next. */
static RawMessage *begin_message(MboxReader *reader, Slice line, const MboxFrom *from)
{
	uint64_t at = window_offset(reader->tools.window) - line.len;
	bool separated = reader->count == 0 || reader->empty_len > 0;
	RawMessage *raw = end_message(reader);
	bool is_first = reader->count++ == 0;
	MailboxWish wish = reader_wish(&reader->tools, at);

	reader->in_from_line = true;
	reader->empty_len = 0;
	reader->undated = 0;
	reader->done = wish == MAILBOX_STOP;
	if (wish != MAILBOX_READ)
		return raw;
	reader->findings = findings_new();
	if (is_first)
		note_leading(reader);
	if (!separated)
		note_no_blank_line(reader, at);
	if (line.len > MBOX_FROM_LINE_MAX)
		note_long_from_line(reader);
	note_bare_cr(reader, line);
	reader->source = source_of(reader, line, from);
	return raw;
}

static void add_leading(MboxReader *reader, Slice piece, bool begins)
{
	if (begins && is_empty_line(piece))
		reader->leading_empty++;
	else
		reader->leading += piece.len;
}

/* The empty line that lines end with; absent where the last one is not empty. */
static Slice last_empty(Slice lines, bool begins)
{
	size_t len = lines.len - slice_chop_eol(lines).len;
	Slice before = slice_sub(lines, 0, lines.len - len);
	bool is_empty = len > 0 && (before.len > 0 ? before.data[before.len - 1] == '\n' : begins);

	return is_empty ? slice_sub(lines, before.len, len) : SLICE_ABSENT;
}

/* A piece of a line, or whole lines of which at most the first begins with "From ". */
static void add_text(MboxReader *reader, Slice piece, bool begins)
{
	Slice empty = last_empty(piece, begins);
	bool after_empty = reader->empty_len > 0;

	raw_builder_add(reader->tools.builder, slice_make(reader->empty, reader->empty_len));
	reader->empty_len = empty.len;
	if (empty.len > 0)
		memcpy(reader->empty, empty.data, empty.len);
	if (begins && after_empty && mbox_from_is_near(piece))
		reader->undated++;
	raw_builder_add(reader->tools.builder, slice_sub(piece, 0, piece.len - empty.len));
}

/* Of a message that is passed over. */
static void pass_text(MboxReader *reader, Slice piece, bool begins)
{
	reader->empty_len = last_empty(piece, begins).len;
}

static void go_on_from_line(MboxReader *reader, uint64_t end)
{
	if (reader->source == NULL)
		return;
	note_long_from_line(reader);
	reader->source->offset = end;
}

/* Returns the message that ends before this piece, if one does. */
static RawMessage *take_piece(MboxReader *reader, Slice piece, bool begins)
{
	uint64_t end = window_offset(reader->tools.window);
	MboxFrom from;

	if (end == piece.len && slice_starts(piece, BOM)) {
		reader->has_bom = true;
		piece = slice_sub(piece, strlen(BOM), piece.len);
	}
	if (begins && mbox_from_parse(piece, &from))
		return begin_message(reader, piece, &from);
	if (!begins && reader->in_from_line) {
		go_on_from_line(reader, end);
		return NULL;
	}
	reader->in_from_line = false;
	if (reader->count == 0)
		add_leading(reader, piece, begins);
	else if (reader->source == NULL)
		pass_text(reader, piece, begins);
	else
		add_text(reader, piece, begins);
	return NULL;
}

/* Most of a message at once: what take_piece() has to look at is left. */
static void take_lines(MboxReader *reader)
{
	Slice lines =
		reader->count > 0 ? window_take_lines(reader->tools.window, "From ") : SLICE_ABSENT;

	if (lines.len == 0)
		return;
	reader->in_from_line = false;
	if (reader->source == NULL)
		pass_text(reader, lines, true);
	else
		add_text(reader, lines, true);
}

static MailboxStep end_file(MboxReader *reader, RawMessage **ret_raw, GError **reterr_error)
{
	RawMessage *raw = end_message(reader);

	reader->done = true;
	if (raw != NULL) {
		*ret_raw = raw;
		return MAILBOX_MESSAGE;
	}
	if (reader->leading == 0 || reader->count > 0 ||
		reader_wish(&reader->tools, 0) != MAILBOX_READ)
		return MAILBOX_END;
	read_error(reterr_error, reader->path, "no line in it begins a message of an mbox");
	return MAILBOX_ERROR;
}

/* A message that could be read only in part would be judged for what its reader lost. */
static MailboxStep lose_file(MboxReader *reader, GError **reterr_error)
{
	reader->done = true;
	raw_builder_drop(reader->tools.builder);
	if (reader->source != NULL)
		g_prefix_error(reterr_error,
			"the message at offset %" G_GUINT64_FORMAT " and what follows is lost: ",
			reader->source->offset);
	return MAILBOX_ERROR;
}

/* Behind the message, where a run goes on: that is passed over. */
static bool begin(MboxReader *reader, GError **reterr_error)
{
	MailboxMark mark;

	reader->begun = true;
	if (!reader_start(&reader->tools, reader->path, &mark))
		return true;
	reader->count = mark.index;
	return window_seek(reader->tools.window, mark.offset, reterr_error);
}

static MailboxStep mbox_reader_next(gpointer state, RawMessage **ret_raw, GError **reterr_error)
{
	MboxReader *reader = state;
	RawMessage *raw = NULL;

	if (!reader->begun && !begin(reader, reterr_error))
		return lose_file(reader, reterr_error);
	while (raw == NULL) {
		Slice piece;
		bool begins;
		WindowStep step = WINDOW_END;

		if (!reader->done) {
			take_lines(reader);
			step = window_take_line(
				reader->tools.window, &piece, &begins, reterr_error);
		}
		if (step == WINDOW_ERROR)
			return lose_file(reader, reterr_error);
		if (step == WINDOW_END)
			return reader->done ? MAILBOX_END : end_file(reader, ret_raw, reterr_error);
		raw = take_piece(reader, piece, begins);
	}
	*ret_raw = raw;
	return MAILBOX_MESSAGE;
}

Reader *mbox_reader_new(const ReaderTools *tools, const char *path)
{
	static const ReaderOps ops = { mbox_reader_next, mbox_reader_free };
	MboxReader *reader = g_new0(MboxReader, 1);

	reader->tools = *tools;
	reader->path = g_strdup(path);
	return reader_new(&ops, reader);
}
