#include "auth/dkim.h"

#include "auth/dkim_coverage.h"
#include "auth/dkim_faults.h"
#include "auth/org_domain.h"
#include "base/domain_name.h"
#include "base/limits.h"
#include "base/text_time.h"

#include <string.h>

/* A signer's clock may be this far ahead without a word of it. */
#define CLOCK_SKEW ((int64_t)15 * 60 * 1000)

/* What the work on one message has at hand. */
typedef struct Work {
	const Facts *facts;
	SignedMessage *message;
	Context *context;
	Findings *findings;
} Work;

static DkimSignature *signature_new(size_t field, bool is_google)
{
	DkimSignature *signature = g_new0(DkimSignature, 1);

	signature->verdict = VERDICT_INIT;
	signature->field = field;
	signature->is_google = is_google;
	signature->signed_at = TIME_UNKNOWN;
	signature->expires = TIME_UNKNOWN;
	signature->key = KEY_UNKNOWN;
	signature->signed_fields = g_ptr_array_new_with_free_func(g_free);
	signature->unsigned_fields = g_ptr_array_new_with_free_func(g_free);
	signature->addable_fields = g_ptr_array_new_with_free_func(g_free);
	return signature;
}

static void signature_free(gpointer data)
{
	DkimSignature *signature = data;

	verdict_clear(&signature->verdict);
	g_free(signature->domain);
	g_free(signature->selector);
	g_free(signature->identity);
	g_free(signature->algorithm);
	g_free(signature->b);
	g_free(signature->key_name);
	g_ptr_array_unref(signature->signed_fields);
	g_ptr_array_unref(signature->unsigned_fields);
	g_ptr_array_unref(signature->addable_fields);
	dkim_copies_free(signature->copies);
	g_free(signature);
}

void dkim_verdict_free(DkimVerdict *verdict)
{
	if (verdict == NULL)
		return;
	verdict_clear(&verdict->verdict);
	g_ptr_array_unref(verdict->signatures);
	g_free(verdict);
}

static void copy_tags(DkimSignature *signature, const SignatureTags *tags)
{
	signature->domain = g_strdup(tags->domain);
	signature->selector = g_strdup(tags->selector);
	signature->identity = g_strdup(tags->identity);
	signature->algorithm = g_strdup(tags->algorithm);
	if (tags->signature != NULL)
		signature->b = g_base64_encode(
			g_bytes_get_data(tags->signature, NULL), g_bytes_get_size(tags->signature));
	signature->key_name = g_strdup(tags->key_name);
	signature->header_canon = tags->header_canon;
	signature->body_canon = tags->body_canon;
	signature->signed_at = tags->signed_at;
	signature->expires = tags->expires;
	signature->body_digest_signed = tags->body_digest;
	signature->has_length_tag = tags->has_length;
}

/* Takes the exam's verdict over. */
static void copy_exam(DkimSignature *signature, const SignatureExam *exam)
{
	signature->verdict = exam->verdict;
	signature->is_expired = exam->is_expired;
	signature->body_hash = exam->body_hash;
	signature->body_digest_found = exam->body.digest;
	signature->body_length = exam->body.length;
	signature->body_signed = exam->body.hashed;
	signature->header_digest_found = exam->header_digest;
	signature->header_signature = exam->key.signature;
	signature->header_digest_signed = exam->key.signed_digest;
	signature->key = exam->key.status;
	signature->key_algorithm = exam->key.algorithm;
	signature->key_bits = exam->key.bits;
	signature->is_testing = exam->key.is_testing;
	signature->key_security = exam->key.security;
	signature->key_at = exam->key.is_recorded ? exam->key.at : TIME_UNKNOWN;
}

/* A right signature proves nothing of the From field that it does not cover. */
static void settle_from(const Work *work, DkimSignature *signature, const SignatureTags *tags)
{
	Verdict *verdict = &signature->verdict;

	if (verdict->result != RESULT_PASS && verdict->result != RESULT_POLICY)
		return;
	if (dkim_coverage_lacks_from(work->message, tags))
		verdict_set(verdict, RESULT_POLICY, "from-unsigned-duplicate",
			N_("The signature is right, but not every From field is signed."), NULL);
}

static void tell_at(const Work *work, const DkimSignature *signature, const char *code,
	Severity severity, const char *text, char *detail)
{
	const Fields *fields = work->facts->fields;

	findings_add_at(work->findings, code, severity, text, detail, fields->message,
		fields->list[signature->field].raw);
}

