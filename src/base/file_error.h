/* What the system says of a file. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Sets the error that errno says, of the domain G_FILE_ERROR: "path: No such file or directory".
 * Returns false. */
bool file_error_set(GError **reterr_error, const char *path);
