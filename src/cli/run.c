#include "cli/run.h"

#include "base/printable.h"
#include "cli/custody.h"
#include "cli/dump.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/resources.h"
#include "cli/roster_file.h"
#include "cli/version.h"
#include "engine/engine.h"
#include "message/fields.h"
#include "report/report.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* Set by SIGINT and SIGTERM: the run ends with what is done. */
static volatile sig_atomic_t is_interrupted;

typedef struct Run {
	const Options *options;
	const Printer *printer;
	Table *table;
	Roster *roster; /* NULL without one */
	GString *text;  /* of the report, not yet written */
	Output *output;
	FILE *held; /* messages' text that belongs behind the end's; NULL where nothing is held */
	uint64_t problems;
	RunInfo info;
	Custody *custody;  /* explain; NULL otherwise */
	uint64_t in_doubt; /* messages whose SPF hangs on a boundary in doubt */
	bool write_failed;
} Run;

static void note_signal(int number)
{
	(void)number;
	is_interrupted = 1;
}

static void say(const char *text)
{
	g_autofree char *safe = printable_line(slice_of(text));

	g_fprintf(stderr, "kantei: %s\n", safe);
}

static void flush_text(Run *run)
{
	g_autoptr(GError) error = NULL;
	Slice text = slice_make(run->text->str, run->text->len);

	if (!run->write_failed && !output_write(run->output, text, &error)) {
		run->write_failed = true;
		say(error->message);
	}
	g_string_truncate(run->text, 0);
}

static void hold_failed(Run *run)
{
	if (!run->write_failed)
		say("the report cannot be kept in a temporary file");
	run->write_failed = true;
}

static void hold_text(Run *run)
{
	if (run->text->len > 0 &&
		fwrite(run->text->str, 1, run->text->len, run->held) != run->text->len)
		hold_failed(run);
	g_string_truncate(run->text, 0);
}

static void release_text(Run *run)
{
	char buffer[16384];
	size_t len;

	if (fflush(run->held) != 0 || fseeko(run->held, 0, SEEK_SET) != 0)
		hold_failed(run);
	while (!run->write_failed && (len = fread(buffer, 1, sizeof buffer, run->held)) > 0) {
		g_string_append_len(run->text, buffer, (gssize)len);
		flush_text(run);
	}
	if (ferror(run->held))
		hold_failed(run);
}

static void take_problem(const char *text, gpointer data)
{
	Run *run = data;

	run->problems++;
	say(text);
}

static bool has_dump_folder(const Options *options)
{
	return options->dump != NULL && strcmp(options->dump, "-") != 0;
}

static void write_dump(Run *run, const Case *kase)
{
	g_autoptr(GError) error = NULL;

	if (has_dump_folder(run->options) && !dump_write(run->options->dump, kase, &error))
		take_problem(error->message, run);
}

static void take_case(const Case *kase, gpointer data)
{
	Run *run = data;
	TableEntry entry;

	table_entry_from_case(&entry, kase, run->options->unit, run->options->basis);
	table_add(run->table, &entry);
	table_entry_clear(&entry);
	run->in_doubt += strcmp(kase->spf->verdict.reason, "boundary-in-doubt") == 0;
	write_dump(run, kase);
	run->printer->message(run->text, &run->options->style, kase);
	if (run->held != NULL)
		hold_text(run);
	else
		flush_text(run);
}

static bool is_cancelled(gpointer data)
{
	const Run *run = data;

	return is_interrupted != 0 || run->write_failed;
}

static bool has_message_id(const RawMessage *raw, const char *id)
{
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(Fields) fields = fields_parse(slice_of_bytes(raw->bytes), findings);
	size_t at = fields_find(fields, "Message-ID", 0);

	Slice value;

	if (at >= fields->count)
		return false;
	value = slice_trim(fields->list[at].value);
	if (value.len > 2 && value.data[0] == '<' && value.data[value.len - 1] == '>')
		value = slice_sub(value, 1, value.len - 2);
	return slice_is(value, id);
}

bool run_is_chosen(const Options *options, const RawMessage *raw, uint64_t number)
{
	if (options->message != 0 && options->message != number)
		return false;
	return options->message_id == NULL || has_message_id(raw, options->message_id);
}

static bool is_wanted(const RawMessage *raw, uint64_t number, gpointer data)
{
	const Run *run = data;

	if (run->custody != NULL)
		custody_take(run->custody, raw->source->path);
	return run_is_chosen(run->options, raw, number);
}

EngineOptions run_engine_options(const Options *options, Resources *resources)
{
	return (EngineOptions) {
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
	};
}

