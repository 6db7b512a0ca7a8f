/* Saved results of mail, put together. */
#include "cli/merge.h"

#include "base/key_set.h"
#include "cli/roster_file.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "report/checklist_report.h"
#include "report/report.h"
#include "report/run_difference.h"
#include "report/text.h"

typedef struct MailMerge {
	Merge *merge;
	ReportStyle style; /* the options', with what the first run has */
	Counting counting;
	Roster *roster;     /* NULL without one */
	Table *table;       /* NULL until the first line is read */
	SavedRun *first;    /* the header of the first part; NULL where there is none yet */
	KeySet *seen;       /* messages, by the part they were in */
	uint64_t unchecked; /* messages whose record has no checklist, where that is asked for */
	GPtrArray *inputs;  /* of InputDigest, of all parts; NULL where none names any */
} MailMerge;

static const Options *options_of(const MailMerge *mail)
{
	return mail->merge->options;
}

static GString *text_of(const MailMerge *mail)
{
	return mail->merge->sink.text;
}

static const Printer *printer(const MailMerge *mail)
{
	return format_printer(options_of(mail)->format, COMMAND_TABLE);
}

/* As the first run did, where the line does not say how. */
static void decide_counting(MailMerge *mail)
{
	const Options *options = options_of(mail);
	Counting *counting = &mail->counting;

	*counting = (Counting) { options->unit, options->column, options->rule, options->basis };
	if (mail->first == NULL)
		return;
	if (!options->is_unit_given)
		saved_run_unit(mail->first, &counting->unit);
	if (!options->is_rule_given)
		saved_run_rule(mail->first, &counting->rule);
	if (!options->is_basis_given)
		saved_run_basis(mail->first, &counting->basis);
}

static void begin(MailMerge *mail)
{
	const Options *options = options_of(mail);

	if (mail->table != NULL)
		return;
	decide_counting(mail);
	mail->style.attached = mail->first != NULL && saved_run_has_attached(mail->first);
	mail->table = table_new(mail->counting.unit);
	roster_file_apply(options, mail->roster, mail->table);
	table_set_rule(mail->table, mail->counting.rule);
	if (mail->style.marks == MARKS_DOUBLE)
		table_tell_strict(mail->table);
	if (mail->style.checklist)
		table_tell_checks(mail->table);
	if (printer(mail) != &jsonl_printer) {
		if (printer(mail)->begin != NULL)
			printer(mail)->begin(text_of(mail), &mail->style, NULL);
	} else if (mail->first != NULL) {
		saved_run_append(text_of(mail), mail->first, &mail->counting);
		g_string_append_c(text_of(mail), '\n');
	}
}

/* Shards are of one run only where they agree in what verdicts depend on. */
static void compare_run(MailMerge *mail, const char *path, const ResultsLine *line)
{
	g_autoptr(GPtrArray) differences = run_differences(mail->first, line->run);
	g_autofree char *what = NULL;
	g_autofree char *text = NULL;

	if (differences->len == 0)
		return;
	what = run_differences_text(differences);
	text = g_strdup_printf("%s:%" G_GUINT64_FORMAT ": not the run of %s: %s", path,
		(guint64)line->number, mail->merge->first_path, what);
	sink_remark(&mail->merge->sink, text);
}

static void take_run(MailMerge *mail, const char *path, const ResultsLine *line)
{
	SavedShard shard = { .of = 0 };

	saved_run_shard(line->run, &shard);
	merge_count_shard(mail->merge, path, line, &shard);
	if (mail->first != NULL) {
		compare_run(mail, path, line);
		return;
	}
	mail->first = saved_run_ref(line->run);
	mail->merge->first_path = g_strdup(path);
}

/* The same octets at the same place are the same message, and count once, though two shards have
 * them. What one run was given twice it counted twice. */
static bool is_twice(MailMerge *mail, const char *path, const ResultsLine *line)
{
	const SavedRecord *record = line->record;
	g_autofree char *number = NULL;
	g_autofree char *place = g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%s\n%s",
		record->facts.path, (guint64)record->offset,
		record->facts.part != NULL ? record->facts.part : "", record->sha256);
	DigestValue key = digest_of(DIGEST_SHA256, slice_of(place));
	uint32_t owner = key_set_add(mail->seen, &key, mail->merge->parts);

	if (owner == 0 || owner == mail->merge->parts)
		return false;
	number = source_place_of(record->facts.index, record->facts.part);
	merge_note_twice(mail->merge, g_strdup_printf("%s:%" G_GUINT64_FORMAT " (%s#%s)", path,
					      (guint64)line->number, record->facts.path, number));
	return true;
}

static void print_line(MailMerge *mail, const SavedRecord *record, const Checklist *list)
{
	const ReportStyle *style = &mail->style;
	MessageLine line = { .marks = record->facts.marks,
		.is_strict = table_spf_is_strict(
			record->facts.marks[METHOD_SPF], record->facts.spf_record),
		.received = record->received,
		.from = record->facts.from,
		.subject = record->facts.subject,
		.index = record->facts.index,
		.part = record->facts.part };

	if (list != NULL)
		checklist_append_message(text_of(mail), style, list, &line);
	else if (style->lines && !style->checklist)
		text_append_line(text_of(mail), style, &line);
}

