#include "cli/run.h"

#include "analysis/claimed.h"
#include "analysis/redact.h"
#include "analysis/unread.h"
#include "cli/by_record.h"
#include "cli/custody.h"
#include "cli/dump.h"
#include "cli/held_text.h"
#include "cli/report_file.h"
#include "cli/resources.h"
#include "cli/roster_file.h"
#include "cli/say.h"
#include "cli/selection.h"
#include "cli/signals.h"
#include "cli/version.h"
#include "message/fields.h"
#include "report/record_path.h"
#include "report/report.h"
#include "report/run_difference.h"

#include <stdio.h>
#include <string.h>

/* The reason of an SPF that hangs on a boundary in doubt. */
#define IN_DOUBT "boundary-in-doubt"

typedef struct Run {
	const Options *options;
	const Printer *printer;
	Table *table;
	Roster *roster; /* NULL without one */
	GString *text;  /* of the report, not yet written */
	ReportFile file;
	HeldText *
		held; /* messages' text that belongs behind the end's; NULL where nothing is held */
	uint64_t problems;
	RunInfo info;
	Selection selection;
	Custody *custody;   /* explain; NULL otherwise */
	Progress *progress; /* NULL before the engine runs and behind */
	EngineEnd end;
	uint64_t in_doubt; /* messages whose SPF hangs on a boundary in doubt */
	uint64_t claimed;  /* that pass by what the sender of their carrier can have written */
} Run;

static Unfinished *unfinished_of(const Run *run)
{
	return run->file.unfinished;
}

static void run_say(Run *run, const char *text)
{
	if (run->progress != NULL)
		progress_clear(run->progress);
	say(text);
}

static void flush_text(Run *run)
{
	g_autoptr(GError) error = NULL;
	Slice text = slice_make(run->text->str, run->text->len);

	/* Both may be on one terminal. */
	if (run->progress != NULL && run->text->len > 0)
		progress_clear(run->progress);
	if (!report_file_write(&run->file, text, &error))
		run_say(run, error->message);
	g_string_truncate(run->text, 0);
}

static void hold_failed(Run *run)
{
	if (!run->file.has_failed)
		run_say(run, "the report cannot be kept in a temporary file");
	run->file.has_failed = true;
}

static void hold_text(Run *run)
{
	if (!held_text_add(run->held, run->text))
		hold_failed(run);
}

static void release_text(Run *run)
{
	HeldStep step = HELD_PIECE;

	while (!run->file.has_failed && (step = held_text_next(run->held, run->text)) == HELD_PIECE)
		flush_text(run);
	if (step == HELD_FAILED)
		hold_failed(run);
}

/* --- in a worker */

static bool has_message_id(Slice message, const char *id)
{
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = fields_parse(message, findings);
	size_t at = fields_find(fields, "Message-ID", 0);

	Slice value;

	if (at >= fields->count)
		return false;
	value = slice_trim(fields->list[at].value);
	if (value.len > 2 && value.data[0] == '<' && value.data[value.len - 1] == '>')
		value = slice_sub(value, 1, value.len - 2);
	return slice_is(value, id);
}

static bool has_dump_folder(const Options *options)
{
	return options->dump != NULL && strcmp(options->dump, "-") != 0;
}

bool run_chooses(const Options *options, const RawMessage *raw)
{
	const char *part = source_part_number(raw->source);

	if (options->part != NULL && g_strcmp0(options->part, part) != 0)
		return false;
	return options->message_id == NULL ||
	       has_message_id(slice_of_bytes(raw->bytes), options->message_id);
}

bool run_looks_at_messages(const Options *options)
{
	return options->message_id != NULL || options->part != NULL;
}

static bool is_chosen(const RawMessage *raw, gpointer data)
{
	const Run *run = data;

	return run_chooses(run->options, raw);
}

static void check_case(const Case *kase, TableEntry *entry)
{
	Checklist list = checklist_of(kase);

	table_entry_check(entry, &list);
}

