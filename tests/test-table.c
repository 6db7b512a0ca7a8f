/* Table 1: order of rows, shares, units of several messages, the lists. */
#include "analysis/table.h"
#include "suite.h"

#include <string.h>

/* Marks written as in the table's ASCII form, S/MIME first. */
static void read_marks(const char *text, Mark *marks)
{
	for (int i = 0; i < METHODS; i++)
		marks[i] = text[i] == 'o' ? MARK_YES : text[i] == 'x' ? MARK_NO : MARK_UNKNOWN;
}

static void add_with_results(
	Table *table, const char *key, const char *marks, const char *const *results)
{
	TableEntry entry = { .key = g_strdup(key), .label = g_strdup(key != NULL ? key : "m") };

	read_marks(marks, entry.marks);
	for (int i = 0; i < METHODS; i++)
		entry.results[i] = g_strdup(results[i]);
	for (int i = 0; i < METHODS; i++)
		entry.missing += entry.marks[i] == MARK_UNKNOWN;
	table_add(table, &entry);
	table_entry_clear(&entry);
}

static void add(Table *table, const char *key, const char *marks)
{
	const char *results[METHODS];

	for (int i = 0; i < METHODS; i++)
		results[i] = marks[i] == 'o' ? "pass" : "fail";
	add_with_results(table, key, marks, results);
}

static void add_at(Table *table, const char *key, const char *marks, int64_t received)
{
	TableEntry entry = {
		.key = (char *)(guintptr)key, .label = (char *)(guintptr)key, .received = received
	};

	read_marks(marks, entry.marks);
	for (int i = 0; i < METHODS; i++)
		entry.results[i] = (char *)(guintptr)(marks[i] == 'o' ? "pass" : "fail");
	table_add(table, &entry);
}

/* "xoox 2 50.0%|…" */
static char *rows_text(const Table *table)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < table_row_count(table); i++) {
		const TableRow *row = table_row(table, i);
		g_autofree char *share = table_share_text(row->share);

		for (int k = 0; k < METHODS; k++)
			g_string_append_c(text, "ox-"[row->marks[k]]);
		g_string_append_printf(text, " %u %s|", (unsigned)row->count, share);
	}
	return g_string_free(text, FALSE);
}

static void test_order(void)
{
	g_autoptr(Table) table = table_new(UNIT_MESSAGE);
	static const char *const marks[] = { "xxxx", "xxox", "xoxo", "xoox", "xoox", "x-ox",
		"ooxx" };
	g_autofree char *rows = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		add(table, NULL, marks[i]);
	table_finish(table);
	rows = rows_text(table);
	g_assert_cmpstr(rows, ==,
		"xoox 2 28.6%|ooxx 1 14.3%|xoxo 1 14.3%|xxox 1 14.3%|xxxx 1 14.3%|x-ox 1 14.3%|");
	g_assert_cmpuint(table_units(table), ==, 7);
	g_assert_cmpuint(table_missing_cells(table), ==, 1);
}

