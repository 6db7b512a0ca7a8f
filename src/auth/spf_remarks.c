#include "auth/spf_remarks.h"

#include "auth/spf_macro.h"

static bool is_broad(const SpfTerm *term)
{
	return (term->prefix4 != SPF_NO_PREFIX && term->prefix4 <= SPF_BROAD_PREFIX4) ||
	       (term->prefix6 != SPF_NO_PREFIX && term->prefix6 <= SPF_BROAD_PREFIX6);
}

void spf_remark_match(Findings *findings, const SpfOutcome *outcome)
{
	if (outcome->result != RESULT_PASS || outcome->term == NULL)
		return;
	if (outcome->term->kind == SPF_TERM_ALL)
		findings_add(findings, "spf-pass-for-all", SEVERITY_WARNING,
			N_("The SPF record gives a pass to every host of the Internet."),
			spf_describe_term(outcome->level, outcome->term));
	else if (is_broad(outcome->term))
		findings_add(findings, "spf-broad-network", SEVERITY_WARNING,
			N_("The SPF record gives a pass to a large part of the Internet."),
			spf_describe_term(outcome->level, outcome->term));
}

static void remark_ptr(Findings *findings, const SpfLevel *level, const SpfTerm *term)
{
	if (term->kind == SPF_TERM_PTR || spf_macro_uses(term->domain_spec, "p"))
		findings_add(findings, "spf-ptr", SEVERITY_NOTICE,
			N_("The SPF record trusts the name of the client's address, which RFC 7208 "
			   "says not to use."),
			spf_describe_term(level, term));
}

/* One a record is enough. */
static void remark_record(Findings *findings, const SpfLevel *level)
{
	const GArray *terms = level->record->terms;
	size_t before = findings_count(findings);

	for (guint i = 0; i < terms->len && findings_count(findings) == before; i++)
		remark_ptr(findings, level, &g_array_index(terms, SpfTerm, i));
	if (level->record->redirect != NULL && findings_count(findings) == before)
		remark_ptr(findings, level, level->record->redirect);
}

void spf_remark_records(Findings *findings, const GPtrArray *levels)
{
	for (guint i = 0; i < levels->len; i++) {
		const SpfLevel *level = g_ptr_array_index(levels, i);

		if (level->record != NULL)
			remark_record(findings, level);
	}
}
