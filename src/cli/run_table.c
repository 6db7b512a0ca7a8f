#include "cli/run_table.h"

#include "base/key_set.h"
#include "cli/roster_file.h"
#include "cli/shard_count.h"
#include "cli/signals.h"
#include "cli/sink.h"
#include "report/checklist_report.h"
#include "report/report.h"
#include "report/results_file.h"
#include "report/run_difference.h"
#include "report/text.h"

typedef struct Merge {
	const Options *options;
	ReportStyle style; /* the options', with what the first run has */
	Sink sink;
	Counting counting;
	Roster *roster;  /* NULL without one */
	Table *table;    /* NULL until the first line is read */
	SavedRun *first; /* the header of the first part; NULL where there is none yet */
	char *first_path;
	ShardCount shards;
	KeySet *seen;   /* messages, by the part they were in */
	uint32_t parts; /* so far */
	uint64_t twice; /* messages that an earlier part has */
	char *first_twice;
	uint64_t unchecked; /* messages whose record has no checklist, where that is asked for */
	RunSummary summary;
	char *evidence; /* of the parts so far, where they agree */
	bool is_evidence_mixed;
	GPtrArray *inputs; /* of InputDigest, of all parts; NULL where none names any */
	uint64_t summaries;
} Merge;

static const Printer *printer(const Merge *merge)
{
	return format_printer(merge->options->format, COMMAND_TABLE);
}

/* As the first run did, where the line does not say how. */
static void decide_counting(Merge *merge)
{
	const Options *options = merge->options;
	Counting *counting = &merge->counting;

	*counting = (Counting) { options->unit, options->column, options->rule, options->basis };
	if (merge->first == NULL)
		return;
	if (!options->is_unit_given)
		saved_run_unit(merge->first, &counting->unit);
	if (!options->is_rule_given)
		saved_run_rule(merge->first, &counting->rule);
	if (!options->is_basis_given)
		saved_run_basis(merge->first, &counting->basis);
}

static void begin(Merge *merge)
{
	if (merge->table != NULL)
		return;
	decide_counting(merge);
	merge->style.attached = merge->first != NULL && saved_run_has_attached(merge->first);
	merge->table = table_new(merge->counting.unit);
	roster_file_apply(merge->options, merge->roster, merge->table);
	table_set_rule(merge->table, merge->counting.rule);
	if (merge->style.marks == MARKS_DOUBLE)
		table_tell_strict(merge->table);
	if (merge->style.checklist)
		table_tell_checks(merge->table);
	if (printer(merge) != &jsonl_printer) {
		if (printer(merge)->begin != NULL)
			printer(merge)->begin(merge->sink.text, &merge->style, NULL);
	} else if (merge->first != NULL) {
		saved_run_append(merge->sink.text, merge->first, &merge->counting);
		g_string_append_c(merge->sink.text, '\n');
	}
}

/* Shards are of one run only where they agree in what verdicts depend on. */
static void compare_run(Merge *merge, const char *path, const ResultsLine *line)
{
	g_autoptr(GPtrArray) differences = run_differences(merge->first, line->run);
	g_autofree char *what = NULL;
	g_autofree char *text = NULL;

	if (differences->len == 0)
		return;
	what = run_differences_text(differences);
	text = g_strdup_printf("%s:%" G_GUINT64_FORMAT ": not the run of %s: %s", path,
		(guint64)line->number, merge->first_path, what);
	sink_remark(&merge->sink, text);
}

static void count_shard(Merge *merge, const char *path, const ResultsLine *line)
{
	g_autofree char *text = NULL;

	if (shard_count_add(&merge->shards, line->run))
		return;
	text = g_strdup_printf("%s:%" G_GUINT64_FORMAT
			       ": not a shard of the same mail, or of as many, as those before",
		path, (guint64)line->number);
	sink_problem(&merge->sink, text);
}

