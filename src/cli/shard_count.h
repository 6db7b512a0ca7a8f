/* Which shards of a split run there are, and whether each is there once. */
#pragma once

#include "report/saved_run.h"

typedef struct ShardCount {
	SavedShard first; /* of 0: no run with a shard was added yet */
	GArray *times;    /* of uint32_t: how often each shard was added */
} ShardCount;

void shard_count_clear(ShardCount *count);
/* False where the run is not one of the parts that the first one was cut into; it is not counted
 * then. A run that has all of its input is none, and is fine. */
bool shard_count_add(ShardCount *count, const SavedRun *run);
/* What to tell of those that are not there, or more than once; owned by the caller. NULL: nothing.
 */
char *shard_count_missing(const ShardCount *count);
char *shard_count_repeated(const ShardCount *count);
