/* Saved results of a survey, put together: its shards give what one run on the whole list gives. */
#include "cli/merge.h"

#include "cli/say.h"
#include "cli/signals.h"
#include "cli/survey_output.h"

#include <string.h>

typedef struct SurveyMerge {
	Merge *merge;
	SurveyOutput output;
	SavedSurvey *first; /* the header of the first part */
	Roster *roster;     /* the list, as far as it was read */
	bool is_foreign;    /* the part that is being read is of another list */
} SurveyMerge;

static const Options *options_of(const SurveyMerge *survey)
{
	return survey->merge->options;
}

/* --- the first header */

static char *const *crosses_of(const SurveyMerge *survey)
{
	char *const *given = options_of(survey)->crosses;

	return given != NULL ? given : survey->first->crosses;
}

static UnitRule rule_of(const SurveyMerge *survey)
{
	const Options *options = options_of(survey);

	return options->is_rule_given ? options->rule : survey->first->rule;
}

static RecordRule records_of(const SurveyMerge *survey)
{
	const Options *options = options_of(survey);

	return options->is_records_given ? options->records : survey->first->records;
}

/* Values are not known yet, but columns and ranges are. */
static bool check_classes(const SurveyMerge *survey, GError **reterr_error)
{
	for (char *const *cross = crosses_of(survey); *cross != NULL; cross++) {
		g_autoptr(ClassList) classes = class_list_new(survey->roster, *cross, reterr_error);

		if (classes == NULL)
			return false;
	}
	return true;
}

static bool open_table(SurveyMerge *survey, GError **reterr_error)
{
	const char *by = options_of(survey)->by;
	size_t unit;

	if (!survey_output_find_unit(
		    survey->roster, by != NULL ? by : survey->first->by, &unit, reterr_error) ||
		!check_classes(survey, reterr_error))
		return false;
	return survey_output_open(&survey->output,
		share_table_new(survey->roster, unit, rule_of(survey), records_of(survey)));
}

static bool begin(SurveyMerge *survey, SavedSurvey *first)
{
	g_autoptr(GError) error = NULL;
	SurveyRun run;

	survey->first = saved_survey_ref(first);
	survey->roster = roster_new(saved_survey_columns(first));
	survey->output.roster = survey->roster;
	if (!open_table(survey, &error)) {
		if (error != NULL)
			say(error->message);
		return false;
	}
	run = (SurveyRun) { .version = first->version,
		.roster = survey->roster,
		.table = survey->output.table,
		.crosses = crosses_of(survey),
		.list = first->list,
		.rows = first->rows };
	survey_output_begin(&survey->output, &run);
	sink_flush(&survey->merge->sink);
	return true;
}

/* --- parts */

/* Rows are known by their number, which says something in one and the same list only. */
static bool is_same_list(const SavedSurvey *a, const SavedSurvey *b)
{
	return strcmp(a->list, b->list) == 0 && a->rows == b->rows &&
	       saved_survey_has_columns_of(a, b);
}

static void tell_version(const SurveyMerge *survey, const char *path, const ResultsLine *line)
{
	g_autofree char *text = NULL;

	if (strcmp(line->survey->version, survey->first->version) == 0)
		return;
	text = g_strdup_printf("%s:%" G_GUINT64_FORMAT ": not the run of %s: version %s, there %s",
		path, (guint64)line->number, survey->merge->first_path, line->survey->version,
		survey->first->version);
	sink_remark(&survey->merge->sink, text);
}

static void tell_other_list(const SurveyMerge *survey, const char *path, const ResultsLine *line)
{
	g_autofree char *text =
		g_strdup_printf("%s:%" G_GUINT64_FORMAT
				": not of the list of senders that %s is of; it does not count",
			path, (guint64)line->number, survey->merge->first_path);

	sink_problem(&survey->merge->sink, text);
}

