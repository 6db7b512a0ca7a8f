#include "auth/change_leaf.h"

#include "auth/change_encode.h"
#include "base/limits.h"
#include "message/transfer.h"

#include <string.h>

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

	leaf->lines = g_array_new(FALSE, FALSE, sizeof(ChangeLinePair));
	while (rest.len > 0) {
		ChangeLinePair pair = { leaf->decoded->len, slice_offset(leaf->octets, rest) };
		Slice start = rest;

		g_array_append_val(leaf->lines, pair);
		while (rest.len > 0 && has_soft_end(slice_take_line(&rest)))
			;
		transfer_quoted_printable(leaf->decoded, slice_sub(start, 0, start.len - rest.len));
	}
	g_array_append_val(
		leaf->lines, ((ChangeLinePair) { leaf->decoded->len, leaf->octets.len }));
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
	leaf->columns = first.len < used && first.len >= 4 ? MIN(first.len, 1000) / 4 * 4
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

/* A copy in which every line ends with eol. */
static GString *with_line_ends(Slice text, const char *eol)
{
	GString *out = g_string_sized_new(text.len + text.len / 16);

	while (text.len > 0) {
		Slice line = slice_take_line(&text);
		Slice content = slice_chop_eol(line);

		slice_append(out, content);
		if (content.len < line.len)
			g_string_append(out, eol);
	}
	return out;
}

void change_leaf_encode(const ChangeLeaf *leaf, ChangeEncoding encoding, size_t columns,
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
		slice_append(out, text);
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
