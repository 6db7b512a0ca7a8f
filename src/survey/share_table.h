/* The tables of the survey: of how many units SPF, DMARC, both or neither is published, in all and
 * by class (JIPDEC's surveys of 2018 and 2020). A unit is a row of the list, or all rows with the
 * same value of a column. What is not known is counted apart, and never as absent. */
#pragma once

#include "analysis/table.h"
#include "survey/class_list.h"
#include "survey/sender_exam.h"

/* What of the records counts. */
typedef enum RecordRule {
	RECORDS_SET,   /* that there is one, as the surveys counted: invalid ones too */
	RECORDS_VALID, /* that it is valid, as far as it can be followed */
} RecordRule;

bool record_rule_parse(const char *word, RecordRule *ret_rule); /* "set", "valid" */
const char *record_rule_word(RecordRule rule);

typedef struct ShareRow {
	uint64_t units;
	uint64_t spf, dmarc, both, neither;
	uint64_t unknown;                    /* of them: SPF or DMARC is not known */
	uint64_t spf_unknown, dmarc_unknown; /* the two of them apart */
	uint64_t spf_invalid, dmarc_invalid; /* of them: has an invalid record */
} ShareRow;

typedef struct ShareTable ShareTable;

/* unit: the column, or ROSTER_NONE; a row without a value there is a unit of its own. Of a unit of
 * several rows all must have it (RULE_ALL), or any (RULE_ANY). roster must outlive the table. */
ShareTable *share_table_new(const Roster *roster, size_t unit, UnitRule rule, RecordRule records);
void share_table_free(ShareTable *table); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ShareTable, share_table_free)

/* Takes the classes over; a unit is in that of its first row. */
void share_table_add_classes(ShareTable *table, ClassList *classes);
/* Rows may come in any order. */
void share_table_add(ShareTable *table, size_t row, const SenderExam *exam);
/* Counts what was added; call it once, before the functions below. */
void share_table_finish(ShareTable *table);

/* The name of the unit's column, or "sender". */
const char *share_table_by(const ShareTable *table);
bool share_table_is_by_column(const ShareTable *table);
UnitRule share_table_rule(const ShareTable *table);
RecordRule share_table_records(const ShareTable *table);
const ShareRow *share_table_total(const ShareTable *table);
size_t share_table_cross_count(const ShareTable *table);
const ClassList *share_table_classes(const ShareTable *table, size_t cross);
const ShareRow *share_table_class(const ShareTable *table, size_t cross, size_t index);
