/* Japanese mail: every Subject and every name in From, in the message and in those returned within
 * it, is readable. */
#include "message/decode.h"
#include "message/facts.h"
#include "suite.h"
#include "tally.h"

#include <string.h>

#define FOLDER "corpora/japanese"

/* Some files were stored by a system that ended lines with CR alone. */
static GBytes *with_lf(Slice stored)
{
	GString *text = g_string_new_len(stored.data, (gssize)stored.len);

	for (size_t i = 0; slice_find_char(stored, '\n') < 0 && i < text->len; i++)
		if (text->str[i] == '\r')
			text->str[i] = '\n';
	return g_string_free_to_bytes(text);
}

/* The which-th field of that name anywhere in the file, as the first of a header. */
static Fields *field_in(Slice file, const char *name, guint64 which)
{
	g_autofree char *start = g_strconcat(name, ":", NULL);

	while (file.len > 0) {
		Slice at = file;

		if (slice_starts_nocase(slice_take_line(&file), start) && which-- == 0)
			return fields_parse(at, NULL);
	}
	g_error("no %s", name);
}

static char *people_in(Slice value)
{
	g_autoptr(AddressList) list = address_list_new();
	g_autoptr(Findings) findings = findings_new();
	GString *people = g_string_new(NULL);

	address_list_add(list, value, value, findings);
	for (guint i = 0; i < list->addresses->len; i++) {
		const Address *address = address_list_get(list, i);

		g_string_append_printf(people, "%s%s%s<%s>", i > 0 ? ", " : "",
			address->display != NULL ? address->display : "",
			address->display != NULL ? " " : "", address->addr_spec);
	}
	if (people->len == 0)
		g_string_append_c(people, '-');
	return g_string_free(people, FALSE);
}

static GBytes *file_of(const char *name)
{
	g_autofree char *path = g_build_filename(FOLDER, name, NULL);

	return suite_file(path);
}

/* cells: file, field, which, text. */
static void count_row(Tally *tally, char **cells)
{
	g_autoptr(GBytes) stored = file_of(cells[0]);
	g_autoptr(GBytes) message = with_lf(slice_of_bytes(stored));
	g_autoptr(Fields) fields =
		field_in(slice_of_bytes(message), cells[1], g_ascii_strtoull(cells[2], NULL, 10));
	Slice value = fields->list[0].value;
	bool is_subject = strcmp(cells[1], "Subject") == 0;
	g_autofree char *text = is_subject ? decode_text(value) : people_in(value);
	g_autofree char *name = g_strdup_printf("%s %s %s", cells[0], cells[1], cells[2]);

	tally_add(tally, name, cells[3], text);
}

static void test_rows(void)
{
	g_autoptr(GPtrArray) rows = suite_table(FOLDER "/expected.tsv");
	Tally *tally = tally_new("japanese/texts");

	for (guint i = 0; i < rows->len; i++)
		count_row(tally, g_ptr_array_index(rows, i));
	tally_end(tally);
}

/* The first row of a file's Subject is what the facts of the message say. */
static void test_facts(void)
{
	g_autoptr(GPtrArray) rows = suite_table(FOLDER "/expected.tsv");
	unsigned subjects = 0;

	for (guint i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);
		g_autoptr(GBytes) stored = file_of(cells[0]);
		g_autoptr(GBytes) message = with_lf(slice_of_bytes(stored));
		g_autoptr(Facts) facts = facts_new(message, NULL, NULL);

		if (strcmp(cells[1], "Subject") != 0 || strcmp(cells[2], "0") != 0)
			continue;
		g_test_message("%s", cells[0]);
		g_assert_cmpstr(facts->subject, ==, cells[3]);
		subjects++;
	}
	g_assert_cmpuint(subjects, >, 60);
}

/* As they are stored, in all forms of line ends: nothing is lost, nothing crashes. */
static void test_as_stored(void)
{
	g_autofree char *path = suite_path(FOLDER);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	unsigned files = 0;

	for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
		g_autoptr(GBytes) stored = NULL;

		if (!g_str_has_suffix(name, ".eml"))
			continue;
		stored = file_of(name);
		g_test_message("%s", name);
		for (int lines = 0; lines < SUITE_LINES; lines++) {
			g_autoptr(GBytes) message =
				suite_lines(slice_of_bytes(stored), (SuiteLines)lines);
			g_autoptr(Facts) facts = facts_new(message, NULL, NULL);
			bool is_cr_only = slice_find_char(slice_of_bytes(stored), '\n') < 0;

			g_assert_cmpuint(facts->fields->count, >, 0);
			g_assert_true(!is_cr_only || findings_find(facts->findings,
							     "field-value-bare-cr") != NULL);
		}
		files++;
	}
	g_assert_cmpuint(files, ==, 66);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/japanese/rows", test_rows);
	g_test_add_func("/japanese/facts", test_facts);
	g_test_add_func("/japanese/as-stored", test_as_stored);
	return g_test_run();
}
