/* The Subject: lists and filters put a tag in front of it, bare or inside an encoded word. */
#include "auth/change_encode.h"
#include "auth/change_header.h"
#include "message/transfer.h"

#include <string.h>

/* Tags are short words; "[" may as well begin what the author wrote. */
#define TAG_OCTETS ((size_t)80)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static Slice skip_blanks(Slice text)
{
	while (text.len > 0 && is_blank(text.data[0]))
		text = slice_sub(text, 1, text.len);
	return text;
}

/* Octets of the tag that text begins with, without the blanks behind it; 0 where it has none:
 * "[list 123]", "(list 123)", "{list}", "*** SPAM ***", "EXTERNAL:". */
static size_t tag_length(Slice text)
{
	static const char opening[] = "[({";
	static const char closing[] = "])}";
	const char *bracket =
		text.len > 0 && text.data[0] != '\0' ? strchr(opening, text.data[0]) : NULL;
	Slice near = slice_sub(text, 0, TAG_OCTETS);
	ssize_t end = -1;

	if (bracket != NULL) {
		end = slice_find_char(near, closing[bracket - opening]);
	} else if (near.len > 0 && near.data[0] == '*') {
		for (size_t i = 1; i < near.len; i++)
			if (near.data[i] == '*')
				end = (ssize_t)i;
	} else {
		end = slice_find_char(near, ':');
		for (ssize_t i = 0; i < end; i++)
			if (!g_ascii_isalpha(near.data[i]) && near.data[i] != '-')
				return 0;
	}
	return end > 0 ? (size_t)end + 1 : 0;
}

/* Tries " value" in the place of the Subject's; takes value over. */
static void add_value(ChangeHeader *header, size_t field, Slice tag, GString *value)
{
	g_autoptr(GString) own = value;
	ChangeOp *op = change_op_begin(CHANGE_SUBJECT_TAG, change_shown(tag));

	change_op_edit(header, op, field,
		change_field_with(change_field(header, field), slice_make(own->str, own->len)));
	change_op_end(header, op);
}

static GString *joined(Slice a, Slice b)
{
	GString *text = g_string_new_len(a.data, (gssize)a.len);

	g_string_append_len(text, b.data, (gssize)b.len);
	return text;
}

/* --- "=?charset?B?text?=" */

typedef struct Word {
	Slice head; /* up to and with the second "?" behind the charset */
	Slice text;
	Slice behind; /* the word */
	bool is_base64;
} Word;

static bool read_word(Slice value, Word *ret_word)
{
	Slice rest = slice_sub(value, 2, value.len);
	Slice encoding;

	if (!slice_starts(value, "=?"))
		return false;
	slice_take_until(&rest, '?');
	encoding = slice_take_until(&rest, '?');
	ret_word->head = slice_sub(value, 0, slice_offset(value, rest));
	ret_word->text = slice_take_until(&rest, '?');
	ret_word->behind = slice_sub(rest, 1, rest.len);
	ret_word->is_base64 = slice_is_nocase(encoding, "B");
	return slice_starts(rest, "=") && (ret_word->is_base64 || slice_is_nocase(encoding, "Q"));
}

static GString *decoded_word(const Word *word)
{
	GString *text = g_string_new(NULL);

	if (word->is_base64)
		transfer_base64(text, word->text);
	else
		transfer_q(text, word->text);
	return text;
}

/* The encoded text of a "Q" word behind as many decoded octets. */
static Slice behind_decoded(Slice text, size_t octets)
{
	for (; octets > 0 && text.len > 0; octets--)
		text = slice_sub(text, text.data[0] == '=' ? 3 : 1, text.len);
	return text;
}

static bool is_ascii(Slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

/* The word without what its first octets say; " " before it. */
static GString *shorter_word(const Word *word, Slice rest, size_t dropped)
{
	GString *value = joined(slice_of(" "), word->head);

	if (word->is_base64) {
		change_encode_base64(value, rest, 4000, "");
	} else {
		Slice text = behind_decoded(word->text, dropped);

		g_string_append_len(value, text.data, (gssize)text.len);
	}
	g_string_append(value, "?=");
	return value;
}

static void add_inside_word(ChangeHeader *header, size_t field, Slice value)
{
	Word word;
	g_autoptr(GString) decoded = NULL;
	Slice text;
	Slice rest;
	Slice tag;

	if (!read_word(value, &word))
		return;
	decoded = decoded_word(&word);
	text = slice_make(decoded->str, decoded->len);
	tag = slice_sub(text, 0, tag_length(text));
	rest = skip_blanks(slice_sub(text, tag.len, text.len));
	if (tag.len == 0)
		return;
	if (rest.len == 0) {
		add_value(header, field, tag, joined(slice_of(" "), skip_blanks(word.behind)));
		return;
	}
	add_value(header, field, tag,
		g_string_append_len(shorter_word(&word, rest, text.len - rest.len),
			word.behind.data, (gssize)word.behind.len));
	if (is_ascii(rest) && slice_trim(word.behind).len == 0)
		add_value(header, field, tag, joined(slice_of(" "), rest));
}

/* --- bare */

/* "Re:" and its like, before which or behind which a list puts its tag. */
static Slice reply_prefix(Slice value)
{
	static const char *const prefixes[] = { "Re:", "RE:", "Fwd:", "FW:", "Aw:", "AW:" };

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (slice_starts(value, prefixes[i]))
			return slice_sub(value, 0, strlen(prefixes[i]));
	return slice_sub(value, 0, 0);
}

static void add_without_tag(
	ChangeHeader *header, size_t field, Slice lead, Slice prefix, Slice value)
{
	Slice tag = slice_sub(value, 0, tag_length(value));
	Slice rest = slice_sub(value, tag.len, value.len);
	g_autoptr(GString) start = joined(lead, prefix);
	Slice before;

	if (tag.len == 0)
		return;
	if (prefix.len > 0)
		g_string_append_c(start, ' ');
	before = slice_make(start->str, start->len);
	add_value(header, field, tag, joined(before, skip_blanks(rest)));
	/* As it stands, a fold included. */
	add_value(header, field, tag, joined(prefix, rest));
}

void change_ops_subject(ChangeHeader *header)
{
	for (size_t i = change_field_find(header, "Subject", 0); i < header->fields->len;
		i = change_field_find(header, "Subject", i + 1)) {
		Slice all = slice_chop_eol(change_field(header, i)->raw);
		Slice value;
		Slice prefix;
		Slice lead;

		slice_take_until(&all, ':');
		value = skip_blanks(all);
		lead = slice_sub(all, 0, slice_offset(all, value));
		prefix = reply_prefix(value);
		add_without_tag(header, i, lead, slice_sub(value, 0, 0), value);
		if (prefix.len > 0)
			add_without_tag(header, i, lead, prefix,
				skip_blanks(slice_sub(value, prefix.len, value.len)));
		add_inside_word(header, i, value);
	}
}
