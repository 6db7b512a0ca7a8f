#include "mailbox/read_error.h"

#include "base/printable.h"

void read_error(GError **reterr_error, const char *path, const char *text)
{
	g_autofree char *shown = printable_line(slice_of(path));

	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", shown, text);
}

void read_error_errno(GError **reterr_error, const char *path, const char *text, int number)
{
	g_autofree char *shown = printable_line(slice_of(path));

	g_set_error(reterr_error, G_FILE_ERROR, (gint)g_file_error_from_errno(number), "%s: %s: %s",
		shown, text, g_strerror(number));
}