static void take_header(SurveyMerge *survey, const char *path, const ResultsLine *line)
{
	Merge *merge = survey->merge;

	if (survey->first == NULL) {
		merge->first_path = g_strdup(path);
		merge->refusal = begin(survey, line->survey) ? 0 : 1;
	}
	if (merge->refusal != 0)
		return;
	survey->is_foreign = !is_same_list(survey->first, line->survey);
	if (survey->is_foreign) {
		tell_other_list(survey, path, line);
		return;
	}
	tell_version(survey, path, line);
	merge_count_shard(merge, path, line, &line->survey->shard);
}

/* --- senders */

static bool check_row(SurveyMerge *survey, const char *path, const ResultsLine *line)
{
	uint64_t row = line->sender->row;
	g_autofree char *text = NULL;

	if (row > 0 && row <= survey->first->rows)
		return true;
	text = g_strdup_printf("%s:%" G_GUINT64_FORMAT ": sender %" G_GUINT64_FORMAT
			       " of a list that has %" G_GUINT64_FORMAT,
		path, (guint64)line->number, (guint64)row, (guint64)survey->first->rows);
	sink_problem(&survey->merge->sink, text);
	return false;
}

static void take_sender(SurveyMerge *survey, const char *path, const ResultsLine *line)
{
	const SavedSender *sender = line->sender;
	size_t row = (size_t)sender->row - 1;

	if (survey->is_foreign || !check_row(survey, path, line))
		return;
	if (!roster_put(survey->roster, row, sender->cells)) {
		merge_note_twice(
			survey->merge, g_strdup_printf("%s:%" G_GUINT64_FORMAT " (%s)", path,
					       (guint64)line->number, sender->exam->sender));
		return;
	}
	survey_output_add(&survey->output, row, sender->exam);
	survey_output_flush(&survey->output);
}

static void take(Merge *merge, const char *path, ResultsEvent event, ResultsLine *line)
{
	if (event == RESULTS_SURVEY)
		take_header(merge->results, path, line);
	else
		take_sender(merge->results, path, line);
}

/* --- the end */

static void take_summary(Merge *merge, SavedSummary *summary)
{
	(void)merge;
	(void)summary;
}

static void end(Merge *merge)
{
	SurveyMerge *survey = merge->results;
	SurveySummary summary = { .rows = survey->first->rows,
		.problems = merge->problems + merge->sink.problems,
		.evidence = merge_evidence(merge),
		.is_interrupted = merge->is_interrupted || signals_want_end() };
	bool has_classes = survey_output_add_classes(&survey->output, crosses_of(survey), NULL);

	g_assert(has_classes);
	survey_output_end(&survey->output, &summary);
}

/* --- the beginning */

static void free_survey(gpointer data)
{
	SurveyMerge *survey = data;

	survey_output_clear(&survey->output);
	roster_free(survey->roster);
	saved_survey_unref(survey->first);
	g_free(survey);
}

/* What of the options only mail has; NULL where there is nothing. */
static const char *option_problem(const Options *options)
{
	if (survey_output_printer(options->format) == NULL)
		return "results of a survey are printed with -f text, jsonl, csv or html";
	if (options->roster != NULL)
		return "--roster does not go with results of a survey";
	if (options->is_basis_given)
		return "--basis does not go with results of a survey";
	if (options->style.checklist)
		return "--checklist does not go with results of a survey";
	if (options->rule == RULE_LATEST)
		return "--unit-rule does not take 'latest'";
	return NULL;
}

static gpointer open_survey(Merge *merge)
{
	const Options *options = merge->options;
	const char *problem = option_problem(options);
	SurveyMerge *survey;

	if (problem != NULL) {
		say(problem);
		merge->refusal = 2;
		return NULL;
	}
	survey = g_new0(SurveyMerge, 1);
	survey->merge = merge;
	survey->output.options = options;
	survey->output.printer = survey_output_printer(options->format);
	survey->output.sink = &merge->sink;
	return survey;
}

const MergeKind merge_survey = { .whole = "list",
	.record = "sender",
	.name = "results of a survey",
	.open = open_survey,
	.take = take,
	.summary = take_summary,
	.end = end,
	.free = free_survey };
