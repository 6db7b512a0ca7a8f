#include "auth/signed_message.h"

/* Different body hashes of one message. Each is a pass over the body, which may have 256 MiB; real
 * messages have two or three (simple, relaxed, an l=). */
#define LIMIT_BODY_HASHES 8u

typedef struct BodyDigest {
	CanonKind canon;
	DigestKind digest;
	uint64_t limit;
	CanonBody body;
} BodyDigest;

struct SignedMessage {
	const Fields *fields;
	GHashTable *by_name; /* lower-case name -> GArray of size_t, bottom-most first */
	GArray *bodies;      /* of BodyDigest */
};

/* NULL for a name that holds NUL: no h= can list it. */
static void index_field(SignedMessage *message, size_t index)
{
	char *name = slice_dup_lower(message->fields->list[index].name);
	GArray *instances;

	if (name == NULL)
		return;
	instances = g_hash_table_lookup(message->by_name, name);
	if (instances != NULL) {
		g_free(name);
	} else {
		instances = g_array_new(FALSE, FALSE, sizeof(size_t));
		g_hash_table_insert(message->by_name, name, instances);
	}
	g_array_append_val(instances, index);
}

static void free_instances(gpointer data)
{
	g_array_unref(data);
}

SignedMessage *signed_message_new(const Fields *fields)
{
	SignedMessage *message = g_new0(SignedMessage, 1);

	message->fields = fields;
	message->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_instances);
	message->bodies = g_array_new(FALSE, FALSE, sizeof(BodyDigest));
	for (size_t i = fields->count; i-- > 0;)
		if (!fields->list[i].by_store)
			index_field(message, i);
	return message;
}

void signed_message_free(SignedMessage *message)
{
	if (message == NULL)
		return;
	g_hash_table_unref(message->by_name);
	g_array_unref(message->bodies);
	g_free(message);
}

const GArray *signed_message_instances(const SignedMessage *message, const char *name)
{
	return g_hash_table_lookup(message->by_name, name);
}

unsigned signed_message_count(const SignedMessage *message, const char *name)
{
	const GArray *instances = signed_message_instances(message, name);

	return instances != NULL ? instances->len : 0;
}

bool signed_message_body(SignedMessage *message, CanonKind canon, DigestKind digest, uint64_t limit,
	CanonBody *ret_body)
{
	BodyDigest made = { .canon = canon, .digest = digest, .limit = limit };

	for (guint i = 0; i < message->bodies->len; i++) {
		const BodyDigest *known = &g_array_index(message->bodies, BodyDigest, i);

		if (known->canon == canon && known->digest == digest && known->limit == limit) {
			*ret_body = known->body;
			return true;
		}
	}
	if (message->bodies->len == LIMIT_BODY_HASHES)
		return false;
	made.body = canon_body(message->fields->body, canon, digest, limit);
	g_array_append_val(message->bodies, made);
	*ret_body = made.body;
	return true;
}

/* The next instance of that name from below that this signature has not taken yet; its own field
 * was not there when it was made. NULL where none is left. */
static const Field *take_instance(
	const SignedMessage *message, GHashTable *taken, const char *name, size_t own_field)
{
	const GArray *instances = signed_message_instances(message, name);
	guint next = GPOINTER_TO_UINT(g_hash_table_lookup(taken, name));

	if (instances == NULL)
		return NULL;
	if (next < instances->len && g_array_index(instances, size_t, next) == own_field)
		next++;
	if (next >= instances->len)
		return NULL;
	g_hash_table_insert(taken, (gpointer)(guintptr)name, GUINT_TO_POINTER(next + 1));
	return &message->fields->list[g_array_index(instances, size_t, next)];
}

GString *signed_message_header_text(
	const SignedMessage *message, const SignatureTags *tags, size_t own_field)
{
	g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < tags->names->len; i++) {
		const Field *field =
			take_instance(message, taken, g_ptr_array_index(tags->names, i), own_field);

		if (field != NULL)
			canon_header(text, field, tags->header_canon);
	}
	canon_header_without(
		text, &message->fields->list[own_field], tags->signature_place, tags->header_canon);
	return text;
}

DigestValue signed_message_header(
	const SignedMessage *message, const SignatureTags *tags, size_t own_field)
{
	g_autoptr(GString) text = signed_message_header_text(message, tags, own_field);

	return digest_of(tags->digest, slice_make(text->str, text->len));
}
