#include "auth/change_leaf.h"

#include "auth/change_encode.h"
#include "base/limits.h"
#include "message/transfer.h"

#include <string.h>

/* Where a line of text begins, decoded and in the message. A line that soft ends break is one. */
typedef struct LinePair {
	size_t text;
	size_t octets;
} LinePair;

static const LinePair *pair_at(const ChangeLeaf *leaf, guint index)
{
	return &g_array_index(leaf->lines, LinePair, index);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool has_soft_end(Slice line)
{
	while (line.len > 0 && is_blank(line.data[line.len - 1]))
		line.len--;
	return line.len > 0 && line.data[line.len - 1] == '=';
}

static void decode_quoted(ChangeLeaf *leaf)
{
	Slice rest = leaf->octets;

	leaf->lines = g_array_new(FALSE, FALSE, sizeof(LinePair));
	while (rest.len > 0) {
		LinePair pair = { leaf->decoded->len, slice_offset(leaf->octets, rest) };
		Slice start = rest;

		g_array_append_val(leaf->lines, pair);
		while (rest.len > 0 && has_soft_end(slice_take_line(&rest)))
			;
		transfer_quoted_printable(leaf->decoded, slice_sub(start, 0, start.len - rest.len));
	}
	g_array_append_val(leaf->lines, ((LinePair) { leaf->decoded->len, leaf->octets.len }));
}

/* Whole lines that encoding the text anew would write as they are. */
static size_t regular_octets(const ChangeLeaf *leaf)
{
	size_t line = leaf->columns + strlen(leaf->eol);
	size_t lines =
		MIN(leaf->text.len / ((size_t)leaf->columns / 4 * 3), leaf->octets.len / line);
	g_autoptr(GString) ours = g_string_sized_new(lines * line + 1);
	size_t same = 0;

	change_encode_base64(ours,
		slice_sub(leaf->text, 0, lines * ((size_t)leaf->columns / 4 * 3)), leaf->columns,
		leaf->eol);
	g_string_append(ours, leaf->eol);
	while (same < lines &&
		memcmp(ours->str + same * line, leaf->octets.data + same * line, line) == 0)
		same++;
	return same * line;
}

static void decode_base64(ChangeLeaf *leaf)
{
	Slice rest = leaf->octets;
	Slice first = slice_chop_eol(slice_take_line(&rest));
	size_t used = slice_trim_end(leaf->octets).len;

	leaf->tail = slice_sub(leaf->octets, used, leaf->octets.len);
	/* A text of one line says nothing of how long lines are. */
	leaf->columns = first.len < used && first.len >= 4 ? (unsigned)MIN(first.len, 1000) / 4 * 4
							   : CHANGE_BASE64_COLUMNS;
	transfer_base64(leaf->decoded, leaf->octets);
}

static ChangeLeaf *leaf_new(Slice octets, ChangeEncoding encoding)
{
	ChangeLeaf *leaf = g_new0(ChangeLeaf, 1);
	ssize_t at = slice_find_char(octets, '\n');

	leaf->octets = octets;
	leaf->encoding = encoding;
	leaf->text = octets;
	leaf->eol = at > 0 && octets.data[at - 1] == '\r' ? "\r\n" : "\n";
	if (encoding == CHANGE_PLAIN)
		return leaf;
	leaf->decoded = g_string_sized_new(octets.len);
	if (encoding == CHANGE_QUOTED_PRINTABLE)
		decode_quoted(leaf);
	else
		decode_base64(leaf);
	leaf->text = slice_make(leaf->decoded->str, leaf->decoded->len);
	if (encoding == CHANGE_BASE64)
		leaf->regular = regular_octets(leaf);
	return leaf;
}

static bool read_encoding(const char *word, ChangeEncoding *ret_encoding)
{
	static const struct {
		const char *word;
		ChangeEncoding encoding;
	} known[] = { { "7bit", CHANGE_PLAIN }, { "8bit", CHANGE_PLAIN },
		{ "binary", CHANGE_PLAIN }, { "quoted-printable", CHANGE_QUOTED_PRINTABLE },
		{ "base64", CHANGE_BASE64 } };

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		if (strcmp(word, known[i].word) == 0) {
			*ret_encoding = known[i].encoding;
			return true;
		}
	}
	return false;
}

