#include "cli/run_survey.h"

#include "cli/held_text.h"
#include "cli/resources.h"
#include "cli/roster_file.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/sink.h"
#include "engine/survey_rounds.h"
#include "report/survey_report.h"

#include <stdio.h>

typedef struct Survey {
	const Options *options;
	const SurveyPrinter *printer;
	Sink sink;
	Roster *roster;
	Resources *resources;
	ShareTable *table;
	SurveyTally *tally;
	size_t sender, selectors; /* columns */
	HeldText *held;           /* text that belongs behind the end's; NULL: none does */
	Progress *progress;       /* NULL before and behind the rounds */
	uint64_t lacking;         /* senders for whom answers are lacking */
} Survey;

static const SurveyPrinter *const printers[] = {
	[FORMAT_TEXT] = &survey_text_printer,
	[FORMAT_JSONL] = &survey_jsonl_printer,
	[FORMAT_HTML] = &survey_html_printer,
	[FORMAT_CSV] = &survey_csv_printer,
};

/* --- opening */

static const char *const sender_columns[] = { "address", "domain", NULL };
static const char *const selector_columns[] = { "selector", "selectors", NULL };

static size_t first_column(const Roster *roster, const char *const *names)
{
	size_t found = ROSTER_NONE;

	for (; *names != NULL && found == ROSTER_NONE; names++)
		found = roster_column(roster, *names);
	return found;
}

static bool add_classes(Survey *survey, GError **reterr_error)
{
	char **spec = survey->options->crosses;

	for (; spec != NULL && *spec != NULL; spec++) {
		ClassList *classes = class_list_new(survey->roster, *spec, reterr_error);

		if (classes == NULL)
			return false;
		share_table_add_classes(survey->table, classes);
	}
	return true;
}

static bool find_unit(const Survey *survey, size_t *ret_unit, GError **reterr_error)
{
	const char *name = survey->options->column;
	g_autofree char *names = roster_column_names(survey->roster);

	*ret_unit = ROSTER_NONE;
	if (name == NULL)
		return true;
	*ret_unit = roster_column(survey->roster, name);
	if (*ret_unit == ROSTER_NONE)
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"--by: the list has no column '%s'; it has %s", name, names);
	return *ret_unit != ROSTER_NONE;
}

static bool open_list(Survey *survey, GError **reterr_error)
{
	const Options *options = survey->options;
	size_t unit;

	survey->roster = roster_file_read(options->paths[0], sender_columns, reterr_error);
	if (survey->roster == NULL || !find_unit(survey, &unit, reterr_error))
		return false;
	survey->sender = first_column(survey->roster, sender_columns);
	survey->selectors = first_column(survey->roster, selector_columns);
	survey->table = share_table_new(survey->roster, unit, options->rule, options->records);
	return add_classes(survey, reterr_error);
}

static bool open_all(Survey *survey)
{
	g_autoptr(GError) error = NULL;

	if (open_list(survey, &error))
		survey->resources = resources_open_dns(survey->options, &error);
	if (survey->resources == NULL) {
		say(error->message);
		return false;
	}
	for (guint i = 0; i < survey->resources->notes->len && !survey->options->quiet; i++)
		say(g_ptr_array_index(survey->resources->notes, i));
	if (survey->printer->foot != NULL && (survey->held = held_text_new()) == NULL) {
		say("the report cannot be kept in a temporary file");
		return false;
	}
	return sink_open(&survey->sink, survey->options);
}

/* --- writing */

static void clear_progress(const Survey *survey)
{
	if (survey->progress != NULL)
		progress_clear(survey->progress);
}

static void hold_failed(Survey *survey)
{
	if (!survey->sink.has_failed)
		say("the report cannot be kept in a temporary file");
	survey->sink.has_failed = true;
}

static void hold_text(Survey *survey)
{
	if (!held_text_add(survey->held, survey->sink.text))
		hold_failed(survey);
}

static void release_text(Survey *survey)
{
	HeldStep step = HELD_PIECE;

	while (!survey->sink.has_failed &&
		(step = held_text_next(survey->held, survey->sink.text)) == HELD_PIECE)
		sink_flush(&survey->sink);
	if (step == HELD_FAILED)
		hold_failed(survey);
}

static void tell_no_domain(Survey *survey, size_t row, const char *sender)
{
	g_autofree char *text =
		g_strdup_printf("%s: sender %" G_GSIZE_FORMAT ": '%s' is no address and no domain",
			survey->options->paths[0], row + 1, sender);

	clear_progress(survey);
	sink_problem(&survey->sink, text);
}

