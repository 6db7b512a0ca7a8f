#include "auth/arc.h"

#include "auth/arc_chain.h"
#include "auth/signature_exam.h"
#include "base/printable.h"
#include "base/text_time.h"

/* What of a hostile cv= is enough to show. */
#define SHOWN_OCTETS 40

static void set_free(gpointer data)
{
	ArcSet *set = data;

	g_free(set->seal_domain);
	g_free(set->seal_selector);
	g_free(set->cv);
	g_free(set->message_domain);
	g_free(set->results_authserv_id);
	verdict_clear(&set->seal);
	verdict_clear(&set->message);
	g_free(set);
}

void arc_verdict_free(ArcVerdict *verdict)
{
	if (verdict == NULL)
		return;
	verdict_clear(&verdict->verdict);
	g_ptr_array_unref(verdict->sets);
	g_free(verdict);
}

static char *authserv_id(const Facts *facts, size_t field)
{
	for (guint i = 0; field != NO_FIELD && i < facts->recorded->len; i++)
		if (facts_recorded(facts, i)->field == field)
			return g_strdup(facts_recorded(facts, i)->authserv_id);
	return NULL;
}

static void describe_seal(ArcSet *set, const SignatureTags *seal)
{
	Slice cv = seal->tags != NULL ? tag_list_get(seal->tags, "cv") : SLICE_ABSENT;

	set->seal_domain = g_strdup(seal->domain);
	set->seal_selector = g_strdup(seal->selector);
	set->sealed_at = seal->signed_at;
	if (cv.data != NULL)
		set->cv = printable_line(slice_sub(cv, 0, SHOWN_OCTETS));
}

static ArcSet *set_new(const Facts *facts, const ArcLink *link, unsigned instance)
{
	ArcSet *set = g_new0(ArcSet, 1);

	set->instance = instance;
	set->sealed_at = TIME_UNKNOWN;
	set->seal = VERDICT_INIT;
	set->message = VERDICT_INIT;
	set->results_field = link->results_field;
	set->message_field = link->message_field;
	set->seal_field = link->seal_field;
	set->results_authserv_id = authserv_id(facts, link->results_field);
	if (link->seal != NULL)
		describe_seal(set, link->seal);
	if (link->message != NULL)
		set->message_domain = g_strdup(link->message->domain);
	return set;
}

static void examine_message_signature(
	ArcSet *set, const ArcLink *link, SignedMessage *message, Context *context)
{
	SignatureExam exam;

	signature_examine(&exam, message, link->message, link->message_field, context);
	set->message = exam.verdict;
	set->body_hash = exam.body_hash;
}

static void append_fields(GString *out, const Fields *fields, const ArcLink *link)
{
	canon_header(out, &fields->list[link->results_field], CANON_RELAXED);
	canon_header(out, &fields->list[link->message_field], CANON_RELAXED);
}

/* below is what the older sets contribute to the hash of every newer seal (5.1.1); this set's part
 * is added to it. */
static void examine_seal(
	ArcSet *set, const ArcLink *link, const Fields *fields, GString *below, Context *context)
{
	const Field *field = &fields->list[link->seal_field];
	size_t kept;
	DigestValue digest = { .len = 0 };
	SignatureExam exam;

	append_fields(below, fields, link);
	kept = below->len;
	if (link->seal->is_algorithm_known && link->seal->signature_place.data != NULL) {
		canon_header_without(below, field, link->seal->signature_place, CANON_RELAXED);
		digest = digest_of(link->seal->digest, slice_make(below->str, below->len));
		g_string_truncate(below, kept);
	}
	signature_examine_seal(&exam, link->seal, &digest, context);
	set->seal = exam.verdict;
	canon_header(below, field, CANON_RELAXED);
}

/* An l= that leaves out a part of the body is no reason to fail a chain: nothing is credited. */
static bool holds(const Verdict *verdict)
{
	return verdict->result == RESULT_PASS || verdict->result == RESULT_POLICY;
}

