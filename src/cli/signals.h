/* What signals ask of a run. */
#pragma once

#include <stdbool.h>

/* From here on: SIGINT or SIGTERM asks for an end, and a second one ends the program at once;
 * SIGUSR1 asks for a line on how far it is. A reader that is gone is a failed write. */
void signals_catch(void);
bool signals_want_end(void);
/* Once for each time it was asked. */
bool signals_take_status(void);