static void print_begin(Run *run, const Resources *resources)
{
	run->info = (RunInfo) { .version = PACKAGE_VERSION,
		.libraries = version_libraries(),
		.options = run->options->summary,
		.command = run->custody != NULL ? run->options->command_line : NULL,
		.trust = trust_identity(resources->trust),
		.trust_roots = trust_roots(resources->trust),
		.suffix_list = org_domains_identity(resources->org_domains),
		.now = run->options->now };

	run->printer->begin(run->text, &run->options->style, &run->info);
	flush_text(run);
}

static void print_end(Run *run, const Resources *resources)
{
	RunSummary summary = { .problems = run->problems, .is_interrupted = is_interrupted != 0 };
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
	run->printer->end(run->text, &run->options->style, run->table, &summary);
	flush_text(run);
	if (run->held == NULL)
		return;
	release_text(run);
	run->printer->foot(run->text);
	flush_text(run);
}

static void tell_doubt(const Run *run)
{
	g_autofree char *text = NULL;

	if (run->in_doubt == 0 || run->options->quiet || run->options->command == COMMAND_EXPLAIN)
		return;
	text = g_strdup_printf("SPF of %" G_GUINT64_FORMAT
			       " message(s) is not evaluable, because it is not certain which "
			       "host was the SMTP client; --border with the names or networks of "
			       "your own relays settles it",
		(guint64)run->in_doubt);
	say(text);
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_signal };

	/* A second signal ends the program at once. What is being written meanwhile goes on. */
	action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	action.sa_flags = 0;
	sigaction(SIGPIPE, &action, NULL);
}

static bool chooses(const Options *options)
{
	return options->command == COMMAND_EXPLAIN || options->message != 0 ||
	       options->message_id != NULL;
}

static void run_engine(Run *run, Resources *resources)
{
	EngineOptions engine = run_engine_options(run->options, resources);
	EngineSink sink = { .message = take_case,
		.problem = take_problem,
		.is_wanted = is_wanted,
		.is_cancelled = is_cancelled,
		.data = run };

	catch_signals();
	for (char **path = run->options->paths; run->custody != NULL && *path != NULL; path++)
		custody_take(run->custody, *path);
	print_begin(run, resources);
	engine_run(&engine, run->options->paths, &sink);
	if (table_messages(run->table) == 0 && chooses(run->options))
		take_problem("no message was chosen", run);
	print_end(run, resources);
	tell_doubt(run);
}

static bool open_output(Run *run)
{
	const char *path = run->options->output;
	g_autoptr(GError) error = NULL;

	if (path != NULL && inputs_include(run->options, path)) {
		say("the report would overwrite what it is made from; -o names another file");
		return false;
	}
	run->output = output_open(path, format_output(run->options->format), &error);
	if (run->output == NULL)
		say(error->message);
	return run->output != NULL;
}

static void close_output(Run *run)
{
	g_autoptr(GError) error = NULL;

	if (!run->write_failed && !output_finish(run->output, &error)) {
		run->write_failed = true;
		say(error->message);
	}
	output_free(run->output);
}

int run_mailboxes(const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Resources) resources = resources_open(options, &error);
	Run run = { .options = options,
		.printer = format_printer(options->format, options->command) };

	if (resources == NULL) {
		say(error->message);
		return 1;
	}
	for (guint i = 0; i < resources->notes->len && !options->quiet; i++)
		say(g_ptr_array_index(resources->notes, i));
	if (has_dump_folder(options) && !dump_open(options->dump, &error)) {
		say(error->message);
		return 1;
	}
	if (!roster_file_open(options, &run.roster, &error)) {
		say(error->message);
		return 1;
	}
	if (!open_output(&run)) {
		roster_free(run.roster);
		return 1;
	}
	if (options->command == COMMAND_EXPLAIN)
		run.custody = custody_new();
	if (run.printer->foot != NULL && (run.held = tmpfile()) == NULL)
		hold_failed(&run);
	run.table = table_new(options->unit);
	roster_file_apply(options, run.roster, run.table);
	table_set_rule(run.table, options->rule);
	if (options->style.marks == MARKS_DOUBLE)
		table_tell_strict(run.table);
	run.text = g_string_new(NULL);
	run_engine(&run, resources);
	close_output(&run);
	custody_free(run.custody);
	if (run.held != NULL)
		fclose(run.held);
	g_clear_pointer(&run.info.libraries, g_ptr_array_unref);
	g_string_free(run.text, TRUE);
	table_free(run.table);
	roster_free(run.roster);
	return run.problems > 0 || run.write_failed || is_interrupted != 0 ? 1 : 0;
}