static void report_case(Case *kase, EngineResult *result, gpointer data)
{
	const Run *run = data;

	if (run->options->style.redactor != NULL)
		case_redact(kase, run->options->style.redactor);
	table_entry_from_case(&result->entry, kase, run->options->unit, run->options->basis);
	if (run->options->style.checklist)
		check_case(kase, &result->entry);
	result->is_in_doubt = strcmp(kase->spf->verdict.reason, IN_DOUBT) == 0;
	result->is_claimed = claimed_spf(kase) || claimed_author(kase);
	if (by_record(run->printer)) {
		by_record_report(run->printer, kase, &run->options->style, result);
		return;
	}
	run->printer->message(result->text, &run->options->style, kase);
	if (has_dump_folder(run->options))
		dump_add(kase, result);
}

/* --- in the engine */

static bool is_sound(
	const EngineResult *result, const Source *source, uint64_t number, gpointer data)
{
	const Run *run = data;
	Slice text = slice_make(result->text->str, result->text->len);

	if (by_record(run->printer))
		return by_record_is_sound(run->printer, result, source, &run->options->style);
	if (!has_dump_folder(run->options) && result->files != NULL)
		return false;
	return dump_is_sound(result, source, number) &&
	       run->printer->admits(text, &run->options->style, source);
}

static void take_problem(const char *text, gpointer data)
{
	Run *run = data;

	run->problems++;
	run_say(run, text);
}

static void write_dump(Run *run, const EngineResult *result)
{
	g_autoptr(GError) error = NULL;

	if (result->files != NULL && !dump_write(run->options->dump, result, &error))
		take_problem(error->message, run);
}

static void print_result(Run *run, const EngineResult *result)
{
	g_autoptr(GError) error = NULL;

	if (!by_record(run->printer)) {
		write_dump(run, result);
		g_string_append_len(run->text, result->text->str, (gssize)result->text->len);
	} else if (!by_record_print(
			   run->text, run->printer, &run->options->style, result, &error)) {
		take_problem(error->message, run);
	}
}

static void take_result(const EngineResult *result, gpointer data)
{
	Run *run = data;

	table_add(run->table, &result->entry);
	run->in_doubt += result->is_in_doubt;
	run->claimed += result->is_claimed;
	print_result(run, result);
	if (run->held != NULL)
		hold_text(run);
	else
		flush_text(run);
}

static EngineWish get_wish(gpointer data)
{
	const Run *run = data;

	if (run->file.has_failed || run->file.is_refused)
		return ENGINE_ABORT;
	return signals_want_end() ? ENGINE_FINISH : ENGINE_GO_ON;
}

static void tick(const EngineStatus *status, gpointer data)
{
	const Run *run = data;

	progress_pass_over(run->progress, run->selection.passed_over);
	if (signals_take_status())
		progress_tell(run->progress, status);
	progress_show(run->progress, status);
}

bool run_takes_number(const Options *options, uint64_t number)
{
	return options->message == 0 || options->message == number;
}

/* False where it is recorded, or what is recorded there is another message. */
static bool is_new(Run *run, const Source *source)
{
	g_autoptr(GError) error = NULL;

	switch (done_take(unfinished_done(unfinished_of(run)), source, &error)) {
	case DONE_YES:
		return false;
	case DONE_OTHER:
		run->file.is_refused = true;
		take_problem(error->message, run);
		return false;
	case DONE_NOT:
		unfinished_note(unfinished_of(run), source);
		return true;
	}
	g_assert_not_reached();
}

static bool is_wanted(const RawMessage *raw, uint64_t number, gpointer data)
{
	Run *run = data;

	if (unfinished_of(run) != NULL)
		return !run->file.is_refused && is_new(run, raw->source);
	if (run->custody != NULL)
		custody_take(run->custody,
			raw->source->archive != NULL ? raw->source->archive : raw->source->path);
	return run_takes_number(run->options, number);
}

EngineOptions run_engine_options(const Options *options, Resources *resources)
{
	return (EngineOptions) {
		.work = &work_mail,
		.kase = { .evidence = resources->evidence,
			.trust = resources->trust,
			.org_domains = resources->org_domains,
			.dmarc_rule = options->dmarc_rule,
			.now = options->now,
			.at = options->at,
			.is_headers_only = options->is_headers_only,
			.horizon_ms = options->horizon_ms,
			.explains = options->command == COMMAND_EXPLAIN,
			.dumps = options->dump != NULL },
		.boundary = options->boundary,
		.live = resources->live,
		.file = resources->file,
		.kind = options->kind,
		.workers = options->jobs,
		.takes_attached = options->takes_attached,
	};
}

