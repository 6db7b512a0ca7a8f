#include "cli/shard_count.h"

#include "mailbox/shard.h"

/* Shards that are named. */
#define NAMED_MAX 8u

void shard_count_clear(ShardCount *count)
{
	g_clear_pointer(&count->times, g_array_unref);
}

static void begin(ShardCount *count, const SavedShard *shard)
{
	count->first = *shard;
	count->times = g_array_sized_new(FALSE, TRUE, sizeof(uint32_t), (guint)shard->of);
	g_array_set_size(count->times, (guint)shard->of);
}

bool shard_count_add(ShardCount *count, const SavedShard *shard)
{
	if (shard->of > SHARDS_MAX)
		return false;
	if (count->times == NULL)
		begin(count, shard);
	if (shard->of != count->first.of || shard->total != count->first.total)
		return false;
	g_array_index(count->times, uint32_t, shard->number - 1)++;
	return true;
}

/* Names the shards that were added at least least and at most most times. */
static char *name_those(const ShardCount *count, uint32_t least, uint32_t most, const char *what)
{
	g_autoptr(GString) text = g_string_new("shard");
	guint found = 0;

	for (guint i = 0; count->times != NULL && i < count->times->len; i++) {
		uint32_t times = g_array_index(count->times, uint32_t, i);

		if (times < least || times > most)
			continue;
		if (found++ < NAMED_MAX)
			g_string_append_printf(text, "%s %u", found > 1 ? "," : "", i + 1);
	}
	if (found == 0)
		return NULL;
	if (found > NAMED_MAX)
		g_string_append_printf(text, " and %u more", found - NAMED_MAX);
	g_string_append_printf(text, " of %u %s", count->times->len, what);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *shard_count_missing(const ShardCount *count, const char *whole)
{
	g_autofree char *what =
		g_strdup_printf("not given: the tables are of a part of the %s", whole);

	return name_those(count, 0, 0, what);
}

char *shard_count_repeated(const ShardCount *count)
{
	return name_those(count, 2, UINT32_MAX, "given more than once, and counted once");
}
