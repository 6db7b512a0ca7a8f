#include "message/mime_view.h"

#include "base/limits.h"
#include "message/content_type.h"
#include "message/fields_part.h"
#include "message/mime_part.h"

#include <string.h>

typedef enum Note {
	NOTE_TYPE_REPEATED,
	NOTE_TYPE_MALFORMED,
	NOTE_ENCODING_REPEATED,
	NOTE_PARAMETER_REPEATED,
	NOTE_PARAMETERS_CUT,
	NOTE_BOUNDARY_MISSING,
	NOTE_BOUNDARY_LONG,
	NOTE_BOUNDARY_REUSED,
	NOTE_BOUNDARY_LIKE,
	NOTE_BOUNDARY_AFTER_CLOSE,
	NOTE_ENCODED,
	NOTE_UNCLOSED,
	NOTE_NO_PARTS,
	NOTE_DEEP,
	NOTE_PARTS,
	NOTE_KINDS
} Note;

/* Of one kind; ten thousand parts can each be wrong in the same way. */
#define NOTES_PER_KIND 16u
/* Findings on the headers of parts. */
#define PART_HEADER_NOTES ((size_t)100)

static const struct {
	const char *code;
	Severity severity;
	const char *text;
} notes[NOTE_KINDS] = {
	[NOTE_TYPE_REPEATED] = { "content-type-repeated", SEVERITY_WARNING,
		N_("A part has more than one Content-Type field; the first one counts here, other "
		   "programs take the last.") },
	[NOTE_TYPE_MALFORMED] = { "content-type-malformed", SEVERITY_NOTICE,
		N_("A Content-Type field breaks the grammar; what could be read of it counts.") },
	[NOTE_ENCODING_REPEATED] = { "transfer-encoding-repeated", SEVERITY_WARNING,
		N_("A part has more than one Content-Transfer-Encoding field; the first one "
		   "counts.") },
	[NOTE_PARAMETER_REPEATED] = { "content-type-parameter-repeated", SEVERITY_WARNING,
		N_("A Content-Type field gives a parameter twice; the first one counts, other "
		   "programs take the last.") },
	[NOTE_PARAMETERS_CUT] = { "content-type-parameters-left-out", SEVERITY_WARNING,
		N_("A Content-Type field has more parameters than are read.") },
	[NOTE_BOUNDARY_MISSING] = { "boundary-missing", SEVERITY_WARNING,
		N_("A multipart names no boundary; its parts cannot be told apart.") },
	[NOTE_BOUNDARY_LONG] = { "boundary-too-long", SEVERITY_WARNING,
		N_("The boundary of a multipart is longer than is read; its parts are not told "
		   "apart.") },
	[NOTE_BOUNDARY_REUSED] = { "boundary-reused", SEVERITY_WARNING,
		N_("A multipart has the same boundary as one around it; programs differ on which "
		   "of them a line ends.") },
	[NOTE_BOUNDARY_LIKE] = { "boundary-with-text-behind", SEVERITY_NOTICE,
		N_("A line begins like a boundary line and goes on; some programs end the part "
		   "there.") },
	[NOTE_BOUNDARY_AFTER_CLOSE] = { "boundary-after-close", SEVERITY_WARNING,
		N_("A boundary line stands behind the closing one of its multipart; some programs "
		   "show the part below it.") },
	[NOTE_ENCODED] = { "multipart-encoded", SEVERITY_WARNING,
		N_("A multipart or enclosed message has a transfer encoding, which is not "
		   "allowed; it is not undone.") },
	[NOTE_UNCLOSED] = { "multipart-unclosed", SEVERITY_NOTICE,
		N_("A multipart has no closing boundary line.") },
	[NOTE_NO_PARTS] = { "multipart-without-parts", SEVERITY_NOTICE,
		N_("No boundary line stands in a multipart.") },
	[NOTE_DEEP] = { "mime-too-deep", SEVERITY_WARNING,
		N_("Parts are nested deeper than is read.") },
	[NOTE_PARTS] = { "mime-too-many-parts", SEVERITY_WARNING,
		N_("The message has more parts than are read; the rest is left as it stands.") },
};

/* An open multipart. The boundaries of all that are open stand in one hash table, so that a line
 * costs the same at any depth. */
typedef struct Frame {
	MimePart *part;
	GString *octets;
	Slice boundary;         /* the octets */
	struct Frame *shadowed; /* an outer one with the same boundary */
	bool is_closed;
} Frame;

