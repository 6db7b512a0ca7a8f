#include "cli/run_diff.h"

#include "cli/signals.h"
#include "cli/sink.h"
#include "report/diff_report.h"
#include "report/results_file.h"
#include "report/results_index.h"

#define EXIT_DIFFERENT 3

/* One of the two results. Its records are read once for the index, and again where they differ. */
typedef struct Side {
	const char *path;
	ResultsFile *file;
	ResultsIndex *index;
	GPtrArray *runs; /* of SavedRun */
	char *evidence;  /* of the last part */
} Side;

typedef struct Comparison {
	const DiffPrinter *printer;
	Sink sink;
	Side a, b;
	/* How the runs with these numbers differ, kept for the next message of the same two. */
	GPtrArray *differences;
	uint32_t run_a, run_b;
	DiffTally *tally;
} Comparison;

static void tell_survey(Comparison *comparison, const Side *side, const ResultsLine *line)
{
	g_autofree char *text = g_strdup_printf("%s:%" G_GUINT64_FORMAT
						": results of a survey, which are not compared",
		side->path, (guint64)line->number);

	sink_problem(&comparison->sink, text);
}

/* False at the end of the file. */
static bool take_line(Comparison *comparison, Side *side)
{
	g_auto(ResultsLine) line = { .number = 0 };
	g_autoptr(GError) error = NULL;

	switch (results_file_next(side->file, &line, &error)) {
	case RESULTS_RUN:
		g_ptr_array_add(side->runs, g_steal_pointer(&line.run));
		return true;
	case RESULTS_MESSAGE:
		results_index_add(
			side->index, line.record, line.offset, line.number, side->runs->len);
		return true;
	case RESULTS_SURVEY:
		tell_survey(comparison, side, &line);
		return true;
	case RESULTS_SENDER:
		return true;
	case RESULTS_SUMMARY:
		g_free(side->evidence);
		side->evidence = g_steal_pointer(&line.summary.evidence);
		return true;
	case RESULTS_PROBLEM:
		sink_problem(&comparison->sink, error->message);
		return true;
	case RESULTS_END:
		return false;
	}
	g_assert_not_reached();
}

static void read_side(Comparison *comparison, Side *side, const char *path)
{
	g_autoptr(GError) error = NULL;

	side->path = path;
	side->index = results_index_new();
	side->runs = g_ptr_array_new_with_free_func((GDestroyNotify)saved_run_unref);
	side->file = results_file_open_seekable(path, &error);
	sink_next_file(&comparison->sink);
	if (side->file == NULL)
		sink_problem(&comparison->sink, error->message);
	while (side->file != NULL && !sink_is_stopped(&comparison->sink) &&
		take_line(comparison, side))
		continue;
}

static void side_clear(Side *side)
{
	results_file_free(side->file);
	results_index_free(side->index);
	g_ptr_array_unref(side->runs);
	g_free(side->evidence);
}

/* number counts from 1; 0 is a record without a header. */
static const SavedRun *run_of(const Side *side, uint32_t number)
{
	return number > 0 && number <= side->runs->len ? g_ptr_array_index(side->runs, number - 1)
						       : NULL;
}

/* NULL where one of them has no header. */
static const GPtrArray *differences_of(Comparison *comparison, uint32_t run_a, uint32_t run_b)
{
	const SavedRun *a = run_of(&comparison->a, run_a);
	const SavedRun *b = run_of(&comparison->b, run_b);

	if (a == NULL || b == NULL)
		return NULL;
	if (comparison->differences != NULL && comparison->run_a == run_a &&
		comparison->run_b == run_b)
		return comparison->differences;
	g_clear_pointer(&comparison->differences, g_ptr_array_unref);
	comparison->differences = run_differences(a, b);
	comparison->run_a = run_a;
	comparison->run_b = run_b;
	return comparison->differences;
}

static DiffSide side_head(const Side *side)
{
	return (DiffSide) { .path = side->path,
		.run = run_of(side, 1),
		.runs = side->runs->len,
		.messages = side->index->records->len,
		.evidence = side->evidence };
}

static const ReportStyle *style_of(const Comparison *comparison)
{
	return &comparison->sink.options->style;
}

static void print_begin(Comparison *comparison)
{
	DiffHead head = { .a = side_head(&comparison->a),
		.b = side_head(&comparison->b),
		.runs = differences_of(comparison, 1, 1) };

	comparison->printer->begin(comparison->sink.text, style_of(comparison), &head);
}

/* NULL, and told, where it cannot be read a second time. */
static SavedRecord *read_record(Comparison *comparison, Side *side, const IndexedRecord *entry)
{
	g_autoptr(GError) error = NULL;
	SavedRecord *record =
		results_file_record_at(side->file, entry->offset, entry->number, &error);

	if (record == NULL)
		sink_problem(&comparison->sink, error->message);
	return record;
}

