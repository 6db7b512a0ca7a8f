/* What signals ask of a run. */
#pragma once

#include <stdbool.h>

/* From here on SIGUSR1 asks for a line on how far it is. */
void signals_catch_status(void);
/* And SIGINT or SIGTERM for an end, and a second one ends the program at once. A reader that is
 * gone is a failed write. */
void signals_catch(void);
bool signals_want_end(void);
/* Once for each time it was asked. */
bool signals_take_status(void);
