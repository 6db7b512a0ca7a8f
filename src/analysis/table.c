#include "analysis/table.h"

#include "analysis/month_count.h"

#include <string.h>

#define MARKS    ((size_t)3)
#define PATTERNS (MARKS * MARKS * MARKS * MARKS)

typedef struct Unit {
	char *label;
	Mark marks[METHODS];
	char *results[METHODS];
	uint64_t messages;
	unsigned stale, missing;
	int64_t received; /* of the latest message */
	size_t row;       /* of the roster */
	bool is_strict;
} Unit;

struct Table {
	TableUnit unit;
	UnitRule rule;
	bool tells_strict;
	bool tells_checks;
	Roster *roster; /* borrowed; NULL without one */
	size_t column;
	uint64_t outside;
	GPtrArray *crosses; /* of Cross */
	uint64_t messages;
	uint64_t units;
	uint64_t stale, missing;
	uint64_t patterns[PATTERNS][2]; /* with a strict SPF first */
	uint64_t marks[METHODS][MARKS];
	uint64_t checked;
	uint64_t checks[CHECK_ITEMS][MARKS];
	GHashTable *grouped;           /* key -> Unit, for units of several messages */
	GPtrArray *order;              /* of Unit in grouped, as they came */
	GHashTable *words[METHODS];    /* interned word -> count (pointer-sized) */
	GArray *counts[METHODS];       /* of TableCount, made by table_finish() */
	GArray *rows;                  /* of TableRow */
	GArray *months;                /* of TableMonth, earliest first */
	GPtrArray *lists[TABLE_LISTS]; /* of Unit */
	uint64_t list_counts[TABLE_LISTS];
	bool is_finished;
};

static void unit_free(gpointer data)
{
	Unit *unit = data;

	g_free(unit->label);
	for (int i = 0; i < METHODS; i++)
		g_free(unit->results[i]);
	g_free(unit);
}

static void free_cross(gpointer data)
{
	cross_free(data);
}

Table *table_new(TableUnit unit)
{
	Table *table = g_new0(Table, 1);

	table->unit = unit;
	table->column = ROSTER_NONE;
	table->crosses = g_ptr_array_new_with_free_func(free_cross);
	table->grouped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unit_free);
	table->order = g_ptr_array_new();
	for (int i = 0; i < METHODS; i++) {
		table->words[i] = g_hash_table_new(g_str_hash, g_str_equal);
		table->counts[i] = g_array_new(FALSE, FALSE, sizeof(TableCount));
	}
	for (int i = 0; i < TABLE_LISTS; i++)
		table->lists[i] = g_ptr_array_new_with_free_func(unit_free);
	table->rows = g_array_new(FALSE, FALSE, sizeof(TableRow));
	table->months = g_array_new(FALSE, TRUE, sizeof(TableMonth));
	return table;
}

void table_free(Table *table)
{
	if (table == NULL)
		return;
	g_ptr_array_unref(table->crosses);
	g_ptr_array_unref(table->order);
	g_hash_table_unref(table->grouped);
	for (int i = 0; i < METHODS; i++) {
		g_hash_table_unref(table->words[i]);
		g_array_unref(table->counts[i]);
	}
	for (int i = 0; i < TABLE_LISTS; i++)
		g_ptr_array_unref(table->lists[i]);
	g_array_unref(table->rows);
	g_array_unref(table->months);
	g_free(table);
}

static Unit *unit_new(const TableEntry *entry)
{
	Unit *unit = g_new0(Unit, 1);

	unit->label = g_strdup(entry->label);
	memcpy(unit->marks, entry->marks, sizeof unit->marks);
	for (int i = 0; i < METHODS; i++)
		unit->results[i] = g_strdup(entry->results[i]);
	unit->messages = 1;
	unit->stale = entry->stale;
	unit->missing = entry->missing;
	unit->received = entry->received;
	unit->is_strict = entry->is_strict;
	return unit;
}

/* One × makes the unit ×; one – that is not outdone by a × makes it –. */
static Mark worse_mark(Mark a, Mark b)
{
	if (a == MARK_NO || b == MARK_NO)
		return MARK_NO;
	return a == MARK_UNKNOWN || b == MARK_UNKNOWN ? MARK_UNKNOWN : MARK_YES;
}

