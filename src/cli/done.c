#include "cli/done.h"

#include "base/key_set.h"
#include "base/printable.h"
#include "mailbox/place.h"

#include <string.h>

#define KNOWN_OCTETS ((size_t)16)

/* Messages at one place; the same file may have been given twice. */
typedef struct Known {
	char sha256[KNOWN_OCTETS]; /* the first digits of it */
	uint32_t left;             /* records that no message was read for yet */
} Known;

typedef struct Mbox {
	char *path;
	bool is_same;  /* as the state knows it: it is not read again */
	GArray *marks; /* of MailboxMark: the last message of each time that it was read */
	guint opened;  /* how often it was gone on with */
	uint64_t left; /* records of it that no message was read for yet */
} Mbox;

struct Done {
	const RunState *state;
	bool verifies;
	KeySet *places;     /* the index in known plus 1, by place_key() */
	GArray *known;      /* of Known */
	GHashTable *mboxes; /* path -> Mbox */
	uint64_t left;      /* as Mbox has it, of all other files */
};

static void mbox_free(gpointer data)
{
	Mbox *mbox = data;

	g_free(mbox->path);
	g_array_unref(mbox->marks);
	g_free(mbox);
}

Done *done_new(const RunState *state, bool verifies)
{
	Done *done = g_new0(Done, 1);

	done->state = state;
	done->verifies = verifies;
	done->places = key_set_new();
	done->known = g_array_new(FALSE, FALSE, sizeof(Known));
	done->mboxes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, mbox_free);
	return done;
}

void done_free(Done *done)
{
	if (done == NULL)
		return;
	key_set_free(done->places);
	g_array_unref(done->known);
	g_hash_table_unref(done->mboxes);
	g_free(done);
}

static bool refuse(GError **reterr_error, const char *path, const char *what)
{
	g_set_error(reterr_error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		"%s has changed since: %s; start anew without --resume", path, what);
	return false;
}

/* --- what is recorded */

static bool look_at(Mbox *mbox, const Done *done, GError **reterr_error)
{
	const InputState *was = run_state_input(done->state, mbox->path);
	const char *what = NULL;
	InputChange change =
		was != NULL ? input_state_compare(mbox->path, was, &what) : INPUT_TOUCHED;

	mbox->is_same = change == INPUT_SAME && !done->verifies;
	return change != INPUT_CHANGED || refuse(reterr_error, mbox->path, what);
}

/* NULL where it is not what it was. */
static Mbox *find_mbox(Done *done, const char *path, GError **reterr_error)
{
	Mbox *mbox = g_hash_table_lookup(done->mboxes, path);

	if (mbox != NULL)
		return mbox;
	mbox = g_new0(Mbox, 1);
	mbox->path = g_strdup(path);
	mbox->marks = g_array_new(FALSE, FALSE, sizeof(MailboxMark));
	if (!look_at(mbox, done, reterr_error)) {
		mbox_free(mbox);
		return NULL;
	}
	g_hash_table_insert(done->mboxes, mbox->path, mbox);
	return mbox;
}

/* Where the index does not grow the file was read anew. */
static void note_mark(Mbox *mbox, MailboxMark mark)
{
	MailboxMark *last = mbox->marks->len > 0
				    ? &g_array_index(mbox->marks, MailboxMark, mbox->marks->len - 1)
				    : NULL;

	if (last != NULL && last->index < mark.index)
		*last = mark;
	else
		g_array_append_val(mbox->marks, mark);
}

static StoreKind kind_of(const SavedRecord *record)
{
	static const StoreKind kinds[] = { STORE_MBOX, STORE_MAILDIR, STORE_EML, STORE_EMLX };

	for (size_t i = 0; record->kind != NULL && i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(record->kind, store_kind_word(kinds[i])) == 0)
			return kinds[i];
	return STORE_UNKNOWN;
}

