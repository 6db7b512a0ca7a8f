/* Which shards of a split run there are, and whether each is there once. */
#pragma once

#include "report/saved_run.h"

typedef struct ShardCount {
	SavedShard first; /* of 0: no run with a shard was added yet */
	GArray *times;    /* of uint32_t: how often each shard was added */
} ShardCount;

void shard_count_clear(ShardCount *count);
/* False where it is not one of the parts that the first one was cut into; it is not counted then.
 */
bool shard_count_add(ShardCount *count, const SavedShard *shard);
/* What to tell of those that are not there, or more than once; owned by the caller. NULL: nothing.
 * whole: what they are parts of, "mail". */
char *shard_count_missing(const ShardCount *count, const char *whole);
char *shard_count_repeated(const ShardCount *count);
