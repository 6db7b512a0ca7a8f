/* The family of transfer encodings: gateways turn 8-bit text into 7-bit (RFC 6152, 3) or encode it
 * anew, and break lines of encoded text elsewhere. */
#include "auth/change_leaf.h"
#include "auth/change_work.h"

/* What a part of text may have been sent as. */
typedef struct Form {
	ChangeEncoding encoding;
	const char *word; /* of the field; NULL: none was there */
	size_t columns;   /* of base64 */
	const char *eol;  /* of the lines in base64 */
	bool has_end;     /* a line end behind the last line of base64 */
	/* Of a part that is no message of its own: what the field says, and empty lines at the end,
	 * then stand in the body. */
	bool is_nested;
} Form;

static const Form forms[] = {
	{ CHANGE_PLAIN, "8bit", 0, NULL, false, false },
	{ CHANGE_PLAIN, "7bit", 0, NULL, false, true },
	{ CHANGE_PLAIN, NULL, 0, NULL, false, true },
	{ CHANGE_QUOTED_PRINTABLE, "quoted-printable", 0, NULL, false, false },
	{ CHANGE_BASE64, "base64", CHANGE_BASE64_COLUMNS, "\r\n", false, false },
	{ CHANGE_BASE64, "base64", CHANGE_BASE64_COLUMNS, "\r\n", true, true },
	{ CHANGE_BASE64, "base64", CHANGE_BASE64_COLUMNS, "\n", false, false },
	{ CHANGE_BASE64, "base64", CHANGE_BASE64_COLUMNS, "\n", true, true },
	{ CHANGE_BASE64, "base64", 72, "\r\n", false, false },
	{ CHANGE_BASE64, "base64", 64, "\r\n", false, false },
	{ CHANGE_BASE64, "base64", 60, "\r\n", false, false },
};

/* Where all of them are not the answer, each is tried alone: of a message with more parts of text
 * than these, nobody knows which. */
#define ALONE_MOST 4u

/* One try: which leaves are in another form. */
typedef struct Recoding {
	const GPtrArray *leaves; /* of ChangeLeaf, in order */
	guint from, to;
	const Form *form;
	/* What was made of it. */
	size_t body_at;
	const char *now; /* encoding of the last leaf that is in another form; NULL: none */
	bool is_other_encoding;
} Recoding;

/* The field as it may have been, in the place of raw. */
static void append_field(GString *out, const Field *field, const Form *form, const char *eol)
{
	if (form->word == NULL)
		return;
	if (field != NULL)
		slice_append(out, field->name);
	else
		g_string_append(out, "Content-Transfer-Encoding");
	g_string_append_printf(out, ": %s%s", form->word, eol);
}

/* Header and empty line of the part, with another Content-Transfer-Encoding. */
static void append_header(GString *out, const ChangeLeaf *leaf, const Form *form)
{
	const Fields *fields = leaf->part->fields;
	Slice whole = leaf->part->whole;
	size_t at = fields_find(fields, "Content-Transfer-Encoding", 0);
	const Field *field = at < fields->count ? &fields->list[at] : NULL;
	Slice old = field != NULL ? field->raw
				  : slice_make(fields->header.data + fields->header.len, 0);
	size_t before = slice_offset(whole, old);
	size_t behind = before + old.len;

	slice_append(out, slice_sub(whole, 0, before));
	append_field(out, field, form, leaf->eol);
	slice_append(out, slice_sub(whole, behind, slice_offset(whole, leaf->octets) - behind));
}

static void append_text(GString *out, const ChangeLeaf *text, const Form *form)
{
	bool is_rewrapped = form->encoding == CHANGE_BASE64 && text->encoding == CHANGE_BASE64;

	change_leaf_encode(
		text, form->encoding, form->columns, is_rewrapped ? NULL : form->eol, out);
	if (is_rewrapped)
		slice_append(out, text->tail);
	else if (form->has_end)
		g_string_append(out, text->eol);
}

/* It is in that form already. Quoted-printable is not: writers differ on what they quote. */
static bool is_in_form(const ChangeLeaf *text, const Form *form)
{
	if (text->encoding != form->encoding)
		return false;
	return form->encoding == CHANGE_PLAIN ||
	       (form->encoding == CHANGE_BASE64 &&
		       (text->columns == form->columns || form->has_end || form->eol[0] == '\n'));
}

static void make(Recoding *recoding, ChangeBody *work)
{
	Slice message = work->draft->message;
	GString *out = change_begin(work, slice_sub(message, 0, 0));
	size_t done = 0;

	recoding->body_at = change_body_at(work->draft);
	for (guint i = recoding->from; i < recoding->to; i++) {
		const ChangeLeaf *leaf = change_leaf_at(recoding->leaves, i);
		size_t at = slice_offset(message, leaf->part->whole);

		if (is_in_form(leaf, recoding->form))
			continue;
		slice_append(out, slice_sub(message, done, at - done));
		append_header(out, leaf, recoding->form);
		if (leaf->part->parent == NULL)
			recoding->body_at = out->len;
		append_text(out, leaf, recoding->form);
		done = at + leaf->part->whole.len;
		recoding->now = leaf->part->encoding;
		recoding->is_other_encoding |= leaf->encoding != recoding->form->encoding;
	}
	slice_append(out, slice_sub(message, done, message.len));
}

static bool try_recoding(ChangeBody *work, Recoding *recoding)
{
	const char *word = recoding->form->word;

	make(recoding, work);
	if (recoding->now == NULL)
		return work->is_over;
	return change_try(work,
		change_step_new(recoding->is_other_encoding ? CHANGE_RECODED : CHANGE_REWRAPPED, 0,
			g_strdup_printf("%s -> %s", word != NULL ? word : "-", recoding->now)),
		recoding->body_at);
}

static bool try_forms(ChangeBody *work, guint from, guint to)
{
	const GPtrArray *leaves = change_leaves(work);
	bool is_nested = change_leaf_at(leaves, 0)->part->parent != NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		Recoding recoding = { .leaves = leaves, .from = from, .to = to, .form = &forms[i] };

		if ((is_nested || !forms[i].is_nested) && try_recoding(work, &recoding))
			return true;
	}
	return work->is_over;
}

void change_recoded(ChangeBody *work)
{
	guint count = change_leaves(work)->len;

	if (count == 0 || try_forms(work, 0, count) || count == 1 || count > ALONE_MOST)
		return;
	for (guint i = 0; i < count; i++)
		if (try_forms(work, i, i + 1))
			return;
}