typedef struct Walk {
	Slice message;
	Slice rest; /* what is not read yet; begins at the start of a line */
	Findings *findings;
	size_t findings_before;
	unsigned told[NOTE_KINDS];
	GPtrArray *frames;      /* of Frame, outermost first */
	GHashTable *boundaries; /* of Slice: the innermost Frame of that boundary */
	MimePart *root;
	MimePart *current; /* the innermost open part */
	size_t depth;      /* of current; the root's is 1 */
	size_t parts;
	bool is_cut;
} Walk;

static void note(Walk *walk, Note kind, Slice where)
{
	if (walk->told[kind]++ < NOTES_PER_KIND)
		findings_add_at(walk->findings, notes[kind].code, notes[kind].severity,
			notes[kind].text, NULL, walk->message, where);
}

static guint boundary_hash(gconstpointer key)
{
	const Slice *boundary = key;
	guint hash = 2166136261u;

	for (size_t i = 0; i < boundary->len; i++)
		hash = (hash ^ (unsigned char)boundary->data[i]) * 16777619u;
	return hash;
}

static gboolean boundary_equal(gconstpointer a, gconstpointer b)
{
	return slice_equal(*(const Slice *)a, *(const Slice *)b);
}

static void frame_free(gpointer data)
{
	Frame *frame = data;

	g_string_free(frame->octets, TRUE);
	g_free(frame);
}

static Frame *top_frame(const Walk *walk)
{
	return walk->frames->len > 0
		       ? (Frame *)g_ptr_array_index(walk->frames, walk->frames->len - 1)
		       : NULL;
}

static Frame *lookup(const Walk *walk, Slice boundary)
{
	return boundary.len > 0 ? g_hash_table_lookup(walk->boundaries, &boundary) : NULL;
}

static void take_out_of_table(Walk *walk, Frame *frame)
{
	if (lookup(walk, frame->boundary) != frame)
		return;
	g_hash_table_remove(walk->boundaries, &frame->boundary);
	if (frame->shadowed != NULL)
		g_hash_table_insert(walk->boundaries, &frame->shadowed->boundary, frame->shadowed);
}

static void push_frame(Walk *walk, GString *boundary)
{
	Frame *frame = g_new0(Frame, 1);

	frame->part = walk->current;
	frame->octets = boundary;
	frame->boundary = slice_make(boundary->str, boundary->len);
	frame->shadowed = lookup(walk, frame->boundary);
	if (frame->shadowed != NULL)
		note(walk, NOTE_BOUNDARY_REUSED, slice_sub(frame->part->whole, 0, 0));
	g_hash_table_replace(walk->boundaries, &frame->boundary, frame);
	g_ptr_array_add(walk->frames, frame);
}

static void pop_frame(Walk *walk)
{
	Frame *frame = top_frame(walk);

	if (!frame->is_closed && !walk->is_cut)
		note(walk, NOTE_UNCLOSED, slice_sub(frame->part->whole, 0, 0));
	if (frame->part->children->len == 0 && !walk->is_cut)
		note(walk, NOTE_NO_PARTS, slice_sub(frame->part->whole, 0, 0));
	take_out_of_table(walk, frame);
	g_ptr_array_set_size(walk->frames, (gint)walk->frames->len - 1);
}

/* Shared between a line of a boundary and the parameter: blanks at the end count for neither. */
static size_t trimmed_len(const char *data, size_t len)
{
	while (len > 0 && (data[len - 1] == ' ' || data[len - 1] == '\t' || data[len - 1] == '\r' ||
				  data[len - 1] == '\n'))
		len--;
	return len;
}

/* The multipart of which text is a boundary line. Of one that is closed it is none where the same
 * text closes another, around it. */
static Frame *frame_of(const Walk *walk, Slice text, bool *ret_is_close)
{
	Frame *frame = text.len <= LIMIT_BOUNDARY ? lookup(walk, text) : NULL;
	Frame *closes = NULL;

	*ret_is_close = false;
	if (frame != NULL && !frame->is_closed)
		return frame;
	if (text.len > 2 && text.len <= LIMIT_BOUNDARY + 2 && text.data[text.len - 1] == '-' &&
		text.data[text.len - 2] == '-')
		closes = lookup(walk, slice_sub(text, 0, text.len - 2));
	if (closes == NULL || (frame != NULL && closes->is_closed))
		return frame;
	*ret_is_close = true;
	return closes;
}

