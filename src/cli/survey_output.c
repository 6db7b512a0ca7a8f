#include "cli/survey_output.h"

#include "cli/say.h"

const SurveyPrinter *survey_output_printer(Format format)
{
	static const SurveyPrinter *const printers[] = {
		[FORMAT_TEXT] = &survey_text_printer,
		[FORMAT_JSONL] = &survey_jsonl_printer,
		[FORMAT_HTML] = &survey_html_printer,
		[FORMAT_CSV] = &survey_csv_printer,
	};

	return (size_t)format < G_N_ELEMENTS(printers) ? printers[format] : NULL;
}

bool survey_output_find_unit(
	const Roster *roster, const char *by, size_t *ret_unit, GError **reterr_error)
{
	g_autofree char *names = roster_column_names(roster);

	*ret_unit = by != NULL ? roster_column(roster, by) : ROSTER_NONE;
	if (by == NULL || *ret_unit != ROSTER_NONE)
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"--by: the list has no column '%s'; it has %s", by, names);
	return false;
}

bool survey_output_add_classes(SurveyOutput *output, char *const *crosses, GError **reterr_error)
{
	for (; crosses != NULL && *crosses != NULL; crosses++) {
		ClassList *classes = class_list_new(output->roster, *crosses, reterr_error);

		if (classes == NULL)
			return false;
		share_table_add_classes(output->table, classes);
	}
	return true;
}

bool survey_output_open(SurveyOutput *output, ShareTable *table)
{
	output->table = table;
	output->tally = survey_tally_new();
	if (output->printer->foot == NULL || (output->held = held_text_new()) != NULL)
		return true;
	say("the report cannot be kept in a temporary file");
	return false;
}

void survey_output_clear(SurveyOutput *output)
{
	held_text_free(output->held);
	share_table_free(output->table);
	survey_tally_free(output->tally);
}

void survey_output_begin(SurveyOutput *output, const SurveyRun *run)
{
	output->printer->begin(output->sink->text, &output->options->style, run);
}

void survey_output_count(SurveyOutput *output, size_t row, const SenderExam *exam)
{
	output->lacking += exam->lacking->len > 0;
	share_table_add(output->table, row, exam);
	survey_tally_add(output->tally, exam);
}

void survey_output_add(SurveyOutput *output, size_t row, const SenderExam *exam)
{
	SurveySender sender = { output->roster, row, exam };

	survey_output_count(output, row, exam);
	output->printer->sender(output->sink->text, &output->options->style, &sender);
}

/* --- what is held */

static void hold_failed(SurveyOutput *output)
{
	if (!output->sink->file.has_failed)
		say("the report cannot be kept in a temporary file");
	output->sink->file.has_failed = true;
}

void survey_output_flush(SurveyOutput *output)
{
	if (output->held == NULL)
		sink_flush(output->sink);
	else if (!held_text_add(output->held, output->sink->text))
		hold_failed(output);
}

static void release_text(SurveyOutput *output)
{
	HeldStep step = HELD_PIECE;

	while (!output->sink->file.has_failed &&
		(step = held_text_next(output->held, output->sink->text)) == HELD_PIECE)
		sink_flush(output->sink);
	if (step == HELD_FAILED)
		hold_failed(output);
}

void survey_output_end(SurveyOutput *output, SurveySummary *summary)
{
	summary->table = output->table;
	summary->tally = output->tally;
	summary->lacking = output->lacking;
	share_table_finish(output->table);
	survey_tally_finish(output->tally);
	output->printer->end(output->sink->text, &output->options->style, summary);
	sink_flush(output->sink);
	if (output->held == NULL)
		return;
	release_text(output);
	output->printer->foot(output->sink->text);
}
