#include "auth/canon.h"

#include <string.h>

#define SINK_BUFFER ((size_t)16384)

/* Takes canonical octets in spans. They are gathered before they are hashed: a call of the digest
 * for every word would cost more than the hashing. */
typedef struct Sink {
	Digest *digest; /* NULL: text takes them */
	GString *text;
	uint64_t limit;
	uint64_t length; /* all that was put */
	uint64_t hashed;
	uint64_t waiting; /* line ends that only count if a line with text follows them */
	size_t fill;
	char buffer[SINK_BUFFER];
} Sink;

struct CanonRun {
	CanonKind canon;
	Sink sink;
};

static void sink_init(Sink *sink, Digest *digest, GString *text, uint64_t limit)
{
	sink->digest = digest;
	sink->text = text;
	sink->limit = limit;
	sink->length = sink->hashed = sink->waiting = 0;
	sink->fill = 0;
}

static void flush(Sink *sink)
{
	if (sink->digest != NULL)
		digest_add(sink->digest, slice_make(sink->buffer, sink->fill));
	else
		g_string_append_len(sink->text, sink->buffer, (gssize)sink->fill);
	sink->fill = 0;
}

static void put(Sink *sink, const char *data, size_t len)
{
	sink->length += len;
	if (len > sink->limit - sink->hashed)
		len = (size_t)(sink->limit - sink->hashed);
	sink->hashed += len;
	while (len > 0) {
		size_t part = MIN(len, SINK_BUFFER - sink->fill);

		memcpy(sink->buffer + sink->fill, data, part);
		sink->fill += part;
		data += part;
		len -= part;
		if (sink->fill == SINK_BUFFER)
			flush(sink);
	}
}

static void put_line_ends(Sink *sink, uint64_t count)
{
	for (; count > 0; count--)
		put(sink, "\r\n", 2);
}

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* GCC and clang make of it what the processor has. */
typedef unsigned char Octets __attribute__((vector_size(16)));

/* Among the octets at text is a tab, or a space with white space behind it, which may be the octet
 * behind them. */
static inline bool has_run(const char *text)
{
	uint64_t halves[2];
	Octets here;
	Octets next;

	memcpy(&here, text, sizeof here);
	memcpy(&next, text + 1, sizeof next);
	here = (Octets)((here == '\t') | ((here == ' ') & ((next == ' ') | (next == '\t'))));
	memcpy(halves, &here, sizeof halves);
	return (halves[0] | halves[1]) != 0;
}

/* How many octets at the front of line "relaxed" leaves as they are: up to a run of white space
 * that is more than one space. No white space ends the line. */
static size_t plain_span(Slice line)
{
	size_t i = 0;

	while (line.len - i > sizeof(Octets) && !has_run(line.data + i))
		i += sizeof(Octets);
	/* The last octets are looked at together, too; some of them again. */
	if (i > 0 && line.len - i <= sizeof(Octets) &&
		!has_run(line.data + line.len - sizeof(Octets) - 1))
		return line.len;
	for (; i < line.len; i++) {
		if (line.data[i] == '\t')
			return i;
		if (line.data[i] == ' ' && i + 1 < line.len && is_wsp(line.data[i + 1]))
			return i;
	}
	return line.len;
}

static Slice drop_wsp(Slice text)
{
	while (text.len > 0 && is_wsp(text.data[0]))
		text = slice_sub(text, 1, text.len);
	return text;
}

static Slice drop_wsp_end(Slice text)
{
	while (text.len > 0 && is_wsp(text.data[text.len - 1]))
		text.len--;
	return text;
}

/* 3.4.4: runs of white space become one space; the line has none at its end any more. */
static void put_relaxed(Sink *sink, Slice line)
{
	while (line.len > 0) {
		size_t plain = plain_span(line);

		put(sink, line.data, plain);
		line = slice_sub(line, plain, line.len);
		if (line.len > 0) {
			put(sink, " ", 1);
			line = drop_wsp(line);
		}
	}
}

/* Empty lines wait until a line follows them: those at the end of the body are ignored. */
static inline void put_line(Sink *sink, Slice line, CanonKind canon)
{
	if (canon == CANON_RELAXED)
		line = drop_wsp_end(line);
	if (line.len == 0) {
		sink->waiting++;
		return;
	}
	put_line_ends(sink, sink->waiting);
	if (canon == CANON_RELAXED)
		put_relaxed(sink, line);
	else
		put(sink, line.data, line.len);
	sink->waiting = 1; /* this line's own end */
}

static void put_body(Sink *sink, Slice body, CanonKind canon)
{
	while (body.len > 0)
		put_line(sink, slice_chop_eol(slice_take_line(&body)), canon);
}

static void put_end(Sink *sink, CanonKind canon)
{
	/* The end of the last line that has text. A body without one is a line end when it is
	 * simple (3.4.3), and nothing when it is relaxed. */
	if (sink->length > 0 || canon == CANON_SIMPLE)
		put_line_ends(sink, 1);
	flush(sink);
}