/* A seal or signature that the chain needs. Its answers are the chain's. */
static void need(Verdict *chain, const Verdict *part, const char *reason, const char *text,
	unsigned instance)
{
	bool has_failed = chain->is_final && chain->result == RESULT_FAIL;

	verdict_rest_on(chain, part);
	if (has_failed || holds(part))
		return;
	if (!part->is_final) {
		verdict_set_unknown(
			chain, RESULT_TEMPERROR, part->reason, part->text, g_strdup(part->detail));
		return;
	}
	/* "All failures are permanent" (5.2.1), and yet a key that is gone today says nothing of
	 * the chain as it was: those keep reasons of their own. */
	if (part->result == RESULT_TEMPERROR || g_str_equal(part->reason, "key-missing"))
		verdict_set(chain, RESULT_FAIL, part->reason, part->text, g_strdup(part->detail));
	else
		verdict_set(chain, RESULT_FAIL, reason, text,
			g_strdup_printf("i=%u: %s", instance, part->reason));
}

/* Steps 4, 6 and 7. A failure decides even while another part waits for its answer. */
static void settle(ArcVerdict *verdict)
{
	guint count = verdict->sets->len;
	Verdict *chain = &verdict->verdict;

	verdict_set(chain, RESULT_PASS, "chain-valid", N_("The chain is whole."), NULL);
	need(chain, &arc_set(verdict, count - 1)->message, "message-signature-failed",
		N_("The newest set's signature of the message does not hold."), count);
	for (guint i = count; i > 0; i--)
		need(chain, &arc_set(verdict, i - 1)->seal, "seal-failed",
			N_("A seal of the chain does not hold."), i);
}

/* Step 5: the oldest set from which on the message was not changed. */
static unsigned find_oldest_pass(const ArcVerdict *verdict)
{
	for (guint i = verdict->sets->len; i > 0; i--)
		if (!holds(&arc_set(verdict, i - 1)->message))
			return i < verdict->sets->len ? i + 1 : 0;
	return 0;
}

static void examine(ArcVerdict *verdict, const ArcChain *chain, const Facts *facts,
	SignedMessage *message, Context *context)
{
	g_autoptr(GString) below = g_string_new(NULL);

	for (guint i = 0; i < verdict->sets->len; i++) {
		ArcSet *set = g_ptr_array_index(verdict->sets, i);
		const ArcLink *link = arc_chain_link(chain, i);

		examine_message_signature(set, link, message, context);
		examine_seal(set, link, facts->fields, below, context);
	}
	settle(verdict);
	verdict->oldest_pass = find_oldest_pass(verdict);
}

static void tell(const ArcVerdict *verdict, Findings *findings)
{
	if (verdict->verdict.is_final && verdict->verdict.result == RESULT_FAIL)
		findings_add(findings, "arc-chain-broken", SEVERITY_NOTICE,
			N_("The message has an ARC chain that does not hold: what it says of the "
			   "message's way is to be taken for nothing."),
			g_strdup(verdict->verdict.reason));
}

ArcVerdict *arc_verify_with(
	const Facts *facts, SignedMessage *message, Context *context, Findings *findings)
{
	ArcVerdict *verdict = g_new0(ArcVerdict, 1);
	g_autoptr(ArcChain) chain = arc_chain_collect(facts->fields);

	verdict->verdict = VERDICT_INIT;
	verdict->sets = g_ptr_array_new_with_free_func(set_free);
	for (guint i = 0; i < chain->links->len; i++)
		g_ptr_array_add(verdict->sets, set_new(facts, arc_chain_link(chain, i), i + 1));
	if (!chain->is_there)
		verdict_set(&verdict->verdict, RESULT_NONE, "no-chain",
			N_("The message has no ARC chain."), NULL);
	else if (chain->reason != NULL)
		verdict_set(&verdict->verdict, RESULT_FAIL, chain->reason, chain->text,
			g_strdup(chain->detail));
	else
		examine(verdict, chain, facts, message, context);
	tell(verdict, findings);
	return verdict;
}

ArcVerdict *arc_verify(const Facts *facts, Context *context, Findings *findings)
{
	g_autoptr(SignedMessage) message = signed_message_new(facts->fields);

	return arc_verify_with(facts, message, context, findings);
}
