/* --dump: writes the files by which signatures are verified by hand. */
#pragma once

#include "engine/result.h"

/* Makes the folder where it is not there. */
bool dump_open(const char *folder, GError **reterr_error);
/* Writes the files of one message. A file that is there, or a link of that name, is not replaced:
 * that is an error, and the rest is left out. */
bool dump_write(const char *folder, const EngineResult *result, GError **reterr_error);
/* What dump_write() is to write, put to the result of a case. */
void dump_add(const Case *kase, EngineResult *result);
/* The files of a result are what dump_add() may have put there for the message at source, of this
 * number. */
bool dump_is_sound(const EngineResult *result, const Source *source, uint64_t number);