CanonBody canon_body(Slice body, CanonKind canon, DigestKind digest, uint64_t limit)
{
	g_autoptr(Digest) running = digest_new(digest);
	Sink sink;

	sink_init(&sink, running, NULL, limit);
	put_body(&sink, body, canon);
	put_end(&sink, canon);
	return (CanonBody) {
		.digest = digest_finish(running), .length = sink.length, .hashed = sink.hashed
	};
}

Slice canon_body_rest(Slice body, CanonKind canon, uint64_t limit)
{
	Sink counter;

	/* With a limit of nothing the sink only counts. */
	sink_init(&counter, NULL, NULL, 0);
	while (body.len > 0) {
		Slice here = body;

		put_line(&counter, slice_chop_eol(slice_take_line(&body)), canon);
		if (counter.length + 2 * counter.waiting > limit)
			return here;
	}
	return body;
}

GString *canon_body_text(Slice body, CanonKind canon)
{
	GString *text = g_string_new(NULL);
	Sink sink;

	sink_init(&sink, NULL, text, CANON_WHOLE_BODY);
	put_body(&sink, body, canon);
	put_end(&sink, canon);
	return text;
}

CanonRun *canon_run_new(CanonKind canon, DigestKind digest, uint64_t limit)
{
	CanonRun *run = g_new(CanonRun, 1);

	run->canon = canon;
	sink_init(&run->sink, digest_new(digest), NULL, limit);
	return run;
}

void canon_run_add(CanonRun *run, Slice lines)
{
	put_body(&run->sink, lines, run->canon);
}

CanonRun *canon_run_copy(CanonRun *run)
{
	CanonRun *copy = g_new(CanonRun, 1);

	flush(&run->sink);
	copy->canon = run->canon;
	sink_init(&copy->sink, digest_copy(run->sink.digest), NULL, run->sink.limit);
	copy->sink.length = run->sink.length;
	copy->sink.hashed = run->sink.hashed;
	copy->sink.waiting = run->sink.waiting;
	return copy;
}

CanonBody canon_run_finish(CanonRun *run)
{
	put_end(&run->sink, run->canon);
	return (CanonBody) { .digest = digest_finish(run->sink.digest),
		.length = run->sink.length,
		.hashed = run->sink.hashed };
}

void canon_run_free(CanonRun *run)
{
	if (run == NULL)
		return;
	digest_free(run->sink.digest);
	g_free(run);
}

static void append_slice(GString *out, Slice text)
{
	g_string_append_len(out, text.data, (gssize)text.len);
}

/* 3.4.1, the field as it was sent: each line with CRLF, but for the last. */
static void append_simple(GString *out, Slice raw)
{
	raw = slice_chop_eol(raw);
	while (raw.len > 0) {
		append_slice(out, slice_chop_eol(slice_take_line(&raw)));
		if (raw.len > 0)
			g_string_append(out, "\r\n");
	}
}

/* 3.4.2, the value: unfolded, runs of white space made one space, none at the ends. */
static void append_relaxed_value(GString *out, Slice value)
{
	size_t start = out->len;
	bool is_space_due = false;

	while (value.len > 0) {
		Slice line = slice_chop_eol(slice_take_line(&value));

		while (line.len > 0) {
			size_t len = 0;

			while (len < line.len && !is_wsp(line.data[len]))
				len++;
			if (len > 0 && is_space_due && out->len > start)
				g_string_append_c(out, ' ');
			append_slice(out, slice_sub(line, 0, len));
			is_space_due = len < line.len || (is_space_due && len == 0);
			line = drop_wsp(slice_sub(line, len, line.len));
		}
	}
}

/* From raw in both forms: the value of a Field has lost every CR before its last LF. */
static void append_field(GString *out, const Field *field, Slice raw, CanonKind canon)
{
	Slice value = slice_chop_eol(raw);

	if (canon == CANON_SIMPLE) {
		append_simple(out, raw);
		return;
	}
	slice_take_until(&value, ':');
	for (size_t i = 0; i < field->name.len; i++)
		g_string_append_c(out, g_ascii_tolower(field->name.data[i]));
	g_string_append_c(out, ':');
	append_relaxed_value(out, value);
}

void canon_header(GString *out, const Field *field, CanonKind canon)
{
	append_field(out, field, field->raw, canon);
	g_string_append(out, "\r\n");
}

void canon_header_without(GString *out, const Field *field, Slice left_out, CanonKind canon)
{
	g_autoptr(GString) cut = g_string_sized_new(field->raw.len);
	size_t at = slice_offset(field->raw, left_out);

	append_slice(cut, slice_sub(field->raw, 0, at));
	append_slice(cut, slice_sub(field->raw, at + left_out.len, field->raw.len));
	append_field(out, field, slice_make(cut->str, cut->len), canon);
}
