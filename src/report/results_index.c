#include "report/results_index.h"

#include "base/digest.h"

#include <string.h>

ResultsIndex *results_index_new(void)
{
	ResultsIndex *index = g_new0(ResultsIndex, 1);

	index->records = g_array_new(FALSE, FALSE, sizeof(IndexedRecord));
	return index;
}

void results_index_free(ResultsIndex *index)
{
	if (index == NULL)
		return;
	g_array_unref(index->records);
	g_free(index);
}

static void make_key(unsigned char *key, const char *text)
{
	DigestValue digest = digest_of(DIGEST_SHA256, slice_of(text));

	memcpy(key, digest.octets, INDEX_KEY_OCTETS);
}

static char *verdicts_text(const SavedRecord *record)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < METHODS; i++) {
		const SavedVerdict *verdict = &record->verdicts[i];

		g_string_append_printf(text, "%s %s %d %d\n", verdict->result, verdict->reason,
			verdict->is_final, (int)verdict->mark);
	}
	return g_string_free(text, FALSE);
}

void results_index_add(ResultsIndex *index, const SavedRecord *record, uint64_t offset,
	uint64_t number, uint32_t run)
{
	IndexedRecord entry = { .offset = offset, .number = number, .run = run };
	g_autofree char *numbers = source_place_of(record->facts.index, record->facts.part);
	g_autofree char *place =
		g_strdup_printf("%s\n%s\n%s", record->facts.path, numbers, record->sha256);
	g_autofree char *content = g_strdup_printf(
		"%s\n%s", record->sha256, record->message_id != NULL ? record->message_id : "");
	g_autofree char *verdicts = verdicts_text(record);

	make_key(entry.place, place);
	make_key(entry.content, content);
	make_key(entry.verdicts, verdicts);
	g_array_append_val(index->records, entry);
}

bool indexed_record_is_same(const IndexedRecord *a, const IndexedRecord *b)
{
	return memcmp(a->verdicts, b->verdicts, INDEX_KEY_OCTETS) == 0;
}

static guint key_hash(gconstpointer key)
{
	guint hash;

	memcpy(&hash, key, sizeof hash);
	return hash;
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, INDEX_KEY_OCTETS) == 0;
}

static IndexedRecord *record_at(ResultsIndex *index, guint number)
{
	return &g_array_index(index->records, IndexedRecord, number);
}

static unsigned char *key_of(IndexedRecord *record, bool by_place)
{
	return by_place ? record->place : record->content;
}

/* The records without a partner, by key: the first of each, which the others follow. */
static GHashTable *chain(ResultsIndex *index, bool by_place)
{
	GHashTable *first = g_hash_table_new(key_hash, key_equal);

	for (guint i = index->records->len; i > 0; i--) {
		IndexedRecord *record = record_at(index, i - 1);
		unsigned char *key = key_of(record, by_place);

		if (record->partner != 0)
			continue;
		record->next = (uint32_t)GPOINTER_TO_UINT(g_hash_table_lookup(first, key));
		g_hash_table_insert(first, key, GUINT_TO_POINTER(i));
	}
	return first;
}

static void pair_by(ResultsIndex *a, ResultsIndex *b, bool by_place)
{
	g_autoptr(GHashTable) first = chain(b, by_place);

	for (guint i = 0; i < a->records->len; i++) {
		IndexedRecord *record = record_at(a, i);
		unsigned char *key = key_of(record, by_place);
		guint found = record->partner == 0
				      ? GPOINTER_TO_UINT(g_hash_table_lookup(first, key))
				      : 0;

		if (found == 0)
			continue;
		record->partner = found;
		record_at(b, found - 1)->partner = i + 1;
		g_hash_table_insert(first, key, GUINT_TO_POINTER(record_at(b, found - 1)->next));
	}
}

void results_index_pair(ResultsIndex *a, ResultsIndex *b)
{
	pair_by(a, b, true);
	pair_by(a, b, false);
}
