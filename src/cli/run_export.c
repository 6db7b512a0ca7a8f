#include "cli/run_export.h"

#include "analysis/wire_form.h"
#include "base/printable.h"
#include "cli/resources.h"
#include "cli/run.h"
#include "report/record.h"

#include <glib/gstdio.h>

typedef struct Export {
	const Options *options;
	ExportFolder *folder;
	uint64_t written, problems;
	bool has_failed; /* the folder cannot be written */
} Export;

static void say(const char *text)
{
	g_autofree char *safe = printable_line(slice_of(text));

	g_fprintf(stderr, "kantei: %s\n", safe);
}

static void take_problem(const char *text, gpointer data)
{
	Export *export = data;

	export->problems++;
	say(text);
}

static bool is_cancelled(gpointer data)
{
	const Export *export = data;

	return export->has_failed;
}

static bool is_wanted(const RawMessage *raw, uint64_t number, gpointer data)
{
	const Export *export = data;

	return run_is_chosen(export->options, raw, number);
}

/* One of the --where holds, or none is given. */
static bool is_meant(const Options *options, const Case *kase)
{
	bool is_meant = options->where->len == 0;
	struct json_t *record;

	if (is_meant)
		return true;
	record = record_of_message(kase, RECORD_VERDICTS);
	for (guint i = 0; !is_meant && i < options->where->len; i++)
		is_meant = where_matches(g_ptr_array_index(options->where, i), record);
	record_free(record);
	return is_meant;
}

/* Of a message that is too long to be analysed only its beginning is there. */
static bool is_whole(Export *export, const Case *kase)
{
	const Source *source = kase->source;
	g_autofree char *text = NULL;

	if (kase->all_facts[VARIANT_STORED]->message.len == source->length)
		return true;
	text = g_strdup_printf("%s#%" G_GUINT64_FORMAT ": too long; it is not exported",
		source->path, (guint64)source->index);
	take_problem(text, export);
	return false;
}

static void add_octets(Slice octets, gpointer data)
{
	g_string_append_len(data, octets.data, (gssize)octets.len);
}

static void write_message(Export *export, const Case *kase)
{
	static const char *const variants[] = { "as-stored", "mboxrd", "mboxo" };
	bool is_stored = export->options->form == FORM_STORED;
	g_autoptr(GString) received = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	ExportItem item = { .number = kase->number,
		.source = kase->source,
		.message_id = kase->facts->message_id,
		.unquoted = variants[is_stored ? VARIANT_STORED : kase->variant],
		.received = kase->facts->received,
		.octets = kase->all_facts[VARIANT_STORED]->message };

	if (!is_stored) {
		wire_form_write(kase->facts, add_octets, received);
		item.octets = slice_make(received->str, received->len);
	}
	if (export_folder_add(export->folder, &item, &error)) {
		export->written++;
		return;
	}
	export->has_failed = true;
	say(error->message);
}

static void take_case(const Case *kase, gpointer data)
{
	Export *export = data;

	if (!export->has_failed && is_meant(export->options, kase) && is_whole(export, kase))
		write_message(export, kase);
}

static void finish(Export *export)
{
	g_autoptr(GError) error = NULL;

	if (export->written == 0)
		take_problem("no message was chosen", export);
	if (export->has_failed || export_folder_finish(export->folder, &error))
		return;
	export->has_failed = true;
	say(error->message);
}

static void export_messages(Export *export, Resources *resources)
{
	EngineOptions engine = run_engine_options(export->options, resources);
	EngineSink sink = { .message = take_case,
		.problem = take_problem,
		.is_wanted = is_wanted,
		.is_cancelled = is_cancelled,
		.data = export };

	/* What is stored does not hang on any verdict. */
	if (export->options->form == FORM_STORED && export->options->where->len == 0)
		engine.live = NULL;
	engine_run(&engine, export->options->paths, &sink);
	finish(export);
}

int run_export(const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Resources) resources = resources_open(options, &error);
	Export export = { .options = options };

	if (resources != NULL)
		export.folder = export_folder_open(options->output, options->export_kind, &error);
	if (export.folder == NULL) {
		say(error->message);
		return 1;
	}
	export_messages(&export, resources);
	export_folder_free(export.folder);
	return export.problems > 0 || export.has_failed ? 1 : 0;
}
