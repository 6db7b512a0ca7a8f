/* The family of HTML: what Outlook and Exchange put into it and around it. */
#include "auth/change_text.h"
#include "auth/change_work.h"

#include <string.h>

typedef struct Span {
	size_t from, to;
} Span;

static bool has_nocase(Slice text, const char *word)
{
	for (size_t i = 0; i + strlen(word) <= text.len; i++)
		if (slice_starts_nocase(slice_sub(text, i, text.len), word))
			return true;
	return false;
}

/* A tag is never that long; what is has not been put there by a program. */
#define META_OCTETS ((size_t)300)

/* The first <meta http-equiv="Content-Type" …>. */
static bool find_meta(Slice text, Span *ret_meta)
{
	for (size_t at = change_html_find(text, "<meta", 0); at < text.len;
		at = change_html_find(text, "<meta", at + 1)) {
		Slice tag = slice_sub(text, at, META_OCTETS);

		tag = slice_sub(text, at, MIN(change_html_tag_end(tag, 0), tag.len));
		if (!has_nocase(tag, "http-equiv") || !has_nocase(tag, "content-type"))
			continue;
		*ret_meta = (Span) { at, at + tag.len };
		return true;
	}
	return false;
}

/* The span with the line end behind it, or before it. */
static size_t over_end(Slice text, size_t at)
{
	if (slice_starts(slice_sub(text, at, text.len), "\r\n"))
		return at + 2;
	return at + slice_starts(slice_sub(text, at, text.len), "\n");
}

static size_t back_over_end(Slice text, size_t at)
{
	if (at == 0 || text.data[at - 1] != '\n')
		return at;
	return at > 1 && text.data[at - 2] == '\r' ? at - 2 : at - 1;
}

static bool try_without(
	ChangeBody *work, const ChangeLeaf *leaf, ChangeKind kind, const Span *spans, size_t count)
{
	ChangeEdit edits[2];
	Slice removed = slice_sub(leaf->text, spans[0].from, spans[0].to - spans[0].from);

	for (size_t i = 0; i < count; i++)
		edits[i] =
			(ChangeEdit) { spans[i].from, spans[i].to - spans[i].from, slice_of("") };
	change_make_edited(work, leaf, edits, count);
	return change_try(
		work, change_step_new(kind, 0, change_shown(removed)), change_body_at(work->draft));
}

/* With the line ends before and behind it, which may have come with it. */
static bool try_span(ChangeBody *work, const ChangeLeaf *leaf, ChangeKind kind, Span span)
{
	Slice text = leaf->text;
	size_t before = back_over_end(text, span.from);
	size_t behind = over_end(text, span.to);
	const Span spans[] = { span, { span.from, behind }, { before, span.to },
		{ before, behind } };

	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
		bool is_same_as_last = (i & 1) != 0 && behind == span.to;

		if (is_same_as_last || (i >= 2 && before == span.from))
			continue;
		if (try_without(work, leaf, kind, &spans[i], 1))
			return true;
	}
	return work->is_over;
}

/* A <head> with nothing else in it came with the <meta>. */
static bool try_head(ChangeBody *work, const ChangeLeaf *leaf, Span meta)
{
	Slice text = leaf->text;
	Slice before = slice_sub(text, 0, meta.from);
	size_t head = change_html_find_last(before, "<head>");
	size_t end = change_html_find(text, "</head>", meta.to);
	size_t inside = head + strlen("<head>");

	if (head == before.len || end == text.len ||
		slice_trim(slice_sub(text, inside, meta.from - inside)).len > 0 ||
		slice_trim(slice_sub(text, meta.to, end - meta.to)).len > 0)
		return work->is_over;
	return try_span(work, leaf, CHANGE_META_INSERTED, (Span) { head, end + strlen("</head>") });
}

/* Everything up to and with <body>, and from </body> on. */
static void try_wrapper(ChangeBody *work, const ChangeLeaf *leaf)
{
	Slice text = leaf->text;
	size_t body = change_html_find(text, "<body", 0);
	size_t start = change_html_tag_end(text, body);
	size_t close = change_html_find_last(text, "</body>");
	size_t end = slice_trim_end(text).len;

	if (body == text.len || close == text.len || close < start ||
		!slice_starts_nocase(slice_trim(text), "<html"))
		return;
	for (int i = 0; i < 4; i++) {
		const Span spans[] = { { 0, (i & 1) != 0 ? over_end(text, start) : start },
			{ (i & 2) != 0 ? back_over_end(text, close) : close, end } };

		if (spans[0].to <= spans[1].from &&
			try_without(work, leaf, CHANGE_HTML_WRAPPED, spans, 2))
			return;
	}
}

static void change_page(ChangeBody *work, const ChangeLeaf *leaf)
{
	Span meta;

	if (!find_meta(leaf->text, &meta))
		return;
	if (!try_span(work, leaf, CHANGE_META_INSERTED, meta) && !try_head(work, leaf, meta))
		try_wrapper(work, leaf);
}

void change_html(ChangeBody *work)
{
	const GPtrArray *leaves = change_leaves(work);

	for (guint i = 0; i < leaves->len && !work->is_over; i++)
		if (change_leaf_is_html(change_leaf_at(leaves, i)))
			change_page(work, change_leaf_at(leaves, i));
}
