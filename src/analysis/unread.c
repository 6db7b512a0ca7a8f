#include "analysis/unread.h"

#include <string.h>

static const struct {
	const char *code;
	Severity severity;
	const char *text, *remark;
} reasons[] = {
	[UNREAD_CRASH] = { "worker-crashed", SEVERITY_WARNING,
		N_("The process that evaluated the message ended before it was done: nothing is "
		   "said of the message."),
		"its worker crashed" },
	[UNREAD_MEMORY] = { "worker-memory", SEVERITY_WARNING,
		N_("The evaluation needs more memory than one message may have: nothing is said "
		   "of the message."),
		"its worker ran out of memory" },
	[UNREAD_TIMEOUT] = { "worker-timeout", SEVERITY_WARNING,
		N_("The evaluation takes more time than one message may take: nothing is said of "
		   "the message."),
		"its worker took too long" },
};

bool unread_is_code(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(code, reasons[i].code) == 0)
			return true;
	return false;
}

const char *unread_text(Unread why)
{
	return reasons[why].remark;
}

static void unset(Verdict *verdict, Unread why)
{
	verdict_set_unknown(verdict, RESULT_NONE, reasons[why].code, reasons[why].text, NULL);
}

static void unset_all(Case *kase, Unread why)
{
	unset(&kase->spf->verdict, why);
	unset(&kase->spf_helo->verdict, why);
	unset(&kase->dkim->verdict, why);
	unset(&kase->dmarc->verdict, why);
	unset(&kase->arc->verdict, why);
	unset(&kase->smime->verdict, why);
	for (int method = 0; method < METHODS; method++) {
		kase->marks[method] = MARK_UNKNOWN;
		kase->is_stale[method] = false;
	}
}

static void set_findings(Case *kase, Unread why)
{
	findings_free(kase->findings);
	kase->findings = findings_new();
	if (kase->store_findings != NULL)
		findings_append(kase->findings, kase->store_findings);
	findings_add(
		kase->findings, reasons[why].code, reasons[why].severity, reasons[why].text, NULL);
}

/* What an empty message gives has the form of every case, and nothing in it. */
Case *case_new_unread(Source *source, Findings *findings, Unread why, const CaseOptions *options)
{
	g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
	g_autoptr(Evidence) evidence = evidence_new();
	CaseInput input = { .source = source, .findings = findings };
	CaseOptions nothing = *options;
	Case *kase;

	input.facts = facts_new(empty, source, NULL);
	nothing.evidence = evidence;
	kase = case_new(&input);
	kase->is_unread = true;
	case_evaluate(kase, &nothing);
	unset_all(kase, why);
	set_findings(kase, why);
	return kase;
}
