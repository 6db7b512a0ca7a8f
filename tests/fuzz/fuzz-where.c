/* report/where.h: conditions of the first line on the records in the others. All of them hold where
 * each of them does. */
#include "report/json_read.h"
#include "report/where.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each condition alone; NULL where the text is none. */
static GPtrArray *parse_each(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	GPtrArray *each = g_ptr_array_new();

	for (char **part = parts; *part != NULL; part++) {
		g_autofree char *bad = NULL;
		Where *where = where_parse(*part, &bad);

		g_assert_nonnull(where);
		g_ptr_array_add(each, where);
	}
	return each;
}

static void check_record(const Where *where, const GPtrArray *each, const json_t *record)
{
	bool do_all = true;

	for (guint i = 0; i < each->len; i++)
		do_all = where_matches(g_ptr_array_index(each, i), record) && do_all;
	g_assert_true(where_matches(where, record) == do_all);
}

static void check_records(const Where *where, const char *text, Slice records)
{
	g_autoptr(GPtrArray) each = parse_each(text);

	while (records.len > 0) {
		json_t *record = json_read_line(slice_trim(slice_take_line(&records)), NULL);

		if (record != NULL)
			check_record(where, each, record);
		json_decref(record);
	}
	for (guint i = 0; i < each->len; i++)
		where_free(g_ptr_array_index(each, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice rest = slice_make((const char *)data, size);
	g_autofree char *text = slice_dup(slice_chop_eol(slice_take_line(&rest)));
	g_autofree char *bad = NULL;
	g_autoptr(Where) where = text != NULL ? where_parse(text, &bad) : NULL;

	if (where != NULL)
		check_records(where, text, rest);
	else if (text != NULL && *text != '\0')
		g_assert_nonnull(bad);
	return 0;
}
