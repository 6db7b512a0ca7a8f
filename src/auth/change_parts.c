/* The family of MIME parts: lists append one with their footer, or make the body a part of a
 * multipart to do so (RFC 7960, 3.2.3). */
#include "auth/change_work.h"
#include "base/limits.h"

static bool is_multipart(const MimePart *part)
{
	return g_str_has_prefix(part->type, "multipart/") && part->children->len > 0;
}

static const MimePart *child_at(const MimePart *part, guint index)
{
	return (const MimePart *)g_ptr_array_index(part->children, index);
}

/* The start of the line before the one in which at is, or of that line itself. */
static size_t line_start(Slice message, size_t at)
{
	while (at > 0 && message.data[at - 1] != '\n')
		at--;
	return at;
}

/* The boundary line above a part. */
static size_t boundary_above(Slice message, const MimePart *part)
{
	size_t at = slice_offset(message, part->whole);

	return at > 0 ? line_start(message, at - 1) : 0;
}

/* The boundary line below a part: its line end belongs to the boundary. */
static size_t boundary_below(Slice message, const MimePart *part)
{
	size_t at = slice_offset(message, part->whole) + part->whole.len;
	Slice rest = slice_sub(message, at, message.len);

	if (slice_starts(rest, "\r\n"))
		at += 2;
	else if (slice_starts(rest, "\n"))
		at++;
	return at;
}

static bool try_without(ChangeBody *work, ChangeKind kind, const MimePart *part)
{
	Slice message = work->draft->message;
	size_t from = boundary_above(message, part);
	size_t to = boundary_below(message, part);

	if (from < change_body_at(work->draft) || to < from)
		return work->is_over;
	change_begin(work, slice_sub(message, from, to - from));
	change_end(work, slice_sub(message, from, to - from));
	return change_try(work, change_step_new(kind, 0, change_shown(part->whole)),
		change_body_at(work->draft));
}

static bool is_content_field(const Field *field)
{
	return slice_starts_nocase(field->name, "Content-");
}

static void append_fields(GString *out, const Fields *fields, bool on_content)
{
	for (size_t i = 0; i < fields->count; i++) {
		const Field *field = &fields->list[i];

		if (is_content_field(field) == on_content)
			g_string_append_len(out, field->raw.data, (gssize)field->raw.len);
	}
}

/* The part as the message: its fields on the content in the place of the message's own. */
static bool try_unwrapped(ChangeBody *work, const MimePart *root, const MimePart *part)
{
	Slice body = part->fields->body;
	GString *out = change_begin(work, slice_sub(work->draft->message, 0, 0));
	size_t body_at;

	if (body.data == NULL)
		return work->is_over;
	append_fields(out, root->fields, false);
	append_fields(out, part->fields, true);
	g_string_append(out, "\r\n");
	body_at = out->len;
	g_string_append_len(out, body.data, (gssize)body.len);
	return change_try(work, change_step_new(CHANGE_WRAPPED, 0, NULL), body_at);
}

static bool try_multipart(ChangeBody *work, const MimePart *part)
{
	if (part->children->len < 2)
		return work->is_over;
	return try_without(work, CHANGE_PART_APPENDED, child_at(part, part->children->len - 1)) ||
	       try_without(work, CHANGE_PART_PREPENDED, child_at(part, 0));
}

void change_parts(ChangeBody *work)
{
	const MimePart *root = change_mime(work);

	if (!is_multipart(root) || try_multipart(work, root))
		return;
	/* The body is the first part; with a part above it, the second. */
	for (guint i = 0; i < MIN(root->children->len, 2); i++)
		if (try_unwrapped(work, root, child_at(root, i)))
			return;
	for (guint i = 0; i < MIN(root->children->len, LIMIT_CHANGE_PARTS); i++)
		if (is_multipart(child_at(root, i)) && try_multipart(work, child_at(root, i)))
			return;
}
