/* Which of a million messages were seen before, at 20 to 40 octets each. */
#pragma once

#include "base/digest.h"

#include <stdint.h>

/* Octets of a digest that make a key: enough that two are never the same by chance. */
#define KEY_SET_OCTETS ((size_t)16)

typedef struct KeySet KeySet;

KeySet *key_set_new(void);
void key_set_free(KeySet *set); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeySet, key_set_free)

/* Adds the key for owner (from 1) where it is not there yet, and returns 0; else returns the owner
 * it was added for first. key has at least KEY_SET_OCTETS. */
uint32_t key_set_add(KeySet *set, const DigestValue *key, uint32_t owner);
/* The owner of the key; 0 where it is not there. */
uint32_t key_set_find(const KeySet *set, const DigestValue *key);
