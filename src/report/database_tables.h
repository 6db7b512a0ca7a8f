/* What the tables of the SQLite file hold: where in a record each column is. */
#pragma once

#include "base/slice.h"

typedef struct DatabaseColumn {
	const char *name;
	const char *type;
	const char *path; /* of the member in the object that the row is made from */
} DatabaseColumn;

typedef enum DatabaseTable {
	DATABASE_RUNS,
	DATABASE_MESSAGES,
	DATABASE_SIGNATURES,
	DATABASE_SIGNERS,
	DATABASE_HOPS,
	DATABASE_FINDINGS,
	DATABASE_DIFFERENCES,
	DATABASE_CHECKS,
	DATABASE_ANSWERS,
	DATABASE_MESSAGE_ANSWERS,
} DatabaseTable;
#define DATABASE_TABLES 10

typedef struct DatabaseRows {
	const char *name;
	const char *keys;  /* the columns before the others */
	const char *where; /* the keys' constraint */
	const char *list;  /* path of the array in a record whose members are rows; NULL: others */
	const DatabaseColumn *columns;
	size_t count;
} DatabaseRows;

const DatabaseRows *database_rows(DatabaseTable table);
/* Views and indices, for when the rows are there. */
extern const char database_views[];