/* --- a report that is there */

/* A record that is there counts as if its message had been evaluated now. */
static void take_saved(const SavedRecord *record, Run *run)
{
	const char *reason = record->verdicts[METHOD_SPF].reason;
	TableEntry entry;

	table_entry_fill(&entry, &record->facts, run->options->unit, run->options->basis);
	table_add(run->table, &entry);
	table_entry_clear(&entry);
	run->in_doubt += strcmp(reason, IN_DOUBT) == 0;
	run->claimed += record_has_finding(record->json, CLAIMED_CODE);
	run->problems += unread_is_code(reason);
}

static bool take_line(json_t *line, gpointer data, GError **reterr_error)
{
	Run *run = data;
	g_autoptr(SavedRecord) record = saved_record_new(line, NULL);

	if (record == NULL || !done_add(unfinished_done(unfinished_of(run)), record, reterr_error))
		return false;
	take_saved(record, run);
	return true;
}

static char *compare_headers(json_t *was, json_t *now, GError **reterr_error)
{
	GError *error = NULL;
	g_autoptr(SavedRun) old = saved_run_new(was, &error);
	g_autoptr(SavedRun) new = saved_run_new(now, error == NULL ? &error : NULL);
	g_autoptr(GPtrArray) differences = NULL;

	if (error != NULL)
		g_propagate_error(reterr_error, error);
	if (old == NULL || new == NULL || saved_run_is_same(old, new))
		return NULL;
	differences = run_differences(old, new);
	return differences->len > 0 ? run_differences_text(differences)
				    : g_strdup("how it counts, or its shard");
}

/* A row, or what a database makes of the line. */
static bool convert_line(Slice line, GString *out, gpointer data, GError **reterr_error)
{
	const Options *options = ((const Run *)data)->options;
	const Printer *printer = format_printer(options->format, options->command);
	json_t *json;

	if (printer->record == NULL) {
		slice_append(out, line);
		g_string_append_c(out, '\n');
		return true;
	}
	json = json_read_line(line, reterr_error);
	if (json == NULL)
		return false;
	if (json_object_of(json, "run") != NULL)
		printer->begin(out, &options->style, NULL);
	else if (json_object_of(json, "summary") == NULL)
		printer->record(out, &options->style, json);
	json_decref(json);
	return true;
}

static const Journal journal = { .head = "run",
	.sources = "mailboxes",
	.compare = compare_headers,
	.take = take_line,
	.convert = convert_line };

static void tell_records(Run *run, uint64_t records)
{
	bool is_live = !run->options->offline && run->options->evidence == NULL;
	g_autofree char *text = NULL;

	if (records == 0 || run->options->quiet)
		return;
	text = g_strdup_printf("%" G_GUINT64_FORMAT " message(s) are recorded; the run goes on%s",
		(guint64)records,
		is_live ? ", and asks the DNS anew: without -e FILE no answer was kept" : "");
	run_say(run, text);
}

static void begin_unfinished(Run *run)
{
	g_autoptr(GError) error = NULL;
	uint64_t records;

	if (report_file_begin(
		    &run->file, slice_make(run->text->str, run->text->len), &records, &error)) {
		tell_records(run, records);
	} else {
		take_problem(error->message, run);
	}
	g_string_truncate(run->text, 0);
}

static void print_begin(Run *run, const Resources *resources, GPtrArray *sandbox)
{
	run->info = (RunInfo) { .version = PACKAGE_VERSION,
		.libraries = version_libraries(),
		.options = run->options->summary,
		.command = run->custody != NULL ? run->options->command_line : NULL,
		.trust = trust_identity(resources->trust),
		.trust_roots = trust_roots(resources->trust),
		.suffix_list = org_domains_identity(resources->org_domains),
		.sandbox = sandbox,
		.now = run->options->now,
		.shard = run->options->shard,
		.shards = run->options->shards };
	if (run->selection.shard != NULL)
		run->info.shard_total = shard_total(run->selection.shard);

	if (run->printer->begin != NULL)
		run->printer->begin(run->text, &run->options->style, &run->info);
	if (unfinished_of(run) != NULL)
		begin_unfinished(run);
	else
		flush_text(run);
}

