#include "analysis/case.h"

#include "analysis/asked.h"
#include "analysis/classify.h"
#include "analysis/compare.h"
#include "analysis/findings.h"
#include "analysis/spf_hops.h"
#include "analysis/variant.h"
#include "base/text_time.h"

Case *case_new(CaseInput *input)
{
	Case *kase = g_new0(Case, 1);

	kase->source = g_steal_pointer(&input->source);
	kase->boundary = input->boundary;
	kase->all_facts[VARIANT_STORED] = g_steal_pointer(&input->facts);
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
	g_clear_pointer(&kase->changes, g_ptr_array_unref);
	g_clear_pointer(&kase->dumps, g_ptr_array_unref);
	g_clear_pointer(&kase->differences, g_ptr_array_unref);
	g_clear_pointer(&kase->findings, findings_free);
	g_clear_pointer(&kase->lacking, g_ptr_array_unref);
	g_clear_pointer(&kase->answers, g_ptr_array_unref);
	g_clear_pointer(&kase->masked, g_ptr_array_unref);
	g_clear_pointer(&kase->lacking_by, g_array_unref);
	g_clear_pointer(&kase->answers_by, g_array_unref);
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

static Context *make_context(const Case *kase, const CaseOptions *options)
{
	Context *context = context_new(options->evidence);
	int64_t received = kase->all_facts[VARIANT_STORED]->received;

	context->trust = options->trust;
	context->org_domains = options->org_domains;
	context->dmarc_rule = options->dmarc_rule;
	context->is_headers_only = options->is_headers_only;
	if (options->memo != NULL)
		context_share_memo(context, options->memo);
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

typedef struct Span {
	int64_t oldest, youngest;
} Span;

static Span evidence_span(const Case *kase)
{
	const Verdict *verdicts[] = { &kase->spf->verdict, &kase->dkim->verdict,
		&kase->dmarc->verdict };
	Span span = { INT64_MAX, INT64_MIN };

	for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++) {
		span.oldest = MIN(span.oldest, verdicts[i]->oldest);
		span.youngest = MAX(span.youngest, verdicts[i]->youngest);
	}
	return span;
}

/* A "pass" is no less a pass by evidence of another time, but the reader has to know. */
static void note_evidence_time(Case *kase, int64_t horizon_ms, int64_t received)
{
	Span span = evidence_span(kase);

	if (received == TIME_UNKNOWN || span.oldest > span.youngest)
		return;
	if (span.youngest > received && span.youngest - received > horizon_ms)
		findings_add(kase->findings, "evidence-late", SEVERITY_NOTICE,
			N_("DNS answers were taken long after the message was received: records "
			   "and keys may have changed."),
			text_time_rfc3339(span.youngest));
	if (span.oldest < received && received - span.oldest > horizon_ms)
		findings_add(kase->findings, "evidence-early", SEVERITY_NOTICE,
			N_("DNS answers were taken long before the message was received: records "
			   "and keys may have changed."),
			text_time_rfc3339(span.oldest));
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
	g_autoptr(Findings) findings = findings_new();

	reset(kase);
	kase->horizon_ms = options->horizon_ms;
	case_start_asking(kase);
	case_choose_variant(kase, context, findings);
	case_check_spf(kase, context);
	case_note_asked(kase, context, ASKED_BY(METHOD_SPF));
	findings_append(findings, kase->spf->findings);
	kase->dmarc = dmarc_evaluate(kase->facts, kase->spf, kase->dkim, context, findings);
	case_note_asked(kase, context, ASKED_BY(METHOD_DMARC));
	collect_findings(kase, findings);
	note_variant(kase);
	note_evidence_time(kase, options->horizon_ms, context->received);
	compare_recorded(kase);
	classify_case(kase);
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

const char *asker_word(unsigned number)
{
	return number < METHODS ? method_word((Method)number) : number == METHODS ? "arc" : NULL;
}

const char *mark_word(Mark mark)
{
	static const char *const words[] = { "yes", "no", "unknown" };

	return words[mark];
}
