#include "analysis/case.h"

#include "analysis/classify.h"
#include "analysis/compare.h"
#include "analysis/findings.h"
#include "base/text_time.h"

/* What the evaluation of one variant of the octets gave. */
typedef struct Attempt {
	DkimVerdict *dkim;
	SmimeVerdict *smime;
	Findings *findings;
	unsigned score;
} Attempt;

static void spf_hop_free(gpointer data)
{
	SpfHop *hop = data;

	spf_verdict_free(hop->spf);
	g_free(hop);
}

Case *case_new(CaseInput *input)
{
	Case *kase = g_new0(Case, 1);

	kase->source = g_steal_pointer(&input->source);
	for (int i = 0; i < CASE_VARIANTS; i++)
		kase->all_facts[i] = g_steal_pointer(&input->facts[i]);
	kase->facts = kase->all_facts[VARIANT_STORED];
	kase->store_findings = g_steal_pointer(&input->findings);
	return kase;
}

/* Frees what case_evaluate() makes. */
static void reset(Case *kase)
{
	g_clear_pointer(&kase->spf, spf_verdict_free);
	g_clear_pointer(&kase->spf_helo, spf_verdict_free);
	g_clear_pointer(&kase->spf_hops, g_ptr_array_unref);
	g_clear_pointer(&kase->dkim, dkim_verdict_free);
	g_clear_pointer(&kase->dmarc, dmarc_verdict_free);
	g_clear_pointer(&kase->arc, arc_verdict_free);
	g_clear_pointer(&kase->smime, smime_verdict_free);
	g_clear_pointer(&kase->differences, g_ptr_array_unref);
	g_clear_pointer(&kase->findings, findings_free);
	g_clear_pointer(&kase->lacking, g_ptr_array_unref);
	g_clear_pointer(&kase->answers, g_ptr_array_unref);
}

void case_free(Case *kase)
{
	if (kase == NULL)
		return;
	reset(kase);
	for (int i = 0; i < CASE_VARIANTS; i++)
		facts_free(kase->all_facts[i]);
	findings_free(kase->store_findings);
	source_free(kase->source);
	g_free(kase);
}

static unsigned count_passes(const DkimVerdict *dkim, const SmimeVerdict *smime)
{
	unsigned passes = smime->verdict.result == RESULT_PASS;

	for (guint i = 0; i < dkim->signatures->len; i++)
		passes += dkim_signature(dkim, i)->verdict.result == RESULT_PASS;
	return passes;
}

static Attempt try_variant(const Facts *facts, Context *context)
{
	Attempt attempt = { .findings = findings_new() };

	attempt.dkim = dkim_verify(facts, context, attempt.findings);
	attempt.smime = smime_verify(facts, context, attempt.findings);
	attempt.score = count_passes(attempt.dkim, attempt.smime);
	return attempt;
}

static void attempt_clear(Attempt *attempt)
{
	dkim_verdict_free(attempt->dkim);
	smime_verdict_free(attempt->smime);
	findings_free(attempt->findings);
}

/* Evaluates what rests on the octets of the body for each variant of them; the one under which
 * most signatures verify counts, the stored one where that makes no difference. */
static Attempt choose_variant(Case *kase, Context *context)
{
	Attempt best = try_variant(kase->all_facts[VARIANT_STORED], context);

	kase->variant = VARIANT_STORED;
	for (int i = VARIANT_STORED + 1; i < CASE_VARIANTS; i++) {
		Attempt other;

		if (kase->all_facts[i] == NULL)
			continue;
		other = try_variant(kase->all_facts[i], context);
		if (other.score > best.score) {
			attempt_clear(&best);
			best = other;
			kase->variant = (CaseVariant)i;
		} else {
			attempt_clear(&other);
		}
	}
	kase->facts = kase->all_facts[kase->variant];
	return best;
}

static void check_spf(Case *kase, Context *context)
{
	const Envelope *envelope = &kase->facts->envelope;
	SpfRequest request = { .client_ip = envelope->client_ip,
		.helo = envelope->helo,
		.mail_from = envelope->mail_from };

	kase->spf = spf_check_mail_from(&request, context);
	kase->spf_helo = spf_check_helo(&request, context);
	kase->spf_hops = g_ptr_array_new_with_free_func(spf_hop_free);
	for (size_t i = 0; i < envelope->plausible_count; i++) {
		const Hop *hop = facts_hop(kase->facts, envelope->plausible[i]);
		SpfHop *result = g_new0(SpfHop, 1);

		request.client_ip = hop->ip;
		request.helo = hop->helo;
		result->hop = envelope->plausible[i];
		result->spf = spf_check_mail_from(&request, context);
		g_ptr_array_add(kase->spf_hops, result);
	}
}

