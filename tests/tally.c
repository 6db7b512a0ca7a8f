#include "tally.h"

#include "suite.h"

#include <glib/gstdio.h>
#include <string.h>

/* The columns of differences.tsv. */
enum { COLUMN_SET, COLUMN_CASE, COLUMN_SUITE, COLUMN_KANTEI, COLUMN_SECTION, COLUMN_WHY, COLUMNS };

struct Tally {
	char *set;
	char *path; /* of what it leaves in the build tree; NULL where there is none */
	unsigned expected;
	unsigned cases;
	unsigned agreed;
	unsigned known;
	unsigned faults;
	GHashTable *names;           /* of char * to how often it was given */
	GPtrArray *differences;      /* of GStrv: all rows of the file */
	GHashTable *differences_met; /* of GStrv, borrowed */
	GString *not_agreed;         /* a line each */
};

/* --- the two tables */

static unsigned cases_of(const char *set)
{
	g_autoptr(GPtrArray) rows = suite_table("corpora/sets.tsv");

	for (guint i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);

		if (strcmp(cells[0], set) == 0)
			return (unsigned)g_ascii_strtoull(cells[1], NULL, 10);
	}
	g_error("%s is not in tests/corpora/sets.tsv", set);
}

static GPtrArray *read_differences(void)
{
	GPtrArray *rows = suite_table("corpora/differences.tsv");

	for (guint i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);

		if (g_strv_length(cells) != COLUMNS || *cells[COLUMN_SECTION] == '\0' ||
			*cells[COLUMN_WHY] == '\0')
			g_error("tests/corpora/differences.tsv: %s %s: not %d columns", cells[0],
				cells[0] != NULL ? cells[1] : "", COLUMNS);
	}
	return rows;
}

static char **find_difference(const Tally *tally, const char *name)
{
	for (guint i = 0; i < tally->differences->len; i++) {
		char **cells = g_ptr_array_index(tally->differences, i);

		if (strcmp(cells[COLUMN_SET], tally->set) == 0 &&
			strcmp(cells[COLUMN_CASE], name) == 0)
			return cells;
	}
	return NULL;
}

/* --- counting */

static char *path_of(const char *set)
{
	const char *top = g_getenv("top_builddir");
	g_autofree char *name = g_strconcat(set, ".tsv", NULL);

	g_strdelimit(name, "/", '-');
	return top != NULL ? g_build_filename(top, "tests", "tally", name, NULL) : NULL;
}

Tally *tally_new(const char *set)
{
	Tally *tally = g_new0(Tally, 1);

	tally->set = g_strdup(set);
	tally->expected = cases_of(set);
	tally->differences = read_differences();
	tally->differences_met = g_hash_table_new(NULL, NULL);
	tally->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	tally->not_agreed = g_string_new(NULL);
	tally->path = path_of(set);
	/* What an earlier run left must not pass for this one's. */
	if (tally->path != NULL)
		g_remove(tally->path);
	return tally;
}

static char *unique_name(Tally *tally, const char *name)
{
	unsigned seen = GPOINTER_TO_UINT(g_hash_table_lookup(tally->names, name)) + 1;

	g_hash_table_insert(tally->names, g_strdup(name), GUINT_TO_POINTER(seen));
	return seen == 1 ? g_strdup(name) : g_strdup_printf("%s (%u)", name, seen);
}

static void note_fault(
	Tally *tally, const char *name, const char *suite, const char *kantei, const char *fault)
{
	tally->faults++;
	g_string_append_printf(
		tally->not_agreed, "%s\t%s\t%s\t%s\t-\t%s\n", "FAULT", name, suite, kantei, fault);
}

static void note_known(Tally *tally, const char *name, char *const *cells)
{
	tally->known++;
	g_string_append_printf(tally->not_agreed, "known\t%s\t%s\t%s\t%s\t%s\n", name,
		cells[COLUMN_SUITE], cells[COLUMN_KANTEI], cells[COLUMN_SECTION],
		cells[COLUMN_WHY]);
}

void tally_add(Tally *tally, const char *given_name, const char *suite, const char *kantei)
{
	g_autofree char *name = unique_name(tally, given_name);
	char **cells = find_difference(tally, name);
	bool agrees = strcmp(suite, kantei) == 0;

	tally->cases++;
	tally->agreed += agrees;
	if (cells != NULL)
		g_hash_table_add(tally->differences_met, cells);
	if (agrees && cells != NULL)
		note_fault(tally, name, suite, kantei, "agrees, but differences.tsv says not");
	else if (!agrees && cells == NULL)
		note_fault(tally, name, suite, kantei, "differs, and nothing says why");
	else if (!agrees && (strcmp(cells[COLUMN_SUITE], suite) != 0 ||
				    strcmp(cells[COLUMN_KANTEI], kantei) != 0))
		note_fault(
			tally, name, suite, kantei, "differs otherwise than differences.tsv says");
	else if (!agrees)
		note_known(tally, name, cells);
}

/* --- the end */

static void note_stale(Tally *tally)
{
	for (guint i = 0; i < tally->differences->len; i++) {
		char **cells = g_ptr_array_index(tally->differences, i);

		if (strcmp(cells[COLUMN_SET], tally->set) == 0 &&
			!g_hash_table_contains(tally->differences_met, cells))
			note_fault(tally, cells[COLUMN_CASE], cells[COLUMN_SUITE],
				cells[COLUMN_KANTEI], "is in differences.tsv, but is no case");
	}
}

static void note_missing(Tally *tally)
{
	g_autofree char *fault = NULL;

	if (tally->cases == tally->expected)
		return;
	fault = g_strdup_printf("%u cases, not %u", tally->cases, tally->expected);
	note_fault(tally, "(the set)", "-", "-", fault);
}

static void say(const Tally *tally)
{
	g_auto(GStrv) lines = g_strsplit(tally->not_agreed->str, "\n", -1);

	g_test_message("set %s: %u cases, %u agreed, %u known differences, %u faults", tally->set,
		tally->cases, tally->agreed, tally->known, tally->faults);
	for (char **line = lines; *line != NULL && **line != '\0'; line++) {
		g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);

		g_test_message("%s: %s: the set says %s, kantei %s (%s: %s)", cells[0], cells[1],
			cells[2], cells[3], cells[4], cells[5]);
	}
}

static void leave(const Tally *tally)
{
	g_autofree char *folder = NULL;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	if (tally->path == NULL)
		return;
	folder = g_path_get_dirname(tally->path);
	text = g_strdup_printf("%s\t%u\t%u\t%u\t%u\n%s", tally->set, tally->cases, tally->agreed,
		tally->known, tally->faults, tally->not_agreed->str);
	g_mkdir_with_parents(folder, 0777);
	if (!g_file_set_contents(tally->path, text, -1, &error))
		g_error("%s", error->message);
}

void tally_end(Tally *tally)
{
	note_stale(tally);
	note_missing(tally);
	say(tally);
	leave(tally);
	if (tally->faults > 0)
		g_test_fail();
	g_free(tally->set);
	g_free(tally->path);
	g_hash_table_unref(tally->names);
	g_hash_table_unref(tally->differences_met);
	g_ptr_array_unref(tally->differences);
	g_string_free(tally->not_agreed, TRUE);
	g_free(tally);
}