static Mark better_mark(Mark a, Mark b)
{
	if (a == MARK_YES || b == MARK_YES)
		return MARK_YES;
	return a == MARK_UNKNOWN || b == MARK_UNKNOWN ? MARK_UNKNOWN : MARK_NO;
}

static bool has_word(const char *words, const char *word)
{
	g_auto(GStrv) list = g_strsplit(words, ",", -1);

	return g_strv_contains((const char *const *)list, word);
}

/* Of two of the same moment the later one in the input; one without a date is the earliest. */
static void replace_by_later(Unit *unit, const TableEntry *entry)
{
	if (entry->received < unit->received)
		return;
	memcpy(unit->marks, entry->marks, sizeof unit->marks);
	unit->is_strict = entry->is_strict;
	unit->stale = entry->stale;
	unit->missing = entry->missing;
	unit->received = entry->received;
	for (int i = 0; i < METHODS; i++) {
		g_free(unit->results[i]);
		unit->results[i] = g_strdup(entry->results[i]);
	}
}

static void take_marks(Unit *unit, const TableEntry *entry, bool is_any)
{
	for (int i = 0; i < METHODS; i++)
		unit->marks[i] = is_any ? better_mark(unit->marks[i], entry->marks[i])
					: worse_mark(unit->marks[i], entry->marks[i]);
	unit->is_strict =
		is_any ? unit->is_strict || entry->is_strict : unit->is_strict && entry->is_strict;
	unit->stale = is_any ? MIN(unit->stale, entry->stale) : MAX(unit->stale, entry->stale);
	unit->missing =
		is_any ? MIN(unit->missing, entry->missing) : MAX(unit->missing, entry->missing);
}

static void add_to_unit(Unit *unit, const TableEntry *entry, UnitRule rule)
{
	unit->messages++;
	if (rule == RULE_LATEST) {
		replace_by_later(unit, entry);
		return;
	}
	take_marks(unit, entry, rule == RULE_ANY);
	for (int i = 0; i < METHODS; i++) {
		if (!has_word(unit->results[i], entry->results[i])) {
			char *both = g_strconcat(unit->results[i], ",", entry->results[i], NULL);

			g_free(unit->results[i]);
			unit->results[i] = both;
		}
	}
}

static size_t pattern_of(const Mark *marks)
{
	size_t pattern = 0;

	for (int i = 0; i < METHODS; i++)
		pattern = pattern * MARKS + (size_t)marks[i];
	return pattern;
}

static bool is_all_but_smime(const Unit *unit)
{
	return unit->marks[METHOD_SPF] == MARK_YES && unit->marks[METHOD_DKIM] == MARK_YES &&
	       unit->marks[METHOD_DMARC] == MARK_YES && unit->marks[METHOD_SMIME] != MARK_YES;
}

static bool is_spf_wrong(const Unit *unit)
{
	static const char *const wrong[] = { "none", "temperror", "permerror", "fail" };

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		if (has_word(unit->results[METHOD_SPF], wrong[i]))
			return unit->marks[METHOD_SPF] == MARK_NO;
	return false;
}

static void list_unit(Table *table, TableList list, const Unit *unit)
{
	TableEntry copy = { .label = unit->label };
	Unit *kept;

	table->list_counts[list]++;
	if (table->lists[list]->len >= TABLE_LIST_MAX)
		return;
	for (int i = 0; i < METHODS; i++)
		copy.results[i] = unit->results[i];
	kept = unit_new(&copy);
	kept->messages = unit->messages;
	g_ptr_array_add(table->lists[list], kept);
}

static void count_unit(Table *table, const Unit *unit)
{
	table->units++;
	table->stale += unit->stale;
	table->missing += unit->missing;
	table->patterns[pattern_of(unit->marks)][!(table->tells_strict && unit->is_strict)]++;
	for (int i = 0; i < METHODS; i++)
		table->marks[i][unit->marks[i]]++;
	for (int i = 0; i < METHODS; i++) {
		gpointer word = (gpointer)(guintptr)g_intern_string(unit->results[i]);
		size_t count = GPOINTER_TO_SIZE(g_hash_table_lookup(table->words[i], word));

		g_hash_table_insert(table->words[i], word, GSIZE_TO_POINTER(count + 1));
	}
	for (guint i = 0; i < table->crosses->len; i++)
		cross_add(g_ptr_array_index(table->crosses, i), unit->row, unit->marks);
	if (is_all_but_smime(unit))
		list_unit(table, LIST_ALL_BUT_SMIME, unit);
	if (is_spf_wrong(unit))
		list_unit(table, LIST_SPF_WRONG, unit);
}