static void add_known(Done *done, const char *place, const char *sha256)
{
	DigestValue key = digest_of(DIGEST_SHA256, slice_of(place));
	uint32_t index = key_set_add(done->places, &key, done->known->len + 1);
	Known known = { .left = 1 };

	if (index > 0) {
		g_array_index(done->known, Known, index - 1).left++;
		return;
	}
	memcpy(known.sha256, sha256, KNOWN_OCTETS);
	g_array_append_val(done->known, known);
}

/* NULL where nothing is known of the place. */
static Known *find_known(const Done *done, const char *place)
{
	DigestValue key = digest_of(DIGEST_SHA256, slice_of(place));
	uint32_t index = key_set_find(done->places, &key);

	return index > 0 ? &g_array_index(done->known, Known, index - 1) : NULL;
}

bool done_add(Done *done, const SavedRecord *record, GError **reterr_error)
{
	const EntryFacts *facts = &record->facts;
	StoreKind kind = kind_of(record);
	g_autofree char *place = NULL;
	Mbox *mbox = NULL;

	if (facts->part != NULL)
		return true;
	if (kind == STORE_MBOX) {
		mbox = find_mbox(done, facts->path, reterr_error);
		if (mbox == NULL)
			return false;
		note_mark(mbox, (MailboxMark) { facts->index, record->offset });
		if (mbox->is_same)
			return true;
	}
	place = place_key(kind, facts->path, facts->index, record->offset);
	add_known(done, place, record->sha256);
	if (mbox != NULL)
		mbox->left++;
	else
		done->left++;
	return true;
}

/* --- what is read */

/* As a record has it. */
static char *recorded_path(const char *path)
{
	return g_utf8_validate(path, -1, NULL) ? g_strdup(path) : printable_utf8(slice_of(path));
}

/* A message that is not recorded stands where there were others. */
static bool is_between(const Mbox *mbox, const Source *source)
{
	const MailboxMark *last;

	if (mbox == NULL || mbox->is_same || mbox->left == 0)
		return false;
	last = &g_array_index(mbox->marks, MailboxMark, mbox->marks->len - 1);
	return source->offset <= last->offset;
}

static DoneAnswer refuse_message(const Source *source, GError **reterr_error)
{
	g_autofree char *what = g_strdup_printf("the message at offset %" G_GUINT64_FORMAT
						" is not the one that is recorded",
		(guint64)source->offset);

	refuse(reterr_error, source->path, what);
	return DONE_OTHER;
}

DoneAnswer done_take(Done *done, const Source *source, GError **reterr_error)
{
	g_autofree char *path = recorded_path(source->path);
	g_autofree char *place = place_key(source->kind, path, source->index, source->offset);
	Mbox *mbox = g_hash_table_lookup(done->mboxes, path);
	Known *known = find_known(done, place);

	if (known == NULL || known->left == 0)
		return is_between(mbox, source) ? refuse_message(source, reterr_error) : DONE_NOT;
	if (memcmp(known->sha256, source->sha256, KNOWN_OCTETS) != 0)
		return refuse_message(source, reterr_error);
	known->left--;
	if (mbox != NULL)
		mbox->left--;
	else
		done->left--;
	return DONE_YES;
}

bool done_start(Done *done, const char *path, MailboxMark *ret_mark)
{
	g_autofree char *name = recorded_path(path);
	Mbox *mbox = g_hash_table_lookup(done->mboxes, name);

	if (mbox == NULL || !mbox->is_same || mbox->opened >= mbox->marks->len)
		return false;
	*ret_mark = g_array_index(mbox->marks, MailboxMark, mbox->opened++);
	return true;
}

bool done_finish(const Done *done, uint64_t *ret_gone, GError **reterr_error)
{
	GHashTableIter iter;
	gpointer value;

	*ret_gone = done->left;
	g_hash_table_iter_init(&iter, done->mboxes);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Mbox *mbox = value;

		if (mbox->left > 0)
			return refuse(reterr_error, mbox->path,
				"messages that are recorded are not there any more");
	}
	return true;
}
