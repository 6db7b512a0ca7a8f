#include "analysis/roster.h"

#include "base/csv_reader.h"
#include "base/domain_name.h"

#include <string.h>

/* A list has some hundred thousand of them. */
typedef struct Row {
	char *cells; /* one behind the other, each with its NUL; NULL where nothing is known of it
		      */
	uint32_t count;
	bool is_received;
} Row;

struct Roster {
	GPtrArray *names;       /* of char * */
	GArray *rows;           /* of Row */
	size_t address;         /* the column of addresses; ROSTER_NONE */
	GHashTable *by_address; /* key -> row + 1; NULL until somebody is received */
};

static void row_clear(gpointer data)
{
	g_free(((Row *)data)->cells);
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

static Row row_of(const GPtrArray *cells)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < cells->len; i++) {
		const char *cell = g_ptr_array_index(cells, i);

		g_string_append_len(text, cell, (gssize)strlen(cell) + 1);
	}
	return (Row) { .cells = g_memdup2(text->str, text->len + 1), .count = cells->len };
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
	GPtrArray *cells;

	roster->names = csv_reader_next(reader, &error);
	if (roster->names == NULL)
		roster->names = g_ptr_array_new_with_free_func(g_free);
	roster->address = find_column(roster, columns);
	if (error == NULL && roster->address == ROSTER_NONE)
		set_no_column(&error, columns);
	while (error == NULL && (cells = csv_reader_next(reader, &error)) != NULL) {
		Row row = row_of(cells);

		g_array_append_val(roster->rows, row);
		g_ptr_array_unref(cells);
	}
	if (error == NULL)
		return true;
	g_propagate_error(reterr_error, error);
	return false;
}

static Roster *new_roster(void)
{
	Roster *roster = g_new0(Roster, 1);

	roster->rows = g_array_new(FALSE, TRUE, sizeof(Row));
	g_array_set_clear_func(roster->rows, row_clear);
	roster->address = ROSTER_NONE;
	return roster;
}

Roster *roster_new(GPtrArray *names)
{
	Roster *roster = new_roster();

	roster->names = names;
	return roster;
}

bool roster_put(Roster *roster, size_t row, const GPtrArray *cells)
{
	if (row >= roster->rows->len)
		g_array_set_size(roster->rows, (guint)row + 1);
	if (roster_has_row(roster, row))
		return false;
	g_array_index(roster->rows, Row, row) = row_of(cells);
	return true;
}

Roster *roster_parse_by(Slice text, const char *const *columns, GError **reterr_error)
{
	g_autoptr(Roster) roster = new_roster();
	g_autoptr(CsvReader) reader = csv_reader_new(text);

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
	g_clear_pointer(&roster->by_address, g_hash_table_unref);
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

bool roster_has_row(const Roster *roster, size_t row)
{
	return row < roster->rows->len && g_array_index(roster->rows, Row, row).cells != NULL;
}

const char *roster_cell(const Roster *roster, size_t row, size_t column)
{
	const Row *found = &g_array_index(roster->rows, Row, row);
	const char *cell = found->cells;

	if (column >= found->count)
		return "";
	for (size_t i = 0; i < column; i++)
		cell += strlen(cell) + 1;
	return cell;
}

static void read_addresses(Roster *roster)
{
	roster->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t row = 0; row < roster->rows->len; row++) {
		const char *text = roster_cell(roster, row, roster->address);
		g_autofree char *key = address_key(text);

		if (*text != '\0' && !g_hash_table_contains(roster->by_address, key))
			g_hash_table_insert(roster->by_address, g_steal_pointer(&key),
				GSIZE_TO_POINTER(row + 1));
	}
}

static size_t find_address(Roster *roster, const char *sender)
{
	g_autofree char *key = address_key(sender);

	if (roster->by_address == NULL)
		read_addresses(roster);
	return GPOINTER_TO_SIZE(g_hash_table_lookup(roster->by_address, key));
}

size_t roster_receive(Roster *roster, const char *sender)
{
	size_t found = sender != NULL ? find_address(roster, sender) : 0;

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
