/* Table 1: units counted by pattern of marks, and the two lists below it (DESIGN.md, 4). */
#pragma once

#include "analysis/checklist.h"
#include "analysis/cross.h"

/* What one unit of the count is. */
typedef enum TableUnit {
	UNIT_MESSAGE,
	UNIT_SENDER,
	UNIT_DOMAIN,
	UNIT_LIST,
	UNIT_COLUMN, /* of a roster; it has no word, for the column has a name */
} TableUnit;

/* The marks of a unit of several messages. */
typedef enum UnitRule {
	RULE_ALL, /* ○ where all have it, × where one of them has × (JIPDEC's survey of 2020) */
	RULE_ANY, /* ○ where one of them has it, × where all have × */
	RULE_LATEST, /* those of the one that was received last */
} UnitRule;

/* Which results count: ours, or those that the receiver recorded (DESIGN.md, 3: --basis). */
typedef enum TableBasis { BASIS_RECOMPUTED, BASIS_RECORDED } TableBasis;

typedef struct TableEntry {
	char *key;    /* what makes two messages one unit; NULL: each is a unit of its own */
	char *label;  /* for people, UTF-8 */
	char *sender; /* as table_sender_key() has it; or NULL */
	Mark marks[METHODS];
	char *results[METHODS];  /* words as the lists print them */
	unsigned stale, missing; /* cells that are unknown for that reason */
	int64_t received;        /* TIME_UNKNOWN */
	bool is_strict;          /* SPF passes, and the record forbids all others: ◎ */
	bool is_checked;         /* by the checklist */
	Mark checks[CHECK_ITEMS];
} TableEntry;

/* What an entry is made from, whether it comes from a case or from a saved record. Borrowed. */
typedef struct EntryFacts {
	const char *path;
	uint64_t index;
	const char *part;   /* of an attached message; or NULL */
	const char *from;   /* the first From address as written; or NULL */
	const char *sender; /* as table_sender_key() has it; or NULL */
	const char *domain; /* its domain in normal form; or NULL */
	const char *list_id;
	const char *subject;
	const char *spf_record; /* or NULL */
	int64_t received;       /* TIME_UNKNOWN */
	Mark marks[METHODS];
	bool is_stale[METHODS];
	const char *results[METHODS];  /* as case_result_word() has them */
	const char *recorded[METHODS]; /* as written by the receiver; NULL where it wrote nothing */
} EntryFacts;

/* The address as it is compared; owned by the caller. */
char *table_sender_key(const Address *from);

/* Whether an SPF that passes does so by a record that ends in -all. */
bool table_spf_is_strict(Mark mark, const char *record);

/* Fills entry; its texts are owned by it. */
void table_entry_fill(TableEntry *entry, const EntryFacts *facts, TableUnit unit, TableBasis basis);
void table_entry_from_case(TableEntry *entry, const Case *kase, TableUnit unit, TableBasis basis);
/* The marks of the message's checklist. */
void table_entry_check(TableEntry *entry, const Checklist *list);
void table_entry_clear(TableEntry *entry);

typedef struct TableRow {
	Mark marks[METHODS];
	uint64_t count;
	unsigned share; /* in tenths of a percent, half up */
	bool is_strict; /* told apart only where that was asked for */
} TableRow;

/* A unit in one of the lists. */
typedef struct TableItem {
	const char *label;
	const char *results[METHODS];
	uint64_t messages;
} TableItem;

/* How often a result word occurs for a method. */
typedef struct TableCount {
	const char *word;
	uint64_t count;
} TableCount;

typedef struct Table Table;

Table *table_new(TableUnit unit);
void table_free(Table *table); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* Before anything is added. RULE_ALL by default; rows do not tell a strict SPF by default. */
void table_set_rule(Table *table, UnitRule rule);
void table_tell_strict(Table *table);
/* Messages (not units) are counted by the marks of their checklists, too. */
void table_tell_checks(Table *table);
/* Counts only messages of senders that the roster has; by its column where that is not ROSTER_NONE.
 * The roster must outlive the table, and notes who was received. */
void table_set_roster(Table *table, Roster *roster, size_t column);
/* A cross table by a column of the roster. */
void table_add_cross(Table *table, size_t column);

void table_add(Table *table, const TableEntry *entry);
/* Counts what was added; call it once, before the functions below. */
void table_finish(Table *table);

TableUnit table_unit(const Table *table);
UnitRule table_rule(const Table *table);
bool table_tells_strict(const Table *table);
bool table_tells_checks(const Table *table);
/* The unit's word, or the name of the roster's column. */
const char *table_by(const Table *table);
const Roster *table_roster(const Table *table); /* NULL without one */
size_t table_column(const Table *table);        /* ROSTER_NONE where the unit is none */
uint64_t table_outside(const Table *table);     /* messages of senders that the roster lacks */
size_t table_cross_count(const Table *table);
const Cross *table_cross(const Table *table, size_t index);
uint64_t table_messages(const Table *table);
uint64_t table_units(const Table *table);
uint64_t table_stale_cells(const Table *table);
uint64_t table_missing_cells(const Table *table);
/* Most frequent first; ties with ○ before × before –, S/MIME first. */
size_t table_row_count(const Table *table);
const TableRow *table_row(const Table *table, size_t index);
/* Units that have the mark. */
uint64_t table_mark_count(const Table *table, Method method, Mark mark);
/* Messages whose checklist is there, and those that have the mark. */
uint64_t table_checked(const Table *table);
uint64_t table_check_count(const Table *table, CheckItem item, Mark mark);
/* By number, then by word. What is counted is units. */
size_t table_result_count(const Table *table, Method method);
TableCount table_result(const Table *table, Method method, size_t index);

/* Messages (not units) by the month of their reception, UTC; those of a month that is not known are
 * left out. */
typedef struct TableMonth {
	int year, month; /* from 1 */
	uint64_t marks[METHODS][3];
} TableMonth;
size_t table_month_count(const Table *table);
const TableMonth *table_month(const Table *table, size_t index); /* earliest first */

/* The lists keep at most this many units (memory must stay bounded over a million messages);
 * their counts go on. */
#define TABLE_LIST_MAX 1000u

typedef enum TableList {
	LIST_ALL_BUT_SMIME, /* SPF, DKIM and DMARC pass, S/MIME does not */
	LIST_SPF_WRONG,     /* SPF is none, temperror, permerror or fail */
} TableList;
#define TABLE_LISTS 2

uint64_t table_list_count(const Table *table, TableList list);
size_t table_list_kept(const Table *table, TableList list);
TableItem table_list_item(const Table *table, TableList list, size_t index);

/* "41.7%"; owned by the caller. */
char *table_share_text(unsigned share);
unsigned table_share(uint64_t count, uint64_t total);

bool table_unit_parse(const char *word, TableUnit *ret_unit);
const char *table_unit_word(TableUnit unit);
bool unit_rule_parse(const char *word, UnitRule *ret_rule);
const char *unit_rule_word(UnitRule rule);
bool table_basis_parse(const char *word, TableBasis *ret_basis);
const char *table_basis_word(TableBasis basis);
