/* Addresses and dates that say the same in other words, as gateways write them that read and write
 * them anew; and the order of fields of one name. */
#include "auth/change_header.h"

#include <string.h>

static void add_value(ChangeHeader *header, ChangeKind kind, size_t field, const GString *value)
{
	change_op_add(header, kind, field,
		change_field_with(change_field(header, field), slice_make(value->str, value->len)));
}

/* --- addresses: a field of one mailbox */

/* The display name without quotes around it. */
static void add_unquoted(ChangeHeader *header, size_t field, Slice name, Slice address)
{
	g_autoptr(GString) value = g_string_new(" ");

	if (name.len < 2 || name.data[0] != '"' || name.data[name.len - 1] != '"')
		return;
	slice_append(value, slice_sub(name, 1, name.len - 2));
	g_string_append_c(value, ' ');
	slice_append(value, address);
	add_value(header, CHANGE_ADDRESS_REWRITTEN, field, value);
}

static void add_quoted(ChangeHeader *header, size_t field, Slice name, Slice address)
{
	g_autoptr(GString) value = g_string_new(" \"");

	if (name.len == 0 || slice_find_char(name, '"') >= 0 || slice_starts(name, "=?"))
		return;
	slice_append(value, name);
	g_string_append(value, "\" ");
	slice_append(value, address);
	add_value(header, CHANGE_ADDRESS_REWRITTEN, field, value);
}

static void add_bare(ChangeHeader *header, size_t field, Slice address)
{
	g_autoptr(GString) value = g_string_new(" ");

	slice_append(value, slice_sub(address, 1, address.len - 2));
	add_value(header, CHANGE_ADDRESS_REWRITTEN, field, value);
}

static void add_bracketed(ChangeHeader *header, size_t field, Slice address)
{
	g_autoptr(GString) value = g_string_new(" <");

	slice_append(value, address);
	g_string_append_c(value, '>');
	add_value(header, CHANGE_ADDRESS_REWRITTEN, field, value);
}

static void add_address(ChangeHeader *header, size_t field)
{
	Slice value = slice_trim(change_field(header, field)->value);
	ssize_t open = slice_find_char(value, '<');
	Slice name;
	Slice address;

	if (open < 0) {
		if (value.len > 0 && slice_find_char(value, ',') < 0)
			add_bracketed(header, field, value);
		return;
	}
	name = slice_trim(slice_sub(value, 0, (size_t)open));
	address = slice_sub(value, (size_t)open, value.len);
	if (address.len < 2 || address.data[address.len - 1] != '>')
		return;
	add_unquoted(header, field, name, address);
	add_quoted(header, field, name, address);
	add_bare(header, field, address);
}

static void add_addresses(ChangeHeader *header)
{
	static const char *const names[] = { "From", "To", "Reply-To", "Sender", "Cc" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t at = change_field_find(header, names[i], 0);

		if (at < header->fields->len)
			add_address(header, at);
	}
}

/* --- the Date */

static const struct {
	const char *now, *was;
} zones[] = {
	{ " +0000", " GMT" },
	{ " +0000", " UTC" },
	{ " +0000", " -0000" },
	{ " +0000", " +0000 (UTC)" },
	{ " +0000", " +0000 (GMT)" },
	{ " +0900", " +0900 (JST)" },
	{ " GMT", " +0000" },
	{ " UTC", " +0000" },
	{ " -0000", " +0000" },
	{ ", 0", ", " },
};

static void add_date(ChangeHeader *header, size_t field, Slice value, Slice now, const char *was)
{
	g_autoptr(GString) date = g_string_new(" ");
	size_t at = slice_offset(value, now);

	slice_append(date, slice_sub(value, 0, at));
	g_string_append(date, was);
	slice_append(date, slice_sub(value, at + now.len, value.len));
	add_value(header, CHANGE_DATE_REWRITTEN, field, date);
}

/* "Mon, 8 Nov" for "Mon, 08 Nov". */
static void add_two_digits(ChangeHeader *header, size_t field, Slice value)
{
	ssize_t comma = slice_find_char(value, ',');
	Slice day = comma < 0 ? slice_sub(value, 0, 0) : slice_sub(value, (size_t)comma, value.len);

	if (day.len > 3 && day.data[1] == ' ' && g_ascii_isdigit(day.data[2]) && day.data[3] == ' ')
		add_date(header, field, value, slice_sub(day, 0, 2), ", 0");
}

static void add_dates(ChangeHeader *header)
{
	size_t at = change_field_find(header, "Date", 0);
	Slice value;
	ssize_t comment;

	if (at == header->fields->len)
		return;
	value = slice_trim(change_field(header, at)->value);
	comment = slice_find(value, slice_of(" ("));
	if (comment >= 0)
		add_date(header, at, value, slice_sub(value, (size_t)comment, value.len), "");
	add_two_digits(header, at, value);
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
		ssize_t found = slice_find(value, slice_of(zones[i].now));

		if (found >= 0)
			add_date(header, at, value,
				slice_sub(value, (size_t)found, strlen(zones[i].now)),
				zones[i].was);
	}
}

/* --- order */

/* Fields of one name the other way round. */
static void add_reversed(ChangeHeader *header, size_t first)
{
	const char *name = NULL;
	g_autofree char *lower = slice_dup_lower(change_field(header, first)->name);
	g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(size_t));
	ChangeOp *op;

	name = lower;
	if (name == NULL || change_field_find(header, name, 0) != first)
		return;
	for (size_t i = first; i < header->fields->len; i = change_field_find(header, name, i + 1))
		g_array_append_val(places, i);
	op = change_op_begin(CHANGE_FIELDS_REORDERED, g_strdup(name));
	for (guint i = 0; i < places->len; i++) {
		size_t other = g_array_index(places, size_t, places->len - 1 - i);
		Slice raw = change_field(header, other)->raw;

		change_op_edit(header, op, g_array_index(places, size_t, i),
			g_string_new_len(raw.data, (gssize)raw.len));
	}
	change_op_end(header, op);
}

void change_ops_values(ChangeHeader *header)
{
	add_addresses(header);
	add_dates(header);
	for (size_t i = 0; i < header->fields->len; i++)
		if (i != header->own)
			add_reversed(header, i);
}
