#include "smime_suite.h"

#include "base/text_time.h"

#include <glib/gstdio.h>
#include <string.h>

/* Where make.sh put its files. */
static char *made;

char *smime_suite_complaint(const char *const argv[])
{
	g_autoptr(GError) error = NULL;
	char *said = NULL;
	int status = -1;

	if (!g_spawn_sync(NULL, (char **)(guintptr)argv, NULL,
		    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said,
		    &status, &error))
		return g_strdup(error->message);
	if (status == 0)
		g_clear_pointer(&said, g_free);
	return said;
}

char *smime_suite_make(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *script = suite_path("tests/smime/make.sh");
	g_autofree char *scripts = g_path_get_dirname(script);
	g_autofree char *corpora = suite_path("corpora/smime");
	g_autofree char *full_scripts = g_canonicalize_filename(scripts, NULL);
	g_autofree char *full_corpora = g_canonicalize_filename(corpora, NULL);
	const char *argv[] = { "sh", script, NULL, full_scripts, full_corpora, NULL };

	made = g_dir_make_tmp("kantei-smime-XXXXXX", &error);
	g_assert_no_error(error);
	argv[2] = made;
	return smime_suite_complaint(argv);
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

	for (const char *name = dir == NULL ? NULL : g_dir_read_name(dir); name != NULL;
		name = g_dir_read_name(dir)) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	g_remove(path);
}

void smime_suite_remove(void)
{
	remove_tree(made);
	g_clear_pointer(&made, g_free);
}

char *smime_suite_path(const char *name)
{
	return g_build_filename(made, name, NULL);
}

GBytes *smime_suite_file(const char *name)
{
	g_autofree char *path = smime_suite_path(name);
	g_autoptr(GError) error = NULL;
	char *data = NULL;
	gsize len = 0;

	if (!g_file_get_contents(path, &data, &len, &error))
		g_error("%s", error->message);
	return g_bytes_new_take(data, len);
}

int smime_suite_trust(Trust *trust, const char *name)
{
	g_autoptr(GBytes) pem = smime_suite_file(name);
	g_autoptr(GError) error = NULL;
	int count = trust_add_pem(trust, slice_of_bytes(pem), name, &error);

	g_assert_no_error(error);
	return count;
}

char *smime_suite_openssl(Slice message, const char *trust, int64_t at)
{
	g_autofree char *path = smime_suite_path("opinion.eml");
	g_autofree char *roots = smime_suite_path(trust);
	g_autofree char *epoch = g_strdup_printf("%" G_GINT64_FORMAT, at / 1000);
	const char *argv[] = { "openssl", "cms", "-verify", "-in", path, "-CAfile", roots,
		"-no-CApath", "-no-CAstore", "-attime", epoch, "-purpose", "smimesign", "-out",
		"/dev/null", strstr(trust, "crl") != NULL ? "-crl_check_all" : NULL, NULL };

	g_assert_true(g_file_set_contents(path, message.data, (gssize)message.len, NULL));
	return smime_suite_complaint(argv);
}

int64_t smime_suite_time(const char *text)
{
	int64_t time = TIME_UNKNOWN;

	g_assert_true(text == NULL || text_time_parse_rfc3339(slice_of(text), &time));
	return time;
}
