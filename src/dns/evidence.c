#include "dns/evidence.h"
#include "dns/evidence_index.h"
#include "dns/evidence_text.h"

#include "base/block.h"

#include <string.h>

#define ENTRIES_AT_FIRST 512u
#define NO_ENTRY         UINT32_MAX

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

/* Where a question is found. Its tag tells most other questions without a look at their names. */
typedef struct Slot {
	uint32_t tag;
	uint32_t entry; /* index, or NO_ENTRY */
} Slot;

struct Evidence {
	GMutex mutex;
	Entry *entries; /* in the order in which the questions came */
	uint32_t count;
	uint32_t room; /* entries that there is memory for; a power of two */
	Slot *slots;   /* open addressing; two for each entry that there is room for */
	uint64_t seed;
	GPtrArray *held; /* of GBytes */
};

static void *new_block(size_t count, size_t size)
{
	void *block = block_new(count * size);

	g_assert(block != NULL);
	return block;
}

static uint32_t slot_mask(const Evidence *evidence)
{
	return evidence->room * 2 - 1;
}

static Slot *free_slot(Evidence *evidence, uint32_t tag)
{
	uint32_t at = tag & slot_mask(evidence);

	while (evidence->slots[at].entry != NO_ENTRY)
		at = (at + 1) & slot_mask(evidence);
	return &evidence->slots[at];
}

/* Makes room for that many entries, a power of two; the slots are filled again by their tags. */
static void set_room(Evidence *evidence, uint32_t room)
{
	Entry *entries = new_block(room, sizeof *entries);
	Slot *old = evidence->slots;
	size_t old_count = (size_t)evidence->room * 2;

	if (evidence->count > 0)
		memcpy(entries, evidence->entries, evidence->count * sizeof *entries);
	block_free(evidence->entries);
	evidence->entries = entries;
	evidence->slots = new_block((size_t)room * 2, sizeof *evidence->slots);
	evidence->room = room;
	memset(evidence->slots, 0xFF, (size_t)room * 2 * sizeof *evidence->slots);
	for (size_t i = 0; i < old_count; i++)
		if (old[i].entry != NO_ENTRY)
			*free_slot(evidence, old[i].tag) = old[i];
	block_free(old);
}

Evidence *evidence_new(void)
{
	Evidence *evidence = g_new0(Evidence, 1);

	g_mutex_init(&evidence->mutex);
	evidence->held = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	evidence->seed = (uint64_t)g_random_int() << 32 | g_random_int();
	set_room(evidence, ENTRIES_AT_FIRST);
	return evidence;
}

void evidence_free(Evidence *evidence)
{
	if (evidence == NULL)
		return;
	for (uint32_t i = 0; i < evidence->count; i++)
		answer_free(evidence->entries[i].answer);
	block_free(evidence->entries);
	block_free(evidence->slots);
	g_ptr_array_unref(evidence->held);
	g_mutex_clear(&evidence->mutex);
	g_free(evidence);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 29;
}

/* The names come out of hostile mail: a secret start keeps a sender from choosing names that all
 * fall into one slot. */
static uint32_t tag_of(const Evidence *evidence, Slice name, uint16_t type)
{
	uint64_t hash = mix(evidence->seed, (uint64_t)name.len << 16 | type);
	uint64_t word = 0;

	for (; name.len >= sizeof word; name = slice_make(name.data + 8, name.len - 8)) {
		memcpy(&word, name.data, sizeof word);
		hash = mix(hash, word ^ evidence->seed >> 7);
	}
	word = 0;
	for (size_t i = 0; i < name.len; i++)
		word = word << 8 | (unsigned char)name.data[i];
	return (uint32_t)(mix(hash, word) * UINT64_C(0xBF58476D1CE4E5B9) >> 32);
}

static bool is_entry_of(const Entry *entry, Slice name, uint16_t type)
{
	return entry->type == type && entry->name_len == name.len &&
	       memcmp(entry->name, name.data, name.len) == 0;
}

/* The slot of the question, or the free one where it belongs. */
static Slot *find_slot(Evidence *evidence, uint32_t tag, Slice name, uint16_t type)
{
	uint32_t at = tag & slot_mask(evidence);

	for (;; at = (at + 1) & slot_mask(evidence)) {
		Slot *slot = &evidence->slots[at];

		if (slot->entry == NO_ENTRY ||
			(slot->tag == tag &&
				is_entry_of(&evidence->entries[slot->entry], name, type)))
			return slot;
	}
}

/* Takes the place of what was known of the question. */
static void put(Evidence *evidence, const Entry *entry)
{
	Slice name = slice_make(entry->name, entry->name_len);
	uint32_t tag = tag_of(evidence, name, entry->type);
	Slot *slot = find_slot(evidence, tag, name, entry->type);

	if (slot->entry != NO_ENTRY) {
		Entry *old = &evidence->entries[slot->entry];
		Answer *answer = old->answer;

		*old = *entry;
		answer_free(answer);
		return;
	}
	g_assert(evidence->count < NO_ENTRY / 4);
	*slot = (Slot) { tag, evidence->count };
	evidence->entries[evidence->count++] = *entry;
	if (evidence->count == evidence->room)
		set_room(evidence, evidence->room * 2);
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
	Slice text = slice_of(name);
	uint32_t tag = tag_of(evidence, text, (uint16_t)type);
	const Answer *answer = NULL;
	uint32_t entry;

	g_mutex_lock(&evidence->mutex);
	entry = find_slot(evidence, tag, text, (uint16_t)type)->entry;
	if (entry != NO_ENTRY)
		answer = answer_of(&evidence->entries[entry]);
	g_mutex_unlock(&evidence->mutex);
	return answer;
}

const Answer *evidence_get(Evidence *evidence, size_t index)
{
	const Answer *answer = NULL;

	g_mutex_lock(&evidence->mutex);
	if (index < evidence->count)
		answer = answer_of(&evidence->entries[index]);
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

Slice evidence_group_text(Evidence *evidence, const char *name, DnsType type)
{
	Slice question = slice_of(name);
	uint32_t tag = tag_of(evidence, question, (uint16_t)type);
	Slice text = SLICE_ABSENT;
	uint32_t entry;

	g_mutex_lock(&evidence->mutex);
	entry = find_slot(evidence, tag, question, (uint16_t)type)->entry;
	if (entry != NO_ENTRY && evidence->entries[entry].text != NULL)
		text = slice_make(evidence->entries[entry].text, evidence->entries[entry].text_len);
	g_mutex_unlock(&evidence->mutex);
	return text;
}

size_t evidence_count(const Evidence *evidence)
{
	return evidence->count;
}
