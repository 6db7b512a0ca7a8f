/* The family of banners: lines, or HTML elements, that a gateway puts in front of the text ("this
 * message came from outside"). */
#include "auth/change_text.h"
#include "auth/change_work.h"
#include "base/limits.h"

static bool try_without(ChangeBody *work, const ChangeLeaf *leaf, size_t from, size_t to)
{
	ChangeEdit edit = { from, to - from, slice_of("") };
	Slice removed = slice_sub(leaf->text, from, to - from);

	change_make_edited(work, leaf, &edit, 1);
	return change_try(
		work, change_lines_step(CHANGE_BANNER, removed), change_body_at(work->draft));
}

/* Up to the end of each of the first lines; of HTML, of elements, too. */
static bool try_leaf(ChangeBody *work, const ChangeLeaf *leaf)
{
	bool is_html = change_leaf_is_html(leaf);
	Slice text = leaf->text;
	size_t start = 0;
	size_t stop = text.len;
	unsigned found = 0;

	if (is_html)
		change_html_inside(text, &start, &stop);
	for (size_t at = start + 1; at < stop && found < LIMIT_CHANGE_BANNER_LINES; at++) {
		if (text.data[at - 1] != '\n' && !(is_html && text.data[at - 1] == '>'))
			continue;
		if (try_without(work, leaf, start, at))
			return true;
		found++;
	}
	return work->is_over;
}

void change_banner(ChangeBody *work)
{
	const GPtrArray *leaves = change_leaves(work);

	for (guint i = 0; i < leaves->len; i++)
		if (try_leaf(work, change_leaf_at(leaves, i)))
			return;
}
