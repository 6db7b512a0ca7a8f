#include "base/file_error.h"

#include <errno.h>

bool file_error_set(GError **reterr_error, const char *path)
{
	int code = errno;

	g_set_error(reterr_error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s: %s", path,
		g_strerror(code));
	return false;
}
