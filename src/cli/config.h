/* The configuration file: what stays the same from run to run (our relays, trust, language), as a
 * key file. The command line has the last word. */
#pragma once

#include "cli/words.h"

/* Reads the file that words names, or the user's, unless words says that there is to be none, and
 * adds to words what the command takes and the command line does not say. The user's file need not
 * be there. False, with an error that names the file and what is wrong in it. */
bool config_read(Words *words, Command command, GError **reterr_error);
