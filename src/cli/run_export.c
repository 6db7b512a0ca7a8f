#include "cli/run_export.h"

#include "analysis/wire_form.h"
#include "base/text_time.h"
#include "cli/record_result.h"
#include "cli/resources.h"
#include "cli/run.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "report/record.h"
#include "report/record_path.h"

typedef struct Export {
	const Options *options;
	ExportFolder *folder;
	uint64_t written, problems;
	EngineEnd end;
	bool has_failed; /* the folder cannot be written */
} Export;

static void take_problem(const char *text, gpointer data)
{
	Export *export = data;

	export->problems++;
	say(text);
}

static EngineWish get_wish(gpointer data)
{
	const Export *export = data;

	if (export->has_failed)
		return ENGINE_ABORT;
	return signals_want_end() ? ENGINE_FINISH : ENGINE_GO_ON;
}

static bool is_wanted(const RawMessage *raw, uint64_t number, gpointer data)
{
	const Export *export = data;

	(void)raw;
	return run_takes_number(export->options, number);
}

/* --- in a worker: the record says what the message is, and its octets are a file of the result. A
 * message that is not meant has an empty text. */

static bool is_chosen(const RawMessage *raw, gpointer data)
{
	const Export *export = data;

	return run_chooses(export->options, raw);
}

/* One of the --where holds, or none is given. */
static bool is_meant(const Options *options, const Case *kase)
{
	bool is_meant = options->where->len == 0;
	g_autoptr(GString) line = NULL;
	json_t *record;

	if (is_meant)
		return true;
	line = g_string_new(NULL);
	record_append_message(line, kase, &options->style);
	record = json_read_line(slice_make(line->str, line->len), NULL);
	/* What goes beyond the limits of a record is told where it is written. */
	is_meant = record == NULL;
	for (guint i = 0; !is_meant && i < options->where->len; i++)
		is_meant = where_matches(g_ptr_array_index(options->where, i), record);
	json_decref(record);
	return is_meant;
}

static void add_octets(Slice octets, gpointer data)
{
	g_byte_array_append(data, (const guint8 *)octets.data, (guint)octets.len);
}

static void report_case(Case *kase, EngineResult *result, gpointer data)
{
	const Export *export = data;
	Slice stored = kase->all_facts[VARIANT_STORED]->message;
	GByteArray *octets;
	GBytes *bytes;

	table_entry_from_case(&result->entry, kase, export->options->unit, export->options->basis);
	if (!is_meant(export->options, kase))
		return;
	record_result_put(result, kase, &export->options->style);
	/* Of a message that is too long to be analysed only its beginning is there. */
	if (stored.len != kase->source->length)
		return;
	octets = g_byte_array_new();
	if (export->options->form == FORM_STORED)
		add_octets(stored, octets);
	else
		wire_form_write(kase->facts, add_octets, octets);
	bytes = g_byte_array_free_to_bytes(octets);
	engine_result_add_file(result, source_file_word(kase->source, kase->number), bytes);
	g_bytes_unref(bytes);
}

/* --- in the engine */

static bool is_sound(
	const EngineResult *result, const Source *source, uint64_t number, gpointer data)
{
	const Export *export = data;
	g_autofree char *name = source_file_word(source, number);

	if (result->text->len == 0)
		return result->files == NULL;
	return record_result_is_sound(result, source, &export->options->style, name);
}

static int64_t time_of(const char *text)
{
	int64_t time = TIME_UNKNOWN;

	if (text == NULL || !text_time_parse_rfc3339(slice_of(text), &time))
		return TIME_UNKNOWN;
	return time;
}

/* What of it the folder needs; NULL of a stored message. */
static SourcePart *part_of(const json_t *attached)
{
	SourcePart *part;

	if (attached == NULL)
		return NULL;
	part = source_part_new();
	part->number = g_strdup(json_text_of(attached, "part"));
	return part;
}

static void write_message(Export *export, const json_t *record, const ResultFile *file)
{
	bool is_stored = export->options->form == FORM_STORED;
	const json_t *place = json_object_of(record, "source");
	const char *time = record_text(record, "message.received");
	const char *store_time = json_text_of(place, "store_time");
	g_autoptr(Source) source = source_new();
	g_autoptr(GError) error = NULL;
	ExportItem item = { .number = g_ascii_strtoull(file->name, NULL, 10),
		.source = source,
		.message_id = record_text(record, "message.message_id"),
		.unquoted = is_stored ? "as-stored" : json_text_of(place, "unquoted"),
		.received = time_of(time),
		.octets = slice_of_bytes(file->octets) };

	source->path = g_strdup(json_text_of(place, "path"));
	json_number_of(place, "index", &source->index);
	json_number_of(place, "offset", &source->offset);
	json_number_of(place, "length", &source->length);
	g_strlcpy(source->sha256, json_text_of(place, "sha256"), sizeof source->sha256);
	source->store_time = time_of(store_time);
	source->part = part_of(json_object_of(place, "attached"));
	if (export_folder_add(export->folder, &item, &error)) {
		export->written++;
		return;
	}
	export->has_failed = true;
	say(error->message);
}

static void tell_too_long(Export *export, const json_t *record)
{
	const json_t *place = json_object_of(record, "source");
	g_autofree char *text = NULL;
	g_autofree char *number = NULL;
	uint64_t index = 0;

	json_number_of(place, "index", &index);
	number = source_place_of(index, json_text_of(json_object_of(place, "attached"), "part"));
	text = g_strdup_printf(
		"%s#%s: too long; it is not exported", json_text_of(place, "path"), number);
	take_problem(text, export);
}

static void take_result(const EngineResult *result, gpointer data)
{
	Export *export = data;
	g_autoptr(GError) error = NULL;
	json_t *record;

	if (export->has_failed || result->text->len == 0)
		return;
	record = record_result_read(result, &error);
	if (record == NULL)
		take_problem(error->message, export);
	else if (record_result_file(result) == NULL)
		tell_too_long(export, record);
	else
		write_message(export, record, record_result_file(result));
	json_decref(record);
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
	EngineOptions options = run_engine_options(export->options, resources);
	EngineSink sink = { .is_chosen = run_looks_at_messages(export->options) ? is_chosen : NULL,
		.report = report_case,
		.is_sound = is_sound,
		.result = take_result,
		.problem = take_problem,
		.is_wanted = is_wanted,
		.wish = get_wish,
		.data = export };
	g_autoptr(GError) error = NULL;
	g_autoptr(Engine) engine = NULL;

	/* What is stored does not hang on any verdict. */
	if (export->options->form == FORM_STORED && export->options->where->len == 0)
		options.live = NULL;
	signals_catch();
	report_prepare();
	engine = engine_new(&options, &sink, &error);
	if (engine == NULL)
		take_problem(error->message, export);
	else
		export->end = engine_run(engine, export->options->paths);
	if (export->end == ENGINE_COMPLETE)
		finish(export);
	else
		take_problem("stopped before the end: the folder has no manifest", export);
}

int run_export(const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Resources) resources = resources_open(options, &error);
	Export export = { .options = options };

	if (resources != NULL)
		export.folder = export_folder_open(
			options->output, options->export_kind, options->takes_attached, &error);
	if (export.folder == NULL) {
		say(error->message);
		return 1;
	}
	export_messages(&export, resources);
	export_folder_free(export.folder);
	return export.problems > 0 || export.has_failed ? 1 : 0;
}
