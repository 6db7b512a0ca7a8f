/* Faults that items ask for, in the build that tests how the engine bears them; none in any other.
 */
#pragma once

#ifdef KANTEI_PLANTED_FAULTS
#include "planted_faults.h"
#else
#include <stdint.h>

static inline void planted_fault(int channel, uint64_t id, const char *name)
{
	(void)channel;
	(void)id;
	(void)name;
}
#endif