static void print_end(Run *run, const Resources *resources)
{
	RunSummary summary = { .problems = run->problems,
		.is_interrupted = run->end != ENGINE_COMPLETE };
	g_autofree char *evidence = NULL;
	g_autoptr(GError) error = NULL;
	DigestValue digest;

	if (resources->file != NULL && evidence_file_digest(resources->file, &digest, &error))
		evidence = digest_hex(&digest);
	if (error != NULL)
		take_problem(error->message, run);
	summary.evidence = evidence;
	if (run->custody != NULL && !custody_close(run->custody))
		take_problem("an input file was changed while it was read", run);
	summary.run = &run->info;
	summary.inputs = run->custody != NULL ? custody_inputs(run->custody) : NULL;
	summary.problems = run->problems;
	table_finish(run->table);
	if (run->printer->end != NULL)
		run->printer->end(run->text, &run->options->style, run->table, &summary);
	flush_text(run);
	if (run->held == NULL)
		return;
	release_text(run);
	run->printer->foot(run->text);
	flush_text(run);
}

static void tell_doubt(Run *run)
{
	g_autofree char *text = NULL;

	if (run->in_doubt == 0 || run->options->quiet || run->options->command == COMMAND_EXPLAIN)
		return;
	text = g_strdup_printf("SPF of %" G_GUINT64_FORMAT
			       " message(s) is not evaluable, because it is not certain which "
			       "host was the SMTP client; --border with the names or networks of "
			       "your own relays settles it",
		(guint64)run->in_doubt);
	run_say(run, text);
}

static void tell_claimed(Run *run)
{
	g_autofree char *text = NULL;

	if (run->claimed == 0 || run->options->quiet || run->options->command == COMMAND_EXPLAIN)
		return;
	text = g_strdup_printf(
		"SPF of %" G_GUINT64_FORMAT
		" attached message(s) passes by Received lines that whoever sent "
		"the message that carries them can have written; the finding " CLAIMED_CODE
		" is on each",
		(guint64)run->claimed);
	run_say(run, text);
}

/* Why the run ended before its end, and how to go on. */
static void tell_end(Run *run)
{
	static const char *const causes[] = {
		[ENGINE_WISHED] = "interrupted",
		[ENGINE_NO_RESOLVER] = "no DNS server answers any more",
		[ENGINE_NO_WORKER] = "nothing can be evaluated",
	};
	g_autoptr(GString) text = g_string_new(NULL);

	if (run->end == ENGINE_COMPLETE)
		return;
	g_string_append_printf(text,
		"%s: stopped when %" G_GUINT64_FORMAT " messages were done; the same command %s",
		causes[run->end], (guint64)table_messages(run->table),
		unfinished_of(run) != NULL ? "with --resume goes on" : "begins anew");
	if (run->options->evidence != NULL && !run->options->offline)
		g_string_append_printf(text, ", with the DNS answers that are in %s by now",
			run->options->evidence);
	run_say(run, text->str);
}

/* All was read: what is recorded was there, unless the mail is other mail by now. */
static void compare_records(Run *run)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	uint64_t gone;

	if (unfinished_of(run) == NULL || run->file.is_refused || run->end != ENGINE_COMPLETE)
		return;
	if (!done_finish(unfinished_done(unfinished_of(run)), &gone, &error)) {
		run->file.is_refused = true;
		take_problem(error->message, run);
		return;
	}
	text = g_strdup_printf("%" G_GUINT64_FORMAT " message(s) that are recorded are not there "
			       "any more, and stay recorded",
		(guint64)gone);
	if (gone > 0 && !run->options->quiet)
		run_say(run, text);
}

static EngineSink engine_sink(Run *run)
{
	return (EngineSink) { .is_chosen = run_looks_at_messages(run->options) ? is_chosen : NULL,
		.report = report_case,
		.is_sound = is_sound,
		.result = take_result,
		.problem = take_problem,
		.is_wanted = is_wanted,
		.wish = get_wish,
		.tick = tick,
		.data = run };
}

static bool chooses(const Options *options)
{
	return options->command == COMMAND_EXPLAIN || options->message != 0 ||
	       options->message_id != NULL;
}

