/* The family of footers: text that lists and companies put behind a message. It is whole lines, or
 * in HTML whole elements, so that every end of one is a place where the signed text may have ended.
 * They are tried from the last one up; what all of them have in common is hashed once. */
#include "auth/change_text.h"
#include "auth/change_work.h"
#include "base/limits.h"

#include <string.h>

/* In a second step, where every text made by the first one is gone through. */
#define SECOND_STEP_LINES 40u

/* Text of which the end, or what stands before its closing tags, is taken off. */
typedef struct Cut {
	ChangeBody *work;
	const ChangeLeaf *leaf;
	size_t start;  /* of the text: nothing before it goes */
	size_t stop;   /* what stands from there on stays */
	bool has_tags; /* elements end, too */
	bool is_whole; /* the leaf is all of the body */
	CanonRun *run; /* over what all tries have in common */
	size_t safe;   /* how much of the text is in it */
	Slice behind;  /* the leaf, in the message */
} Cut;

static bool is_end(const Cut *cut, size_t at)
{
	char last = cut->leaf->text.data[at - 1];

	return last == '\n' || (cut->has_tags && last == '>');
}

/* Empty lines at the end of a body are nothing, so that they are no other end. */
static bool is_empty_end(const Cut *cut, size_t at)
{
	Slice text = cut->leaf->text;
	size_t bare = slice_chop_eol(slice_sub(text, 0, at)).len;

	return cut->is_whole && bare > 0 && text.data[bare - 1] == '\n';
}

/* Where the text may have ended, the last place first. A part may end without a line end. */
static GArray *find_ends(const Cut *cut, unsigned most)
{
	GArray *ends = g_array_new(FALSE, FALSE, sizeof(size_t));
	Slice text = cut->leaf->text;
	unsigned found = 0;

	for (size_t at = cut->stop; at > 0 && at >= cut->start && found < most; at--) {
		size_t bare;

		if (at == cut->stop || !is_end(cut, at) || is_empty_end(cut, at))
			continue;
		bare = slice_chop_eol(slice_sub(text, 0, at)).len;
		g_array_append_val(ends, at);
		if (!cut->is_whole && bare != at && bare > cut->start)
			g_array_append_val(ends, bare);
		found++;
	}
	return ends;
}

/* Hashes what stays the same, whichever of the ends it is. */
static bool begin(Cut *cut, const GArray *ends)
{
	const ChangeDraft *draft = cut->work->draft;
	size_t first = g_array_index(ends, size_t, ends->len - 1);
	size_t octets = 0;
	Slice before;

	cut->safe = change_leaf_safe(cut->leaf, first, &octets);
	before = slice_sub(draft->body, 0, slice_offset(draft->body, cut->leaf->octets) + octets);
	cut->behind = slice_sub(draft->body,
		slice_offset(draft->body, cut->leaf->octets) + cut->leaf->octets.len,
		draft->body.len);
	if (!change_charge(cut->work->budget, 0, before.len)) {
		cut->work->is_over = true;
		return false;
	}
	cut->run = canon_run_new(cut->work->canon, cut->work->digest, cut->work->limit);
	canon_run_add(cut->run, before);
	return true;
}

static ChangeEdit edit_at(const Cut *cut, size_t end)
{
	return (ChangeEdit) { end, cut->stop - end, slice_of("") };
}

static bool is_signed_one(const Cut *cut, size_t end)
{
	g_autoptr(CanonRun) run = canon_run_copy(cut->run);
	g_autoptr(GString) tail = g_string_new(NULL);
	ChangeEdit edit = edit_at(cut, end);
	Slice behind = cut->behind;
	Slice joint = slice_take_line(&behind);

	change_leaf_edit_from(cut->leaf, cut->safe, &edit, 1, tail);
	/* The last line of the tail may go on behind the leaf. */
	g_string_append_len(tail, joint.data, (gssize)joint.len);
	canon_run_add(run, slice_make(tail->str, tail->len));
	canon_run_add(run, behind);
	return change_body_is_signed(cut->work, canon_run_finish(run));
}

static void match(const Cut *cut, size_t end)
{
	ChangeEdit edit = edit_at(cut, end);
	Slice removed = slice_sub(cut->leaf->text, end, cut->stop - end);

	change_make_edited(cut->work, cut->leaf, &edit, 1);
	change_match(cut->work, change_lines_step(CHANGE_FOOTER, removed),
		change_body_at(cut->work->draft));
}

static bool try_cut(Cut *cut)
{
	ChangeBody *work = cut->work;
	unsigned most = work->first != NULL ? SECOND_STEP_LINES : LIMIT_CHANGE_FOOTER_LINES;
	g_autoptr(GArray) ends = find_ends(cut, most);

	if (ends->len == 0 || !begin(cut, ends))
		return work->is_over;
	for (guint i = 0; i < ends->len && !work->is_over; i++) {
		size_t end = g_array_index(ends, size_t, i);

		if (!change_charge(work->budget, 1, cut->stop - end + cut->behind.len))
			work->is_over = true;
		else if (is_signed_one(cut, end))
			match(cut, end);
	}
	g_clear_pointer(&cut->run, canon_run_free);
	return work->is_over;
}

/* Where text behind the closing boundary line would begin; 0 in what is no multipart. */
static size_t end_of_parts(ChangeBody *work)
{
	const MimePart *root = change_mime(work);
	const MimePart *last;
	Slice rest;

	if (root->children->len == 0 || !root->is_closed)
		return 0;
	last = g_ptr_array_index(root->children, root->children->len - 1);
	rest = slice_sub(work->draft->body,
		slice_offset(work->draft->body, last->whole) + last->whole.len,
		work->draft->body.len);
	/* The line end that belongs to the boundary, then the boundary line. */
	if (slice_chop_eol(rest).data != NULL && !slice_starts(rest, "--"))
		slice_take_line(&rest);
	slice_take_line(&rest);
	return slice_offset(work->draft->body, rest);
}

static bool cut_body(ChangeBody *work)
{
	g_autoptr(ChangeLeaf) leaf = change_leaf_plain(work->draft->body);
	Cut cut = { .work = work, .leaf = leaf, .stop = leaf->text.len, .is_whole = true };

	cut.start = end_of_parts(work);
	return try_cut(&cut);
}

static bool cut_part(ChangeBody *work, const ChangeLeaf *leaf)
{
	Cut cut = { .work = work, .leaf = leaf, .stop = leaf->text.len };

	/* Lines of what is the whole body were tried as they stand. */
	if (leaf->part->parent == NULL && leaf->encoding != CHANGE_BASE64)
		return work->is_over;
	return try_cut(&cut);
}

static void cut_html(ChangeBody *work, const ChangeLeaf *leaf)
{
	Cut cut = { .work = work, .leaf = leaf, .has_tags = true };

	change_html_inside(leaf->text, &cut.start, &cut.stop);
	if (cut.stop < leaf->text.len)
		try_cut(&cut);
}

void change_footer(ChangeBody *work)
{
	const GPtrArray *leaves = change_leaves(work);

	if (work->draft->body.len == 0 || cut_body(work))
		return;
	for (guint i = 0; i < leaves->len && !work->is_over; i++) {
		const ChangeLeaf *leaf = change_leaf_at(leaves, i);

		if (!cut_part(work, leaf) && change_leaf_is_html(leaf))
			cut_html(work, leaf);
	}
}
