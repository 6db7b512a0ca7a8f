#include "dns/evidence.h"
#include "dns/evidence_index.h"
#include "dns/evidence_text.h"

#include <string.h>

#define SLOTS_AT_FIRST 1024u
#define NO_ENTRY       UINT32_MAX

/* A question and what is known of it: an answer, or the text that it is made of when it is first
 * asked for. A million of them are kept, so this is small. */
typedef struct Entry {
	const char *name; /* not terminated; points into the text or into the answer */
	const char *text; /* NULL where only the answer is there */
	Answer *answer;
	uint64_t line;
	uint32_t text_len;
	uint16_t name_len;
	uint16_t type;
} Entry;

struct Evidence {
	GMutex mutex;
	GArray *entries;     /* of Entry, in the order in which the questions came */
	uint32_t *slots;     /* open addressing; indexes of entries, or NO_ENTRY */
	uint32_t slot_count; /* a power of two, at most two thirds in use */
	uint64_t seed;
	GPtrArray *held; /* of GBytes */
};

static void fill_slots(Evidence *evidence, uint32_t count)
{
	evidence->slot_count = count;
	evidence->slots = g_new(uint32_t, count);
	for (uint32_t i = 0; i < count; i++)
		evidence->slots[i] = NO_ENTRY;
}

Evidence *evidence_new(void)
{
	Evidence *evidence = g_new0(Evidence, 1);

	g_mutex_init(&evidence->mutex);
	evidence->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
	evidence->held = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	evidence->seed = (uint64_t)g_random_int() << 32 | g_random_int();
	fill_slots(evidence, SLOTS_AT_FIRST);
	return evidence;
}

void evidence_free(Evidence *evidence)
{
	if (evidence == NULL)
		return;
	for (guint i = 0; i < evidence->entries->len; i++)
		answer_free(g_array_index(evidence->entries, Entry, i).answer);
	g_array_unref(evidence->entries);
	g_ptr_array_unref(evidence->held);
	g_free(evidence->slots);
	g_mutex_clear(&evidence->mutex);
	g_free(evidence);
}

/* The names come out of hostile mail: a secret start keeps a sender from choosing names that all
 * fall into one slot. */
static uint32_t hash_question(const Evidence *evidence, Slice name, uint16_t type)
{
	uint64_t hash = evidence->seed ^ type;
	size_t i = 0;

	for (; i < name.len; i += 8) {
		uint64_t word = 0;

		memcpy(&word, name.data + i, MIN(name.len - i, 8));
		hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 29 ^ evidence->seed >> 7;
	}
	hash = (hash ^ name.len) * UINT64_C(0xBF58476D1CE4E5B9);
	return (uint32_t)(hash >> 32);
}

static bool is_entry_of(const Entry *entry, Slice name, uint16_t type)
{
	return entry->type == type && entry->name_len == name.len &&
	       memcmp(entry->name, name.data, name.len) == 0;
}

/* The slot of the question, or the free one where it belongs. */
static uint32_t *find_slot(Evidence *evidence, Slice name, uint16_t type)
{
	uint32_t mask = evidence->slot_count - 1;
	uint32_t at = hash_question(evidence, name, type) & mask;

	for (;; at = (at + 1) & mask) {
		uint32_t index = evidence->slots[at];

		if (index == NO_ENTRY ||
			is_entry_of(&g_array_index(evidence->entries, Entry, index), name, type))
			return &evidence->slots[at];
	}
}

static void grow_slots(Evidence *evidence)
{
	g_free(evidence->slots);
	fill_slots(evidence, evidence->slot_count * 2);
	for (guint i = 0; i < evidence->entries->len; i++) {
		const Entry *entry = &g_array_index(evidence->entries, Entry, i);

		*find_slot(evidence, slice_make(entry->name, entry->name_len), entry->type) = i;
	}
}

/* Takes the place of what was known of the question. */
static void put(Evidence *evidence, const Entry *entry)
{
	uint32_t *slot = find_slot(evidence, slice_make(entry->name, entry->name_len), entry->type);

	if (*slot != NO_ENTRY) {
		Entry *old = &g_array_index(evidence->entries, Entry, *slot);
		Answer *answer = old->answer;

		*old = *entry;
		answer_free(answer);
		return;
	}
	g_assert(evidence->entries->len < NO_ENTRY);
	*slot = evidence->entries->len;
	g_array_append_vals(evidence->entries, entry, 1);
	if (evidence->entries->len > evidence->slot_count / 3 * 2)
		grow_slots(evidence);
}

static const Answer *answer_of(Entry *entry)
{
	if (entry->answer == NULL) {
		Slice records = slice_make(entry->text, entry->text_len);
		Slice line = slice_take_line(&records);
		g_autofree char *name = g_strndup(entry->name, entry->name_len);
		GroupHead head;
		const char *problem = group_head_parse(slice_chop_eol(line), &head);

		/* It was read when the file was. */
		g_assert(problem == NULL);
		entry->answer = group_answer(&head, name, records);
		entry->answer->line = entry->line;
	}
	return entry->answer;
}

const Answer *evidence_find(Evidence *evidence, const char *name, DnsType type)
{
	const Answer *answer = NULL;
	uint32_t index;

	g_mutex_lock(&evidence->mutex);
	index = *find_slot(evidence, slice_of(name), (uint16_t)type);
	if (index != NO_ENTRY)
		answer = answer_of(&g_array_index(evidence->entries, Entry, index));
	g_mutex_unlock(&evidence->mutex);
	return answer;
}

const Answer *evidence_get(Evidence *evidence, size_t index)
{
	const Answer *answer = NULL;

	g_mutex_lock(&evidence->mutex);
	if (index < evidence->entries->len)
		answer = answer_of(&g_array_index(evidence->entries, Entry, index));
	g_mutex_unlock(&evidence->mutex);
	return answer;
}

void evidence_add(Evidence *evidence, Answer *answer)
{
	const char *name = answer->question.name;
	Entry entry = { .name = name,
		.name_len = (uint16_t)strlen(name),
		.type = (uint16_t)answer->question.type,
		.answer = answer };

	g_mutex_lock(&evidence->mutex);
	put(evidence, &entry);
	g_mutex_unlock(&evidence->mutex);
}

void evidence_hold(Evidence *evidence, GBytes *octets)
{
	g_mutex_lock(&evidence->mutex);
	g_ptr_array_add(evidence->held, g_bytes_ref(octets));
	g_mutex_unlock(&evidence->mutex);
}

void evidence_add_group(Evidence *evidence, Slice name, DnsType type, const EvidenceGroup *group)
{
	Entry entry = { .name = name.data,
		.text = group->text.data,
		.line = group->line,
		.text_len = (uint32_t)group->text.len,
		.name_len = (uint16_t)name.len,
		.type = (uint16_t)type };

	g_mutex_lock(&evidence->mutex);
	put(evidence, &entry);
	g_mutex_unlock(&evidence->mutex);
}

size_t evidence_count(const Evidence *evidence)
{
	return evidence->entries->len;
}