static void run_engine(Run *run, Engine *engine, const Resources *resources)
{
	char **paths = run->options->paths;
	g_autoptr(GPtrArray) sandbox = engine_confinement(engine);

	for (char **path = paths; run->custody != NULL && *path != NULL; path++)
		custody_take(run->custody, *path);
	print_begin(run, resources, sandbox);
	if (!run->file.is_refused)
		run->end = engine_run(engine, paths);
	g_clear_pointer(&run->progress, progress_free);
	compare_records(run);
	if (run->file.is_refused)
		return;
	if (table_messages(run->table) == 0 && chooses(run->options))
		take_problem("no message was chosen", run);
	print_end(run, resources);
	tell_doubt(run);
	tell_claimed(run);
	tell_end(run);
}

static void start_engine(Run *run, Resources *resources)
{
	EngineOptions options = run_engine_options(run->options, resources);
	EngineSink sink = engine_sink(run);
	g_autoptr(GError) error = NULL;
	g_autoptr(Engine) engine = NULL;

	options.filter = &run->selection.filter;
	run->progress = progress_new(run->options->progress, run->options->paths);
	if (run->selection.shard != NULL)
		progress_set_total(run->progress, shard_length(run->selection.shard));
	report_prepare();
	engine = engine_new(&options, &sink, &error);
	if (engine != NULL) {
		run_engine(run, engine, resources);
	} else {
		take_problem(error->message, run);
		run->file.is_refused = unfinished_of(run) != NULL;
	}
	g_clear_pointer(&run->progress, progress_free);
}

static bool open_output(Run *run)
{
	bool is_survey = run->options->command == COMMAND_SURVEY_MAIL;
	g_autoptr(GError) error = NULL;

	if (!report_file_open(&run->file, run->options, is_survey ? &journal : NULL, run, &error)) {
		run_say(run, error->message);
		return false;
	}
	if (unfinished_of(run) != NULL)
		run->printer = &jsonl_printer;
	return true;
}

static void close_output(Run *run)
{
	bool is_kept = unfinished_of(run) != NULL;
	g_autoptr(GError) error = NULL;

	if (!report_file_close(&run->file, run->end == ENGINE_COMPLETE, &error))
		run_say(run, error->message);
	if (is_kept && run->file.has_failed)
		run_say(run, "what was written stays beside the report; the same command with "
			     "--resume goes on");
}

int run_mailboxes(const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Resources) resources = NULL;
	Run run = { .options = options,
		.printer = format_printer(options->format, options->command) };

	/* Whoever asks while evidence is loaded is told later, and whoever wants an end has it as
	 * soon as that is done. */
	signals_catch_status();
	signals_catch();
	resources = resources_open(options, &error);
	if (resources == NULL) {
		run_say(&run, error->message);
		return 1;
	}
	for (guint i = 0; i < resources->notes->len && !options->quiet; i++)
		run_say(&run, g_ptr_array_index(resources->notes, i));
	if (has_dump_folder(options) && !dump_open(options->dump, &error)) {
		run_say(&run, error->message);
		return 1;
	}
	if (!roster_file_open(options, &run.roster, &error)) {
		run_say(&run, error->message);
		return 1;
	}
	if (!open_output(&run)) {
		roster_free(run.roster);
		return 1;
	}
	if (options->command == COMMAND_EXPLAIN)
		run.custody = custody_new();
	if (run.printer->foot != NULL && (run.held = held_text_new()) == NULL)
		hold_failed(&run);
	selection_open(&run.selection, options);
	if (unfinished_of(&run) != NULL)
		run.selection.done = unfinished_done(unfinished_of(&run));
	run.table = table_new(options->unit);
	roster_file_apply(options, run.roster, run.table);
	table_set_rule(run.table, options->rule);
	if (options->style.marks == MARKS_DOUBLE)
		table_tell_strict(run.table);
	if (options->style.checklist)
		table_tell_checks(run.table);
	run.text = g_string_new(NULL);
	start_engine(&run, resources);
	close_output(&run);
	custody_free(run.custody);
	selection_clear(&run.selection);
	held_text_free(run.held);
	g_clear_pointer(&run.info.libraries, g_ptr_array_unref);
	g_string_free(run.text, TRUE);
	table_free(run.table);
	roster_free(run.roster);
	return run.problems > 0 || run.file.has_failed || run.end != ENGINE_COMPLETE ? 1 : 0;
}
