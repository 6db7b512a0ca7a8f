#include "dns/record_pool.h"

#include "base/limits.h"
#include "dns/evidence_text.h"

#include <string.h>

/* Times of one question. Passive DNS that was collected for years has some dozens. */
#define TIMES_MAX 64u
/* Records of all answers for each record that is here: a record is in as many answers as records of
 * its name were last seen at different times, and behind a few aliases. */
#define SPREAD_MAX ((uint64_t)100)
/* Records looked at for each record that is here, so that many aliases of one name with many
 * records do not take for ever. */
#define WORK_MAX ((uint64_t)1000)

static const DnsType types[] = { DNS_A, DNS_NS, DNS_CNAME, DNS_SOA, DNS_PTR, DNS_MX, DNS_TXT,
	DNS_AAAA };
#define TYPES G_N_ELEMENTS(types)

typedef struct Seen {
	Rr *rr;
	int64_t first, last;
} Seen;

/* A name and its records by their types. */
typedef struct Owner {
	const char *name;          /* borrowed from a record */
	GPtrArray *records[TYPES]; /* of Seen, borrowed; NULL: none */
} Owner;

struct RecordPool {
	GPtrArray *all;     /* of Seen, in the order in which they came */
	GHashTable *known;  /* owner, type and data -> Seen, borrowed */
	GHashTable *owners; /* name -> Owner, borrowed */
	GPtrArray *names;   /* of Owner, in the order in which they came */
};

/* What is made out of a pool, and how much more may be. */
typedef struct Making {
	const RecordPool *pool;
	const char *via;
	GPtrArray *answers;
	uint64_t room; /* records of answers */
	uint64_t work; /* records to look at */
	uint64_t left_out;
} Making;

static void seen_free(gpointer data)
{
	Seen *seen = data;

	rr_free(seen->rr);
	g_free(seen);
}

static void owner_free(gpointer data)
{
	Owner *owner = data;

	for (size_t i = 0; i < TYPES; i++)
		if (owner->records[i] != NULL)
			g_ptr_array_unref(owner->records[i]);
	g_free(owner);
}

RecordPool *record_pool_new(void)
{
	RecordPool *pool = g_new(RecordPool, 1);

	pool->all = g_ptr_array_new_with_free_func(seen_free);
	pool->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pool->owners = g_hash_table_new(g_str_hash, g_str_equal);
	pool->names = g_ptr_array_new_with_free_func(owner_free);
	return pool;
}

void record_pool_free(RecordPool *pool)
{
	if (pool == NULL)
		return;
	g_hash_table_unref(pool->owners);
	g_ptr_array_unref(pool->names);
	g_hash_table_unref(pool->known);
	g_ptr_array_unref(pool->all);
	g_free(pool);
}

static size_t index_of(DnsType type)
{
	size_t i = 0;

	while (i < TYPES && types[i] != type)
		i++;
	g_assert(i < TYPES);
	return i;
}

static void add_to_owner(RecordPool *pool, Seen *seen)
{
	Owner *owner = g_hash_table_lookup(pool->owners, seen->rr->owner);
	size_t type = index_of(seen->rr->type);

	if (owner == NULL) {
		owner = g_new0(Owner, 1);
		owner->name = seen->rr->owner;
		g_hash_table_insert(pool->owners, seen->rr->owner, owner);
		g_ptr_array_add(pool->names, owner);
	}
	if (owner->records[type] == NULL)
		owner->records[type] = g_ptr_array_new();
	g_ptr_array_add(owner->records[type], seen);
}

void record_pool_add(RecordPool *pool, Rr *rr, int64_t first, int64_t last)
{
	char *key = g_strdup_printf("%s %u %s", rr->owner, (unsigned)rr->type, rr->presentation);
	Seen *seen = g_hash_table_lookup(pool->known, key);

	if (seen != NULL) {
		seen->first = MIN(seen->first, first);
		seen->last = MAX(seen->last, last);
		g_free(key);
		rr_free(rr);
		return;
	}
	seen = g_new(Seen, 1);
	*seen = (Seen) { rr, first, last };
	g_ptr_array_add(pool->all, seen);
	g_hash_table_insert(pool->known, key, seen);
	add_to_owner(pool, seen);
}

/* The records of the type that were there at that time, or, with NULL, ever. */
static void add_records(GPtrArray *found, const Owner *owner, DnsType type, const int64_t *at)
{
	const GPtrArray *records = owner != NULL ? owner->records[index_of(type)] : NULL;

	for (guint i = 0; records != NULL && i < records->len; i++) {
		const Seen *seen = g_ptr_array_index(records, i);

		if (at == NULL || (seen->first <= *at && *at <= seen->last))
			g_ptr_array_add(found, g_ptr_array_index(records, i));
	}
}

