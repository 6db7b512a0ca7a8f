#include "cli/run_survey.h"

#include "cli/resources.h"
#include "cli/roster_file.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "cli/survey_output.h"
#include "engine/engine.h"
#include "engine/sender_item.h"
#include "report/report.h"
#include "report/saved_sender.h"
#include "report/saved_survey.h"

#include <stdio.h>
#include <string.h>

typedef struct Survey {
	const Options *options;
	Sink sink;
	SurveyOutput output;
	Roster *roster;
	char *list; /* SHA-256 of the list */
	Resources *resources;
	size_t sender, selectors; /* columns */
	size_t first, behind;     /* rows of the shard, from 0; all but behind itself */
	size_t next;              /* the row that is not done yet */
	size_t given;             /* the row that the engine was not given yet */
	GHashTable *arrived;      /* row -> SavedSender: read, and not handed out yet */
	Progress *progress;       /* NULL before and behind the rounds */
	SurveyRun run;
	SurveySummary summary; /* once it is known */
} Survey;

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

static bool read_list(Survey *survey, GError **reterr_error)
{
	const char *path = survey->options->paths[0];
	DigestValue digest;

	survey->roster = roster_file_read(path, sender_columns, &digest, reterr_error);
	if (survey->roster == NULL)
		return false;
	survey->list = digest_hex(&digest);
	if (roster_row_count(survey->roster) <= LIMIT_SENDERS)
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s: more than %u senders; a survey of them comes in parts", path, LIMIT_SENDERS);
	return false;
}

/* The rows of the shard: as many as in any other, or one more or less. */
static void find_rows(Survey *survey)
{
	const Options *options = survey->options;
	uint64_t rows = roster_row_count(survey->roster);

	survey->behind = rows;
	if (options->shards > 0) {
		survey->first = rows * (options->shard - 1) / options->shards;
		survey->behind = rows * options->shard / options->shards;
	}
	survey->next = survey->first;
}

static bool open_list(Survey *survey, GError **reterr_error)
{
	const Options *options = survey->options;
	size_t unit;

	if (!read_list(survey, reterr_error) ||
		!survey_output_find_unit(survey->roster, options->column, &unit, reterr_error))
		return false;
	survey->sender = first_column(survey->roster, sender_columns);
	survey->selectors = first_column(survey->roster, selector_columns);
	find_rows(survey);
	survey->output.options = options;
	survey->output.roster = survey->roster;
	survey->output.table =
		share_table_new(survey->roster, unit, options->rule, options->records);
	return survey_output_add_classes(&survey->output, options->crosses, reterr_error);
}

static bool open_sources(Survey *survey)
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
	return true;
}

/* --- progress and problems */

static void clear_progress(const Survey *survey)
{
	if (survey->progress != NULL)
		progress_clear(survey->progress);
}

static void tell_no_domain(Survey *survey, size_t row, const char *sender)
{
	g_autofree char *text =
		g_strdup_printf("%s: sender %" G_GSIZE_FORMAT ": '%s' is no address and no domain",
			survey->options->paths[0], row + 1, sender);

	clear_progress(survey);
	sink_problem(&survey->sink, text);
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

	if (survey->progress == NULL)
		return;
	if (signals_take_status())
		progress_tell(survey->progress, status);
	progress_show(survey->progress, status);
}

static EngineWish get_wish(gpointer data)
{
	const Survey *survey = data;

	return sink_is_stopped(&survey->sink) ? ENGINE_ABORT : ENGINE_GO_ON;
}

/* --- a report that is there */

/* A sender that is recorded counts as if it had been examined now. */
static bool take_saved(json_t *line, gpointer data, GError **reterr_error)
{
	Survey *survey = data;
	g_autoptr(SavedSender) sender = saved_sender_new(line, NULL);

	(void)reterr_error;
	if (sender == NULL || survey->next >= survey->behind || sender->row != survey->next + 1)
		return false;
	survey_output_count(&survey->output, survey->next++, sender->exam);
	survey->sink.problems += sender->exam->domain == NULL;
	return true;
}

static char *compare_surveys(json_t *was, json_t *now, GError **reterr_error)
{
	GError *error = NULL;
	g_autoptr(SavedSurvey) old = saved_survey_new(was, &error);
	g_autoptr(SavedSurvey) new = saved_survey_new(now, error == NULL ? &error : NULL);

	if (error != NULL)
		g_propagate_error(reterr_error, error);
	if (old == NULL || new == NULL || saved_survey_is_same(old, new))
		return NULL;
	if (strcmp(old->list, new->list) != 0)
		return g_strdup("the list of senders has changed since");
	if (strcmp(old->version, new->version) != 0)
		return g_strdup_printf("version %s, there %s", new->version, old->version);
	return g_strdup("how it counts, or its shard");
}