static void count_checks(Table *table, const TableEntry *entry)
{
	table->checked += entry->is_checked;
	for (int i = 0; entry->is_checked && i < CHECK_ITEMS; i++)
		table->checks[i][entry->checks[i]]++;
}

static void add_entry(Table *table, const TableEntry *entry, const char *key, size_t row)
{
	Unit *unit = key != NULL ? g_hash_table_lookup(table->grouped, key) : NULL;

	month_count_add(table->months, entry->received, entry->marks);
	count_checks(table, entry);
	if (unit != NULL) {
		add_to_unit(unit, entry, table->rule);
		return;
	}
	unit = unit_new(entry);
	unit->row = row;
	if (key == NULL) {
		count_unit(table, unit);
		unit_free(unit);
		return;
	}
	if (table->unit == UNIT_COLUMN) {
		g_free(unit->label);
		unit->label = g_strdup(key);
	}
	g_hash_table_insert(table->grouped, g_strdup(key), unit);
	g_ptr_array_add(table->order, unit);
}

void table_add(Table *table, const TableEntry *entry)
{
	const char *key = entry->key;
	size_t row = ROSTER_NONE;

	g_assert(!table->is_finished);
	table->messages++;
	if (table->roster != NULL) {
		row = roster_receive(table->roster, entry->sender);
		if (row == ROSTER_NONE) {
			table->outside++;
			return;
		}
		if (table->unit == UNIT_COLUMN)
			key = roster_cell(table->roster, row, table->column);
	}
	add_entry(table, entry, key != NULL && *key != '\0' ? key : NULL, row);
}

unsigned table_share(uint64_t count, uint64_t total)
{
	return total == 0 ? 0 : (unsigned)((2000 * count + total) / (2 * total));
}

static gint compare_rows(gconstpointer a, gconstpointer b)
{
	const TableRow *one = a;
	const TableRow *other = b;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	if (pattern_of(one->marks) == pattern_of(other->marks))
		return one->is_strict ? -1 : 1;
	return (gint)pattern_of(one->marks) - (gint)pattern_of(other->marks);
}

/* By number is what readers look for; words of equal number in the order of the alphabet. */
static gint compare_counts(gconstpointer a, gconstpointer b)
{
	const TableCount *one = a;
	const TableCount *other = b;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return strcmp(one->word, other->word);
}

static void make_row(Table *table, size_t pattern, bool is_strict)
{
	TableRow row = { .count = table->patterns[pattern][!is_strict], .is_strict = is_strict };

	if (row.count == 0)
		return;
	for (int i = METHODS - 1; i >= 0; i--) {
		row.marks[i] = (Mark)(pattern % MARKS);
		pattern /= MARKS;
	}
	row.share = table_share(row.count, table->units);
	g_array_append_val(table->rows, row);
}

static void make_rows(Table *table)
{
	for (size_t pattern = 0; pattern < PATTERNS; pattern++) {
		make_row(table, pattern, true);
		make_row(table, pattern, false);
	}
	g_array_sort(table->rows, compare_rows);
}

static void make_counts(Table *table, Method method)
{
	GHashTableIter iter;
	gpointer word;
	gpointer count;

	g_hash_table_iter_init(&iter, table->words[method]);
	while (g_hash_table_iter_next(&iter, &word, &count)) {
		TableCount entry = { .word = word, .count = GPOINTER_TO_SIZE(count) };

		g_array_append_val(table->counts[method], entry);
	}
	g_array_sort(table->counts[method], compare_counts);
}

void table_finish(Table *table)
{
	g_assert(!table->is_finished);
	table->is_finished = true;
	for (guint i = 0; i < table->order->len; i++)
		count_unit(table, g_ptr_array_index(table->order, i));
	make_rows(table);
	for (int i = 0; i < METHODS; i++)
		make_counts(table, (Method)i);
}

void table_set_rule(Table *table, UnitRule rule)
{
	table->rule = rule;
}

void table_tell_strict(Table *table)
{
	table->tells_strict = true;
}

void table_tell_checks(Table *table)
{
	table->tells_checks = true;
}