static void test_shares(void)
{
	static const struct {
		uint64_t count, total;
		const char *text;
	} rows[] = { { 30, 72, "41.7%" }, { 6, 72, "8.3%" }, { 1, 72, "1.4%" }, { 0, 0, "0.0%" },
		{ 1, 2000, "0.1%" }, { 1, 2001, "0.0%" }, { 1, 1, "100.0%" }, { 2, 3, "66.7%" },
		{ 1, 800, "0.1%" }, { 3, 2000, "0.2%" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = table_share_text(table_share(rows[i].count, rows[i].total));

		g_test_message("%u of %u", (unsigned)rows[i].count, (unsigned)rows[i].total);
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

/* A unit has ○ only where all its messages have, × where one has ×, else –. */
static void test_units(void)
{
	static const struct {
		const char *first, *second, *row;
	} rows[] = { { "oooo", "oooo", "oooo 1 100.0%|" }, { "oooo", "xoxo", "xoxo 1 100.0%|" },
		{ "o-oo", "oooo", "o-oo 1 100.0%|" }, { "-ooo", "xooo", "xooo 1 100.0%|" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Table) table = table_new(UNIT_SENDER);
		g_autofree char *text = NULL;

		g_test_message("%s and %s", rows[i].first, rows[i].second);
		add(table, "a@example.jp", rows[i].first);
		add(table, "a@example.jp", rows[i].second);
		table_finish(table);
		text = rows_text(table);
		g_assert_cmpstr(text, ==, rows[i].row);
		g_assert_cmpuint(table_units(table), ==, 1);
		g_assert_cmpuint(table_messages(table), ==, 2);
	}
}

/* Two messages of a sender, the second received at the given time; the first at 100. */
static void test_rules(void)
{
	static const struct {
		UnitRule rule;
		const char *first, *second;
		int64_t received;
		const char *row;
	} rows[] = { { RULE_ALL, "ox-o", "xxoo", 200, "xx-o" },
		{ RULE_ANY, "ox-o", "xxoo", 200, "oxoo" },
		{ RULE_ANY, "x-x-", "xxxo", 200, "x-xo" },
		{ RULE_LATEST, "oooo", "xxx-", 200, "xxx-" },
		{ RULE_LATEST, "oooo", "xxx-", 100, "xxx-" },
		{ RULE_LATEST, "oooo", "xxx-", 99, "oooo" },
		{ RULE_LATEST, "oooo", "xxx-", INT64_MIN, "oooo" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Table) table = table_new(UNIT_SENDER);
		g_autofree char *text = NULL;

		g_test_message("row %u", (unsigned)i);
		table_set_rule(table, rows[i].rule);
		add_at(table, "a@example.jp", rows[i].first, 100);
		add_at(table, "a@example.jp", rows[i].second, rows[i].received);
		table_finish(table);
		text = rows_text(table);
		g_assert_true(g_str_has_prefix(text, rows[i].row));
		g_assert_cmpuint(table_row_count(table), ==, 1);
		g_assert_cmpuint(table_messages(table), ==, 2);
	}
}

static void test_totals(void)
{
	g_autoptr(Table) table = table_new(UNIT_MESSAGE);

	add(table, NULL, "xoo-");
	add(table, NULL, "oox-");
	add(table, NULL, "xo-x");
	table_finish(table);
	g_assert_cmpuint(table_mark_count(table, METHOD_SMIME, MARK_YES), ==, 1);
	g_assert_cmpuint(table_mark_count(table, METHOD_SPF, MARK_YES), ==, 3);
	g_assert_cmpuint(table_mark_count(table, METHOD_DKIM, MARK_NO), ==, 1);
	g_assert_cmpuint(table_mark_count(table, METHOD_DMARC, MARK_UNKNOWN), ==, 2);
}

static void test_strict(void)
{
	static const struct {
		Mark mark;
		const char *record;
		bool is_strict;
	} rows[] = { { MARK_YES, "v=spf1 mx -all", true }, { MARK_YES, "v=spf1 mx -ALL", true },
		{ MARK_YES, "v=spf1 mx ~all", false }, { MARK_YES, "v=spf1 -all:x", false },
		{ MARK_YES, NULL, false }, { MARK_NO, "v=spf1 -all", false },
		{ MARK_UNKNOWN, "v=spf1 -all", false } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_true(
			table_spf_is_strict(rows[i].mark, rows[i].record) == rows[i].is_strict);
	for (int tells = 0; tells < 2; tells++) {
		g_autoptr(Table) table = table_new(UNIT_MESSAGE);
		TableEntry entry = { .label = (char *)(guintptr) "m", .is_strict = true };

		for (int i = 0; i < METHODS; i++)
			entry.results[i] = (char *)(guintptr) "pass";
		if (tells)
			table_tell_strict(table);
		add(table, NULL, "oooo");
		table_add(table, &entry);
		table_finish(table);
		g_assert_cmpuint(table_row_count(table), ==, (size_t)tells + 1);
		g_assert_true(table_row(table, 0)->is_strict == (bool)tells);
	}
}

static void test_lists(void)
{
	g_autoptr(Table) table = table_new(UNIT_SENDER);
	static const char *const wrong[] = { "none", "permerror", "pass", "bestguesspass" };
	static const char *const soft[] = { "none", "softfail", "pass", "none" };
	TableItem item;

	add(table, "good@example.jp", "xooo");
	add(table, "all@example.jp", "oooo");
	add_with_results(table, "wrong@example.jp", "xxox", wrong);
	add_with_results(table, "soft@example.jp", "xxox", soft);
	table_finish(table);
	g_assert_cmpuint(table_list_count(table, LIST_ALL_BUT_SMIME), ==, 1);
	g_assert_cmpstr(table_list_item(table, LIST_ALL_BUT_SMIME, 0).label, ==, "good@example.jp");
	g_assert_cmpuint(table_list_count(table, LIST_SPF_WRONG), ==, 1);
	item = table_list_item(table, LIST_SPF_WRONG, 0);
	g_assert_cmpstr(item.results[METHOD_SPF], ==, "permerror");
	g_assert_cmpstr(item.results[METHOD_DMARC], ==, "bestguesspass");
}

/* Memory stays bounded: the list is cut, its count is not. */
static void test_long_list(void)
{
	g_autoptr(Table) table = table_new(UNIT_MESSAGE);

	for (unsigned i = 0; i < TABLE_LIST_MAX + 5; i++)
		add(table, NULL, "xooo");
	table_finish(table);
	g_assert_cmpuint(table_list_count(table, LIST_ALL_BUT_SMIME), ==, TABLE_LIST_MAX + 5);
	g_assert_cmpuint(table_list_kept(table, LIST_ALL_BUT_SMIME), ==, TABLE_LIST_MAX);
}

static void test_results(void)
{
	g_autoptr(Table) table = table_new(UNIT_MESSAGE);

	add(table, NULL, "xooo");
	add(table, NULL, "xxoo");
	add(table, NULL, "xooo");
	table_finish(table);
	g_assert_cmpuint(table_result_count(table, METHOD_SPF), ==, 2);
	g_assert_cmpstr(table_result(table, METHOD_SPF, 0).word, ==, "pass");
	g_assert_cmpuint(table_result(table, METHOD_SPF, 0).count, ==, 2);
	g_assert_cmpstr(table_result(table, METHOD_SPF, 1).word, ==, "fail");
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/table/order", test_order);
	g_test_add_func("/table/shares", test_shares);
	g_test_add_func("/table/units", test_units);
	g_test_add_func("/table/rules", test_rules);
	g_test_add_func("/table/totals", test_totals);
	g_test_add_func("/table/strict", test_strict);
	g_test_add_func("/table/lists", test_lists);
	g_test_add_func("/table/long-list", test_long_list);
	g_test_add_func("/table/results", test_results);
	return g_test_run();
}