/* The alias of the owner, the one that was seen last where there were several; or NULL. */
static Seen *alias_of(const Owner *owner, const int64_t *at)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	Seen *alias = NULL;

	add_records(found, owner, DNS_CNAME, at);
	for (guint i = 0; i < found->len; i++) {
		Seen *seen = g_ptr_array_index(found, i);

		if (alias == NULL || seen->last > alias->last)
			alias = seen;
	}
	return alias;
}

/* The chain of aliases from owner to a name that has records of the type, then those records; NULL
 * where it does not lead to one. Borrowed Seen, in an array that the caller owns. */
static GPtrArray *follow(Making *making, const Owner *owner, DnsType type, const int64_t *at)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	guint chain;

	for (chain = 0; chain <= LIMIT_CNAME_CHAIN; chain++) {
		Seen *alias;

		add_records(found, owner, type, at);
		making->work -= MIN(making->work, found->len + 1);
		if (found->len > chain)
			return g_steal_pointer(&found);
		alias = alias_of(owner, at);
		if (alias == NULL)
			return NULL;
		g_ptr_array_add(found, alias);
		owner = g_hash_table_lookup(making->pool->owners, alias->rr->name);
	}
	return NULL;
}

static gint compare_newest_first(gconstpointer a, gconstpointer b)
{
	const int64_t *one = a;
	const int64_t *other = b;

	return (*other > *one) - (*other < *one);
}

/* When the records of the answer were last seen, each time once, the newest first. */
static GArray *times_of(const GPtrArray *found)
{
	GArray *times = g_array_new(FALSE, FALSE, sizeof(int64_t));
	guint kept = 0;

	for (guint i = 0; i < found->len; i++) {
		const Seen *seen = g_ptr_array_index(found, i);

		g_array_append_val(times, seen->last);
	}
	g_array_sort(times, compare_newest_first);
	for (guint i = 0; i < times->len; i++) {
		int64_t time = g_array_index(times, int64_t, i);

		if (kept == 0 || g_array_index(times, int64_t, kept - 1) != time)
			g_array_index(times, int64_t, kept++) = time;
	}
	g_array_set_size(times, kept);
	return times;
}

static void add_answer(Making *making, const Owner *owner, DnsType type, int64_t at)
{
	g_autoptr(GPtrArray) found = follow(making, owner, type, &at);
	Answer *answer;

	if (found == NULL)
		return;
	if (found->len > GROUP_RECORDS || found->len > making->room) {
		making->left_out++;
		return;
	}
	making->room -= found->len;
	answer = answer_new(owner->name, type);
	answer->at = at;
	answer->via = g_strdup(making->via);
	for (guint i = 0; i < found->len; i++) {
		const Seen *seen = g_ptr_array_index(found, i);

		g_ptr_array_add(answer->rrs, rr_copy(seen->rr));
	}
	g_ptr_array_add(making->answers, answer);
}

static void add_answers(Making *making, const Owner *owner, DnsType type)
{
	g_autoptr(GPtrArray) found = NULL;
	g_autoptr(GArray) times = NULL;

	if (making->work == 0) {
		making->left_out++;
		return;
	}
	found = follow(making, owner, type, NULL);
	if (found == NULL)
		return;
	times = times_of(found);
	for (guint i = 0; i < MIN(times->len, TIMES_MAX); i++)
		add_answer(making, owner, type, g_array_index(times, int64_t, i));
	making->left_out += times->len > TIMES_MAX ? times->len - TIMES_MAX : 0;
}

static void add_answers_of(Making *making, const Owner *owner)
{
	bool is_alias = owner->records[index_of(DNS_CNAME)] != NULL;

	for (size_t i = 0; i < TYPES; i++)
		if (owner->records[i] != NULL || is_alias)
			add_answers(making, owner, types[i]);
}

GPtrArray *record_pool_answers(const RecordPool *pool, const char *via, uint64_t *ret_left_out)
{
	Making making = { .pool = pool,
		.via = via,
		.answers = g_ptr_array_new_with_free_func((GDestroyNotify)answer_free),
		.room = pool->all->len * SPREAD_MAX,
		.work = pool->all->len * WORK_MAX };

	for (guint i = 0; i < pool->names->len; i++)
		add_answers_of(&making, g_ptr_array_index(pool->names, i));
	*ret_left_out = making.left_out;
	return making.answers;
}
