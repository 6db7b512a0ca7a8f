#include "auth/change_search.h"

#include "auth/change_header.h"
#include "auth/key_check.h"
#include "base/limits.h"

/* What of the whole the body may spend; the header has the rest, and what is left of this. */
#define BODY_TRIES  (LIMIT_CHANGE_TRIES / 4 * 3)
#define BODY_OCTETS (LIMIT_CHANGE_OCTETS / 4 * 3)

/* What the work on one signature has at hand. */
typedef struct Work {
	const Facts *facts;
	const DkimSignature *signature;
	const SignatureTags *tags;
	GPtrArray *keys; /* of PubKey; NULL where the digest that was signed is known */
	ChangeSearch *search;
} Work;

void change_search_free(ChangeSearch *search)
{
	if (search == NULL)
		return;
	change_found_free(search->body);
	change_found_free(search->header);
	g_free(search);
}

static void count(ChangeSearch *search, const ChangeBudget *budget, unsigned tries, uint64_t octets)
{
	search->tries += tries - budget->tries;
	search->octets += octets - budget->octets;
	search->is_cut = search->is_cut || budget->is_spent;
}

static void search_body(const Work *work)
{
	ChangeBudget budget = { BODY_TRIES, BODY_OCTETS, false };
	ChangeBody body = { .canon = work->tags->body_canon,
		.digest = work->tags->digest,
		.limit = work->tags->length,
		.wanted = work->tags->body_digest,
		.budget = &budget };

	work->search->body =
		change_body_search(&body, work->facts->message, work->facts->fields->body);
	count(work->search, &budget, BODY_TRIES, BODY_OCTETS);
}

static void search_header(const Work *work)
{
	unsigned tries = LIMIT_CHANGE_TRIES - work->search->tries;
	uint64_t octets = LIMIT_CHANGE_OCTETS - work->search->octets;
	ChangeBudget budget = { tries, octets, false };
	g_autoptr(Findings) findings = findings_new();
	MimePart *mime = mime_parse(work->facts->message, findings);
	g_autoptr(ChangeHeader) header =
		change_header_new(work->tags, work->facts->fields, work->signature->field);

	header->mime = mime;
	header->wanted = work->signature->header_digest_signed;
	header->keys = work->keys;
	header->budget = &budget;
	if (work->signature->header_signature != SIGNATURE_ALTERED)
		header->wanted.len = 0;
	work->search->header = change_header_search(header);
	mime_part_free(mime);
	count(work->search, &budget, tries, octets);
}

/* An RSA signature tells the digest that was signed, if it is by this key. One by Ed25519 does not:
 * it is verified with every try. */
static bool can_search_header(const DkimSignature *signature, const GPtrArray *keys)
{
	if (signature->header_signature == SIGNATURE_ALTERED)
		return true;
	return signature->header_signature == SIGNATURE_INVALID &&
	       signature->key_algorithm == KEY_ED25519 && keys->len > 0;
}

static void run(const Work *work)
{
	ChangeSearch *search = work->search;
	bool is_body_right = work->signature->body_hash == BODY_HASH_MATCH;
	bool is_header_right = work->signature->header_signature == SIGNATURE_VALID;

	if (search->is_body_searched)
		search_body(work);
	if (search->is_header_searched)
		search_header(work);
	search->is_explained = (is_body_right || search->body != NULL) &&
			       (is_header_right || search->header != NULL);
}

ChangeSearch *change_search(const Facts *facts, const DkimSignature *signature, Context *context)
{
	g_autoptr(SignatureTags) tags =
		signature_tags_read(SIGNATURE_OF_DKIM, &facts->fields->list[signature->field]);
	g_autoptr(GPtrArray) keys = key_check_keys(tags, context);
	g_autoptr(ChangeSearch) search = g_new0(ChangeSearch, 1);
	Work work = { facts, signature, tags, keys, search };

	search->is_body_searched =
		signature->body_hash == BODY_HASH_MISMATCH && facts->fields->body.data != NULL;
	search->is_header_searched = can_search_header(signature, keys);
	if (!search->is_body_searched && !search->is_header_searched)
		return NULL;
	run(&work);
	return g_steal_pointer(&search);
}

static ChangeSearch *left_out(void)
{
	ChangeSearch *search = g_new0(ChangeSearch, 1);

	search->is_cut = true;
	return search;
}

static void search_free(gpointer data)
{
	change_search_free(data);
}

GPtrArray *change_search_all(const Facts *facts, const DkimVerdict *dkim, Context *context)
{
	GPtrArray *searches = g_ptr_array_new_with_free_func(search_free);
	unsigned made = 0;

	for (guint i = 0; i < dkim->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(dkim, i);
		ChangeSearch *search = NULL;

		if (made < LIMIT_CHANGE_SIGNATURES)
			search = change_search(facts, signature, context);
		else if (signature->body_hash == BODY_HASH_MISMATCH ||
			 signature->header_signature == SIGNATURE_ALTERED)
			search = left_out();
		made += search != NULL;
		g_ptr_array_add(searches, search);
	}
	return searches;
}
