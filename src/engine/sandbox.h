/* What a worker may still do once it has begun: read and write its channel, and have memory. No
 * network, no file, no program, no other process.
 *
 * seccomp kills a process at the first system call that is not among those an evaluation needs;
 * Landlock, where the kernel has it, allows no file and no port besides; resource limits bound
 * memory, and there are no core dumps, which would hold mail. A build with sanitizers needs more of
 * the system than can be listed: there seccomp kills only at calls by which a program opens,
 * connects or starts something, the rest is not in force, and standard error stays open for their
 * reports. */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef enum Confinement {
	CONFINED_BY_NOTHING = 0,
	CONFINED_BY_SECCOMP = 1,
	CONFINED_BY_LANDLOCK = 2,
	CONFINED_BY_MEMORY_LIMIT = 4,
} Confinement;

/* Confines this process for good, and closes all its files but channel. It may have memory octets
 * more than it has now. Returns what of the above is in force: a kernel that has it not is no
 * error.
 */
unsigned sandbox_enter(int channel, uint64_t memory);

/* What a worker that starts now would be confined by: tries it in a process of its own. */
unsigned sandbox_probe(void);

/* "seccomp", "landlock", "memory limit": of const char *; owned by the caller. */
GPtrArray *sandbox_words(unsigned confinement);