/* The open multipart whose boundary line this is, or NULL (RFC 2046, 5.1.1). */
static Frame *match_line(Walk *walk, Slice line, bool *ret_is_close)
{
	Slice text = slice_sub(line, 2, line.len);
	const Frame *top = top_frame(walk);
	Frame *frame;

	text.len = trimmed_len(text.data, text.len);
	frame = frame_of(walk, text, ret_is_close);
	if (frame == NULL && top != NULL && !top->is_closed && text.len > top->boundary.len &&
		slice_equal(slice_sub(text, 0, top->boundary.len), top->boundary))
		note(walk, NOTE_BOUNDARY_LIKE, line);
	if (frame != NULL && frame->is_closed) {
		note(walk, NOTE_BOUNDARY_AFTER_CLOSE, line);
		return NULL;
	}
	return frame;
}

/* Moves walk->rest to the next line that begins with "--"; false at the end of the message. Dashes
 * are rarer than lines. */
static bool seek_dashes(Walk *walk)
{
	Slice rest = walk->rest;

	while (rest.len > 0 && !slice_starts(rest, "--")) {
		ssize_t dash = slice_find_char(rest, '-');
		bool begins_line = dash > 0 && rest.data[dash - 1] == '\n';

		rest = slice_sub(rest, dash < 0 ? rest.len : (size_t)dash, rest.len);
		if (!begins_line || !slice_starts(rest, "--"))
			slice_take_line(&rest);
	}
	walk->rest = rest;
	return rest.len > 0;
}

static void part_finish(MimePart *part, const char *end)
{
	Fields *fields = part->fields;

	/* The line end before a boundary line belongs to it, and can be the empty line that ended
	 * the header, or the last one of the boundary line above. */
	if (part->whole.data > end)
		part->whole.data = end;
	part->whole.len = (size_t)(end - part->whole.data);
	fields->message = part->whole;
	if (fields->header.data > end)
		fields->header = slice_make(end, 0);
	if (fields->body.data != NULL && fields->body.data > end)
		fields->body = SLICE_ABSENT;
	else if (fields->body.data != NULL)
		fields->body.len = (size_t)(end - fields->body.data);
}

/* Ends all parts inside of frame's multipart (all there are, for NULL). */
static void finish_parts(Walk *walk, const Frame *frame, const char *end)
{
	const MimePart *stop = frame != NULL ? frame->part : NULL;

	while (walk->frames->len > 0 && top_frame(walk) != frame)
		pop_frame(walk);
	for (; walk->current != stop; walk->current = walk->current->parent, walk->depth--)
		part_finish(walk->current, end);
}

/* Where the content before a boundary line ends. */
static const char *content_end(Slice message, Slice line)
{
	size_t at = slice_offset(message, line);

	if (at > 0 && message.data[at - 1] == '\n')
		at--;
	if (at > 0 && message.data[at - 1] == '\r' && message.data[at] == '\n')
		at--;
	return message.data + at;
}

/* Reads on to the boundary line that begins the next part; false where there is none. */
static bool find_next_part(Walk *walk)
{
	while (walk->frames->len > 0 && seek_dashes(walk)) {
		bool is_close = false;
		Slice line = slice_take_line(&walk->rest);
		Frame *frame = match_line(walk, line, &is_close);

		if (frame == NULL)
			continue;
		finish_parts(walk, frame, content_end(walk->message, line));
		if (!is_close)
			return true;
		frame->is_closed = true;
		frame->part->is_closed = true;
		if (frame->shadowed != NULL)
			take_out_of_table(walk, frame);
	}
	return false;
}

/* The octets of a header: up to and with its empty line, or up to a boundary line. */
static Slice take_header(Walk *walk)
{
	Slice start = walk->rest;

	while (walk->rest.len > 0) {
		Slice before = walk->rest;
		Slice line = slice_take_line(&walk->rest);
		bool is_close;

		if (line.data[0] == '-' && slice_starts(line, "--") && walk->frames->len > 0 &&
			match_line(walk, line, &is_close) != NULL) {
			const char *end = content_end(walk->message, line);

			walk->rest = before;
			return slice_sub(
				start, 0, end > start.data ? (size_t)(end - start.data) : 0);
		}
		if (fields_is_empty_line(line))
			break;
	}
	return slice_sub(start, 0, start.len - walk->rest.len);
}

static const Field *first_field(Walk *walk, const MimePart *part, const char *name, Note repeated)
{
	size_t first = fields_find(part->fields, name, 0);

	if (first == part->fields->count)
		return NULL;
	if (fields_find(part->fields, name, first + 1) < part->fields->count)
		note(walk, repeated, part->fields->list[first].raw);
	return &part->fields->list[first];
}

static const char *default_type(const MimePart *part)
{
	return part->parent != NULL && strcmp(part->parent->type, "multipart/digest") == 0
		       ? "message/rfc822"
		       : "text/plain";
}

