/* analysis/roster.h: every address of a roster is received, by the first row that has it, and of
 * each column's values all that were expected are received or missing. */
#include "analysis/roster.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tally(const Roster *roster, size_t column, bool is_received)
{
	g_auto(RosterTally) tally = roster_tally(roster, column);

	g_assert_cmpuint(tally.expected, ==, tally.received + tally.missing->len);
	g_assert_cmpuint(tally.expected, <=, roster_row_count(roster));
	if (!is_received)
		g_assert_cmpuint(tally.received, ==, 0);
	for (guint i = 0; i < tally.missing->len; i++)
		g_assert_cmpstr(g_ptr_array_index(tally.missing, i), !=, "");
}

static void receive_all(Roster *roster, size_t address)
{
	for (size_t row = 0; row < roster_row_count(roster); row++) {
		const char *cell = roster_cell(roster, row, address);
		size_t found = roster_receive(roster, cell);

		g_assert_true(*cell == '\0' ? found == ROSTER_NONE : found <= row);
		if (found != ROSTER_NONE)
			g_assert_cmpuint(
				roster_receive(roster, roster_cell(roster, found, address)), ==,
				found);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Roster) roster = roster_parse(slice_make((const char *)data, size), &error);
	size_t address;

	g_assert_true((roster == NULL) == (error != NULL));
	if (roster == NULL)
		return 0;
	address = roster_column(roster, "ADDRESS");
	g_assert_cmpuint(address, <, roster_column_count(roster));
	for (size_t i = 0; i < roster_column_count(roster); i++)
		check_tally(roster, i, false);
	receive_all(roster, address);
	for (size_t i = 0; i < roster_column_count(roster); i++)
		check_tally(roster, i, true);
	return 0;
}