static bool convert_sender(Survey *survey, json_t *line, GString *out, GError **reterr_error)
{
	const SurveyPrinter *printer = survey_output_printer(survey->options->format);
	g_autoptr(SavedSender) saved = saved_sender_new(line, reterr_error);
	SurveySender sender;

	if (saved == NULL)
		return false;
	sender = (SurveySender) { survey->roster, (size_t)saved->row - 1, saved->exam };
	printer->sender(out, &survey->options->style, &sender);
	return true;
}

static bool convert_line(Slice line, GString *out, gpointer data, GError **reterr_error)
{
	Survey *survey = data;
	const SurveyPrinter *printer = survey_output_printer(survey->options->format);
	const ReportStyle *style = &survey->options->style;
	json_t *json = json_read_line(line, reterr_error);
	bool is_header = json_object_of(json, "survey") != NULL;

	if (json == NULL)
		return false;
	if (!is_header && json_object_of(json, "summary") == NULL)
		return convert_sender(survey, json, out, reterr_error);
	json_decref(json);
	if (is_header)
		printer->begin(out, style, &survey->run);
	else
		printer->end(out, style, &survey->summary);
	return true;
}

static const Journal journal = { .head = "survey",
	.sources = "senders",
	.compare = compare_surveys,
	.take = take_saved,
	.convert = convert_line };

static bool open_report(Survey *survey)
{
	const Options *options = survey->options;

	if (!sink_open_journal(&survey->sink, options, &journal, survey))
		return false;
	survey->output.sink = &survey->sink;
	survey->output.printer = survey->sink.file.unfinished != NULL
					 ? &survey_jsonl_printer
					 : survey_output_printer(options->format);
	return survey_output_open(&survey->output, survey->output.table);
}

/* --- writing */

static void tell_records(const Survey *survey, uint64_t records)
{
	bool is_live = !survey->options->offline && survey->options->evidence == NULL;
	g_autofree char *text = NULL;

	if (records == 0 || survey->options->quiet)
		return;
	text = g_strdup_printf("%" G_GUINT64_FORMAT " sender(s) are recorded; the run goes on%s",
		(guint64)records,
		is_live ? ", and asks the DNS anew: without -e FILE no answer was kept" : "");
	say(text);
}

/* False where what is there cannot be gone on with. */
static bool print_begin(Survey *survey)
{
	const Options *options = survey->options;
	uint64_t records;

	survey->run = (SurveyRun) { .version = PACKAGE_VERSION,
		.roster = survey->roster,
		.table = survey->output.table,
		.crosses = options->crosses,
		.list = survey->list,
		.rows = roster_row_count(survey->roster),
		.shard = options->shard,
		.shards = options->shards };
	survey_output_begin(&survey->output, &survey->run);
	if (survey->sink.file.unfinished == NULL) {
		sink_flush(&survey->sink);
		return true;
	}
	if (!sink_begin(&survey->sink, &records))
		return false;
	tell_records(survey, records);
	return true;
}

/* --- senders */

static RawMessage *next_sender(gpointer data)
{
	Survey *survey = data;
	size_t row = survey->given;
	const char *selectors = "";

	if (row >= survey->behind)
		return NULL;
	if (survey->selectors != ROSTER_NONE)
		selectors = roster_cell(survey->roster, row, survey->selectors);
	survey->given++;
	return sender_item_new(survey->options->paths[0], row + 1,
		roster_cell(survey->roster, row, survey->sender), selectors);
}

/* In a worker: its line, without the cells, which are in the list. */
static void report_sender(const SenderExam *exam, uint64_t row, EngineResult *result, gpointer data)
{
	g_autoptr(Roster) nothing = roster_new(g_ptr_array_new_with_free_func(g_free));
	const SurveySender sender = { nothing, (size_t)row - 1, exam };

	(void)data;
	survey_jsonl_printer.sender(result->text, NULL, &sender);
}

static SavedSender *read_result(const EngineResult *result)
{
	Slice text = slice_make(result->text->str, result->text->len);
	json_t *line = json_read_line(slice_chop_eol(text), NULL);

	return line != NULL ? saved_sender_new(line, NULL) : NULL;
}

static bool is_sound(
	const EngineResult *result, const Source *source, uint64_t number, gpointer data)
{
	Survey *survey = data;
	size_t row = (size_t)source->index - 1;
	g_autoptr(SavedSender) sender = result->files == NULL ? read_result(result) : NULL;

	(void)number;
	if (sender == NULL || sender->row != source->index ||
		strcmp(sender->exam->sender, roster_cell(survey->roster, row, survey->sender)) != 0)
		return false;
	g_hash_table_insert(survey->arrived, GSIZE_TO_POINTER(row), g_steal_pointer(&sender));
	return true;
}