static void print_record(MailMerge *mail, const SavedRecord *record, const Checklist *list)
{
	if (printer(mail) == &jsonl_printer) {
		saved_record_append(text_of(mail), record);
		g_string_append_c(text_of(mail), '\n');
	} else if (printer(mail)->record != NULL) {
		printer(mail)->record(text_of(mail), &mail->style, record->json);
	} else if (printer(mail) == &text_printer) {
		print_line(mail, record, list);
	}
	sink_flush(&mail->merge->sink);
}

/* False where the record has no checklist that is asked for. */
static bool check_record(MailMerge *mail, const SavedRecord *record, Checklist *ret_list)
{
	bool is_wanted = mail->style.checklist;
	bool is_there = is_wanted && checklist_read(record->json, ret_list);

	mail->unchecked += is_wanted && !is_there;
	return is_there;
}

static void take_record(MailMerge *mail, const char *path, const ResultsLine *line)
{
	TableEntry entry;
	Checklist list;
	bool is_checked;

	begin(mail);
	if (is_twice(mail, path, line))
		return;
	table_entry_fill(&entry, &line->record->facts, mail->counting.unit, mail->counting.basis);
	is_checked = check_record(mail, line->record, &list);
	if (is_checked)
		table_entry_check(&entry, &list);
	table_add(mail->table, &entry);
	table_entry_clear(&entry);
	print_record(mail, line->record, is_checked ? &list : NULL);
}

static void take(Merge *merge, const char *path, ResultsEvent event, ResultsLine *line)
{
	if (event == RESULTS_RUN)
		take_run(merge->results, path, line);
	else
		take_record(merge->results, path, line);
}

/* --- the end */

static void take_summary(Merge *merge, SavedSummary *summary)
{
	MailMerge *mail = merge->results;
	GPtrArray *inputs = g_steal_pointer(&summary->inputs);

	if (inputs == NULL)
		return;
	if (mail->inputs == NULL)
		mail->inputs = inputs;
	else
		g_ptr_array_extend_and_steal(mail->inputs, inputs);
}

static void tell_unchecked(const MailMerge *mail)
{
	g_autofree char *text = NULL;

	if (mail->unchecked == 0)
		return;
	text = g_strdup_printf("%" G_GUINT64_FORMAT
			       " message(s) were saved without --checklist, and are not in it",
		(guint64)mail->unchecked);
	sink_remark(&mail->merge->sink, text);
}

static void end(Merge *merge)
{
	MailMerge *mail = merge->results;
	RunSummary summary = { .inputs = mail->inputs,
		.problems = merge->problems + merge->sink.problems,
		.evidence = merge_evidence(merge),
		.is_interrupted = merge->is_interrupted || signals_want_end() };

	begin(mail);
	table_finish(mail->table);
	if (printer(mail)->end != NULL)
		printer(mail)->end(text_of(mail), &mail->style, mail->table, &summary);
	sink_flush(&merge->sink);
	tell_unchecked(mail);
}

/* --- the beginning */

static void free_mail(gpointer data)
{
	MailMerge *mail = data;

	table_free(mail->table);
	roster_free(mail->roster);
	key_set_free(mail->seen);
	saved_run_unref(mail->first);
	g_clear_pointer(&mail->inputs, g_ptr_array_unref);
	g_free(mail);
}

/* What of the options only a survey has; NULL where there is nothing. Owned by the caller. */
static char *option_problem(const Options *options)
{
	if (options->format == FORMAT_HTML)
		return g_strdup("--format does not take 'html'");
	if (options->is_records_given)
		return g_strdup("--records goes with results of a survey");
	if (options->roster != NULL)
		return NULL;
	if (options->crosses != NULL)
		return g_strdup("--cross COLUMN goes with --roster FILE");
	if (options->column != NULL)
		return g_strdup_printf("--by does not take '%s'", options->column);
	return NULL;
}

static gpointer open_mail(Merge *merge)
{
	g_autofree char *problem = option_problem(merge->options);
	g_autoptr(GError) error = NULL;
	Roster *roster = NULL;
	MailMerge *mail;

	if (problem != NULL || !roster_file_open(merge->options, &roster, &error)) {
		merge->refusal = problem != NULL ? 2 : 1;
		say(problem != NULL ? problem : error->message);
		return NULL;
	}
	mail = g_new0(MailMerge, 1);
	mail->merge = merge;
	mail->style = merge->options->style;
	mail->roster = roster;
	mail->seen = key_set_new();
	return mail;
}

const MergeKind merge_mail = { .whole = "mail",
	.record = "message",
	.name = "results of mail",
	.open = open_mail,
	.take = take,
	.summary = take_summary,
	.end = end,
	.free = free_mail };
