#include "cli/version.h"

#include "auth/org_domain.h"
#include "auth/spf.h"
#include "base/digest.h"
#include "base/domain_name.h"
#include "dns/live.h"
#include "engine/sandbox.h"
#include "message/lookalike.h"
#include "message/mime_view.h"
#include "report/database.h"
#include "report/html_writer.h"
#include "report/json_read.h"

#include <glib/gstdio.h>

GPtrArray *version_libraries(void)
{
	GPtrArray *libraries = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(libraries, mime_library());
	g_ptr_array_add(libraries, g_strdup(digest_library()));
	g_ptr_array_add(libraries, spf_library());
	g_ptr_array_add(libraries, live_library());
	g_ptr_array_add(libraries, org_domains_library());
	g_ptr_array_add(libraries, domain_name_library());
	g_ptr_array_add(libraries, lookalike_library());
	g_ptr_array_add(libraries, json_library());
	g_ptr_array_add(libraries, html_library());
	g_ptr_array_add(libraries, database_library());
	g_ptr_array_add(libraries, g_strdup_printf("GLib %u.%u.%u", glib_major_version,
					   glib_minor_version, glib_micro_version));
	return libraries;
}

static void print_sandbox(void)
{
	g_autoptr(GPtrArray) words = sandbox_words(sandbox_probe());
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < words->len; i++)
		g_string_append_printf(
			text, "%s%s", i > 0 ? ", " : "", (const char *)g_ptr_array_index(words, i));
	g_print("Messages are evaluated by processes confined by: %s\n",
		text->len > 0 ? text->str : "nothing");
}

void version_print(void)
{
	g_autoptr(GPtrArray) libraries = version_libraries();

	g_print("kantei %s\n", PACKAGE_VERSION);
	for (guint i = 0; i < libraries->len; i++)
		g_print("  %s\n", (const char *)g_ptr_array_index(libraries, i));
	print_sandbox();
	g_print("Licence GPL-3.0-or-later. There is no warranty.\n");
}
