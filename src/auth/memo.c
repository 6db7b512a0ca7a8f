#include "auth/memo.h"

#include "base/limits.h"

typedef struct Kept {
	gpointer value;
	GDestroyNotify release;
} Kept;

struct Memo {
	gatomicrefcount references;
	GHashTable *kept; /* GBytes: the name, NUL, the key -> Kept */
	size_t octets;    /* of the keys */
};

static void kept_free(gpointer data)
{
	Kept *kept = data;

	kept->release(kept->value);
	g_free(kept);
}

Memo *memo_new(void)
{
	Memo *memo = g_new0(Memo, 1);

	g_atomic_ref_count_init(&memo->references);
	memo->kept = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, kept_free);
	return memo;
}

Memo *memo_ref(Memo *memo)
{
	g_atomic_ref_count_inc(&memo->references);
	return memo;
}

void memo_unref(Memo *memo)
{
	if (memo == NULL || !g_atomic_ref_count_dec(&memo->references))
		return;
	g_hash_table_unref(memo->kept);
	g_free(memo);
}

static GBytes *full_key(const char *name, Slice key)
{
	Slice prefix = slice_of(name);
	GByteArray *array = g_byte_array_sized_new((guint)(prefix.len + 1 + key.len));

	g_byte_array_append(array, (const guint8 *)prefix.data, (guint)prefix.len + 1);
	g_byte_array_append(array, (const guint8 *)key.data, (guint)key.len);
	return g_byte_array_free_to_bytes(array);
}

gpointer memo_find(Memo *memo, const char *name, Slice key)
{
	g_autoptr(GBytes) full = full_key(name, key);
	const Kept *kept = g_hash_table_lookup(memo->kept, full);

	return kept != NULL ? kept->value : NULL;
}

gpointer memo_keep(Memo *memo, const char *name, Slice key, gpointer value, GDestroyNotify release)
{
	Kept *kept = g_new(Kept, 1);

	*kept = (Kept) { .value = value, .release = release };
	if (memo->octets + key.len > LIMIT_MEMO_OCTETS ||
		g_hash_table_size(memo->kept) >= LIMIT_MEMO_ENTRIES) {
		g_hash_table_remove_all(memo->kept);
		memo->octets = 0;
	}
	memo->octets += key.len;
	g_hash_table_replace(memo->kept, full_key(name, key), kept);
	return value;
}
