#include "analysis/classify.h"

#include "base/text_time.h"

/* The verdict rests on an answer that was taken too long after the message was received, or on one
 * of which nobody knows how long after: it cannot say what stood there then. */
static bool is_late(const Case *kase, const Verdict *verdict)
{
	int64_t received = kase->all_facts[VARIANT_STORED]->received;

	if (verdict->answers == 0)
		return false;
	if (received == TIME_UNKNOWN || verdict->undated > 0)
		return true;
	return verdict->youngest > received && verdict->youngest - received > kase->horizon_ms;
}

/* A "no" that another answer might have made a "yes". The rest the message says itself: a body that
 * was changed, or a field that another key could not make right either. */
static bool is_no_from_dns(const Verdict *verdict)
{
	static const char *const reasons[] = { "signature-invalid", "identity-not-domain" };

	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (g_strcmp0(verdict->reason, reasons[i]) == 0)
			return true;
	return g_str_has_prefix(verdict->reason, "key-") ||
	       g_str_has_prefix(verdict->reason, "dns-");
}

bool classify_is_stale(const Case *kase, const DkimSignature *signature)
{
	return is_no_from_dns(&signature->verdict) && is_late(kase, &signature->verdict);
}

/* One signature suffices for a pass: each that the DNS alone denies has to be denied in time. */
static bool is_dkim_stale(const Case *kase)
{
	for (guint i = 0; i < kase->dkim->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(kase->dkim, i);

		if (!signature->is_google && classify_is_stale(kase, signature))
			return true;
	}
	return false;
}

static bool is_stale(const Case *kase, Method method)
{
	switch (method) {
	case METHOD_SMIME:
		return false;
	case METHOD_DKIM:
		return is_dkim_stale(kase);
	case METHOD_SPF:
	case METHOD_DMARC:
		return is_late(kase, case_verdict(kase, method));
	}
	g_assert_not_reached();
}

static void classify(Case *kase, Method method)
{
	const Verdict *verdict = case_verdict(kase, method);

	kase->is_stale[method] = false;
	if (!verdict->is_final) {
		kase->marks[method] = MARK_UNKNOWN;
	} else if (verdict->result == RESULT_PASS) {
		kase->marks[method] = MARK_YES;
	} else if (is_stale(kase, method)) {
		kase->marks[method] = MARK_UNKNOWN;
		kase->is_stale[method] = true;
	} else {
		kase->marks[method] = MARK_NO;
	}
}

void classify_case(Case *kase)
{
	for (int method = 0; method < METHODS; method++)
		classify(kase, (Method)method);
}