/* A message may be signed long after its Date, which is no time of reception. */
static bool is_signed_in_future(const Work *work, const DkimSignature *signature)
{
	const Context *context = work->context;

	if (work->facts->is_received_claimed && context->at == context->received)
		return false;
	return signature->signed_at != TIME_UNKNOWN && context->at != TIME_UNKNOWN &&
	       signature->signed_at > context->at + CLOCK_SKEW;
}

static void tell_times(const Work *work, const DkimSignature *signature)
{
	const Context *context = work->context;

	if (is_signed_in_future(work, signature))
		tell_at(work, signature, "dkim-signed-in-future", SEVERITY_NOTICE,
			N_("The signature says that it was made after the message was received."),
			text_time_rfc3339(signature->signed_at));
	if (signature->expires != TIME_UNKNOWN && !signature->is_expired &&
		context->now != TIME_UNKNOWN && context->now > signature->expires)
		tell_at(work, signature, "dkim-expired-since", SEVERITY_INFO,
			N_("The signature has expired since; it was good at the time it is judged "
			   "by."),
			text_time_rfc3339(signature->expires));
}

static void tell_key(const Work *work, const DkimSignature *signature, const KeyCheck *key)
{
	if (key->records > 1)
		tell_at(work, signature, "key-several-records", SEVERITY_NOTICE,
			N_("Several records stand where one key should be; the one that fits best "
			   "was used."),
			g_strdup(signature->key_name));
	if (key->is_testing)
		tell_at(work, signature, "key-testing", SEVERITY_NOTICE,
			N_("The key says that its domain is only testing DKIM (t=y)."),
			g_strdup(signature->key_name));
}

static void tell(const Work *work, const DkimSignature *signature, const SignatureTags *tags,
	const SignatureExam *exam)
{
	const Fields *fields = work->facts->fields;

	if (slice_find_char(fields->list[signature->field].raw, '\0') >= 0)
		tell_at(work, signature, "dkim-nul-octet", SEVERITY_ALERT,
			N_("A DKIM signature holds NUL octets: programs that stop at them read "
			   "another one."),
			NULL);
	tell_times(work, signature);
	tell_key(work, signature, &exam->key);
	if (g_str_equal(signature->verdict.reason, "too-many-body-hashes"))
		findings_add(work->findings, "dkim-too-many-body-hashes", SEVERITY_WARNING,
			N_("The signatures ask for more different hashes of the body than are "
			   "made."),
			NULL);
	if (signature->domain != NULL && work->context->org_domains != NULL &&
		org_domain_is_suffix(work->context->org_domains, signature->domain))
		tell_at(work, signature, "dkim-domain-is-suffix", SEVERITY_WARNING,
			N_("The domain that signs is a public suffix: it is nobody's own."),
			g_strdup(signature->domain));
	if (signature->copies != NULL && signature->copies->differences->len > 0)
		tell_at(work, signature, "dkim-copies-differ", SEVERITY_NOTICE,
			N_("The signature holds copies of header fields (z=) that are not those "
			   "which are there."),
			g_strdup(signature->domain));
	if (signature->is_google)
		return;
	dkim_faults_tell(signature, tags, fields, work->findings);
	dkim_coverage_tell(signature, work->message, tags, fields, work->findings);
}

static DkimSignature *verify_field(Work *work, size_t field, bool is_google)
{
	DkimSignature *signature = signature_new(field, is_google);
	g_autoptr(SignatureTags) tags =
		signature_tags_read(SIGNATURE_OF_DKIM, &work->facts->fields->list[field]);
	SignatureExam exam;

	copy_tags(signature, tags);
	signature_examine(&exam, work->message, tags, field, work->context);
	copy_exam(signature, &exam);
	settle_from(work, signature, tags);
	dkim_coverage_find(signature, work->message, tags);
	signature->copies = dkim_copies_read(tags, work->message, work->facts->fields);
	tell(work, signature, tags, &exam);
	return signature;
}

