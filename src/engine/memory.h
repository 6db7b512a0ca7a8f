/* What happens where there is no memory left. A library that is refused memory says that a
 * signature is wrong, or that a record cannot be read; so a worker does not go on. */
#pragma once

/* Has what is freed kept for the next message, where the C library would give it back to the system
 * each time: half of the system's share of a run went there. */
void memory_keep(void);

/* How a process ends then; no other end of ours has this status. */
#define MEMORY_EXIT 71

/* From here on a refusal ends the process, where the C library lets us know of it (glibc does). */
void memory_refusals_are_final(void);
