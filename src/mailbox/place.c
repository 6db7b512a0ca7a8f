#include "mailbox/place.h"

#include "mailbox/maildir.h"

/* The Maildir, and the name that the message keeps in it. */
static char *maildir_key(const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *maildir = g_path_get_dirname(folder);
	g_autofree char *unique = slice_dup(maildir_unique_name(name));

	return g_build_filename(maildir, unique, NULL);
}

char *place_key(StoreKind kind, const char *path, uint64_t index, uint64_t offset)
{
	g_autofree char *file = kind == STORE_MAILDIR ? maildir_key(path) : g_strdup(path);

	return g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%" G_GUINT64_FORMAT, file,
		(guint64)index, (guint64)offset);
}
