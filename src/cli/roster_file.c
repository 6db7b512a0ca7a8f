#include "cli/roster_file.h"

/* A line for each of a million senders. */
#define ROSTER_OCTETS ((gsize)256 * 1024 * 1024)

Roster *roster_file_read(const char *path, const char *const *columns, DigestValue *ret_digest,
	GError **reterr_error)
{
	g_autofree char *text = NULL;
	gsize len = 0;
	Roster *roster = NULL;

	if (!g_file_get_contents(path, &text, &len, reterr_error))
		return NULL;
	if (len <= ROSTER_OCTETS)
		roster = roster_parse_by(slice_make(text, len), columns, reterr_error);
	else
		g_set_error_literal(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "too long");
	if (ret_digest != NULL)
		*ret_digest = digest_of(DIGEST_SHA256, slice_make(text, len));
	if (roster == NULL)
		g_prefix_error(reterr_error, "%s: ", path);
	return roster;
}

static bool find_column(const Roster *roster, const char *option, const char *name,
	size_t *ret_column, GError **reterr_error)
{
	g_autofree char *names = roster_column_names(roster);

	*ret_column = roster_column(roster, name);
	if (*ret_column != ROSTER_NONE)
		return true;
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"--%s: the roster has no column '%s'; it has %s", option, name, names);
	return false;
}

static bool find_columns(const Options *options, const Roster *roster, GError **reterr_error)
{
	size_t column;

	if (options->column != NULL &&
		!find_column(roster, "by", options->column, &column, reterr_error))
		return false;
	for (char **name = options->crosses; name != NULL && *name != NULL; name++)
		if (!find_column(roster, "cross", *name, &column, reterr_error))
			return false;
	return true;
}

bool roster_file_open(const Options *options, Roster **ret_roster, GError **reterr_error)
{
	static const char *const columns[] = { "address", NULL };
	g_autoptr(Roster) roster = NULL;

	if (options->roster != NULL) {
		roster = roster_file_read(options->roster, columns, NULL, reterr_error);
		if (roster == NULL || !find_columns(options, roster, reterr_error))
			return false;
	}
	*ret_roster = g_steal_pointer(&roster);
	return true;
}

void roster_file_apply(const Options *options, Roster *roster, Table *table)
{
	if (roster == NULL)
		return;
	table_set_roster(table, roster,
		options->column != NULL ? roster_column(roster, options->column) : ROSTER_NONE);
	for (char **name = options->crosses; name != NULL && *name != NULL; name++)
		table_add_cross(table, roster_column(roster, *name));
}
