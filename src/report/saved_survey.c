#include "report/saved_survey.h"

#include "base/limits.h"
#include "report/json_read.h"
#include "report/survey_report.h"

#include <string.h>

static bool fail(GError **reterr_error, const char *member)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"no header of a survey: '%s' is missing, or of another kind", member);
	return false;
}

static bool check_schema(const json_t *object, GError **reterr_error)
{
	uint64_t schema;

	if (!json_number_of(object, "schema", &schema))
		return fail(reterr_error, "schema");
	if (schema == SURVEY_SCHEMA)
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"a survey of schema %" G_GUINT64_FORMAT "; this version of kantei reads schema %d",
		(guint64)schema, SURVEY_SCHEMA);
	return false;
}

static bool read_texts(const json_t *array)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_text_at(array, i) == NULL)
			return false;
	return array != NULL;
}

static bool read_counting(SavedSurvey *survey, const json_t *object, GError **reterr_error)
{
	const char *rule = json_text_of(object, "unit_rule");
	const char *records = json_text_of(object, "records");
	const json_t *crosses = json_array_of(object, "cross");
	bool is_column;

	survey->by = json_text_of(object, "by");
	if (survey->by == NULL)
		return fail(reterr_error, "by");
	if (!json_bool_of(object, "by_column", &is_column))
		return fail(reterr_error, "by_column");
	if (!is_column)
		survey->by = NULL;
	if (rule == NULL || !unit_rule_parse(rule, &survey->rule))
		return fail(reterr_error, "unit_rule");
	if (records == NULL || !record_rule_parse(records, &survey->records))
		return fail(reterr_error, "records");
	if (!read_texts(crosses))
		return fail(reterr_error, "cross");
	survey->crosses = g_new0(char *, json_array_size(crosses) + 1);
	for (size_t i = 0; i < json_array_size(crosses); i++)
		survey->crosses[i] = g_strdup(json_text_at(crosses, i));
	return true;
}

static bool read_list(SavedSurvey *survey, const json_t *object, GError **reterr_error)
{
	const json_t *list = json_object_of(object, "list");
	const json_t *shard = json_object_of(object, "shard");

	survey->list = json_text_of(list, "sha256");
	if (survey->list == NULL)
		return fail(reterr_error, "list.sha256");
	if (!json_number_of(list, "rows", &survey->rows) || survey->rows > LIMIT_SENDERS)
		return fail(reterr_error, "list.rows");
	if (!read_texts(json_array_of(object, "columns")))
		return fail(reterr_error, "columns");
	return shard == NULL || saved_shard_read(shard, "rows", &survey->shard) ||
	       fail(reterr_error, "shard");
}

SavedSurvey *saved_survey_new(json_t *line, GError **reterr_error)
{
	const json_t *object = json_object_of(line, "survey");
	g_autoptr(SavedSurvey) survey = g_new0(SavedSurvey, 1);

	survey->line = line;
	survey->references = 1;
	survey->version = json_text_of(object, "kantei");
	if (!check_schema(object, reterr_error) ||
		(survey->version == NULL && !fail(reterr_error, "kantei")) ||
		!read_counting(survey, object, reterr_error) ||
		!read_list(survey, object, reterr_error))
		return NULL;
	return g_steal_pointer(&survey);
}

SavedSurvey *saved_survey_ref(SavedSurvey *survey)
{
	survey->references++;
	return survey;
}

void saved_survey_unref(SavedSurvey *survey)
{
	if (survey == NULL || --survey->references > 0)
		return;
	json_decref(survey->line);
	g_strfreev(survey->crosses);
	g_free(survey);
}

static const json_t *columns_of(const SavedSurvey *survey)
{
	return json_array_of(json_object_of(survey->line, "survey"), "columns");
}

GPtrArray *saved_survey_columns(const SavedSurvey *survey)
{
	const json_t *array = columns_of(survey);
	GPtrArray *columns = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < json_array_size(array); i++)
		g_ptr_array_add(columns, g_strdup(json_text_at(array, i)));
	return columns;
}

bool saved_survey_has_columns_of(const SavedSurvey *survey, const SavedSurvey *other)
{
	return json_equal(columns_of(survey), columns_of(other)) != 0;
}

bool saved_survey_is_same(const SavedSurvey *a, const SavedSurvey *b)
{
	return json_equal(a->line, b->line) != 0;
}