static void take_result(size_t row, const SenderExam *exam, gpointer data)
{
	Survey *survey = data;
	SurveySender sender = { survey->roster, row, exam };

	if (exam->domain == NULL)
		tell_no_domain(survey, row, exam->sender);
	survey->lacking += exam->lacking->len > 0;
	share_table_add(survey->table, row, exam);
	survey_tally_add(survey->tally, exam);
	survey->printer->sender(survey->sink.text, &survey->options->style, &sender);
	if (survey->held != NULL) {
		hold_text(survey);
		return;
	}
	/* Both may be on one terminal. */
	if (survey->sink.text->len > 0)
		clear_progress(survey);
	sink_flush(&survey->sink);
}

static void take_problem(const char *text, gpointer data)
{
	Survey *survey = data;

	clear_progress(survey);
	sink_problem(&survey->sink, text);
}

static void tick(const EngineStatus *status, gpointer data)
{
	const Survey *survey = data;

	if (signals_take_status())
		progress_tell(survey->progress, status);
	progress_show(survey->progress, status);
}

static bool wants_end(gpointer data)
{
	const Survey *survey = data;

	return sink_is_stopped(&survey->sink);
}

static char *evidence_digest(Survey *survey)
{
	g_autoptr(GError) error = NULL;
	DigestValue digest;

	if (survey->resources->file == NULL)
		return NULL;
	if (evidence_file_digest(survey->resources->file, &digest, &error))
		return digest_hex(&digest);
	sink_problem(&survey->sink, error->message);
	return NULL;
}

static void print_end(Survey *survey, EngineEnd end)
{
	g_autofree char *evidence = evidence_digest(survey);
	SurveySummary summary = { .table = survey->table,
		.tally = survey->tally,
		.rows = roster_row_count(survey->roster),
		.lacking = survey->lacking,
		.problems = survey->sink.problems,
		.evidence = evidence,
		.is_interrupted = end != ENGINE_COMPLETE };

	share_table_finish(survey->table);
	survey_tally_finish(survey->tally);
	survey->printer->end(survey->sink.text, &survey->options->style, &summary);
	sink_flush(&survey->sink);
	if (survey->held == NULL)
		return;
	release_text(survey);
	survey->printer->foot(survey->sink.text);
}

static void tell_end(const Survey *survey, EngineEnd end)
{
	g_autofree char *text = NULL;

	if (end == ENGINE_COMPLETE)
		return;
	text = g_strdup_printf("%s: stopped when %" G_GUINT64_FORMAT
			       " senders were done; the same command begins anew%s",
		end == ENGINE_NO_RESOLVER ? "no DNS server answers any more" : "interrupted",
		(guint64)survey->tally->senders,
		survey->resources->file != NULL ? ", with the DNS answers that are kept by now"
						: "");
	say(text);
}

/* --- the run */

static EngineEnd examine(Survey *survey)
{
	SurveyOptions options = { .roster = survey->roster,
		.sender = survey->sender,
		.selectors = survey->selectors,
		.evidence = survey->resources->evidence,
		.live = survey->resources->live,
		.file = survey->resources->file };
	SurveySink sink = { take_result, take_problem, wants_end, tick, survey };
	SurveyRun run = {
		.version = PACKAGE_VERSION, .roster = survey->roster, .table = survey->table
	};
	EngineEnd end;

	survey->printer->begin(survey->sink.text, &survey->options->style, &run);
	sink_flush(&survey->sink);
	survey->progress = progress_new_of_senders(
		survey->options->progress, roster_row_count(survey->roster));
	end = survey_run(&options, &sink);
	g_clear_pointer(&survey->progress, progress_free);
	return end;
}

static void survey_clear(Survey *survey)
{
	held_text_free(survey->held);
	share_table_free(survey->table);
	survey_tally_free(survey->tally);
	resources_free(survey->resources);
	roster_free(survey->roster);
}

int run_survey(const Options *options)
{
	Survey survey = { .options = options, .printer = printers[options->format] };
	bool is_good = false;

	/* Whoever asks while evidence is loaded is told later. */
	signals_catch_status();
	survey.tally = survey_tally_new();
	if (open_all(&survey)) {
		EngineEnd end = examine(&survey);

		print_end(&survey, end);
		sink_close(&survey.sink);
		tell_end(&survey, end);
		is_good = survey.sink.problems == 0 && !survey.sink.has_failed &&
			  end == ENGINE_COMPLETE;
	}
	survey_clear(&survey);
	return is_good ? 0 : 1;
}
