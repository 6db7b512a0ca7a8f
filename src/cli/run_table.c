#include "cli/run_table.h"

#include "cli/merge.h"
#include "cli/signals.h"

void merge_count_shard(
	Merge *merge, const char *path, const ResultsLine *line, const SavedShard *shard)
{
	g_autofree char *text = NULL;

	if (shard->of == 0 || shard_count_add(&merge->shards, shard))
		return;
	text = g_strdup_printf("%s:%" G_GUINT64_FORMAT
			       ": not a shard of the same %s, or of as many, as those before",
		path, (guint64)line->number, merge->kind->whole);
	sink_problem(&merge->sink, text);
}

void merge_note_twice(Merge *merge, char *place)
{
	if (merge->twice++ == 0)
		merge->first_twice = place;
	else
		g_free(place);
}

const char *merge_evidence(const Merge *merge)
{
	return merge->is_evidence_mixed ? NULL : merge->evidence;
}

/* --- reading */

/* False where the options do not go with such results; nothing is made of them then. */
static bool begin_kind(Merge *merge, const MergeKind *kind)
{
	if (merge->kind == NULL) {
		merge->kind = kind;
		merge->results = kind->open(merge);
	}
	return merge->refusal == 0;
}

static const MergeKind *kind_of(ResultsEvent event)
{
	return event == RESULTS_SURVEY || event == RESULTS_SENDER ? &merge_survey : &merge_mail;
}

/* Of the records that follow it is not said once more. */
static void tell_other_kind(
	Merge *merge, const char *path, ResultsEvent event, const ResultsLine *line)
{
	g_autofree char *text = g_strdup_printf("%s:%" G_GUINT64_FORMAT ": %s among %s", path,
		(guint64)line->number, kind_of(event)->name, merge->kind->name);

	if (event == RESULTS_RUN || event == RESULTS_SURVEY)
		sink_problem(&merge->sink, text);
}

static void take_results(Merge *merge, const char *path, ResultsEvent event, ResultsLine *line)
{
	if (!begin_kind(merge, kind_of(event)))
		return;
	merge->parts += event == RESULTS_RUN || event == RESULTS_SURVEY;
	if (merge->kind == kind_of(event))
		merge->kind->take(merge, path, event, line);
	else
		tell_other_kind(merge, path, event, line);
}

static void take_summary(Merge *merge, SavedSummary *summary)
{
	merge->problems += summary->problems;
	merge->is_interrupted |= summary->is_interrupted;
	if (merge->summaries++ == 0)
		merge->evidence = g_strdup(summary->evidence);
	merge->is_evidence_mixed |= g_strcmp0(merge->evidence, summary->evidence) != 0;
	if (merge->kind != NULL)
		merge->kind->summary(merge, summary);
}

/* False at the end of the file. */
static bool take_line(Merge *merge, ResultsFile *file, const char *path)
{
	g_auto(ResultsLine) line = { .number = 0 };
	g_autoptr(GError) error = NULL;
	ResultsEvent event = results_file_next(file, &line, &error);

	switch (event) {
	case RESULTS_RUN:
	case RESULTS_SURVEY:
	case RESULTS_MESSAGE:
	case RESULTS_SENDER:
		take_results(merge, path, event, &line);
		return merge->refusal == 0;
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

static void read_files(Merge *merge)
{
	for (char **path = merge->options->paths; *path != NULL && merge->refusal == 0; path++)
		read_file(merge, *path);
	/* Where there is nothing, that is said of mail. */
	begin_kind(merge, &merge_mail);
}

/* --- the end */

static void tell_twice(Merge *merge)
{
	g_autofree char *text = NULL;

	if (merge->twice == 0)
		return;
	text = g_strdup_printf(
		"%" G_GUINT64_FORMAT
		" %s(s) stand in more than one of the results, and count once; the first is %s",
		(guint64)merge->twice, merge->kind->record, merge->first_twice);
	sink_remark(&merge->sink, text);
}

/* What is not there is a problem, as what cannot be read is. */
static void tell_shards(Merge *merge)
{
	g_autofree char *missing = shard_count_missing(&merge->shards, merge->kind->whole);
	g_autofree char *repeated = shard_count_repeated(&merge->shards);

	sink_next_file(&merge->sink);
	if (missing != NULL)
		sink_problem(&merge->sink, missing);
	if (repeated != NULL)
		sink_remark(&merge->sink, repeated);
}

static void merge_clear(Merge *merge)
{
	if (merge->results != NULL)
		merge->kind->free(merge->results);
	shard_count_clear(&merge->shards);
	g_free(merge->first_path);
	g_free(merge->first_twice);
	g_free(merge->evidence);
}

static int put_together(Merge *merge)
{
	read_files(merge);
	if (merge->refusal != 0) {
		sink_abandon(&merge->sink);
		return merge->refusal;
	}
	tell_shards(merge);
	merge->kind->end(merge);
	tell_twice(merge);
	sink_close(&merge->sink);
	return merge->sink.problems == 0 && !sink_is_stopped(&merge->sink) ? 0 : 1;
}

int run_table(const Options *options)
{
	Merge merge = { .options = options };
	int status = sink_open(&merge.sink, options) ? put_together(&merge) : 1;

	merge_clear(&merge);
	return status;
}
