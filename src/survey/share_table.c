#include "survey/share_table.h"

#include <string.h>

typedef struct Unit {
	size_t row;         /* the first one */
	uint8_t spf, dmarc; /* Mark */
	bool is_spf_invalid, is_dmarc_invalid;
} Unit;

typedef struct ShareCross {
	ClassList *classes;
	GArray *rows; /* of ShareRow */
} ShareCross;

struct ShareTable {
	const Roster *roster;
	size_t column; /* ROSTER_NONE: each row is a unit */
	UnitRule rule;
	RecordRule records;
	GArray *units;       /* of Unit */
	GHashTable *by_name; /* value of the column -> index + 1 */
	ShareRow total;
	GArray *crosses; /* of ShareCross */
};

static const char *const record_rules[] = { "set", "valid" };

bool record_rule_parse(const char *word, RecordRule *ret_rule)
{
	for (size_t i = 0; i < G_N_ELEMENTS(record_rules); i++) {
		if (strcmp(word, record_rules[i]) == 0) {
			*ret_rule = (RecordRule)i;
			return true;
		}
	}
	return false;
}

const char *record_rule_word(RecordRule rule)
{
	return record_rules[rule];
}

static void cross_clear(gpointer data)
{
	ShareCross *cross = data;

	class_list_free(cross->classes);
	g_array_unref(cross->rows);
}

ShareTable *share_table_new(const Roster *roster, size_t unit, UnitRule rule, RecordRule records)
{
	ShareTable *table = g_new0(ShareTable, 1);

	table->roster = roster;
	table->column = unit;
	table->rule = rule;
	table->records = records;
	table->units = g_array_new(FALSE, FALSE, sizeof(Unit));
	table->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	table->crosses = g_array_new(FALSE, FALSE, sizeof(ShareCross));
	g_array_set_clear_func(table->crosses, cross_clear);
	return table;
}

void share_table_free(ShareTable *table)
{
	if (table == NULL)
		return;
	g_hash_table_unref(table->by_name);
	g_array_unref(table->units);
	g_array_unref(table->crosses);
	g_free(table);
}

void share_table_add_classes(ShareTable *table, ClassList *classes)
{
	ShareCross cross = { classes, g_array_new(FALSE, TRUE, sizeof(ShareRow)) };

	g_array_set_size(cross.rows, (guint)class_list_count(classes));
	g_array_append_val(table->crosses, cross);
}

/* --- adding */

static Mark mark_of(const ShareTable *table, Publication state, bool is_complete)
{
	switch (state) {
	case PUBLICATION_PUBLISHED:
		return table->records == RECORDS_SET || is_complete ? MARK_YES : MARK_UNKNOWN;
	case PUBLICATION_INVALID:
		return table->records == RECORDS_SET ? MARK_YES : MARK_NO;
	case PUBLICATION_ABSENT:
		return MARK_NO;
	case PUBLICATION_UNKNOWN:
		break;
	}
	return MARK_UNKNOWN;
}

/* What decides for the unit, whatever else it has; the unknown comes before what is left. */
static uint8_t together(const ShareTable *table, uint8_t a, uint8_t b)
{
	uint8_t decisive = table->rule == RULE_ANY ? MARK_YES : MARK_NO;

	if (a == decisive || b == decisive)
		return decisive;
	return a == MARK_UNKNOWN || b == MARK_UNKNOWN ? MARK_UNKNOWN : a;
}

static Unit unit_of(const ShareTable *table, size_t row, const SenderExam *exam)
{
	Unit unit = { .row = row, .spf = MARK_UNKNOWN, .dmarc = MARK_UNKNOWN };

	if (exam->domain == NULL)
		return unit;
	unit.spf = (uint8_t)mark_of(table, exam->spf->state, exam->spf->is_complete);
	unit.dmarc = (uint8_t)mark_of(table, exam->dmarc->state, true);
	unit.is_spf_invalid = exam->spf->state == PUBLICATION_INVALID;
	unit.is_dmarc_invalid = exam->dmarc->state == PUBLICATION_INVALID;
	return unit;
}

static void join(const ShareTable *table, Unit *unit, const Unit *other)
{
	unit->row = MIN(unit->row, other->row);
	unit->spf = together(table, unit->spf, other->spf);
	unit->dmarc = together(table, unit->dmarc, other->dmarc);
	unit->is_spf_invalid |= other->is_spf_invalid;
	unit->is_dmarc_invalid |= other->is_dmarc_invalid;
}

void share_table_add(ShareTable *table, size_t row, const SenderExam *exam)
{
	Unit unit = unit_of(table, row, exam);
	const char *name =
		table->column != ROSTER_NONE ? roster_cell(table->roster, row, table->column) : "";
	size_t found = GPOINTER_TO_SIZE(g_hash_table_lookup(table->by_name, name));

	if (found > 0) {
		join(table, &g_array_index(table->units, Unit, found - 1), &unit);
		return;
	}
	g_array_append_val(table->units, unit);
	if (*name != '\0')
		g_hash_table_insert(table->by_name, (gpointer)(guintptr)name,
			GSIZE_TO_POINTER((size_t)table->units->len));
}

/* --- counting */

static void count_unit(ShareRow *row, const Unit *unit)
{
	bool has_spf = unit->spf == MARK_YES;
	bool has_dmarc = unit->dmarc == MARK_YES;

	row->units++;
	row->spf += has_spf;
	row->dmarc += has_dmarc;
	row->both += has_spf && has_dmarc;
	row->neither += unit->spf == MARK_NO && unit->dmarc == MARK_NO;
	row->unknown += unit->spf == MARK_UNKNOWN || unit->dmarc == MARK_UNKNOWN;
	row->spf_unknown += unit->spf == MARK_UNKNOWN;
	row->dmarc_unknown += unit->dmarc == MARK_UNKNOWN;
	row->spf_invalid += unit->is_spf_invalid;
	row->dmarc_invalid += unit->is_dmarc_invalid;
}

static void count_in_class(const ShareCross *cross, const Unit *unit)
{
	size_t index = class_list_of_row(cross->classes, unit->row);

	count_unit(&g_array_index(cross->rows, ShareRow, index), unit);
}

void share_table_finish(ShareTable *table)
{
	for (guint i = 0; i < table->units->len; i++) {
		const Unit *unit = &g_array_index(table->units, Unit, i);

		count_unit(&table->total, unit);
		for (guint k = 0; k < table->crosses->len; k++)
			count_in_class(&g_array_index(table->crosses, ShareCross, k), unit);
	}
}

/* --- reading */

const char *share_table_by(const ShareTable *table)
{
	return table->column != ROSTER_NONE ? roster_column_name(table->roster, table->column)
					    : "sender";
}

bool share_table_is_by_column(const ShareTable *table)
{
	return table->column != ROSTER_NONE;
}

UnitRule share_table_rule(const ShareTable *table)
{
	return table->rule;
}

RecordRule share_table_records(const ShareTable *table)
{
	return table->records;
}

const ShareRow *share_table_total(const ShareTable *table)
{
	return &table->total;
}

size_t share_table_cross_count(const ShareTable *table)
{
	return table->crosses->len;
}

const ClassList *share_table_classes(const ShareTable *table, size_t cross)
{
	return g_array_index(table->crosses, ShareCross, cross).classes;
}

const ShareRow *share_table_class(const ShareTable *table, size_t cross, size_t index)
{
	return &g_array_index(
		g_array_index(table->crosses, ShareCross, cross).rows, ShareRow, index);
}
