#include "report/run_difference.h"

#include "report/json_read.h"

#include <string.h>

/* Differences that are named. */
#define NAMED_MAX   8u

#define OF(method)  (1u << (unsigned)(method))
#define ALL_METHODS (OF(METHOD_SMIME) | OF(METHOD_SPF) | OF(METHOD_DKIM) | OF(METHOD_DMARC))
#define BY_DNS      (OF(METHOD_SPF) | OF(METHOD_DKIM) | OF(METHOD_DMARC))
#define SIGNED      (OF(METHOD_SMIME) | OF(METHOD_DKIM) | OF(METHOD_DMARC))

/* Whose verdicts cannot change with it; what is not here may change all. The border and the client
 * are no exception, for the time of reception comes with them. */
static const struct {
	RunAspect aspect;
	const char *name;
	unsigned methods;
} reaches[] = {
	{ RUN_OPTION, "by", 0 },
	{ RUN_OPTION, "unit-rule", 0 },
	{ RUN_OPTION, "basis", 0 },
	{ RUN_OPTION, "at", SIGNED },
	{ RUN_OPTION, "horizon", BY_DNS },
	{ RUN_OPTION, "dmarc", OF(METHOD_DMARC) },
	{ RUN_OPTION, "helo", OF(METHOD_SPF) | OF(METHOD_DMARC) },
	{ RUN_OPTION, "mail-from", OF(METHOD_SPF) | OF(METHOD_DMARC) },
	{ RUN_TRUST, NULL, OF(METHOD_SMIME) },
	{ RUN_SUFFIX_LIST, NULL, OF(METHOD_DKIM) | OF(METHOD_DMARC) },
	{ RUN_LIBRARY, "OpenSSL", SIGNED },
	{ RUN_LIBRARY, "libspf2", OF(METHOD_SPF) | OF(METHOD_DMARC) },
	{ RUN_LIBRARY, "libpsl", OF(METHOD_DKIM) | OF(METHOD_DMARC) },
	/* They fetch answers and write records; what they bring is compared itself. */
	{ RUN_LIBRARY, "c-ares", 0 },
	{ RUN_LIBRARY, "jansson", 0 },
};

static unsigned reach_of(RunAspect aspect, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reaches); i++)
		if (reaches[i].aspect == aspect && g_strcmp0(reaches[i].name, name) == 0)
			return reaches[i].methods;
	return ALL_METHODS;
}

static void difference_free(gpointer data)
{
	RunDifference *difference = data;

	g_free(difference->name);
	g_free(difference->a);
	g_free(difference->b);
	g_free(difference);
}

static void compare_values(
	GPtrArray *differences, RunAspect aspect, const char *name, const char *a, const char *b)
{
	RunDifference *difference;

	if (g_strcmp0(a, b) == 0)
		return;
	difference = g_new0(RunDifference, 1);
	difference->aspect = aspect;
	difference->name = g_strdup(name);
	difference->a = g_strdup(a);
	difference->b = g_strdup(b);
	difference->methods = reach_of(aspect, name);
	g_ptr_array_add(differences, difference);
}

/* "name=value" or "name value" of a run's list, with the values of one name together. */
typedef struct Values {
	GPtrArray *names;    /* in the order in which they come; owned by by_name */
	GHashTable *by_name; /* -> GString */
} Values;

static void string_free(gpointer data)
{
	g_string_free(data, TRUE);
}

static void take_value(Values *values, const char *text, char separator)
{
	const char *end = strchr(text, separator);
	size_t len = end != NULL ? (size_t)(end - text) : strlen(text);
	g_autofree char *name = g_strndup(text, len);
	GString *value = g_hash_table_lookup(values->by_name, name);

	if (value == NULL) {
		value = g_string_new(end != NULL ? end + 1 : "");
		g_ptr_array_add(values->names, name);
		g_hash_table_insert(values->by_name, g_steal_pointer(&name), value);
		return;
	}
	g_string_append_c(value, ' ');
	g_string_append(value, end != NULL ? end + 1 : "");
}

static Values read_values(const SavedRun *run, const char *member, char separator)
{
	const json_t *array = json_array_of(saved_run_json(run), member);
	Values values = { .names = g_ptr_array_new(),
		.by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free) };

	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_text_at(array, i) != NULL)
			take_value(&values, json_text_at(array, i), separator);
	return values;
}

static void values_clear(Values *values)
{
	g_ptr_array_unref(values->names);
	g_hash_table_unref(values->by_name);
}

static const char *value_of(const Values *values, const char *name)
{
	const GString *value = g_hash_table_lookup(values->by_name, name);

	return value != NULL ? value->str : NULL;
}

static void compare_list(GPtrArray *differences, RunAspect aspect, const SavedRun *a,
	const SavedRun *b, const char *member, char separator)
{
	Values one = read_values(a, member, separator);
	Values other = read_values(b, member, separator);

	for (guint i = 0; i < one.names->len; i++) {
		const char *name = g_ptr_array_index(one.names, i);

		compare_values(
			differences, aspect, name, value_of(&one, name), value_of(&other, name));
	}
	for (guint i = 0; i < other.names->len; i++) {
		const char *name = g_ptr_array_index(other.names, i);

		if (value_of(&one, name) == NULL)
			compare_values(differences, aspect, name, NULL, value_of(&other, name));
	}
	values_clear(&one);
	values_clear(&other);
}

static const char *trust_of(const SavedRun *run)
{
	return json_text_of(json_object_of(saved_run_json(run), "trust"), "sha256");
}

static void compare_member(GPtrArray *differences, RunAspect aspect, const SavedRun *a,
	const SavedRun *b, const char *member)
{
	compare_values(differences, aspect, NULL, json_text_of(saved_run_json(a), member),
		json_text_of(saved_run_json(b), member));
}

static bool is_of_counting(const RunDifference *difference)
{
	return difference->aspect == RUN_OPTION && difference->methods == 0;
}

GPtrArray *run_differences(const SavedRun *a, const SavedRun *b)
{
	GPtrArray *differences = g_ptr_array_new_with_free_func(difference_free);

	compare_list(differences, RUN_OPTION, a, b, "options", '=');
	compare_member(differences, RUN_CLOCK, a, b, "now");
	compare_values(differences, RUN_TRUST, NULL, trust_of(a), trust_of(b));
	compare_member(differences, RUN_SUFFIX_LIST, a, b, "suffix_list");
	compare_member(differences, RUN_VERSION, a, b, "kantei");
	compare_list(differences, RUN_LIBRARY, a, b, "libraries", ' ');
	for (guint i = differences->len; i > 0; i--)
		if (is_of_counting(g_ptr_array_index(differences, i - 1)))
			g_ptr_array_remove_index(differences, i - 1);
	return differences;
}

const char *run_aspect_word(RunAspect aspect)
{
	static const char *const words[] = { "option", "clock", "trust", "suffix-list", "version",
		"library" };

	return words[aspect];
}

static void append_difference(GString *text, const RunDifference *difference)
{
	g_string_append_printf(
		text, "%s%s", text->len > 0 ? "; " : "", run_aspect_word(difference->aspect));
	if (difference->name != NULL)
		g_string_append_printf(text, " %s", difference->name);
	g_string_append_printf(text, " %s, there %s",
		difference->b != NULL ? difference->b : "not given",
		difference->a != NULL ? difference->a : "not given");
}

char *run_differences_text(const GPtrArray *differences)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < MIN(differences->len, NAMED_MAX); i++)
		append_difference(text, g_ptr_array_index(differences, i));
	if (differences->len > NAMED_MAX)
		g_string_append(text, "; and more");
	return g_string_free(text, FALSE);
}
