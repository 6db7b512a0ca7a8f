#include "analysis/classify.h"

#include "base/text_time.h"

/* A "no" of DKIM that no later change of the DNS can have made: the message itself says it. */
static bool is_dkim_no_from_dns(const Verdict *verdict)
{
	return g_str_has_prefix(verdict->reason, "key-") ||
	       g_str_has_prefix(verdict->reason, "dns-") ||
	       g_strcmp0(verdict->reason, "signature-invalid") == 0;
}

static bool rests_on_dns(const Case *kase, Method method)
{
	const Verdict *verdict = case_verdict(kase, method);

	if (method == METHOD_SMIME || verdict->answers == 0)
		return false;
	return method != METHOD_DKIM || is_dkim_no_from_dns(verdict);
}

static bool is_late(const Verdict *verdict, int64_t received, int64_t horizon_ms)
{
	return received != TIME_UNKNOWN && verdict->youngest != TIME_UNKNOWN &&
	       verdict->youngest > received && verdict->youngest - received > horizon_ms;
}

static void classify(Case *kase, Method method, int64_t received, int64_t horizon_ms)
{
	const Verdict *verdict = case_verdict(kase, method);
	bool is_stale = rests_on_dns(kase, method) && is_late(verdict, received, horizon_ms);

	kase->is_stale[method] = false;
	if (!verdict->is_final) {
		kase->marks[method] = MARK_UNKNOWN;
	} else if (verdict->result == RESULT_PASS) {
		kase->marks[method] = MARK_YES;
	} else if (is_stale) {
		kase->marks[method] = MARK_UNKNOWN;
		kase->is_stale[method] = true;
	} else {
		kase->marks[method] = MARK_NO;
	}
}

void classify_case(Case *kase, int64_t received, int64_t horizon_ms)
{
	for (int method = 0; method < METHODS; method++)
		classify(kase, (Method)method, received, horizon_ms);
}
