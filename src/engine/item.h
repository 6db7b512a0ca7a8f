/* A message on its way through the engine. */
#pragma once

#include "engine/member.h"

struct Item {
	uint64_t id;         /* tells it from all others of the run */
	uint64_t number;     /* of all messages that were read, from 1; of an attached one, that of
			      * the one that is stored */
	RawMessage *raw;     /* NULL once it is done */
	size_t octets;       /* that the window counts for it */
	Member *member;      /* who is at it, or holds its case; NULL: nobody */
	size_t waiting;      /* answers that have not come */
	GByteArray *answers; /* those that have, since its case last was evaluated; or NULL */
	unsigned rounds;     /* of questions by this worker */
	unsigned reloads;    /* workers replaced because they had a converter too few */
	unsigned deaths;     /* of workers that were at it */
	int64_t cpu_ms;      /* processor time that it has taken */
	bool is_done;
	char *failure;       /* why it could not be evaluated; NULL where it was */
	EngineResult result; /* once it is done */
};

/* Takes raw over. */
static inline Item *item_new(uint64_t id, uint64_t number, RawMessage *raw)
{
	Item *item = g_new0(Item, 1);

	item->id = id;
	item->number = number;
	item->raw = raw;
	item->octets = g_bytes_get_size(raw->bytes);
	return item;
}

static inline void item_free(Item *item)
{
	raw_message_free(item->raw);
	if (item->answers != NULL)
		g_byte_array_unref(item->answers);
	engine_result_clear(&item->result);
	g_free(item->failure);
	g_free(item);
}