void table_set_roster(Table *table, Roster *roster, size_t column)
{
	table->roster = roster;
	table->column = column;
}

void table_add_cross(Table *table, size_t column)
{
	g_ptr_array_add(table->crosses, cross_new(table->roster, column));
}

const char *table_by(const Table *table)
{
	return table->unit == UNIT_COLUMN ? roster_column_name(table->roster, table->column)
					  : table_unit_word(table->unit);
}

const Roster *table_roster(const Table *table)
{
	return table->roster;
}

size_t table_column(const Table *table)
{
	return table->column;
}

uint64_t table_outside(const Table *table)
{
	return table->outside;
}

size_t table_cross_count(const Table *table)
{
	return table->crosses->len;
}

const Cross *table_cross(const Table *table, size_t index)
{
	return g_ptr_array_index(table->crosses, index);
}

TableUnit table_unit(const Table *table)
{
	return table->unit;
}

UnitRule table_rule(const Table *table)
{
	return table->rule;
}

bool table_tells_strict(const Table *table)
{
	return table->tells_strict;
}

bool table_tells_checks(const Table *table)
{
	return table->tells_checks;
}

uint64_t table_checked(const Table *table)
{
	return table->checked;
}

uint64_t table_check_count(const Table *table, CheckItem item, Mark mark)
{
	return table->checks[item][mark];
}

uint64_t table_mark_count(const Table *table, Method method, Mark mark)
{
	return table->marks[method][mark];
}

uint64_t table_messages(const Table *table)
{
	return table->messages;
}

uint64_t table_units(const Table *table)
{
	return table->units;
}

uint64_t table_stale_cells(const Table *table)
{
	return table->stale;
}

uint64_t table_missing_cells(const Table *table)
{
	return table->missing;
}

size_t table_row_count(const Table *table)
{
	return table->rows->len;
}

const TableRow *table_row(const Table *table, size_t index)
{
	return &g_array_index(table->rows, TableRow, index);
}

size_t table_result_count(const Table *table, Method method)
{
	return table->counts[method]->len;
}

TableCount table_result(const Table *table, Method method, size_t index)
{
	return g_array_index(table->counts[method], TableCount, index);
}

uint64_t table_list_count(const Table *table, TableList list)
{
	return table->list_counts[list];
}

size_t table_list_kept(const Table *table, TableList list)
{
	return table->lists[list]->len;
}

TableItem table_list_item(const Table *table, TableList list, size_t index)
{
	const Unit *unit = g_ptr_array_index(table->lists[list], index);
	TableItem item = { .label = unit->label, .messages = unit->messages };

	for (int i = 0; i < METHODS; i++)
		item.results[i] = unit->results[i];
	return item;
}

size_t table_month_count(const Table *table)
{
	return table->months->len;
}

const TableMonth *table_month(const Table *table, size_t index)
{
	return &g_array_index(table->months, TableMonth, index);
}

char *table_share_text(unsigned share)
{
	return g_strdup_printf("%u.%u%%", share / 10, share % 10);
}

static const char *const unit_words[] = { "message", "sender", "domain", "list" };
static const char *const rule_words[] = { "all", "any", "latest" };
static const char *const basis_words[] = { "recomputed", "recorded" };

static bool find_word(const char *word, const char *const *words, size_t count, size_t *ret_index)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, words[i]) == 0) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

bool table_unit_parse(const char *word, TableUnit *ret_unit)
{
	size_t index;

	if (!find_word(word, unit_words, G_N_ELEMENTS(unit_words), &index))
		return false;
	*ret_unit = (TableUnit)index;
	return true;
}

const char *table_unit_word(TableUnit unit)
{
	return unit_words[unit];
}

bool unit_rule_parse(const char *word, UnitRule *ret_rule)
{
	size_t index;

	if (!find_word(word, rule_words, G_N_ELEMENTS(rule_words), &index))
		return false;
	*ret_rule = (UnitRule)index;
	return true;
}

const char *unit_rule_word(UnitRule rule)
{
	return rule_words[rule];
}

bool table_basis_parse(const char *word, TableBasis *ret_basis)
{
	size_t index;

	if (!find_word(word, basis_words, G_N_ELEMENTS(basis_words), &index))
		return false;
	*ret_basis = (TableBasis)index;
	return true;
}

const char *table_basis_word(TableBasis basis)
{
	return basis_words[basis];
}