ChangeLeaf *change_leaf_new(const MimePart *part)
{
	ChangeEncoding encoding;
	ChangeLeaf *leaf;

	if (part->fields->body.data == NULL || !read_encoding(part->encoding, &encoding))
		return NULL;
	leaf = leaf_new(part->fields->body, encoding);
	leaf->part = part;
	return leaf;
}

ChangeLeaf *change_leaf_plain(Slice octets)
{
	return leaf_new(octets, CHANGE_PLAIN);
}

void change_leaf_free(ChangeLeaf *leaf)
{
	if (leaf == NULL)
		return;
	if (leaf->decoded != NULL)
		g_string_free(leaf->decoded, TRUE);
	if (leaf->lines != NULL)
		g_array_unref(leaf->lines);
	g_free(leaf);
}

static void append(GString *out, Slice octets)
{
	g_string_append_len(out, octets.data, (gssize)octets.len);
}

/* Appends the text between safe and end, changed. */
static void append_edited(
	GString *out, Slice text, size_t safe, size_t end, const ChangeEdit *edits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		append(out, slice_sub(text, safe, edits[i].at - safe));
		append(out, edits[i].octets);
		safe = edits[i].at + edits[i].len;
	}
	append(out, slice_sub(text, safe, end - safe));
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

	append(out, slice_sub(leaf->octets, start, pair_at(leaf, to)->octets - start));
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
	append(out, leaf->tail);
}

void change_leaf_edit(const ChangeLeaf *leaf, const ChangeEdit *edits, size_t count, GString *out)
{
	size_t octets = 0;
	size_t safe = change_leaf_safe(leaf, edits[0].at, &octets);

	append(out, slice_sub(leaf->octets, 0, octets));
	change_leaf_edit_from(leaf, safe, edits, count, out);
}

size_t change_leaf_safe(const ChangeLeaf *leaf, size_t at, size_t *ret_octets)
{
	const LinePair *line;

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

/* A copy in which every line ends with eol. */
static GString *with_line_ends(Slice text, const char *eol)
{
	GString *out = g_string_sized_new(text.len + text.len / 16);

	while (text.len > 0) {
		Slice line = slice_take_line(&text);
		Slice content = slice_chop_eol(line);

		append(out, content);
		if (content.len < line.len)
			g_string_append(out, eol);
	}
	return out;
}

void change_leaf_encode(const ChangeLeaf *leaf, ChangeEncoding encoding, unsigned columns,
	const char *text_eol, GString *out)
{
	Slice text = leaf->text;
	g_autoptr(GString) lines = text_eol != NULL ? with_line_ends(text, text_eol) : NULL;

	if (lines != NULL)
		text = slice_make(lines->str, lines->len);
	if (encoding == CHANGE_QUOTED_PRINTABLE)
		change_encode_quoted_printable(out, text, leaf->eol);
	else if (encoding == CHANGE_BASE64)
		change_encode_base64(out, text, columns, leaf->eol);
	else
		append(out, text);
}

static void add_leaves(const MimePart *part, GPtrArray *leaves)
{
	ChangeLeaf *leaf = NULL;

	if (leaves->len == LIMIT_CHANGE_PARTS)
		return;
	if (g_str_has_prefix(part->type, "text/"))
		leaf = change_leaf_new(part);
	if (leaf != NULL)
		g_ptr_array_add(leaves, leaf);
	if (g_str_has_prefix(part->type, "multipart/"))
		for (guint i = 0; i < part->children->len; i++)
			add_leaves(g_ptr_array_index(part->children, i), leaves);
}

static void free_leaf(gpointer data)
{
	change_leaf_free(data);
}

GPtrArray *change_leaves_new(const MimePart *root)
{
	GPtrArray *leaves = g_ptr_array_new_with_free_func(free_leaf);

	add_leaves(root, leaves);
	return leaves;
}

bool change_leaf_is_html(const ChangeLeaf *leaf)
{
	return leaf->part != NULL && strcmp(leaf->part->type, "text/html") == 0;
}