static void take_run(Merge *merge, const char *path, const ResultsLine *line)
{
	merge->parts++;
	count_shard(merge, path, line);
	if (merge->first != NULL) {
		compare_run(merge, path, line);
		return;
	}
	merge->first = saved_run_ref(line->run);
	merge->first_path = g_strdup(path);
}

/* The same octets at the same place are the same message, and count once, though two shards have
 * them. What one run was given twice it counted twice. */
static bool is_twice(Merge *merge, const char *path, const ResultsLine *line)
{
	const SavedRecord *record = line->record;
	g_autofree char *number = source_place_of(record->facts.index, record->facts.part);
	g_autofree char *place = g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n%s",
		record->facts.path, (guint64)record->offset,
		record->facts.part != NULL ? record->facts.part : "", record->sha256);
	DigestValue key = digest_of(DIGEST_SHA256, slice_of(place));
	uint32_t owner = key_set_add(merge->seen, &key, merge->parts);

	if (owner == 0 || owner == merge->parts)
		return false;
	if (merge->twice++ == 0)
		merge->first_twice = g_strdup_printf("%s:%" G_GUINT64_FORMAT " (%s#%s)", path,
			(guint64)line->number, record->facts.path, number);
	return true;
}

static void print_line(Merge *merge, const SavedRecord *record, const Checklist *list)
{
	const ReportStyle *style = &merge->style;
	MessageLine line = { .marks = record->facts.marks,
		.is_strict = table_spf_is_strict(
			record->facts.marks[METHOD_SPF], record->facts.spf_record),
		.received = record->received,
		.from = record->facts.from,
		.subject = record->facts.subject,
		.index = record->facts.index,
		.part = record->facts.part };

	if (list != NULL)
		checklist_append_message(merge->sink.text, style, list, &line);
	else if (style->lines && !style->checklist)
		text_append_line(merge->sink.text, style, &line);
}

static void print_record(Merge *merge, const SavedRecord *record, const Checklist *list)
{
	if (printer(merge) == &jsonl_printer) {
		saved_record_append(merge->sink.text, record);
		g_string_append_c(merge->sink.text, '\n');
	} else if (printer(merge)->record != NULL) {
		printer(merge)->record(merge->sink.text, &merge->style, record->json);
	} else if (printer(merge) == &text_printer) {
		print_line(merge, record, list);
	}
	sink_flush(&merge->sink);
}

/* False where the record has no checklist that is asked for. */
static bool check_record(Merge *merge, const SavedRecord *record, Checklist *ret_list)
{
	bool is_wanted = merge->style.checklist;
	bool is_there = is_wanted && checklist_read(record->json, ret_list);

	merge->unchecked += is_wanted && !is_there;
	return is_there;
}

static void take_record(Merge *merge, const char *path, const ResultsLine *line)
{
	TableEntry entry;
	Checklist list;
	bool is_checked;

	begin(merge);
	if (is_twice(merge, path, line))
		return;
	table_entry_fill(&entry, &line->record->facts, merge->counting.unit, merge->counting.basis);
	is_checked = check_record(merge, line->record, &list);
	if (is_checked)
		table_entry_check(&entry, &list);
	table_add(merge->table, &entry);
	table_entry_clear(&entry);
	print_record(merge, line->record, is_checked ? &list : NULL);
}

/* Takes inputs over. */
static void take_inputs(Merge *merge, GPtrArray *inputs)
{
	if (merge->inputs == NULL)
		merge->inputs = inputs;
	else
		g_ptr_array_extend_and_steal(merge->inputs, inputs);
}

static void take_summary(Merge *merge, SavedSummary *summary)
{
	if (summary->inputs != NULL)
		take_inputs(merge, g_steal_pointer(&summary->inputs));
	merge->summary.problems += summary->problems;
	merge->summary.is_interrupted |= summary->is_interrupted;
	if (merge->summaries++ == 0)
		merge->evidence = g_strdup(summary->evidence);
	merge->is_evidence_mixed |= g_strcmp0(merge->evidence, summary->evidence) != 0;
}