static void compare_pair(
	Comparison *comparison, const IndexedRecord *entry_a, const IndexedRecord *entry_b)
{
	g_autoptr(SavedRecord) a = read_record(comparison, &comparison->a, entry_a);
	g_autoptr(SavedRecord) b = read_record(comparison, &comparison->b, entry_b);
	g_autoptr(RecordDiff) diff = NULL;

	if (a == NULL || b == NULL)
		return;
	diff = record_diff_new(a, b, differences_of(comparison, entry_a->run, entry_b->run));
	diff_tally_add(comparison->tally, diff);
	comparison->printer->changed(comparison->sink.text, style_of(comparison), diff);
	sink_flush(&comparison->sink);
}

static void compare_pairs(Comparison *comparison)
{
	for (guint i = 0;
		i < comparison->a.index->records->len && !sink_is_stopped(&comparison->sink); i++) {
		const IndexedRecord *a = results_index_get(comparison->a.index, i);
		const IndexedRecord *b =
			a->partner != 0 ? results_index_get(comparison->b.index, a->partner - 1)
					: NULL;

		if (b == NULL)
			continue;
		comparison->tally->both++;
		if (!indexed_record_is_same(a, b))
			compare_pair(comparison, a, b);
	}
}

static uint64_t count_alone(const ResultsIndex *index)
{
	uint64_t count = 0;

	for (guint i = 0; i < index->records->len; i++)
		count += results_index_get(index, i)->partner == 0;
	return count;
}

static uint64_t print_alone(Comparison *comparison, Side *side, DiffOnly only)
{
	uint64_t count = count_alone(side->index);

	comparison->printer->only_head(comparison->sink.text, style_of(comparison), only, count);
	for (guint i = 0; i < side->index->records->len && !sink_is_stopped(&comparison->sink);
		i++) {
		const IndexedRecord *entry = results_index_get(side->index, i);
		g_autoptr(SavedRecord) record =
			entry->partner == 0 ? read_record(comparison, side, entry) : NULL;

		if (record == NULL)
			continue;
		comparison->printer->only(
			comparison->sink.text, style_of(comparison), only, record);
		sink_flush(&comparison->sink);
	}
	return count;
}

static void tell_unexplained(Comparison *comparison)
{
	uint64_t count = comparison->tally->causes[CAUSE_UNEXPLAINED];
	g_autofree char *text = NULL;

	if (count == 0)
		return;
	text = g_strdup_printf(
		"%" G_GUINT64_FORMAT
		" verdict(s) changed though nothing differs that they rest on: one of "
		"the results was altered, or kantei is at fault",
		(guint64)count);
	sink_problem(&comparison->sink, text);
}

static void compare(Comparison *comparison)
{
	DiffTally *tally = comparison->tally;

	results_index_pair(comparison->a.index, comparison->b.index);
	print_begin(comparison);
	compare_pairs(comparison);
	tally->only_a = print_alone(comparison, &comparison->a, ONLY_A);
	tally->only_b = print_alone(comparison, &comparison->b, ONLY_B);
	if (signals_want_end())
		sink_problem(&comparison->sink, "interrupted: not all was compared");
	diff_tally_sort(tally);
	tally->problems = comparison->sink.problems;
	comparison->printer->end(comparison->sink.text, style_of(comparison), tally);
	sink_next_file(&comparison->sink);
	tell_unexplained(comparison);
}

static int exit_status(const Comparison *comparison)
{
	const DiffTally *tally = comparison->tally;

	if (comparison->sink.problems > 0 || comparison->sink.file.has_failed)
		return 1;
	return comparison->sink.options->exit_code &&
			       tally->changed + tally->only_a + tally->only_b > 0
		       ? EXIT_DIFFERENT
		       : 0;
}

int run_diff(const Options *options)
{
	Comparison comparison = { .printer = options->format == FORMAT_JSONL ? &diff_jsonl_printer
									     : &diff_text_printer };
	int status;

	if (!sink_open(&comparison.sink, options))
		return 1;
	comparison.tally = diff_tally_new();
	read_side(&comparison, &comparison.a, options->paths[0]);
	read_side(&comparison, &comparison.b, options->paths[1]);
	/* Half of the messages would seem to be in one of the results only. */
	if (signals_want_end()) {
		sink_problem(&comparison.sink, "interrupted: nothing was compared");
		sink_abandon(&comparison.sink);
	} else {
		compare(&comparison);
		sink_close(&comparison.sink);
	}
	status = exit_status(&comparison);
	side_clear(&comparison.a);
	side_clear(&comparison.b);
	g_clear_pointer(&comparison.differences, g_ptr_array_unref);
	diff_tally_free(comparison.tally);
	return status;
}
