#include "auth/dkim_dump.h"

#include "auth/key_check.h"
#include "base/limits.h"

#include <string.h>

typedef struct Work {
	const Facts *facts;
	const SignedMessage *message;
	const SignatureTags *tags;
	size_t field;
	DkimDump *dump;
} Work;

static void dump_free(gpointer data)
{
	DkimDump *dump = data;

	if (dump == NULL)
		return;
	for (int i = 0; i < DKIM_DUMP_FILES; i++) {
		g_clear_pointer(&dump->files[i], g_bytes_unref);
		g_free(dump->names[i]);
	}
	g_ptr_array_unref(dump->commands);
	g_free(dump->body_digest);
	g_free(dump);
}

static GBytes *body_of(const Work *work)
{
	GString *text;

	if (work->facts->fields->body.data == NULL)
		return NULL;
	text = canon_body_text(work->facts->fields->body, work->tags->body_canon);
	if (work->tags->length < text->len)
		g_string_truncate(text, (gsize)work->tags->length);
	return g_string_free_to_bytes(text);
}

/* The key that made the signature, or else the first there is. */
static const PubKey *choose_key(const Work *work, const GPtrArray *keys, GBytes *header)
{
	DigestValue digest = digest_of(work->tags->digest, slice_of_bytes(header));
	DigestValue found;

	for (guint i = 0; work->tags->signature != NULL && i < keys->len; i++) {
		SignatureCheck check = pubkey_check(g_ptr_array_index(keys, i), work->tags->digest,
			&digest, slice_of_bytes(work->tags->signature), &found);

		if (check == SIGNATURE_VALID || check == SIGNATURE_ALTERED)
			return g_ptr_array_index(keys, i);
	}
	return keys->len > 0 ? g_ptr_array_index(keys, 0) : NULL;
}

static void make_files(const Work *work, Context *context)
{
	GBytes **files = work->dump->files;
	g_autoptr(GPtrArray) keys = key_check_keys(work->tags, context);
	const PubKey *key;

	files[DKIM_DUMP_HEADER] = g_string_free_to_bytes(
		signed_message_header_text(work->message, work->tags, work->field));
	files[DKIM_DUMP_BODY] = body_of(work);
	if (work->tags->signature != NULL)
		files[DKIM_DUMP_SIGNATURE] = g_bytes_ref(work->tags->signature);
	key = choose_key(work, keys, files[DKIM_DUMP_HEADER]);
	if (key != NULL) {
		char *pem = pubkey_pem(key);

		files[DKIM_DUMP_KEY] = g_bytes_new_take(pem, strlen(pem));
	}
}

static char *make_name(const char *message, unsigned number, int file)
{
	static const char *const ends[] = { "header.txt", "body.txt", "signature.bin", "key.pem" };

	return g_strdup_printf("message%s-signature%u-%s", message, number, ends[file]);
}

static void make_names(DkimDump *dump, const char *message, unsigned number)
{
	for (int i = 0; i < DKIM_DUMP_FILES; i++)
		if (dump->files[i] != NULL)
			dump->names[i] = make_name(message, number, i);
}

bool dkim_dump_has_name(const char *message, const char *name)
{
	for (unsigned number = 1; number <= LIMIT_SIGNATURES; number++)
		for (int i = 0; i < DKIM_DUMP_FILES; i++) {
			g_autofree char *possible = make_name(message, number, i);

			if (strcmp(name, possible) == 0)
				return true;
		}
	return false;
}

static void add_command(DkimDump *dump, char *command)
{
	g_ptr_array_add(dump->commands, command);
}

/* RFC 8463, 3: Ed25519 signs the digest, as octets. */
static void add_ed25519(DkimDump *dump)
{
	g_autofree char *digest = g_strconcat(dump->names[DKIM_DUMP_HEADER], ".sha256", NULL);

	add_command(dump, g_strdup_printf("openssl dgst -sha256 -binary -out %s %s", digest,
				  dump->names[DKIM_DUMP_HEADER]));
	add_command(dump,
		g_strdup_printf("openssl pkeyutl -verify -pubin -inkey %s -rawin -in %s "
				"-sigfile %s",
			dump->names[DKIM_DUMP_KEY], digest, dump->names[DKIM_DUMP_SIGNATURE]));
}

static void make_commands(const Work *work)
{
	DkimDump *dump = work->dump;
	const char *hash = work->tags->digest == DIGEST_SHA1 ? "sha1" : "sha256";

	if (dump->files[DKIM_DUMP_BODY] != NULL && work->tags->body_digest.len > 0) {
		add_command(dump, g_strdup_printf("openssl dgst -%s -binary %s | openssl base64 -A",
					  hash, dump->names[DKIM_DUMP_BODY]));
		dump->body_digest = g_base64_encode(
			work->tags->body_digest.octets, work->tags->body_digest.len);
	}
	if (dump->files[DKIM_DUMP_KEY] == NULL || dump->files[DKIM_DUMP_SIGNATURE] == NULL)
		return;
	if (work->tags->key_algorithm == KEY_ED25519)
		add_ed25519(dump);
	else
		add_command(
			dump, g_strdup_printf("openssl dgst -%s -verify %s -signature %s %s", hash,
				      dump->names[DKIM_DUMP_KEY], dump->names[DKIM_DUMP_SIGNATURE],
				      dump->names[DKIM_DUMP_HEADER]));
}

/* The header can be hashed at all, as signature_exam.h does it. */
static bool is_readable(const SignatureTags *tags)
{
	return tags->is_canon_known && tags->is_algorithm_known && tags->are_names_known &&
	       tags->signature_place.data != NULL;
}

GPtrArray *dkim_dump_all(
	const Facts *facts, const DkimVerdict *dkim, const char *message, Context *context)
{
	GPtrArray *dumps = g_ptr_array_new_with_free_func(dump_free);
	g_autoptr(SignedMessage) fields = signed_message_new(facts->fields);

	for (guint i = 0; i < dkim->signatures->len; i++) {
		size_t field = dkim_signature(dkim, i)->field;
		g_autoptr(SignatureTags) tags =
			signature_tags_read(SIGNATURE_OF_DKIM, &facts->fields->list[field]);
		Work work = { facts, fields, tags, field, NULL };

		if (is_readable(tags)) {
			work.dump = g_new0(DkimDump, 1);
			work.dump->commands = g_ptr_array_new_with_free_func(g_free);
			make_files(&work, context);
			make_names(work.dump, message, i + 1);
			make_commands(&work);
		}
		g_ptr_array_add(dumps, work.dump);
	}
	return dumps;
}
