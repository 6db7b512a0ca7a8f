/* A cross table: units by the values of a roster's column, and how many of them have each mark. */
#pragma once

#include "analysis/case.h"
#include "analysis/roster.h"

typedef struct CrossRow {
	const char *value; /* "" for none */
	uint64_t units;
	uint64_t yes[METHODS];
} CrossRow;

typedef struct Cross Cross;

/* roster must outlive it. */
Cross *cross_new(const Roster *roster, size_t column);
void cross_free(Cross *cross); /* NULL is fine */

/* A unit, by the roster's row that it is of. */
void cross_add(Cross *cross, size_t row, const Mark *marks);
const char *cross_name(const Cross *cross);
/* All values of the column, in the order of the roster, also those of which nothing came. */
size_t cross_row_count(const Cross *cross);
const CrossRow *cross_row(const Cross *cross, size_t index);