static void verify_fields(Work *work, GPtrArray *signatures)
{
	const Fields *fields = work->facts->fields;

	for (size_t i = 0; i < fields->count; i++) {
		bool is_google = slice_is_nocase(fields->list[i].name, "X-Google-DKIM-Signature");

		if (!is_google && !slice_is_nocase(fields->list[i].name, "DKIM-Signature"))
			continue;
		if (signatures->len == LIMIT_SIGNATURES) {
			findings_add_at(work->findings, "dkim-too-many-signatures",
				SEVERITY_WARNING,
				N_("The message has more DKIM signatures than are verified."), NULL,
				fields->message, fields->list[i].raw);
			return;
		}
		g_ptr_array_add(signatures, verify_field(work, i, is_google));
	}
}

/* The smaller the better. One that waits for an answer may yet turn out to pass. */
static unsigned rank_of_result(const Verdict *verdict)
{
	if (!verdict->is_final)
		return 1;
	switch (verdict->result) {
	case RESULT_PASS:
		return 0;
	case RESULT_POLICY:
		return 2;
	case RESULT_FAIL:
		return 3;
	case RESULT_TEMPERROR:
	case RESULT_PERMERROR:
		return 4;
	case RESULT_NONE:
	case RESULT_SOFTFAIL:
	case RESULT_NEUTRAL:
		break;
	}
	return 5;
}

/* 0: the domain of an author; 1: above or below one; 2: neither. */
static unsigned rank_of_domain(const Facts *facts, const char *domain)
{
	unsigned rank = 2;

	for (guint i = 0; domain != NULL && i < facts->from->addresses->len; i++) {
		const char *author = address_list_get(facts->from, i)->domain;

		if (author == NULL)
			continue;
		if (strcmp(author, domain) == 0)
			return 0;
		if (domain_name_is_within(author, domain) || domain_name_is_within(domain, author))
			rank = 1;
	}
	return rank;
}

static size_t find_best(const Facts *facts, const DkimVerdict *verdict)
{
	size_t best = (size_t)-1;
	unsigned best_rank = G_MAXUINT;

	for (guint i = 0; i < verdict->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(verdict, i);
		unsigned rank = rank_of_result(&signature->verdict) * 4 +
				rank_of_domain(facts, signature->domain);

		if (signature->is_google || rank >= best_rank)
			continue;
		best = i;
		best_rank = rank;
	}
	return best;
}

/* A message that does not pass does so for the answers to all of its signatures. */
static void rest_on_others(DkimVerdict *verdict)
{
	for (guint i = 0; i < verdict->signatures->len; i++)
		if (i != verdict->best && !dkim_signature(verdict, i)->is_google)
			verdict_rest_on(&verdict->verdict, &dkim_signature(verdict, i)->verdict);
}

static void settle_message(const Facts *facts, DkimVerdict *verdict)
{
	const Verdict *best;

	verdict->best = find_best(facts, verdict);
	if (verdict->best == (size_t)-1) {
		verdict_set(&verdict->verdict, RESULT_NONE, "no-signature",
			N_("The message has no DKIM signature."), NULL);
		return;
	}
	best = &dkim_signature(verdict, verdict->best)->verdict;
	verdict->verdict = *best;
	verdict->verdict.detail = g_strdup(best->detail);
	if (best->result != RESULT_PASS)
		rest_on_others(verdict);
}

/* The successor of DKIM is a draft; its fields are said to be there, no more. */
static void tell_dkim2(const Work *work)
{
	if (signed_message_count(work->message, "dkim2-signature") > 0)
		findings_add(work->findings, "dkim2-signature", SEVERITY_INFO,
			N_("The message has DKIM2 signatures, which are not verified."), NULL);
}

DkimVerdict *dkim_verify_with(
	const Facts *facts, SignedMessage *message, Context *context, Findings *findings)
{
	DkimVerdict *verdict = g_new0(DkimVerdict, 1);
	Work work = { facts, message, context, findings };

	verdict->verdict = VERDICT_INIT;
	verdict->signatures = g_ptr_array_new_with_free_func(signature_free);
	verify_fields(&work, verdict->signatures);
	settle_message(facts, verdict);
	tell_dkim2(&work);
	return verdict;
}

DkimVerdict *dkim_verify(const Facts *facts, Context *context, Findings *findings)
{
	g_autoptr(SignedMessage) message = signed_message_new(facts->fields);

	return dkim_verify_with(facts, message, context, findings);
}

const char *body_hash_word(BodyHash body_hash)
{
	static const char *const words[] = { "unchecked", "match", "mismatch" };

	return words[body_hash];
}
