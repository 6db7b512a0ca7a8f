#include "analysis/variant.h"

#include "analysis/asked.h"
#include "base/mbox_quoting.h"

/* More than all that is merely intact can add up to. */
#define WORTH_OF_A_PASS 100u

/* How well the signatures fit the octets. One that is right and does not count (an unknown root, a
 * key that is gone) still tells which octets were signed. */
typedef struct Fit {
	unsigned passes, intact;
	unsigned misfits; /* signatures of a body that is not this one */
} Fit;

/* What the evaluation of one variant of the octets gave. */
typedef struct Attempt {
	DkimVerdict *dkim;
	SmimeVerdict *smime;
	ArcVerdict *arc;
	Findings *findings;
	Fit fit;
} Attempt;

static void fit_body(Fit *fit, const Verdict *verdict, BodyHash body_hash)
{
	fit->passes += verdict->result == RESULT_PASS;
	fit->intact += body_hash == BODY_HASH_MATCH;
	fit->misfits += body_hash == BODY_HASH_MISMATCH;
}

/* A CMS that cannot be read may be one that a ">" spoilt. */
static void fit_smime(Fit *fit, const SmimeVerdict *smime)
{
	fit->passes += smime->verdict.result == RESULT_PASS;
	fit->misfits += smime->form != SMIME_FORM_NONE && smime->signers->len == 0;
	for (guint i = 0; i < smime->signers->len; i++) {
		const SmimeSigner *signer = g_ptr_array_index(smime->signers, i);
		bool is_intact = signer->digest == SMIME_YES && signer->signature == SMIME_YES;

		fit->intact += is_intact;
		fit->misfits += !is_intact;
	}
}

static Fit find_fit(const Attempt *attempt)
{
	Fit fit = { 0 };

	fit_smime(&fit, attempt->smime);
	for (guint i = 0; i < attempt->dkim->signatures->len; i++)
		fit_body(&fit, &dkim_signature(attempt->dkim, i)->verdict,
			dkim_signature(attempt->dkim, i)->body_hash);
	for (guint i = 0; i < attempt->arc->sets->len; i++)
		fit_body(&fit, &arc_set(attempt->arc, i)->message,
			arc_set(attempt->arc, i)->body_hash);
	return fit;
}

static bool fits_better(const Fit *a, const Fit *b)
{
	return a->passes * WORTH_OF_A_PASS + a->intact > b->passes * WORTH_OF_A_PASS + b->intact;
}

static Attempt try_variant(Case *kase, CaseVariant variant, Context *context)
{
	const Facts *facts = kase->all_facts[variant];
	g_autoptr(SignedMessage) message = signed_message_new(facts->fields);
	Attempt attempt = { .findings = findings_new() };

	attempt.dkim = dkim_verify_with(facts, message, context, attempt.findings);
	attempt.smime = smime_verify(facts, context, attempt.findings);
	case_note_asked(kase, context, ASKED_BY(METHOD_DKIM));
	attempt.arc = arc_verify_with(facts, message, context, attempt.findings);
	case_note_asked(kase, context, ASKED_BY_ARC);
	attempt.fit = find_fit(&attempt);
	return attempt;
}

static void attempt_clear(Attempt *attempt)
{
	dkim_verdict_free(attempt->dkim);
	smime_verdict_free(attempt->smime);
	arc_verdict_free(attempt->arc);
	findings_free(attempt->findings);
}

/* The same octets came out of another way of un-quoting. */
static bool is_known(const Case *kase, GBytes *bytes)
{
	for (int i = 0; i < CASE_VARIANTS; i++)
		if (kase->all_facts[i] != NULL && g_bytes_equal(kase->all_facts[i]->bytes, bytes))
			return true;
	return false;
}

/* Reads what un-quoting makes of the message, once for all rounds. */
static void read_variants(Case *kase)
{
	static const MboxQuoting quotings[CASE_VARIANTS] = {
		[VARIANT_MBOXRD] = MBOX_QUOTING_RD, [VARIANT_MBOXO] = MBOX_QUOTING_O
	};
	Slice stored = kase->all_facts[VARIANT_STORED]->message;

	if (kase->are_variants_read || !source_is_of_mbox(kase->source))
		return;
	kase->are_variants_read = true;
	for (int i = VARIANT_STORED + 1; i < CASE_VARIANTS; i++) {
		g_autoptr(GBytes) unquoted = mbox_unquote(stored, quotings[i]);

		if (unquoted != NULL && !is_known(kase, unquoted))
			kase->all_facts[i] = facts_new(unquoted, kase->source, kase->boundary);
	}
}

static void take_attempt(Case *kase, const Attempt *attempt, Findings *findings)
{
	kase->facts = kase->all_facts[kase->variant];
	kase->dkim = attempt->dkim;
	kase->smime = attempt->smime;
	kase->arc = attempt->arc;
	findings_append(findings, attempt->findings);
	findings_free(attempt->findings);
}

void case_choose_variant(Case *kase, Context *context, Findings *findings)
{
	Attempt best = try_variant(kase, VARIANT_STORED, context);

	kase->variant = VARIANT_STORED;
	if (best.fit.misfits > 0)
		read_variants(kase);
	for (int i = VARIANT_STORED + 1; i < CASE_VARIANTS && best.fit.misfits > 0; i++) {
		Attempt other;

		if (kase->all_facts[i] == NULL)
			continue;
		other = try_variant(kase, (CaseVariant)i, context);
		if (fits_better(&other.fit, &best.fit)) {
			attempt_clear(&best);
			best = other;
			kase->variant = (CaseVariant)i;
		} else {
			attempt_clear(&other);
		}
	}
	take_attempt(kase, &best, findings);
}