static void take_exam(Survey *survey, size_t row, const SenderExam *exam)
{
	if (exam->domain == NULL)
		tell_no_domain(survey, row, exam->sender);
	survey_output_add(&survey->output, row, exam);
	/* Both may be on one terminal. */
	if (survey->output.held == NULL && survey->sink.text->len > 0)
		clear_progress(survey);
	survey_output_flush(&survey->output);
}

/* What a worker said was read before; of a sender whom none could examine the engine says it. */
static void take_result(const EngineResult *result, gpointer data)
{
	Survey *survey = data;
	size_t row = survey->next++;
	gpointer arrived = NULL;
	g_autoptr(SavedSender) sender = NULL;

	if (g_hash_table_steal_extended(survey->arrived, GSIZE_TO_POINTER(row), NULL, &arrived))
		sender = arrived;
	else
		sender = read_result(result);
	take_exam(survey, row, sender->exam);
}

/* --- the end */

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

	survey->summary = (SurveySummary) { .rows = survey->behind - survey->first,
		.problems = survey->sink.problems,
		.evidence = evidence,
		.is_interrupted = end != ENGINE_COMPLETE };
	survey_output_end(&survey->output, &survey->summary);
	sink_close_so_far(&survey->sink, end == ENGINE_COMPLETE);
}

static void tell_end(const Survey *survey, EngineEnd end, bool is_kept)
{
	static const char *const causes[] = {
		[ENGINE_WISHED] = "interrupted",
		[ENGINE_NO_RESOLVER] = "no DNS server answers any more",
		[ENGINE_NO_WORKER] = "nothing can be evaluated",
	};
	g_autofree char *text = NULL;

	if (end == ENGINE_COMPLETE)
		return;
	text = g_strdup_printf("%s: stopped when %" G_GUINT64_FORMAT
			       " senders were done; the same command %s%s",
		causes[end], (guint64)survey->output.tally->senders,
		is_kept ? "with --resume goes on" : "begins anew",
		survey->resources->file != NULL ? ", with the DNS answers that are kept by now"
						: "");
	say(text);
}

/* --- the run */

static EngineEnd examine(Survey *survey, Engine *engine)
{
	EngineEnd end;

	survey->given = survey->next;
	survey->progress =
		progress_new_of_senders(survey->options->progress, survey->behind - survey->next);
	end = engine_run_senders(engine, next_sender, survey);
	g_clear_pointer(&survey->progress, progress_free);
	return end;
}

static bool run_to_its_end(Survey *survey, Engine *engine)
{
	bool is_kept = survey->sink.file.unfinished != NULL;
	EngineEnd end;

	if (!print_begin(survey)) {
		sink_abandon(&survey->sink);
		return false;
	}
	end = examine(survey, engine);
	print_end(survey, end);
	tell_end(survey, end, is_kept);
	return survey->sink.problems == 0 && !survey->sink.file.has_failed &&
	       end == ENGINE_COMPLETE;
}

static bool start_engine(Survey *survey)
{
	const EngineOptions options = { .work = &work_senders,
		.kase = { .evidence = survey->resources->evidence },
		.live = survey->resources->live,
		.file = survey->resources->file,
		.workers = survey->options->jobs };
	const EngineSink sink = { .report_sender = report_sender,
		.is_sound = is_sound,
		.result = take_result,
		.problem = take_problem,
		.wish = get_wish,
		.tick = tick,
		.data = survey };
	g_autoptr(GError) error = NULL;
	g_autoptr(Engine) engine = NULL;

	report_prepare();
	engine = engine_new(&options, &sink, &error);
	if (engine != NULL)
		return run_to_its_end(survey, engine);
	say(error->message);
	survey->sink.file.is_refused = true;
	sink_abandon(&survey->sink);
	return false;
}

static void survey_clear(Survey *survey)
{
	survey_output_clear(&survey->output);
	g_clear_pointer(&survey->arrived, g_hash_table_unref);
	resources_free(survey->resources);
	roster_free(survey->roster);
	g_free(survey->list);
}

int run_survey(const Options *options)
{
	Survey survey = { .options = options };
	bool is_good;

	/* Whoever asks while evidence is loaded is told later. */
	signals_catch_status();
	survey.arrived = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)saved_sender_free);
	is_good = open_sources(&survey) && open_report(&survey) && start_engine(&survey);
	survey_clear(&survey);
	return is_good ? 0 : 1;
}
