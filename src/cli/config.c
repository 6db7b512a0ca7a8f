#include "cli/config.h"

#include <string.h>

#define GROUP "kantei"

/* Options that may stand in it: none that chooses mail, or makes two runs on the same evidence
 * differ unseen (the run's header has those that verdicts depend on). */
static const struct {
	const char *name;
	bool is_path; /* relative to the folder of the file */
} keys[] = {
	{ "border", false },
	{ "authserv-id", false },
	{ "resolver", false },
	{ "ca-file", true },
	{ "ca-path", true },
	{ "crl-file", true },
	{ "psl", true },
	{ "dmarc", false },
	{ "lang", false },
	{ "marks", false },
	{ "color", false },
};

static bool refuse(GError **reterr_error, const char *path, const char *key, const char *why)
{
	g_set_error(
		reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s: %s: %s", path, key, why);
	return false;
}

static int find_key(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* A misspelt key would be silently without effect. */
static bool check_names(GKeyFile *file, const char *path, GError **reterr_error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	g_auto(GStrv) names = g_key_file_get_keys(file, GROUP, NULL, NULL);

	for (char **group = groups; *group != NULL; group++)
		if (strcmp(*group, GROUP) != 0)
			return refuse(reterr_error, path, *group,
				"there is no such group; what is read stands under [kantei]");
	for (char **name = names; name != NULL && *name != NULL; name++)
		if (find_key(*name) < 0)
			return refuse(reterr_error, path, *name,
				"a configuration cannot hold this; kantei(1), CONFIGURATION, says "
				"what it can");
	return true;
}

static void make_absolute(char **values, const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);

	for (; *values != NULL; values++) {
		char *value = *values;

		if (g_path_is_absolute(value))
			continue;
		*values = g_build_filename(folder, value, NULL);
		g_free(value);
	}
}

static bool take_key(
	Words *words, GKeyFile *file, size_t key, const char *path, GError **reterr_error)
{
	const char *name = keys[key].name;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) values = g_key_file_get_string_list(file, GROUP, name, NULL, &error);

	if (g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND) ||
		g_error_matches(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND))
		return true;
	if (values == NULL || *values == NULL)
		return refuse(reterr_error, path, name, "its value is missing or no UTF-8");
	if (keys[key].is_path)
		make_absolute(values, path);
	if (!words_add(words, name, values))
		return refuse(reterr_error, path, name, "it takes one value only");
	return true;
}

static bool read_file(Words *words, Command command, const char *path, GError **reterr_error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL;

	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
		if (words->config == NULL &&
			g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			return true;
		return refuse(reterr_error, path, "this is no configuration", error->message);
	}
	if (!check_names(file, path, reterr_error))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (command_takes(command, keys[i].name) &&
			!take_key(words, file, i, path, reterr_error))
			return false;
	return true;
}

bool config_read(Words *words, Command command, GError **reterr_error)
{
	g_autofree char *users =
		g_build_filename(g_get_user_config_dir(), "kantei", "config", NULL);

	if (words->no_config && words->config != NULL) {
		g_set_error_literal(reterr_error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
			"--config and --no-config exclude each other");
		return false;
	}
	if (words->no_config)
		return true;
	return read_file(
		words, command, words->config != NULL ? words->config : users, reterr_error);
}
