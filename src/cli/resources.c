#include "cli/resources.h"

/* Where systems keep their roots: Debian, Fedora, FreeBSD and macOS. */
static const char *const system_roots[] = { "/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem" };

static bool add_pem_file(Trust *trust, const char *path, GError **reterr_error)
{
	g_autofree char *data = NULL;
	gsize len = 0;

	if (!g_file_get_contents(path, &data, &len, reterr_error))
		return false;
	return trust_add_pem(trust, slice_make(data, len), path, reterr_error) >= 0;
}

static bool add_pem_files(Trust *trust, char *const *paths, GError **reterr_error)
{
	for (; paths != NULL && *paths != NULL; paths++)
		if (!add_pem_file(trust, *paths, reterr_error))
			return false;
	return true;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

static bool add_pem_folder(Trust *trust, const char *path, GError **reterr_error)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, reterr_error);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

	if (dir == NULL)
		return false;
	for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
		g_ptr_array_add(files, g_build_filename(path, name, NULL));
	g_ptr_array_sort(files, compare_names);
	for (guint i = 0; i < files->len; i++) {
		const char *file = g_ptr_array_index(files, i);

		if (g_file_test(file, G_FILE_TEST_IS_REGULAR) &&
			!add_pem_file(trust, file, reterr_error))
			return false;
	}
	return true;
}

static bool add_system_roots(Resources *resources, GError **reterr_error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(system_roots); i++)
		if (g_file_test(system_roots[i], G_FILE_TEST_IS_REGULAR))
			return add_pem_file(resources->trust, system_roots[i], reterr_error);
	g_ptr_array_add(resources->notes,
		g_strdup("this system has no trusted roots; --ca-file names some"));
	return true;
}

static bool open_trust(Resources *resources, const Options *options, GError **reterr_error)
{
	resources->trust = trust_new();
	if (options->ca_files == NULL && options->ca_paths == NULL &&
		!add_system_roots(resources, reterr_error))
		return false;
	for (char **path = options->ca_paths; path != NULL && *path != NULL; path++)
		if (!add_pem_folder(resources->trust, *path, reterr_error))
			return false;
	return add_pem_files(resources->trust, options->ca_files, reterr_error) &&
	       add_pem_files(resources->trust, options->crl_files, reterr_error);
}

static bool open_suffix_list(Resources *resources, const Options *options, GError **reterr_error)
{
	g_autofree char *text = NULL;
	gsize len = 0;

	if (options->suffix_list == NULL) {
		resources->org_domains = org_domains_new_builtin();
		return true;
	}
	if (!g_file_get_contents(options->suffix_list, &text, &len, reterr_error))
		return false;
	resources->org_domains = org_domains_new(slice_make(text, len), reterr_error);
	return resources->org_domains != NULL;
}

static bool open_dns(Resources *resources, const Options *options, GError **reterr_error)
{
	resources->evidence = evidence_new();
	if (options->evidence != NULL) {
		resources->file = evidence_file_open(options->evidence,
			options->offline ? EVIDENCE_READ : EVIDENCE_APPEND, resources->evidence,
			resources->notes, reterr_error);
		if (resources->file == NULL)
			return false;
	}
	if (options->offline)
		return true;
	resources->live = live_new(&options->live, reterr_error);
	return resources->live != NULL;
}

Resources *resources_open_dns(const Options *options, GError **reterr_error)
{
	g_autoptr(Resources) resources = g_new0(Resources, 1);

	resources->notes = g_ptr_array_new_with_free_func(g_free);
	return open_dns(resources, options, reterr_error) ? g_steal_pointer(&resources) : NULL;
}

Resources *resources_open(const Options *options, GError **reterr_error)
{
	g_autoptr(Resources) resources = g_new0(Resources, 1);

	resources->notes = g_ptr_array_new_with_free_func(g_free);
	if (!open_dns(resources, options, reterr_error) ||
		!open_trust(resources, options, reterr_error) ||
		!open_suffix_list(resources, options, reterr_error))
		return NULL;
	return g_steal_pointer(&resources);
}

void resources_free(Resources *resources)
{
	if (resources == NULL)
		return;
	live_free(resources->live);
	evidence_file_free(resources->file);
	evidence_free(resources->evidence);
	trust_free(resources->trust);
	org_domains_free(resources->org_domains);
	g_clear_pointer(&resources->notes, g_ptr_array_unref);
	g_free(resources);
}
