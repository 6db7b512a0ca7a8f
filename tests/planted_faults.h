/* Faults of a worker that messages ask for, in the build that tests how the engine bears them. */
#pragma once

#include "message/facts.h"

/* Does what the message's Message-ID names: "fault-crash@…" and so on. */
void planted_fault(int channel, uint64_t id, const Facts *facts);
