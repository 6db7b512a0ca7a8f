#include "base/key_set.h"

#include <string.h>

#define SLOTS_MIN ((size_t)1024)

typedef struct Slot {
	unsigned char key[KEY_SET_OCTETS];
	uint32_t owner; /* 0: free */
} Slot;

/* Open addressing; at most half of the slots are taken. */
struct KeySet {
	Slot *slots;
	size_t size; /* a power of two */
	size_t count;
};

KeySet *key_set_new(void)
{
	KeySet *set = g_new0(KeySet, 1);

	set->size = SLOTS_MIN;
	set->slots = g_new0(Slot, set->size);
	return set;
}

void key_set_free(KeySet *set)
{
	if (set == NULL)
		return;
	g_free(set->slots);
	g_free(set);
}

/* The slot of the key, or the free one where it belongs. A digest needs no other hash. */
static Slot *find_slot(const KeySet *set, const unsigned char *key)
{
	uint64_t start;
	size_t at;

	memcpy(&start, key, sizeof start);
	at = (size_t)start & (set->size - 1);
	while (set->slots[at].owner != 0 && memcmp(set->slots[at].key, key, KEY_SET_OCTETS) != 0)
		at = (at + 1) & (set->size - 1);
	return &set->slots[at];
}

static void grow(KeySet *set)
{
	KeySet larger = { .size = 2 * set->size, .count = set->count };

	larger.slots = g_new0(Slot, larger.size);
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i].owner != 0)
			*find_slot(&larger, set->slots[i].key) = set->slots[i];
	g_free(set->slots);
	*set = larger;
}

uint32_t key_set_add(KeySet *set, const DigestValue *key, uint32_t owner)
{
	Slot *slot;

	g_assert(key->len >= KEY_SET_OCTETS && owner != 0);
	if (2 * (set->count + 1) > set->size)
		grow(set);
	slot = find_slot(set, key->octets);
	if (slot->owner != 0)
		return slot->owner;
	memcpy(slot->key, key->octets, KEY_SET_OCTETS);
	slot->owner = owner;
	set->count++;
	return 0;
}

uint32_t key_set_find(const KeySet *set, const DigestValue *key)
{
	g_assert(key->len >= KEY_SET_OCTETS);
	return find_slot(set, key->octets)->owner;
}
