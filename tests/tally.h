/* A published set of expectations, run and counted: what agrees, what differs for a reason that
 * tests/corpora/differences.tsv gives, and what differs without one.
 *
 * tests/corpora/sets.tsv names every set and how many cases it has. Each tally prints a line of its
 * set, and every case that does not agree, and leaves the same in tests/tally of the build tree,
 * from which tests/shell/suites.sh makes the table that "make check" shows. */
#pragma once

#include <glib.h>

typedef struct Tally Tally;

/* set is in sets.tsv. */
Tally *tally_new(const char *set);

/* One case, and whether the set's word and kantei's are the same. Both words are what a reader of
 * the table understands. A name that was there already gets " (2)", " (3)", … in order. */
void tally_add(Tally *tally, const char *name, const char *suite, const char *kantei);

/* Fails the test where a case differs and differences.tsv does not give just that difference; where
 * it gives one that is not there; and where the set has not as many cases as it ought to. Frees. */
void tally_end(Tally *tally);
