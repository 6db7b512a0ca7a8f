#include "auth/signature_exam.h"

#include "base/text_time.h"

/* Hash step 1 (RFC 6376, 3.7). */
static void check_body(SignatureExam *exam, SignedMessage *message, const SignatureTags *tags)
{
	if (!tags->is_canon_known || !tags->is_algorithm_known)
		return;
	if (!signed_message_body(
		    message, tags->body_canon, tags->digest, tags->length, &exam->body))
		return;
	/* A length that is not the hash's is a mismatch, too. */
	if (tags->body_digest.len > 0)
		exam->body_hash = digest_equal(&exam->body.digest, &tags->body_digest)
					  ? BODY_HASH_MATCH
					  : BODY_HASH_MISMATCH;
}

/* Hash step 2 (RFC 6376, 3.7). */
static void hash_header(
	SignatureExam *exam, const SignedMessage *message, const SignatureTags *tags, size_t field)
{
	if (tags->is_canon_known && tags->is_algorithm_known && tags->are_names_known &&
		tags->signature_place.data != NULL)
		exam->header_digest = signed_message_header(message, tags, field);
}

/* What is wrong with the field itself. */
static bool settle_by_field(SignatureExam *exam, const SignatureTags *tags)
{
	if (tags->problem != NULL)
		verdict_set(&exam->verdict, RESULT_PERMERROR, tags->problem, tags->problem_text,
			g_strdup(tags->problem_detail));
	else if (tags->digest == DIGEST_SHA1)
		verdict_set(&exam->verdict, RESULT_PERMERROR, "algorithm-retired",
			N_("The signature is by rsa-sha1, which must not be used any more."), NULL);
	else
		return false;
	return true;
}

static char *octets_of(uint64_t part, uint64_t whole)
{
	return g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, part, whole);
}

static bool settle_by_body(SignatureExam *exam, const SignatureTags *tags)
{
	Verdict *verdict = &exam->verdict;

	if (tags->kind == SIGNATURE_OF_ARC_SEAL)
		return false;
	if (exam->body.digest.len == 0 && !exam->is_body_absent)
		verdict_set(verdict, RESULT_PERMERROR, "too-many-body-hashes",
			N_("The body was not hashed for this signature: others asked for too many "
			   "different hashes."),
			NULL);
	else if (!exam->is_body_absent && tags->has_length && tags->length > exam->body.length)
		verdict_set(verdict, RESULT_PERMERROR, "length-beyond-body",
			N_("The signature covers more octets than the body has."),
			octets_of(tags->length, exam->body.length));
	else if (exam->body_hash == BODY_HASH_MISMATCH)
		verdict_set(verdict, RESULT_FAIL, "body-hash-mismatch",
			N_("The body is not the one that was signed."), NULL);
	else if (exam->is_expired)
		verdict_set(verdict, RESULT_FAIL, "expired",
			N_("The signature had expired at the time it is judged by."),
			text_time_rfc3339(tags->expires));
	else
		return false;
	return true;
}

static void settle_by_signature(SignatureExam *exam, const SignatureTags *tags)
{
	Verdict *verdict = &exam->verdict;

	if (tags->kind == SIGNATURE_OF_DKIM && exam->key.forbids_subdomain &&
		g_strcmp0(tags->identity_domain, tags->domain) != 0)
		verdict_set(verdict, RESULT_PERMERROR, "identity-not-domain",
			N_("The key forbids (t=s) that i= names a sub-domain."),
			g_strdup(tags->identity));
	else if (exam->key.signature == SIGNATURE_ALTERED)
		verdict_set(verdict, RESULT_FAIL, "signature-altered",
			N_("The signature was made with this key, of other header fields: they "
			   "were changed."),
			NULL);
	else if (exam->key.signature != SIGNATURE_VALID)
		verdict_set(verdict, RESULT_FAIL, "signature-invalid",
			N_("The signature was not made with this key, or was changed itself."),
			NULL);
	else if (exam->is_body_absent)
		verdict_set_unknown(verdict, RESULT_NONE, "body-absent",
			N_("The header signature is right; the body, which it covers too, is not "
			   "there."),
			NULL);
	else if (tags->expires != TIME_UNKNOWN && !exam->has_clock)
		verdict_set_unknown(verdict, RESULT_NONE, "no-clock",
			N_("The signature is right, but expires, and the moment by which it is to "
			   "be judged is not known."),
			text_time_rfc3339(tags->expires));
	else if (exam->body.hashed < exam->body.length)
		verdict_set(verdict, RESULT_POLICY, "body-partly-signed",
			N_("The signature is right, but covers only the beginning of the body."),
			octets_of(exam->body.hashed, exam->body.length));
	else
		verdict_set(verdict, RESULT_PASS, "signature-valid", N_("The signature is right."),
			NULL);
}

/* The body and the expiry come before the key, other than in RFC 6376, 6.1: a mismatch is one
 * whatever the DNS says, or no longer says, of the key. */
static void settle(SignatureExam *exam, const SignatureTags *tags, Context *context)
{
	if (settle_by_field(exam, tags) || settle_by_body(exam, tags))
		return;
	key_check_rest_on(tags, context, &exam->verdict);
	if (!key_check_settles(&exam->key, tags, &exam->verdict))
		settle_by_signature(exam, tags);
}

void signature_examine(SignatureExam *exam, SignedMessage *message, const SignatureTags *tags,
	size_t field, Context *context)
{
	*exam = (SignatureExam) { .verdict = VERDICT_INIT };
	exam->has_clock = context->at != TIME_UNKNOWN;
	exam->is_expired = tags->expires != TIME_UNKNOWN && context->at != TIME_UNKNOWN &&
			   context->at > tags->expires;
	exam->is_body_absent = context->is_headers_only && tags->kind != SIGNATURE_OF_ARC_SEAL;
	if (!exam->is_body_absent)
		check_body(exam, message, tags);
	hash_header(exam, message, tags, field);
	exam->key = key_check(tags, &exam->header_digest, context);
	settle(exam, tags, context);
}

void signature_examine_seal(
	SignatureExam *exam, const SignatureTags *tags, const DigestValue *header, Context *context)
{
	*exam = (SignatureExam) { .verdict = VERDICT_INIT };
	exam->header_digest = *header;
	exam->key = key_check(tags, header, context);
	settle(exam, tags, context);
}

void signature_exam_clear(SignatureExam *exam)
{
	verdict_clear(&exam->verdict);
}
