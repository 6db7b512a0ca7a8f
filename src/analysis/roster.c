#include "analysis/roster.h"

#include "base/csv_reader.h"
#include "base/domain_name.h"

#include <string.h>

typedef struct Row {
	GPtrArray *cells;
	bool is_received;
} Row;

struct Roster {
	GPtrArray *names;       /* of char * */
	GArray *rows;           /* of Row */
	GHashTable *by_address; /* key -> row + 1 */
};

static void row_clear(gpointer data)
{
	g_ptr_array_unref(((Row *)data)->cells);
}

/* Local parts are compared without case, as people write lists. */
static char *address_key(const char *address)
{
	const char *at = strrchr(address, '@');
	g_autofree char *lower = g_ascii_strdown(address, -1);
	g_autofree char *domain = at != NULL ? domain_name_new(slice_of(at + 1)) : NULL;

	if (domain == NULL)
		return g_steal_pointer(&lower);
	return g_strdup_printf("%.*s@%s", (int)(at - address), lower, domain);
}

static void add_row(Roster *roster, GPtrArray *cells, size_t address)
{
	Row row = { .cells = cells };
	const char *text = address < cells->len ? g_ptr_array_index(cells, address) : "";
	g_autofree char *key = address_key(text);

	g_array_append_val(roster->rows, row);
	if (*text != '\0' && !g_hash_table_contains(roster->by_address, key))
		g_hash_table_insert(roster->by_address, g_steal_pointer(&key),
			GSIZE_TO_POINTER((size_t)roster->rows->len));
}

/* The first of the columns that is there, or ROSTER_NONE. */
static size_t find_column(const Roster *roster, const char *const *columns)
{
	size_t found = ROSTER_NONE;

	for (; *columns != NULL && found == ROSTER_NONE; columns++)
		found = roster_column(roster, *columns);
	return found;
}

static void set_no_column(GError **reterr_error, const char *const *columns)
{
	g_autofree char *names = g_strjoinv("' or '", (char **)(guintptr)columns);

	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"its first row names no column '%s'", names);
}

static bool read_rows(
	Roster *roster, CsvReader *reader, const char *const *columns, GError **reterr_error)
{
	GError *error = NULL;
	size_t address;
	GPtrArray *cells;

	roster->names = csv_reader_next(reader, &error);
	if (roster->names == NULL)
		roster->names = g_ptr_array_new_with_free_func(g_free);
	address = find_column(roster, columns);
	if (error == NULL && address == ROSTER_NONE)
		set_no_column(&error, columns);
	while (error == NULL && (cells = csv_reader_next(reader, &error)) != NULL)
		add_row(roster, cells, address);
	if (error == NULL)
		return true;
	g_propagate_error(reterr_error, error);
	return false;
}

Roster *roster_parse_by(Slice text, const char *const *columns, GError **reterr_error)
{
	g_autoptr(Roster) roster = g_new0(Roster, 1);
	g_autoptr(CsvReader) reader = csv_reader_new(text);

	roster->rows = g_array_new(FALSE, FALSE, sizeof(Row));
	g_array_set_clear_func(roster->rows, row_clear);
	roster->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return read_rows(roster, reader, columns, reterr_error) ? g_steal_pointer(&roster) : NULL;
}

Roster *roster_parse(Slice text, GError **reterr_error)
{
	static const char *const columns[] = { "address", NULL };

	return roster_parse_by(text, columns, reterr_error);
}

void roster_free(Roster *roster)
{
	if (roster == NULL)
		return;
	g_hash_table_unref(roster->by_address);
	g_array_unref(roster->rows);
	g_clear_pointer(&roster->names, g_ptr_array_unref);
	g_free(roster);
}

size_t roster_column_count(const Roster *roster)
{
	return roster->names->len;
}

const char *roster_column_name(const Roster *roster, size_t column)
{
	return g_ptr_array_index(roster->names, column);
}

size_t roster_column(const Roster *roster, const char *name)
{
	for (size_t i = 0; i < roster->names->len; i++)
		if (g_ascii_strcasecmp(roster_column_name(roster, i), name) == 0)
			return i;
	return ROSTER_NONE;
}

char *roster_column_names(const Roster *roster)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < roster->names->len; i++)
		g_string_append_printf(
			text, "%s%s", i > 0 ? ", " : "", roster_column_name(roster, i));
	return g_string_free(text, FALSE);
}

size_t roster_row_count(const Roster *roster)
{
	return roster->rows->len;
}

const char *roster_cell(const Roster *roster, size_t row, size_t column)
{
	const GPtrArray *cells = g_array_index(roster->rows, Row, row).cells;

	return column < cells->len ? g_ptr_array_index(cells, column) : "";
}

size_t roster_receive(Roster *roster, const char *sender)
{
	g_autofree char *key = sender != NULL ? address_key(sender) : NULL;
	size_t found =
		key != NULL ? GPOINTER_TO_SIZE(g_hash_table_lookup(roster->by_address, key)) : 0;

	if (found == 0)
		return ROSTER_NONE;
	g_array_index(roster->rows, Row, found - 1).is_received = true;
	return found - 1;
}

RosterTally roster_tally(const Roster *roster, size_t column)
{
	RosterTally tally = { .missing = g_ptr_array_new() };
	g_autoptr(GHashTable) received = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t row = 0; row < roster->rows->len; row++)
		if (g_array_index(roster->rows, Row, row).is_received)
			g_hash_table_add(
				received, (gpointer)(guintptr)roster_cell(roster, row, column));
	for (size_t row = 0; row < roster->rows->len; row++) {
		const char *value = roster_cell(roster, row, column);

		if (*value == '\0' || !g_hash_table_add(seen, (gpointer)(guintptr)value))
			continue;
		tally.expected++;
		if (g_hash_table_contains(received, value))
			tally.received++;
		else
			g_ptr_array_add(tally.missing, (gpointer)(guintptr)value);
	}
	return tally;
}

void roster_tally_clear(RosterTally *tally)
{
	g_clear_pointer(&tally->missing, g_ptr_array_unref);
}