/* Takes type and parameters out of the header; the boundary's octets, or NULL. */
static GString *read_type(Walk *walk, MimePart *part)
{
	const Field *field = first_field(walk, part, "Content-Type", NOTE_TYPE_REPEATED);
	g_autoptr(ContentType) content = NULL;
	Slice value = field != NULL ? field->value : SLICE_ABSENT;

	content = content_type_parse(value);
	part->type = g_strdup(field == NULL           ? default_type(part)
			      : content->type == NULL ? "text/plain"
						      : content->type);
	part->parameters = g_steal_pointer(&content->parameters);
	if (field != NULL && content->is_malformed)
		note(walk, NOTE_TYPE_MALFORMED, field->raw);
	if (content->is_repeated)
		note(walk, NOTE_PARAMETER_REPEATED, field->raw);
	if (content->is_cut)
		note(walk, NOTE_PARAMETERS_CUT, field->raw);
	return g_steal_pointer(&content->boundary);
}

static void read_encoding(Walk *walk, MimePart *part)
{
	const Field *field =
		first_field(walk, part, "Content-Transfer-Encoding", NOTE_ENCODING_REPEATED);

	part->encoding = field != NULL ? content_token(field->value) : g_strdup("7bit");
	if (part->encoding[0] == '\0') {
		g_free(part->encoding);
		part->encoding = g_strdup("7bit");
	}
}

static bool is_multipart(const MimePart *part)
{
	return g_str_has_prefix(part->type, "multipart/");
}

/* Pushes a multipart whose parts can be told apart; takes boundary over. */
static void open_multipart(Walk *walk, GString *boundary)
{
	Slice where = slice_sub(walk->current->whole, 0, 0);

	if (boundary != NULL)
		g_string_truncate(boundary, trimmed_len(boundary->str, boundary->len));
	if (boundary == NULL || boundary->len == 0)
		note(walk, NOTE_BOUNDARY_MISSING, where);
	else if (boundary->len > LIMIT_BOUNDARY)
		note(walk, NOTE_BOUNDARY_LONG, where);
	else if (walk->depth >= LIMIT_MIME_DEPTH)
		note(walk, NOTE_DEEP, where);
	else {
		push_frame(walk, boundary);
		return;
	}
	if (boundary != NULL)
		g_string_free(boundary, TRUE);
}

static Findings *header_findings(const Walk *walk)
{
	return findings_count(walk->findings) - walk->findings_before < PART_HEADER_NOTES
		       ? walk->findings
		       : NULL;
}

/* Begins a part at the start of what is not read yet, and reads its header. */
static void open_part(Walk *walk)
{
	MimePart *part = mime_part_new(walk->current, walk->rest);
	Slice header = take_header(walk);
	GString *boundary;

	walk->current = part;
	if (walk->root == NULL)
		walk->root = part;
	walk->depth++;
	walk->parts++;
	part->fields = fields_parse_part(header, walk->message, header_findings(walk));
	boundary = read_type(walk, part);
	read_encoding(walk, part);
	if (!mime_part_is_identity(part) && (is_multipart(part) || mime_part_is_message(part)))
		note(walk, NOTE_ENCODED, slice_sub(part->whole, 0, 0));
	if (is_multipart(part))
		open_multipart(walk, boundary);
	else if (boundary != NULL)
		g_string_free(boundary, TRUE);
}

/* Whether the open part encloses a message, which then begins where the reading stands. */
static bool encloses_message(Walk *walk)
{
	if (!mime_part_is_message(walk->current) || !mime_part_is_identity(walk->current) ||
		walk->current->fields->body.data == NULL)
		return false;
	if (walk->depth >= LIMIT_MIME_DEPTH)
		note(walk, NOTE_DEEP, slice_sub(walk->current->whole, 0, 0));
	return walk->depth < LIMIT_MIME_DEPTH;
}

static void walk_message(Walk *walk)
{
	do {
		if (walk->parts >= LIMIT_MIME_PARTS) {
			note(walk, NOTE_PARTS, slice_sub(walk->rest, 0, 0));
			walk->is_cut = true;
			break;
		}
		open_part(walk);
	} while (encloses_message(walk) || find_next_part(walk));
	finish_parts(walk, NULL, walk->message.data + walk->message.len);
}

MimePart *mime_parse(Slice message, Findings *findings)
{
	Walk walk = { .message = message, .rest = message, .findings = findings };

	walk.findings_before = findings_count(findings);
	walk.frames = g_ptr_array_new_with_free_func(frame_free);
	walk.boundaries = g_hash_table_new(boundary_hash, boundary_equal);
	walk_message(&walk);
	g_hash_table_unref(walk.boundaries);
	g_ptr_array_unref(walk.frames);
	return walk.root;
}
