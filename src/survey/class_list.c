#include "survey/class_list.h"

#include <string.h>

/* Classes that are given on a command line. */
#define CLASSES_MAX 1000u

typedef struct Class {
	char *name; /* NULL: what is in no other */
	bool is_range;
	double from, to; /* to is not in it */
} Class;

struct ClassList {
	const Roster *roster;
	size_t column;
	GArray *classes;      /* of Class */
	GHashTable *by_value; /* name -> index + 1, of those that are no range */
};

static void class_clear(gpointer data)
{
	g_free(((Class *)data)->name);
}

/* A number as lists of companies have it: full-width digits, commas between groups. */
static bool parse_number(const char *text, double *ret_number)
{
	g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autoptr(GString) digits = g_string_new(NULL);
	char *end = NULL;

	for (const char *c = plain; c != NULL && *c != '\0'; c++)
		if (*c != ',')
			g_string_append_c(digits, *c);
	g_strstrip(digits->str);
	if (strspn(digits->str, "0123456789.-+") != strlen(digits->str) || *digits->str == '\0')
		return false;
	*ret_number = g_ascii_strtod(digits->str, &end);
	return *end == '\0';
}

static void add_value(ClassList *list, const char *name)
{
	Class class = { .name = g_strdup(name) };

	g_array_append_val(list->classes, class);
	g_hash_table_insert(
		list->by_value, class.name, GSIZE_TO_POINTER((size_t)list->classes->len));
}

static void add_values(ClassList *list)
{
	for (size_t row = 0; row < roster_row_count(list->roster); row++) {
		const char *value;

		if (!roster_has_row(list->roster, row))
			continue;
		value = roster_cell(list->roster, row, list->column);
		if (!g_hash_table_contains(list->by_value, value))
			add_value(list, value);
	}
}

static bool add_range(ClassList *list, const char *name, const char *dots, GError **reterr_error)
{
	Class class = { .is_range = true, .from = -G_MAXDOUBLE, .to = G_MAXDOUBLE };
	g_autofree char *from = g_strndup(name, (gsize)(dots - name));
	const char *to = dots + strlen("..");

	if ((*from != '\0' && !parse_number(from, &class.from)) ||
		(*to != '\0' && !parse_number(to, &class.to)) || class.from >= class.to) {
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"--cross: '%s' is no range of numbers, as 10..20", name);
		return false;
	}
	class.name = g_strdup(name);
	g_array_append_val(list->classes, class);
	return true;
}

static bool add_given(ClassList *list, const char *names, GError **reterr_error)
{
	g_auto(GStrv) words = g_strsplit(names, ",", (gint)CLASSES_MAX);
	Class rest = { .name = NULL };

	for (char **word = words; *word != NULL; word++) {
		const char *dots = strstr(g_strstrip(*word), "..");

		if (dots == NULL)
			add_value(list, *word);
		else if (!add_range(list, *word, dots, reterr_error))
			return false;
	}
	g_array_append_val(list->classes, rest);
	return true;
}

static bool find_column(ClassList *list, const char *name, GError **reterr_error)
{
	g_autofree char *names = roster_column_names(list->roster);

	list->column = roster_column(list->roster, name);
	if (list->column == ROSTER_NONE)
		g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			"--cross: the list has no column '%s'; it has %s", name, names);
	return list->column != ROSTER_NONE;
}

/* The classes that are given; NULL where there are none. A column may have "=" in its name. Its
 * name, owned by the caller, goes to *ret_column. */
static const char *split_spec(const Roster *roster, const char *spec, char **ret_column)
{
	const char *first = strchr(spec, '=');

	for (const char *equals = first; equals != NULL; equals = strchr(equals + 1, '=')) {
		g_autofree char *column = g_strndup(spec, (gsize)(equals - spec));

		if (roster_column(roster, column) == ROSTER_NONE)
			continue;
		*ret_column = g_steal_pointer(&column);
		return equals + 1;
	}
	*ret_column = g_strdup(spec);
	return NULL;
}

ClassList *class_list_new(const Roster *roster, const char *spec, GError **reterr_error)
{
	g_autoptr(ClassList) list = g_new0(ClassList, 1);
	g_autofree char *column = NULL;
	const char *given = NULL;

	if (roster_column(roster, spec) == ROSTER_NONE)
		given = split_spec(roster, spec, &column);
	else
		column = g_strdup(spec);
	list->roster = roster;
	list->classes = g_array_new(FALSE, FALSE, sizeof(Class));
	g_array_set_clear_func(list->classes, class_clear);
	list->by_value = g_hash_table_new(g_str_hash, g_str_equal);
	if (!find_column(list, column, reterr_error) ||
		(given != NULL && !add_given(list, given, reterr_error)))
		return NULL;
	if (given == NULL)
		add_values(list);
	return g_steal_pointer(&list);
}

void class_list_free(ClassList *list)
{
	if (list == NULL)
		return;
	g_hash_table_unref(list->by_value);
	g_array_unref(list->classes);
	g_free(list);
}

const char *class_list_column(const ClassList *list)
{
	return roster_column_name(list->roster, list->column);
}

size_t class_list_count(const ClassList *list)
{
	return list->classes->len;
}

const char *class_list_name(const ClassList *list, size_t index)
{
	return g_array_index(list->classes, Class, index).name;
}

static bool is_in(const Class *class, double number)
{
	return class->is_range && number >= class->from &&
	       (number < class->to || class->to >= G_MAXDOUBLE);
}

size_t class_list_of_row(const ClassList *list, size_t row)
{
	const char *value = roster_cell(list->roster, row, list->column);
	size_t found = GPOINTER_TO_SIZE(g_hash_table_lookup(list->by_value, value));
	double number;

	if (found > 0)
		return found - 1;
	if (parse_number(value, &number))
		for (guint i = 0; i < list->classes->len; i++)
			if (is_in(&g_array_index(list->classes, Class, i), number))
				return i;
	return list->classes->len - 1;
}
