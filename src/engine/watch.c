#include "engine/engine_part.h"

#include "base/limits.h"
#include "engine/sandbox_calls.h"

/* How often the workers' time is looked at, and what one look may add at most to the time that a
 * worker stood still: whoever was stopped himself has not waited for it. */
#define LOOK_MS      100
#define LOOK_MOST_MS 1000

/* Sanitizers make everything slower, but no message worse. */
#define SLOWNESS (SANDBOX_HAS_REPORTS ? 5 : 1)

static int64_t cpu_limit(const Engine *engine)
{
	return (engine->options->kase.explains ? LIMIT_EXPLAIN_MS : LIMIT_MESSAGE_MS) * SLOWNESS;
}

static void begin(Member *member, const Item *item, int64_t cpu_ms)
{
	member->watched = item;
	member->cpu_ms = cpu_ms;
	member->still_ms = 0;
}

/* True when it has taken too long. */
static bool look(const Engine *engine, Member *member, int64_t elapsed_ms)
{
	Item *item = g_queue_peek_head(&member->sent);
	int64_t cpu_ms = member_cpu_ms(member);
	int64_t used = cpu_ms - member->cpu_ms;

	if (item == NULL || member->watched != item) {
		begin(member, item, cpu_ms);
		return false;
	}
	item->cpu_ms += used;
	member->cpu_ms = cpu_ms;
	member->still_ms = used > 0 ? 0 : member->still_ms + MIN(elapsed_ms, LOOK_MOST_MS);
	return item->cpu_ms > cpu_limit(engine) || member->still_ms > LIMIT_STILL_MS;
}

void watch_members(Engine *engine)
{
	int64_t now = g_get_monotonic_time() / 1000;
	int64_t elapsed = now - engine->looked_at;

	if (elapsed < LOOK_MS)
		return;
	engine->looked_at = now;
	for (guint i = 0; i < engine->members->len; i++) {
		Member *member = g_ptr_array_index(engine->members, i);

		if (look(engine, member, elapsed))
			dispatch_overdue(engine, member);
	}
}
