/* --dump: writes the files by which signatures are verified by hand. */
#pragma once

#include "analysis/case.h"

/* Makes the folder where it is not there. */
bool dump_open(const char *folder, GError **reterr_error);
/* Writes the files of one message. A file that is there, or a link of that name, is not replaced:
 * that is an error, and the rest is left out. */
bool dump_write(const char *folder, const Case *kase, GError **reterr_error);
