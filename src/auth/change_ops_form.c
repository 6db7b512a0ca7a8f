/* The form of fields: how their names are written, where they are folded, in what order they stand.
 * The simple canonicalisation sees all of it, the relaxed one white space that was not there
 * before.
 */
#include "auth/change_header.h"

#include <string.h>

/* A field as it may have been written; NULL where that does not apply to it. */
typedef GString *(*FieldMap)(const ChangeHeader *header, const Field *field);

/* One change of all fields, for what a gateway does to each of them. */
static void add_for_all(ChangeHeader *header, ChangeKind kind, FieldMap map)
{
	ChangeOp *op = change_op_begin(kind, NULL);

	for (size_t i = 0; i < header->fields->len; i++) {
		GString *raw = map(header, change_field(header, i));

		if (raw != NULL)
			change_op_edit(header, op, i, raw);
	}
	/* One alone has a name; it follows. */
	if (op->edits->len == 1)
		g_array_set_size(op->edits, 0);
	change_op_end(header, op);
}

static void add_for_each(ChangeHeader *header, ChangeKind kind, FieldMap map)
{
	for (size_t i = 0; i < header->fields->len; i++) {
		GString *raw = map(header, change_field(header, i));

		if (raw != NULL)
			change_op_add(header, kind, i, raw);
	}
}

/* --- names */

static GString *with_name(const Field *field, Slice name)
{
	GString *raw = g_string_new_len(field->raw.data, (gssize)field->raw.len);

	g_string_overwrite_len(raw, (gsize)slice_offset(field->raw, field->name), name.data,
		(gssize)MIN(name.len, field->name.len));
	return raw;
}

/* As h= writes it. */
static GString *name_as_listed(const ChangeHeader *header, const Field *field)
{
	Slice list = tag_list_get(header->tags->tags, "h");

	while (list.len > 0) {
		Slice name = slice_trim(slice_take_until(&list, ':'));

		if (slice_equal_nocase(name, field->name))
			return with_name(field, name);
	}
	return NULL;
}

/* As most programs write it. */
static GString *name_as_usual(const ChangeHeader *header, const Field *field)
{
	static const char *const names[] = { "MIME-Version", "Message-ID", "Content-ID",
		"DKIM-Signature", "Content-Type", "Content-Transfer-Encoding", "List-ID", "Cc",
		"Reply-To", "In-Reply-To", "X-Mailer" };

	(void)header;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (slice_is_nocase(field->name, names[i]))
			return with_name(field, slice_of(names[i]));
	return NULL;
}

static GString *with_case(const Field *field, bool first_upper, bool rest_upper)
{
	g_autofree char *name = g_strndup(field->name.data, field->name.len);
	bool is_first = true;

	for (char *c = name; *c != '\0'; c++) {
		*c = (is_first ? first_upper : rest_upper) ? g_ascii_toupper(*c)
							   : g_ascii_tolower(*c);
		is_first = *c == '-';
	}
	return with_name(field, slice_of(name));
}

static GString *name_of_words(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return with_case(field, true, false);
}

static GString *name_lower(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return with_case(field, false, false);
}

static GString *name_upper(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return with_case(field, true, true);
}

/* "Message-Id", "Mime-Version": capitals of words, where others write ID and MIME; and the other
 * way round. */
void change_ops_names(ChangeHeader *header)
{
	static const FieldMap maps[] = { name_as_listed, name_as_usual, name_of_words, name_lower,
		name_upper };

	if (!change_is_simple(header))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
		add_for_all(header, CHANGE_NAME_RECASED, maps[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
		add_for_each(header, CHANGE_NAME_RECASED, maps[i]);
}

/* --- folding and white space */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The value with fold in the place of every line end and the blanks behind it; keeps_blanks leaves
 * these. */
static GString *refolded(const Field *field, const char *fold, bool keeps_blanks)
{
	Slice rest = slice_chop_eol(field->raw);
	g_autoptr(GString) value = g_string_new(NULL);

	slice_take_until(&rest, ':');
	while (rest.len > 0) {
		Slice line = slice_take_line(&rest);
		Slice content = slice_chop_eol(line);

		g_string_append_len(value, content.data, (gssize)content.len);
		if (rest.len == 0)
			break;
		g_string_append(value, fold);
		while (!keeps_blanks && rest.len > 0 && is_blank(rest.data[0]))
			rest = slice_sub(rest, 1, rest.len);
	}
	return change_field_with(field, slice_make(value->str, value->len));
}

static GString *unfolded(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return refolded(field, "", true);
}

static GString *unfolded_to_space(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return refolded(field, " ", false);
}

/* Folded where there was no white space. */
static GString *unfolded_to_nothing(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return refolded(field, "", false);
}

static GString *folded_with_tab(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return refolded(field, "\r\n\t", false);
}

static GString *folded_with_space(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return refolded(field, "\r\n ", false);
}

static GString *folded_with_spaces(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return refolded(field, "\r\n        ", false);
}

/* fold in the place of the white space behind every separator. */
static GString *folded_at(const Field *field, char separator, const char *fold)
{
	g_autoptr(GString) flat = refolded(field, " ", false);
	Slice rest = slice_chop_eol(slice_make(flat->str, flat->len));
	g_autoptr(GString) value = g_string_new(NULL);

	slice_take_until(&rest, ':');
	for (size_t i = 0; i < rest.len; i++) {
		g_string_append_c(value, rest.data[i]);
		if (rest.data[i] != separator || i + 1 == rest.len)
			continue;
		while (i + 1 < rest.len && is_blank(rest.data[i + 1]))
			i++;
		g_string_append(value, fold);
	}
	return change_field_with(field, slice_make(value->str, value->len));
}

static GString *folded_at_commas(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ',', "\r\n ");
}

static GString *folded_at_commas_with_tab(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ',', "\r\n\t");
}

static GString *space_at_commas(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ',', " ");
}

static GString *no_space_at_commas(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ',', "");
}

static GString *folded_at_semicolons(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ';', "\r\n ");
}

static GString *folded_at_semicolons_with_tab(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ';', "\r\n\t");
}

static GString *space_at_semicolons(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ';', " ");
}

static GString *no_space_at_semicolons(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return folded_at(field, ';', "");
}

static GString *with_start(const Field *field, const char *start)
{
	Slice value = slice_trim(field->value);
	g_autoptr(GString) text = g_string_new(start);

	g_string_append_len(text, value.data, (gssize)value.len);
	return change_field_with(field, slice_make(text->str, text->len));
}

static GString *one_space_first(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return with_start(field, " ");
}

static GString *no_space_first(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return with_start(field, "");
}

static GString *fold_first(const ChangeHeader *header, const Field *field)
{
	(void)header;
	return with_start(field, "\r\n ");
}

void change_ops_folding(ChangeHeader *header)
{
	static const FieldMap maps[] = { unfolded, unfolded_to_space, unfolded_to_nothing,
		folded_with_tab, folded_with_space, folded_with_spaces, one_space_first,
		no_space_first, fold_first, space_at_commas, no_space_at_commas,
		space_at_semicolons, no_space_at_semicolons, folded_at_commas,
		folded_at_commas_with_tab, folded_at_semicolons, folded_at_semicolons_with_tab };

	for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
		add_for_all(header, CHANGE_REFOLDED, maps[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(maps); i++)
		add_for_each(header, CHANGE_REFOLDED, maps[i]);
}
