#include "report/where.h"

#include "analysis/case.h"
#include "report/record_path.h"

typedef struct Condition {
	const char *method; /* NULL: a finding */
	const char *mark;   /* NULL: value is a result's word */
	char *value;
} Condition;

struct Where {
	GArray *conditions; /* of Condition */
};

static void condition_clear(gpointer data)
{
	Condition *condition = data;

	g_free(condition->value);
}

static const char *method_of(const char *name)
{
	for (int method = 0; method < METHODS; method++)
		if (strcmp(name, method_word((Method)method)) == 0)
			return method_word((Method)method);
	return NULL;
}

static const char *mark_of(const char *value)
{
	static const char *const signs[][3] = { { "yes", "o", "○" }, { "no", "x", "×" },
		{ "unknown", "-", "–" } };

	for (size_t mark = 0; mark < G_N_ELEMENTS(signs); mark++)
		for (size_t i = 0; i < G_N_ELEMENTS(signs[mark]); i++)
			if (strcmp(value, signs[mark][i]) == 0)
				return signs[mark][0];
	return NULL;
}

static bool is_result(const char *value)
{
	static const char *const words[] = { "none", "pass", "fail", "softfail", "neutral",
		"policy", "temperror", "permerror", "bestguesspass", NULL };

	return g_strv_contains(words, value);
}

static bool add_condition(Where *where, const char *text)
{
	const char *equals = strchr(text, '=');
	g_autofree char *name = g_strndup(text, equals != NULL ? (gsize)(equals - text) : 0);
	const char *value = equals != NULL ? equals + 1 : "";
	Condition condition = { .method = method_of(name), .mark = mark_of(value) };
	bool is_finding = strcmp(name, "finding") == 0 && *value != '\0';

	if (!is_finding &&
		(condition.method == NULL || (condition.mark == NULL && !is_result(value))))
		return false;
	condition.value = g_strdup(value);
	g_array_append_val(where->conditions, condition);
	return true;
}

Where *where_parse(const char *text, char **reterr_bad)
{
	g_autoptr(Where) where = g_new0(Where, 1);
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	where->conditions = g_array_new(FALSE, FALSE, sizeof(Condition));
	g_array_set_clear_func(where->conditions, condition_clear);
	for (char **part = parts; *part != NULL; part++) {
		if (!add_condition(where, g_strstrip(*part))) {
			*reterr_bad = g_strdup(*part);
			return NULL;
		}
	}
	return where->conditions->len > 0 ? g_steal_pointer(&where) : NULL;
}

void where_free(Where *where)
{
	if (where == NULL)
		return;
	g_array_unref(where->conditions);
	g_free(where);
}

static bool holds(const Condition *condition, const json_t *record)
{
	const json_t *verdict;
	const char *word;

	if (condition->method == NULL)
		return record_has_finding(record, condition->value);
	if (condition->mark != NULL)
		return g_strcmp0(json_text_of(json_object_of(record, "marks"), condition->method),
			       condition->mark) == 0;
	verdict = json_object_of(record, condition->method);
	word = strcmp(condition->method, "dmarc") == 0 ? record_dmarc_word(record)
						       : json_text_of(verdict, "result");
	return g_strcmp0(word, condition->value) == 0;
}

bool where_matches(const Where *where, const json_t *record)
{
	for (guint i = 0; i < where->conditions->len; i++)
		if (!holds(&g_array_index(where->conditions, Condition, i), record))
			return false;
	return true;
}
