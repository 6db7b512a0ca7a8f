/* Saved results: whatever is in the file, what is read can be written and read again, is found at
 * its place once more, counts in every table, and a verdict that changed has a cause. A sender is
 * printed again as it was, whatever the format, and nothing of it reaches a terminal. */
#include "report/diff_report.h"
#include "report/json_read.h"
#include "report/results_file.h"
#include "report/results_index.h"
#include "report/survey_report.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ResultsFile *open_octets(Slice octets)
{
	FILE *stream = octets.len > 0 ? fmemopen((gpointer)(guintptr)octets.data, octets.len, "r")
				      : tmpfile();

	g_assert(stream != NULL);
	return results_file_new("fuzz", stream);
}

static void check_again(const SavedRecord *record)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) second = g_string_new(NULL);
	g_autoptr(ResultsFile) file = NULL;
	g_autoptr(SavedRecord) again = NULL;

	saved_record_append(text, record);
	g_assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
	g_assert_null(strchr(text->str, '\n'));
	g_assert_null(strchr(text->str, '\033'));
	file = open_octets(slice_make(text->str, text->len));
	again = results_file_record_at(file, 0, 1, NULL);
	g_assert_nonnull(again);
	saved_record_append(second, again);
	g_assert_true(g_string_equal(text, second));
}

static void check_table(Table *table, TableUnit unit, const SavedRecord *record)
{
	TableEntry entry;

	for (int basis = BASIS_RECOMPUTED; basis <= BASIS_RECORDED; basis++) {
		table_entry_fill(&entry, &record->facts, unit, (TableBasis)basis);
		table_add(table, &entry);
		table_entry_clear(&entry);
	}
}

static void check_diff(const SavedRecord *a, const SavedRecord *b, const GPtrArray *runs)
{
	const ReportStyle style = { .lang = LANG_JA };
	const DiffPrinter *printers[] = { &diff_text_printer, &diff_jsonl_printer };
	g_autoptr(RecordDiff) diff = record_diff_new(a, b, runs);
	g_autoptr(DiffTally) tally = diff_tally_new();
	g_autoptr(GString) out = g_string_new(NULL);

	for (int i = 0; i < METHODS; i++)
		if (diff->methods[i].is_changed)
			g_assert_cmpuint(diff->methods[i].causes->len, >, 0);
	diff_tally_add(tally, diff);
	for (size_t i = 0; i < G_N_ELEMENTS(printers); i++) {
		printers[i]->changed(out, &style, diff);
		printers[i]->only(out, &style, ONLY_A, a);
		printers[i]->end(out, &style, tally);
	}
	g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
	g_assert_null(strchr(out->str, '\033'));
}

/* What the harness has seen of the file. */
typedef struct Seen {
	Slice octets;
	Table *tables[UNIT_LIST + 1];
	ResultsIndex *index;
	SavedRun *run;
	GPtrArray *runs; /* how the last two differ; NULL before */
	SavedRecord *record;
} Seen;

static void take_record(Seen *seen, ResultsLine *line)
{
	g_autoptr(ResultsFile) file = open_octets(seen->octets);
	g_autoptr(SavedRecord) again =
		results_file_record_at(file, line->offset, line->number, NULL);

	g_assert_nonnull(again);
	g_assert_cmpstr(again->facts.path, ==, line->record->facts.path);
	check_again(line->record);
	for (int unit = UNIT_MESSAGE; unit <= UNIT_LIST; unit++)
		check_table(seen->tables[unit], (TableUnit)unit, line->record);
	results_index_add(seen->index, line->record, line->offset, line->number, 1);
	if (seen->record != NULL)
		check_diff(seen->record, line->record, seen->runs);
	saved_record_free(seen->record);
	seen->record = g_steal_pointer(&line->record);
}

