/* What DKIM found, as members of a record. */
#include "report/record_auth.h"

#include "report/json_value.h"

static void add_coverage(Json *object, const DkimSignature *signature)
{
	Json *coverage = json_add_object(object, "coverage");

	json_add_texts(coverage, "signed_fields", signature->signed_fields);
	json_add_texts(coverage, "unsigned_fields", signature->unsigned_fields);
	json_add_texts(coverage, "addable_fields", signature->addable_fields);
	json_add_number(coverage, "body_length", signature->body_length);
	json_add_number(coverage, "body_signed", signature->body_signed);
	json_add_bool(coverage, "length_tag", signature->has_length_tag);
}

static void add_copies(Json *object, const DkimCopies *copies)
{
	Json *entry;
	Json *differences;

	if (copies == NULL) {
		json_add_null(object, "copies");
		return;
	}
	entry = json_add_object(object, "copies");
	json_add_number(entry, "count", copies->count);
	json_add_bool(entry, "cut", copies->is_cut);
	differences = json_add_array(entry, "differences");
	for (guint i = 0; i < copies->differences->len; i++) {
		const DkimCopyDifference *difference = g_ptr_array_index(copies->differences, i);
		Json *member = json_add_object(differences, NULL);

		json_add_text(member, "name", difference->name);
		json_add_text(member, "copied", difference->copied);
		json_add_text(member, "present", difference->present);
	}
}

static void add_digest(Json *object, const char *name, const DigestValue *digest)
{
	g_autofree char *hex = digest->len > 0 ? digest_hex(digest) : NULL;

	json_add_text(object, name, hex);
}

#define B_SHORTEST ((size_t)8)

/* How much of b= tells it from another one; eight characters at least (RFC 6008, 3). */
static size_t distinct_length(const char *b, const char *other, size_t length)
{
	while (other != NULL && strcmp(b, other) != 0 && strncmp(b, other, length) == 0)
		length++;
	return length;
}

static void add_b(Json *object, const Case *kase, const DkimSignature *signature)
{
	size_t length = B_SHORTEST;
	g_autofree char *start = NULL;

	for (guint i = 0; signature->b != NULL && i < kase->dkim->signatures->len; i++)
		length = distinct_length(signature->b, dkim_signature(kase->dkim, i)->b, length);
	start = g_strndup(signature->b, length);
	json_add_text(object, "b", start);
}

static void add_signature(Json *array, const Case *kase, guint index)
{
	const DkimSignature *signature = dkim_signature(kase->dkim, index);
	Json *object = json_add_object(array, NULL);

	json_add_text(object, "domain", signature->domain);
	json_add_text(object, "selector", signature->selector);
	json_add_text(object, "identity", signature->identity);
	json_add_text(object, "algorithm", signature->algorithm);
	json_add_text(object, "canonicalization",
		signature->header_canon == CANON_RELAXED
			? (signature->body_canon == CANON_RELAXED ? "relaxed/relaxed"
								  : "relaxed/simple")
			: (signature->body_canon == CANON_RELAXED ? "simple/relaxed"
								  : "simple/simple"));
	json_add_number(object, "key_bits", (uint64_t)signature->key_bits);
	add_b(object, kase, signature);
	record_add_verdict(object, &signature->verdict);
	json_add_text(object, "body_hash", body_hash_word(signature->body_hash));
	json_add_text(
		object, "header_signature", signature_check_word(signature->header_signature));
	json_add_text(object, "key", key_status_word(signature->key));
	json_add_text(object, "key_name", signature->key_name);
	json_add_text(object, "key_security", dns_security_word(signature->key_security));
	json_add_time(object, "key_at", signature->key_at);
	json_add_bool(object, "testing", signature->is_testing);
	json_add_time(object, "signed_at", signature->signed_at);
	json_add_time(object, "expires", signature->expires);
	json_add_bool(object, "expired", signature->is_expired);
	json_add_bool(object, "google", signature->is_google);
	add_digest(object, "body_digest_signed", &signature->body_digest_signed);
	add_digest(object, "body_digest_found", &signature->body_digest_found);
	add_digest(object, "header_digest_signed", &signature->header_digest_signed);
	add_digest(object, "header_digest_found", &signature->header_digest_found);
	add_coverage(object, signature);
	add_copies(object, signature->copies);
	record_add_changes(
		object, kase->changes != NULL ? g_ptr_array_index(kase->changes, index) : NULL);
	record_add_dump(object, kase->dumps != NULL ? g_ptr_array_index(kase->dumps, index) : NULL);
}

void record_add_dkim(Json *record, const Case *kase)
{
	const DkimVerdict *dkim = kase->dkim;
	Json *object = json_add_object(record, "dkim");
	Json *signatures;

	record_add_verdict(object, &dkim->verdict);
	signatures = json_add_array(object, "signatures");
	for (guint i = 0; i < dkim->signatures->len; i++)
		add_signature(signatures, kase, i);
}
