/* Whole fields: changed ones of which a copy is left, added ones, and ones that were taken away. */
#include "auth/change_header.h"
#include "auth/dkim_copies.h"

#include <string.h>

/* --- copies that the signature carries (z=) */

/* The field that a copy is of, where it differs; edits hold none of one field twice. */
static void edit_by_copy(const ChangeHeader *header, ChangeOp *op, const GString *copy)
{
	g_autofree char *name = g_strndup(copy->str, strcspn(copy->str, ":"));
	size_t at = change_field_find(header, name, 0);
	GString *raw = g_string_new_len(copy->str, (gssize)copy->len);

	/* Of a name that stands there more than once nobody knows which it is. */
	if (at == header->fields->len && change_is_signed(header, name))
		at = CHANGE_NO_FIELD;
	else if (at == header->fields->len ||
		 change_field_find(header, name, at + 1) < header->fields->len) {
		g_string_free(raw, TRUE);
		return;
	}
	change_op_edit(header, op, at, raw);
}

void change_ops_copies(ChangeHeader *header)
{
	g_autoptr(GPtrArray) copies = dkim_copies_fields(header->tags);
	ChangeOp *all = change_op_begin(CHANGE_FIELD_COPIED, NULL);

	for (guint i = 0; i < copies->len; i++)
		edit_by_copy(header, all, g_ptr_array_index(copies, i));
	change_op_end(header, all);
	for (guint i = 0; i < copies->len; i++) {
		const GString *copy = g_ptr_array_index(copies, i);
		Slice name = slice_make(copy->str, strcspn(copy->str, ":"));
		ChangeOp *one = change_op_begin(CHANGE_FIELD_COPIED, change_shown(name));

		edit_by_copy(header, one, copy);
		change_op_end(header, one);
	}
}

/* --- fields that keep what another one was */

static const struct {
	const char *field;
	const char *kept_in;
} keepers[] = {
	{ "From", "X-Original-From" },
	{ "From", "Reply-To" },
	{ "From", "X-Original-Sender" },
	{ "To", "X-Original-To" },
	{ "Reply-To", "X-Original-Reply-To" },
	{ "Subject", "X-Original-Subject" },
	{ "Date", "X-Original-Date" },
	{ "Message-ID", "X-Original-Message-ID" },
	{ "Sender", "X-Original-Sender" },
	{ "Content-Type", "X-Original-Content-Type" },
	{ "Content-Transfer-Encoding", "X-Original-Content-Transfer-Encoding" },
	{ "From", "X-Google-Original-From" },
	{ "Message-ID", "X-Google-Original-Message-ID" },
	{ "Date", "X-Google-Original-Date" },
	{ "From", "Original-From" },
	{ "To", "Original-To" },
	{ "Subject", "Original-Subject" },
	{ "Message-ID", "Original-Message-ID" },
};

void change_ops_originals(ChangeHeader *header)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keepers); i++) {
		size_t kept = fields_find(header->all, keepers[i].kept_in, 0);
		size_t at = change_field_find(header, keepers[i].field, 0);
		g_autofree char *name = g_ascii_strdown(keepers[i].field, -1);
		GString *raw;
		ChangeOp *op;

		if (kept == header->all->count || !change_is_signed(header, name))
			continue;
		raw = change_field_make(
			keepers[i].field, slice_trim(header->all->list[kept].value));
		op = change_op_begin(CHANGE_FIELD_ORIGINAL_KEPT,
			g_strdup_printf("%s <- %s", keepers[i].field, keepers[i].kept_in));
		change_op_edit(header, op, at < header->fields->len ? at : CHANGE_NO_FIELD, raw);
		change_op_end(header, op);
	}
}

/* --- added */

/* What lists add or replace; a signature that names such a field without there being one says that
 * there is none. */
static bool is_of_list(const Field *field)
{
	static const char *const names[] = { "Reply-To", "Sender", "Precedence", "Errors-To",
		"Mailing-List", "X-BeenThere", "X-Mailman-Version", "Archived-At",
		"Auto-Submitted" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (slice_is_nocase(field->name, names[i]))
			return true;
	return slice_starts_nocase(field->name, "List-");
}

static bool is_list_field(const Field *field)
{
	return slice_starts_nocase(field->name, "List-");
}

static void add_list_fields(ChangeHeader *header, bool (*is_one)(const Field *field))
{
	ChangeOp *op = change_op_begin(CHANGE_LIST_FIELDS_ADDED, NULL);

	for (size_t i = 0; i < header->fields->len; i++)
		if (i != header->own && is_one(change_field(header, i)))
			change_op_edit(header, op, i, NULL);
	/* One alone is a field that was added, like any other. */
	if (op->edits->len == 1)
		g_array_set_size(op->edits, 0);
	change_op_end(header, op);
}

void change_ops_added(ChangeHeader *header)
{
	add_list_fields(header, is_list_field);
	add_list_fields(header, is_of_list);
	for (size_t i = 0; i < header->fields->len; i++)
		if (i != header->own)
			change_op_add(header, CHANGE_FIELD_ADDED, i, NULL);
}

/* --- taken away: fields that have a usual value */

static const struct {
	const char *field;
	const char *value; /* NULL: that of From */
} usual[] = {
	{ "MIME-Version", "1.0" },
	{ "Content-Transfer-Encoding", "7bit" },
	{ "Content-Transfer-Encoding", "8bit" },
	{ "Content-Transfer-Encoding", "quoted-printable" },
	{ "Content-Transfer-Encoding", "base64" },
	{ "Content-Type", "text/plain; charset=us-ascii" },
	{ "Content-Type", "text/plain; charset=utf-8" },
	{ "Content-Type", "text/plain; charset=\"utf-8\"" },
	{ "Content-Type", "text/plain; charset=UTF-8" },
	{ "Content-Type", "text/plain; charset=\"UTF-8\"" },
	{ "Content-Type", "text/plain; charset=iso-2022-jp" },
	{ "Content-Type", "text/plain; charset=ISO-2022-JP" },
	{ "Content-Type", "text/plain" },
	{ "Content-Language", "en" },
	{ "Content-Language", "ja" },
	{ "Reply-To", NULL },
	{ "Sender", NULL },
	{ "Precedence", "bulk" },
	{ "Precedence", "list" },
	{ "Auto-Submitted", "auto-generated" },
	{ "Importance", "normal" },
	{ "X-Priority", "3" },
	{ "Feedback-ID", "" },
	{ "Subject", "" },
	{ "To", "undisclosed-recipients:;" },
	{ "List-Unsubscribe-Post", "List-Unsubscribe=One-Click" },
};

void change_ops_dropped(ChangeHeader *header)
{
	size_t from = change_field_find(header, "From", 0);
	Slice author = from < header->fields->len ? slice_trim(change_field(header, from)->value)
						  : SLICE_ABSENT;

	for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
		g_autofree char *name = g_ascii_strdown(usual[i].field, -1);
		Slice value = usual[i].value != NULL ? slice_of(usual[i].value) : author;

		if (value.data == NULL || !change_is_signed(header, name) ||
			change_field_find(header, name, 0) < header->fields->len)
			continue;
		change_op_add(header, CHANGE_FIELD_DROPPED, CHANGE_NO_FIELD,
			change_field_make(usual[i].field, value));
	}
}
