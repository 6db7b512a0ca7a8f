/* Faults of a worker that messages and senders ask for, in the build that tests how the engine
 * bears them. */
#pragma once

#include <stdint.h>

/* Does what the message's Message-ID names, or the sender's address: "fault-crash@…" and so on.
 * NULL is fine. */
void planted_fault(int channel, uint64_t id, const char *name);
