#include "auth/change_encode.h"
#include "auth/change_leaf.h"

#include <string.h>

static const ChangeLinePair *pair_at(const ChangeLeaf *leaf, guint index)
{
	return &g_array_index(leaf->lines, ChangeLinePair, index);
}

/* Appends the text between safe and end, changed. */
static void append_edited(
	GString *out, Slice text, size_t safe, size_t end, const ChangeEdit *edits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		slice_append(out, slice_sub(text, safe, edits[i].at - safe));
		slice_append(out, edits[i].octets);
		safe = edits[i].at + edits[i].len;
	}
	slice_append(out, slice_sub(text, safe, end - safe));
}

/* The line that octet at of the text is in; that behind the last one at the end. */
static guint line_of(const ChangeLeaf *leaf, size_t at)
{
	guint low = 0;
	guint high = leaf->lines->len - 1;

	while (low < high) {
		guint middle = (low + high + 1) / 2;

		if (pair_at(leaf, middle)->text <= at)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* The line behind those that an edit touches. One that ends where a line begins leaves that line
 * alone, if its own text does, too. */
static guint line_behind(const ChangeLeaf *leaf, const ChangeEdit *edit)
{
	guint line = line_of(leaf, edit->at + edit->len);
	bool is_start = pair_at(leaf, line)->text == edit->at + edit->len;
	bool stays_start = edit->octets.len > 0
				   ? edit->octets.data[edit->octets.len - 1] == '\n'
				   : pair_at(leaf, line_of(leaf, edit->at))->text == edit->at;

	if ((is_start && stays_start) || line == leaf->lines->len - 1)
		return line;
	return line + 1;
}

static void copy_lines(const ChangeLeaf *leaf, guint from, guint to, GString *out)
{
	size_t start = pair_at(leaf, from)->octets;

	slice_append(out, slice_sub(leaf->octets, start, pair_at(leaf, to)->octets - start));
}

/* Only lines that an edit touches are encoded anew. */
static void edit_quoted(
	const ChangeLeaf *leaf, size_t safe, const ChangeEdit *edits, size_t count, GString *out)
{
	guint line = line_of(leaf, safe);

	for (size_t i = 0; i < count;) {
		guint first = line_of(leaf, edits[i].at);
		guint behind = line_behind(leaf, &edits[i]);
		size_t last = i + 1;
		g_autoptr(GString) text = g_string_new(NULL);

		while (last < count && line_of(leaf, edits[last].at) < behind) {
			behind = MAX(behind, line_behind(leaf, &edits[last]));
			last++;
		}
		copy_lines(leaf, line, first, out);
		append_edited(text, leaf->text, pair_at(leaf, first)->text,
			pair_at(leaf, behind)->text, edits + i, last - i);
		change_encode_quoted_printable(out, slice_make(text->str, text->len), leaf->eol);
		line = behind;
		i = last;
	}
	copy_lines(leaf, line, leaf->lines->len - 1, out);
}

void change_leaf_edit_from(
	const ChangeLeaf *leaf, size_t safe, const ChangeEdit *edits, size_t count, GString *out)
{
	g_autoptr(GString) text = NULL;

	if (leaf->encoding == CHANGE_QUOTED_PRINTABLE) {
		edit_quoted(leaf, safe, edits, count, out);
		return;
	}
	if (leaf->encoding == CHANGE_PLAIN) {
		append_edited(out, leaf->text, safe, leaf->text.len, edits, count);
		return;
	}
	text = g_string_new(NULL);
	append_edited(text, leaf->text, safe, leaf->text.len, edits, count);
	change_encode_base64(out, slice_make(text->str, text->len), leaf->columns, leaf->eol);
	slice_append(out, leaf->tail);
}

void change_leaf_edit(const ChangeLeaf *leaf, const ChangeEdit *edits, size_t count, GString *out)
{
	size_t octets = 0;
	size_t safe = change_leaf_safe(leaf, edits[0].at, &octets);

	slice_append(out, slice_sub(leaf->octets, 0, octets));
	change_leaf_edit_from(leaf, safe, edits, count, out);
}

size_t change_leaf_safe(const ChangeLeaf *leaf, size_t at, size_t *ret_octets)
{
	const ChangeLinePair *line;

	if (leaf->encoding == CHANGE_BASE64) {
		size_t octets_line = leaf->columns + strlen(leaf->eol);
		size_t text_line = (size_t)leaf->columns / 4 * 3;
		size_t lines = MIN(at / text_line, leaf->regular / octets_line);

		*ret_octets = lines * octets_line;
		return lines * text_line;
	}
	if (leaf->encoding == CHANGE_PLAIN) {
		while (at > 0 && leaf->text.data[at - 1] != '\n')
			at--;
		*ret_octets = at;
		return at;
	}
	line = pair_at(leaf, line_of(leaf, at));
	*ret_octets = line->octets;
	return line->text;
}
