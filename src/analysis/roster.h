/* Who was expected to write: a table of senders with a column "address" and any others, as
 * newsletter, organisation or class, by which units are made and compared. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

typedef struct Roster Roster;

#define ROSTER_NONE SIZE_MAX

/* CSV, the first row names the columns. NULL, and *reterr_error, where it is none, or has no column
 * "address". */
Roster *roster_parse(Slice text, GError **reterr_error);
/* The same where the addresses stand in the first of these columns (up to a NULL) that is there. */
Roster *roster_parse_by(Slice text, const char *const *columns, GError **reterr_error);
/* One without rows, and with these columns (of char *, taken over). */
Roster *roster_new(GPtrArray *names);
/* Puts a row (of char *, copied) in its place, from 0; those before it may come later. False where
 * there is one. */
bool roster_put(Roster *roster, size_t row, const GPtrArray *cells);
void roster_free(Roster *roster); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Roster, roster_free)

size_t roster_column_count(const Roster *roster);
const char *roster_column_name(const Roster *roster, size_t column);
/* ROSTER_NONE where there is no such column; case is of no account. */
size_t roster_column(const Roster *roster, const char *name);
/* All names, with commas between them; owned by the caller. */
char *roster_column_names(const Roster *roster);
size_t roster_row_count(const Roster *roster);
bool roster_has_row(const Roster *roster, size_t row);
const char *roster_cell(const Roster *roster, size_t row, size_t column); /* "" for none */

/* The first row of that address, and notes that it was received; ROSTER_NONE where there is none.
 */
size_t roster_receive(Roster *roster, const char *sender);

/* Of the different values of a column, which are in the order of the file. */
typedef struct RosterTally {
	size_t expected, received;
	GPtrArray *missing; /* of const char *, which live as long as the roster */
} RosterTally;
RosterTally roster_tally(const Roster *roster, size_t column);
void roster_tally_clear(RosterTally *tally);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RosterTally, roster_tally_clear)
