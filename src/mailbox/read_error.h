/* What could not be read, as a GError whose text begins with the name of the file. */
#pragma once

#include <glib.h>

/* "PATH: TEXT". The path's octets are made printable. */
void read_error(GError **reterr_error, const char *path, const char *text);
/* "PATH: TEXT: what errno means". */
void read_error_errno(GError **reterr_error, const char *path, const char *text, int number);