static Context *make_context(const Case *kase, const CaseOptions *options)
{
	Context *context = context_new(options->evidence);
	int64_t received = kase->all_facts[VARIANT_STORED]->received;

	context->trust = options->trust;
	context->org_domains = options->org_domains;
	context->dmarc_rule = options->dmarc_rule;
	context->now = options->now;
	context->received = received;
	context->at = options->at != TIME_UNKNOWN ? options->at : received;
	return context;
}

static void note_variant(Case *kase)
{
	if (kase->variant != VARIANT_STORED)
		findings_add(kase->findings, "store-quoting-undone", SEVERITY_INFO,
			N_("The mailbox's quoting of lines that begin with \"From \" was undone: "
			   "so "
			   "the signatures verify."),
			g_strdup(kase->variant == VARIANT_MBOXRD ? "mboxrd" : "mboxo"));
}

/* A "pass" is no less a pass by late evidence, but the reader has to know. */
static void note_late_evidence(Case *kase, const CaseOptions *options, int64_t received)
{
	int64_t youngest = MAX(kase->spf->verdict.youngest,
		MAX(kase->dkim->verdict.youngest, kase->dmarc->verdict.youngest));
	g_autofree char *at = NULL;

	if (received == TIME_UNKNOWN || youngest == TIME_UNKNOWN || youngest < received ||
		youngest - received <= options->horizon_ms)
		return;
	at = text_time_rfc3339(youngest);
	findings_add(kase->findings, "evidence-late", SEVERITY_NOTICE,
		N_("DNS answers were taken long after the message was received: records and keys "
		   "may "
		   "have changed."),
		g_steal_pointer(&at));
}

static void collect_findings(Case *kase, const Findings *verdicts)
{
	kase->findings = findings_new();
	if (kase->store_findings != NULL)
		findings_append(kase->findings, kase->store_findings);
	findings_append(kase->findings, kase->facts->findings);
	findings_append(kase->findings, verdicts);
}

bool case_evaluate(Case *kase, const CaseOptions *options)
{
	g_autoptr(Context) context = make_context(kase, options);
	g_autoptr(Findings) findings = NULL;
	Attempt chosen;

	reset(kase);
	chosen = choose_variant(kase, context);
	kase->dkim = chosen.dkim;
	kase->smime = chosen.smime;
	findings = chosen.findings;
	kase->arc = arc_verify(kase->facts, context, findings);
	check_spf(kase, context);
	findings_append(findings, kase->spf->findings);
	kase->dmarc = dmarc_evaluate(kase->facts, kase->spf, kase->dkim, context, findings);
	collect_findings(kase, findings);
	note_variant(kase);
	note_late_evidence(kase, options, context->received);
	compare_recorded(kase);
	classify_case(kase, context->received, options->horizon_ms);
	kase->lacking = g_steal_pointer(&context->lacking);
	kase->answers = g_steal_pointer(&context->asked);
	case_find(kase, options);
	return kase->lacking->len == 0;
}

const Verdict *case_verdict(const Case *kase, Method method)
{
	switch (method) {
	case METHOD_SMIME:
		return &kase->smime->verdict;
	case METHOD_SPF:
		return &kase->spf->verdict;
	case METHOD_DKIM:
		return &kase->dkim->verdict;
	case METHOD_DMARC:
		return &kase->dmarc->verdict;
	}
	g_assert_not_reached();
}

const char *case_result_word(const Case *kase, Method method)
{
	const Verdict *verdict = case_verdict(kase, method);
	const DmarcView *view = method == METHOD_DMARC ? dmarc_view(kase->dmarc) : NULL;

	if (view != NULL && verdict->result == RESULT_NONE && view->bestguess)
		return "bestguesspass";
	return auth_result_word(verdict->result);
}

const char *method_word(Method method)
{
	static const char *const words[] = { "smime", "spf", "dkim", "dmarc" };

	return words[method];
}

const char *mark_word(Mark mark)
{
	static const char *const words[] = { "yes", "no", "unknown" };

	return words[mark];
}