/* False at the end of the file. */
static bool take_line(Merge *merge, ResultsFile *file, const char *path)
{
	g_auto(ResultsLine) line = { .number = 0 };
	g_autoptr(GError) error = NULL;

	switch (results_file_next(file, &line, &error)) {
	case RESULTS_RUN:
		take_run(merge, path, &line);
		return true;
	case RESULTS_MESSAGE:
		take_record(merge, path, &line);
		return true;
	case RESULTS_SUMMARY:
		take_summary(merge, &line.summary);
		return true;
	case RESULTS_PROBLEM:
		sink_problem(&merge->sink, error->message);
		return true;
	case RESULTS_END:
		return false;
	}
	g_assert_not_reached();
}

static void read_file(Merge *merge, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ResultsFile) file = results_file_open(path, &error);

	merge->parts++;
	sink_next_file(&merge->sink);
	if (file == NULL)
		sink_problem(&merge->sink, error->message);
	while (file != NULL && !sink_is_stopped(&merge->sink) && take_line(merge, file, path))
		continue;
}

static void tell_twice(Merge *merge)
{
	g_autofree char *text = NULL;

	if (merge->twice == 0)
		return;
	text = g_strdup_printf("%" G_GUINT64_FORMAT
			       " message(s) stand in more than one of the results, and count once; "
			       "the first is %s",
		(guint64)merge->twice, merge->first_twice);
	sink_remark(&merge->sink, text);
}

static void tell_unchecked(Merge *merge)
{
	g_autofree char *text = NULL;

	if (merge->unchecked == 0)
		return;
	text = g_strdup_printf("%" G_GUINT64_FORMAT
			       " message(s) were saved without --checklist, and are not in it",
		(guint64)merge->unchecked);
	sink_remark(&merge->sink, text);
}

/* What is not there is a problem, as what cannot be read is. */
static void tell_shards(Merge *merge)
{
	g_autofree char *missing = shard_count_missing(&merge->shards);
	g_autofree char *repeated = shard_count_repeated(&merge->shards);

	sink_next_file(&merge->sink);
	if (missing != NULL)
		sink_problem(&merge->sink, missing);
	if (repeated != NULL)
		sink_remark(&merge->sink, repeated);
}

static void print_end(Merge *merge)
{
	begin(merge);
	merge->summary.problems += merge->sink.problems;
	merge->summary.is_interrupted |= signals_want_end();
	merge->summary.evidence = merge->is_evidence_mixed ? NULL : merge->evidence;
	merge->summary.inputs = merge->inputs;
	table_finish(merge->table);
	if (printer(merge)->end != NULL)
		printer(merge)->end(merge->sink.text, &merge->style, merge->table, &merge->summary);
	sink_flush(&merge->sink);
}

static void merge_clear(Merge *merge)
{
	table_free(merge->table);
	roster_free(merge->roster);
	key_set_free(merge->seen);
	saved_run_unref(merge->first);
	shard_count_clear(&merge->shards);
	g_free(merge->first_path);
	g_free(merge->first_twice);
	g_free(merge->evidence);
	g_clear_pointer(&merge->inputs, g_ptr_array_unref);
}

static bool open_roster(Merge *merge)
{
	g_autoptr(GError) error = NULL;

	merge->sink.options = merge->options;
	if (roster_file_open(merge->options, &merge->roster, &error))
		return true;
	sink_problem(&merge->sink, error->message);
	return false;
}

int run_table(const Options *options)
{
	Merge merge = { .options = options, .style = options->style, .seen = key_set_new() };
	bool is_good = open_roster(&merge) && sink_open(&merge.sink, options);

	if (is_good) {
		for (char **path = options->paths; *path != NULL; path++)
			read_file(&merge, *path);
		tell_shards(&merge);
		print_end(&merge);
		tell_twice(&merge);
		tell_unchecked(&merge);
		sink_close(&merge.sink);
		is_good = merge.sink.problems == 0 && !sink_is_stopped(&merge.sink);
	}
	merge_clear(&merge);
	return is_good ? 0 : 1;
}
