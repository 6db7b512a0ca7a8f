#include "base/limits.h"
#include "message/gmime_autoptr.h"
#include "message/mime_view.h"

#include <string.h>

/* GMime must not be led into its crashes and quadratic paths by what only it takes for a header
 * (gmime.md, 5), so these count over the whole message. A charset name of 9 MB overflows the
 * stack, 1 MB does not. */
#define LIMIT_SECOND_MESSAGE ((size_t)4 * 1024 * 1024)
/* 40,116 nested groups overflow the stack; each needs a colon. */
#define LIMIT_SECOND_COLONS ((size_t)20000)
/* Unterminated encoded words cost their square: 4,000 take a tenth of a second. */
#define LIMIT_SECOND_WORDS ((size_t)4000)
#define LIMIT_SECOND_DEPTH 64u

typedef struct Leaf {
	size_t offset, len;
	bool is_known; /* GMime does not say where a multipart without parts stands */
} Leaf;

void gmime_ready(void)
{
	static gsize once = 0;

	if (g_once_init_enter(&once)) {
		g_mime_init();
		g_once_init_leave(&once, 1);
	}
}

void mime_prepare(void)
{
	gmime_ready();
}

static size_t count_of(Slice text, Slice needle)
{
	size_t count = 0;

	for (ssize_t at = slice_find(text, needle); at >= 0; at = slice_find(text, needle)) {
		text = slice_sub(text, (size_t)at + needle.len, text.len);
		count++;
	}
	return count;
}

static bool headers_are_small(const MimePart *part, unsigned depth)
{
	if (depth > LIMIT_SECOND_DEPTH)
		return false;
	for (size_t i = 0; i < part->fields->count; i++)
		if (part->fields->list[i].raw.len > LIMIT_ADDRESS_FIELD)
			return false;
	for (guint i = 0; i < part->children->len; i++)
		if (!headers_are_small(g_ptr_array_index(part->children, i), depth + 1))
			return false;
	return true;
}

static bool is_within_limits(const MimePart *root, Slice message)
{
	return message.len <= LIMIT_SECOND_MESSAGE &&
	       count_of(message, slice_of(":")) <= LIMIT_SECOND_COLONS &&
	       count_of(message, slice_of("=?")) <= LIMIT_SECOND_WORDS &&
	       headers_are_small(root, 0);
}

static void add_our_leaves(GArray *leaves, const MimePart *part, Slice message)
{
	Slice body = part->fields->body;
	Leaf leaf = { .len = body.len, .is_known = true };

	for (guint i = 0; i < part->children->len; i++)
		add_our_leaves(leaves, g_ptr_array_index(part->children, i), message);
	if (part->children->len > 0)
		return;
	leaf.offset = body.data != NULL ? slice_offset(message, body) : 0;
	g_array_append_val(leaves, leaf);
}

static void add_gmime_leaf(GArray *leaves, GMimeObject *object)
{
	GMimeDataWrapper *content =
		GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : NULL;
	GMimeStream *stream = content != NULL ? g_mime_data_wrapper_get_stream(content) : NULL;
	Leaf leaf = { .is_known = stream != NULL && stream->bound_end >= stream->bound_start };

	if (leaf.is_known) {
		leaf.offset = (size_t)stream->bound_start;
		leaf.len = (size_t)(stream->bound_end - stream->bound_start);
	}
	g_array_append_val(leaves, leaf);
}

/* As deep as GMime's own limit of 1,024 levels at most. */
static void add_gmime_leaves(GArray *leaves, GMimeObject *object)
{
	if (GMIME_IS_MULTIPART(object) && g_mime_multipart_get_count(GMIME_MULTIPART(object)) > 0) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			add_gmime_leaves(leaves, g_mime_multipart_get_part(multipart, i));
	} else if (GMIME_IS_MESSAGE_PART(object) &&
		   g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)) != NULL) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		GMimeObject *top = g_mime_message_get_mime_part(inner);

		if (top != NULL)
			add_gmime_leaves(leaves, top);
	} else if (object != NULL) {
		add_gmime_leaf(leaves, object);
	}
}

static bool is_same_leaf(const Leaf *ours, const Leaf *theirs)
{
	if (!ours->is_known || !theirs->is_known || (ours->len == 0 && theirs->len == 0))
		return true;
	return ours->offset == theirs->offset && ours->len == theirs->len;
}

/* Where the two readings part, or NULL where they do not. */
static char *difference(const GArray *ours, const GArray *theirs)
{
	for (guint i = 0; i < ours->len && i < theirs->len; i++) {
		const Leaf *a = &g_array_index(ours, Leaf, i);
		const Leaf *b = &g_array_index(theirs, Leaf, i);

		if (!is_same_leaf(a, b))
			return g_strdup_printf("part %u: %zu octets at %zu, GMime: %zu at %zu",
				i + 1, a->len, a->offset, b->len, b->offset);
	}
	if (ours->len != theirs->len)
		return g_strdup_printf("%u parts, GMime: %u", ours->len, theirs->len);
	return NULL;
}

static GMimeMessage *read_with_gmime(Slice message)
{
	g_autoptr(GMimeStream) stream =
		g_mime_stream_mem_new_with_buffer(message.data, message.len);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);

	return g_mime_parser_construct_message(parser, NULL);
}

void mime_second_opinion(const MimePart *root, Slice message, Findings *findings)
{
	g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(Leaf));
	g_autoptr(GArray) theirs = g_array_new(FALSE, FALSE, sizeof(Leaf));
	g_autoptr(GMimeMessage) read = NULL;
	char *detail;

	if (!is_within_limits(root, message)) {
		findings_add(findings, "mime-second-opinion-left-out", SEVERITY_INFO,
			N_("The message is beyond the limits within which GMime is asked for a "
			   "second reading of its parts."),
			NULL);
		return;
	}
	gmime_ready();
	add_our_leaves(ours, root, message);
	read = read_with_gmime(message);
	if (read != NULL && g_mime_message_get_mime_part(read) != NULL)
		add_gmime_leaves(theirs, g_mime_message_get_mime_part(read));
	detail = difference(ours, theirs);
	if (detail != NULL)
		findings_add(findings, "mime-reading-differs", SEVERITY_WARNING,
			N_("GMime reads other parts in this message than kantei does."), detail);
}

char *mime_library(void)
{
	return g_strdup_printf(
		"GMime %u.%u.%u", gmime_major_version, gmime_minor_version, gmime_micro_version);
}
