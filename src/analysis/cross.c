#include "analysis/cross.h"

struct Cross {
	const Roster *roster;
	size_t column;
	GArray *rows;         /* of CrossRow */
	GHashTable *by_value; /* value -> index + 1 */
};

static void add_value(Cross *cross, const char *value)
{
	CrossRow row = { .value = value };

	if (g_hash_table_contains(cross->by_value, value))
		return;
	g_array_append_val(cross->rows, row);
	g_hash_table_insert(cross->by_value, (gpointer)(guintptr)value,
		GSIZE_TO_POINTER((size_t)cross->rows->len));
}

Cross *cross_new(const Roster *roster, size_t column)
{
	Cross *cross = g_new0(Cross, 1);

	cross->roster = roster;
	cross->column = column;
	cross->rows = g_array_new(FALSE, FALSE, sizeof(CrossRow));
	cross->by_value = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t row = 0; row < roster_row_count(roster); row++)
		add_value(cross, roster_cell(roster, row, column));
	return cross;
}

void cross_free(Cross *cross)
{
	if (cross == NULL)
		return;
	g_array_unref(cross->rows);
	g_hash_table_unref(cross->by_value);
	g_free(cross);
}

void cross_add(Cross *cross, size_t row, const Mark *marks)
{
	const char *value = roster_cell(cross->roster, row, cross->column);
	size_t index = GPOINTER_TO_SIZE(g_hash_table_lookup(cross->by_value, value)) - 1;
	CrossRow *entry = &g_array_index(cross->rows, CrossRow, index);

	entry->units++;
	for (int i = 0; i < METHODS; i++)
		entry->yes[i] += marks[i] == MARK_YES;
}

const char *cross_name(const Cross *cross)
{
	return roster_column_name(cross->roster, cross->column);
}

size_t cross_row_count(const Cross *cross)
{
	return cross->rows->len;
}

const CrossRow *cross_row(const Cross *cross, size_t index)
{
	return &g_array_index(cross->rows, CrossRow, index);
}