static void take_run(Seen *seen, ResultsLine *line)
{
	g_autoptr(GString) out = g_string_new(NULL);

	g_clear_pointer(&seen->runs, g_ptr_array_unref);
	if (seen->run != NULL)
		seen->runs = run_differences(seen->run, line->run);
	saved_run_append(out, line->run, &(Counting) { UNIT_LIST, NULL, RULE_ANY, BASIS_RECORDED });
	saved_run_unref(seen->run);
	seen->run = g_steal_pointer(&line->run);
}

/* --- surveys */

static void check_text(const GString *text)
{
	g_assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
	g_assert_null(strchr(text->str, '\033'));
}

static void check_printers(const SurveySender *sender)
{
	static const SurveyPrinter *const printers[] = { &survey_text_printer, &survey_csv_printer,
		&survey_html_printer };
	const ReportStyle style = { .lang = LANG_JA, .lines = true };

	for (size_t i = 0; i < G_N_ELEMENTS(printers); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		printers[i]->sender(out, &style, sender);
		check_text(out);
	}
}

static void take_sender(const SavedSender *saved)
{
	g_autoptr(Roster) roster = roster_new(g_ptr_array_new_with_free_func(g_free));
	g_autoptr(ShareTable) table = share_table_new(roster, ROSTER_NONE, RULE_ALL, RECORDS_SET);
	g_autoptr(SurveyTally) tally = survey_tally_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) second = g_string_new(NULL);
	SurveySender sender = { roster, 0, saved->exam };
	g_autoptr(SavedSender) again = NULL;

	roster_put(roster, 0, saved->cells);
	share_table_add(table, 0, saved->exam);
	survey_tally_add(tally, saved->exam);
	check_printers(&sender);
	survey_jsonl_printer.sender(text, NULL, &sender);
	check_text(text);
	again = saved_sender_new(json_read_line(slice_make(text->str, text->len - 1), NULL), NULL);
	g_assert_nonnull(again);
	sender.exam = again->exam;
	survey_jsonl_printer.sender(second, NULL, &sender);
	g_assert_true(g_string_equal(text, second));
}

static bool take_line(Seen *seen, ResultsFile *file)
{
	g_auto(ResultsLine) line = { .number = 0 };
	g_autoptr(GError) error = NULL;
	ResultsEvent event = results_file_next(file, &line, &error);

	g_assert_cmpint(error != NULL, ==, event == RESULTS_PROBLEM);
	if (event == RESULTS_RUN)
		take_run(seen, &line);
	else if (event == RESULTS_MESSAGE)
		take_record(seen, &line);
	else if (event == RESULTS_SENDER)
		take_sender(line.sender);
	return event != RESULTS_END;
}

static void finish(Seen *seen)
{
	g_autoptr(ResultsIndex) same = results_index_new();

	g_array_append_vals(same->records, seen->index->records->data, seen->index->records->len);
	results_index_pair(seen->index, same);
	for (guint i = 0; i < seen->index->records->len; i++)
		g_assert_cmpuint(results_index_get(seen->index, i)->partner, ==, i + 1);
	for (int unit = UNIT_MESSAGE; unit <= UNIT_LIST; unit++) {
		table_finish(seen->tables[unit]);
		g_assert_cmpuint(table_messages(seen->tables[unit]), ==,
			2 * (uint64_t)seen->index->records->len);
		table_free(seen->tables[unit]);
	}
	results_index_free(seen->index);
	saved_run_unref(seen->run);
	saved_record_free(seen->record);
	g_clear_pointer(&seen->runs, g_ptr_array_unref);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Seen seen = { .octets = slice_make((const char *)data, size),
		.index = results_index_new() };
	g_autoptr(ResultsFile) file = open_octets(seen.octets);

	for (int unit = UNIT_MESSAGE; unit <= UNIT_LIST; unit++)
		seen.tables[unit] = table_new((TableUnit)unit);
	while (take_line(&seen, file))
		continue;
	finish(&seen);
	return 0;
}
