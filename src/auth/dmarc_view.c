#include "auth/dmarc_view.h"

#include "auth/dmarc_align.h"
#include "auth/org_domain.h"

#include <string.h>

/* What a rule found of the policy, and what alignment needs to know of the author domain. */
typedef struct Discovery {
	DmarcLookup state; /* DMARC_FOUND: step is the policy record; _ABSENT, _SEVERAL, … */
	const DmarcStep *step;
	char *org_domain; /* of the author domain; NULL where it is not known */
	DmarcLookup org_state;
	/* What step points into. */
	DmarcWalk *walk;
	DmarcStep *own;
	DmarcStep *organization;
} Discovery;

static void discovery_clear(Discovery *found)
{
	g_free(found->org_domain);
	dmarc_walk_free(found->walk);
	dmarc_step_free(found->own);
	dmarc_step_free(found->organization);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Discovery, discovery_clear)

/* What the functions below share. */
typedef struct Asker {
	DmarcRule rule;
	const char *author;
	const SpfVerdict *spf;
	const DkimVerdict *dkim;
	Context *context;
	Findings *findings;
	DmarcView *view;
} Asker;

static void discover_by_walk(const Asker *asker, Discovery *found)
{
	DmarcWalk *walk =
		dmarc_walk(asker->author, asker->context, &asker->view->verdict, asker->findings);

	found->walk = walk;
	for (guint i = 0; i < walk->steps->len; i++)
		dmarc_note_name(asker->view->walk, dmarc_walk_step(walk, i)->name);
	found->org_domain = g_strdup(walk->org_domain);
	found->org_state = walk->state;
	found->step = dmarc_walk_policy(walk, &found->state);
}

static DmarcStep *ask_step(const Asker *asker, const char *domain)
{
	DmarcStep *step =
		dmarc_step_new(domain, asker->context, &asker->view->verdict, asker->findings);

	dmarc_note_name(asker->view->walk, step->name);
	return step;
}

/* RFC 7489, 6.6.3: the author domain's record, else the organizational domain's. */
static void discover_by_list(const Asker *asker, Discovery *found)
{
	found->org_domain = org_domain_by_list(asker->context->org_domains, asker->author);
	found->org_state = DMARC_FOUND;
	found->own = ask_step(asker, asker->author);
	found->step = found->own;
	if (found->own->lookup == DMARC_ABSENT && strcmp(found->org_domain, asker->author) != 0) {
		found->organization = ask_step(asker, found->org_domain);
		found->step = found->organization;
	}
	found->state = found->step->lookup;
	if (found->state != DMARC_FOUND)
		found->step = NULL;
}

/* Non-existent is what answers NXDOMAIN (RFC 9989, 3.2.11; RFC 8020). */
static bool author_exists(const Asker *asker)
{
	const Answer *answer =
		context_ask(asker->context, asker->author, DNS_A, &asker->view->verdict);

	if (answer != NULL && answer_is_usable(answer))
		return answer->outcome != DNS_NXDOMAIN;
	findings_add(asker->findings, "dmarc-existence-unknown", SEVERITY_NOTICE,
		N_("Whether the author domain exists, on which the policy depends, is not known."),
		g_strdup(asker->author));
	return true;
}

/* RFC 9989, 4.10.1; RFC 7489, 6.3. */
static DmarcPolicy choose_policy(
	const Asker *asker, const DmarcRecord *record, bool is_own, const char **ret_tag)
{
	DmarcPolicy below = record->sp != DMARC_POLICY_ABSENT ? record->sp : record->p;

	*ret_tag = "p";
	if (is_own)
		return record->p;
	if (asker->rule == DMARC_RULE_9989 && record->np != DMARC_POLICY_ABSENT &&
		record->np != below && !author_exists(asker)) {
		*ret_tag = "np";
		return record->np;
	}
	if (record->sp != DMARC_POLICY_ABSENT)
		*ret_tag = "sp";
	return below;
}

static void set_policy(const Asker *asker, const DmarcStep *step, DmarcUse use)
{
	DmarcView *view = asker->view;
	const char *tag = "p";
	DmarcPolicy policy = DMARC_POLICY_NONE;

	if (use == DMARC_USE_FULL)
		policy = choose_policy(
			asker, step->record, strcmp(step->domain, asker->author) == 0, &tag);
	if (asker->rule == DMARC_RULE_9989 && step->record->is_testing) {
		view->is_testing = true;
		policy = dmarc_policy_tested(policy);
	}
	if (asker->rule == DMARC_RULE_7489)
		view->percent = step->record->percent;
	view->policy = g_strdup(dmarc_policy_word(policy));
	view->policy_tag = g_strdup(tag);
}

static DmarcTally align_all(
	const Asker *asker, const Discovery *found, const DmarcRecord *record, DmarcOrgBy by)
{
	DmarcView *view = asker->view;
	g_autofree char *by_list = NULL;
	DmarcAligner aligner = { .by = by,
		.author = asker->author,
		.author_org = found->org_domain,
		.author_state = found->org_state,
		.is_spf_strict = record != NULL && record->is_spf_strict,
		.is_dkim_strict = record != NULL && record->is_dkim_strict,
		.context = asker->context,
		.verdict = &view->verdict,
		.walk = view->walk,
		.findings = asker->findings };

	if (by == DMARC_ORG_BY_LIST) {
		by_list = org_domain_by_list(asker->context->org_domains, asker->author);
		aligner.author_org = by_list;
	}
	return dmarc_align(&aligner, asker->spf, asker->dkim, &view->spf, &view->dkim);
}

/* How the identifiers stand together, in the order in which it is said. */
static void conclude_unaligned(Verdict *verdict, const DmarcTally *tally)
{
	if (tally->is_lacking)
		verdict_set_unknown(verdict, RESULT_TEMPERROR, "answer-missing",
			N_("A DNS answer that alignment depends on is not recorded."), NULL);
	else if (tally->spf_unknown)
		verdict_set_unknown(verdict, tally->unknown_result, "spf-unknown",
			N_("Nothing aligned passes, but SPF is not evaluable and could have."),
			NULL);
	else if (tally->dkim_unknown)
		verdict_set_unknown(verdict, tally->unknown_result, "dkim-unknown",
			N_("Nothing aligned passes, but a DKIM signature that could have is not "
			   "evaluable."),
			NULL);
	else if (tally->is_failed)
		verdict_set(verdict, RESULT_TEMPERROR, "dns-failure",
			N_("The DNS did not answer a question that alignment depends on."), NULL);
	else if (tally->spf_temperror)
		verdict_set(verdict, RESULT_TEMPERROR, "spf-temperror",
			N_("Nothing aligned passes, and SPF of an aligned domain met a temporary "
			   "error."),
			NULL);
	else if (tally->dkim_temperror)
		verdict_set(verdict, RESULT_TEMPERROR, "dkim-temperror",
			N_("Nothing aligned passes, and an aligned DKIM signature met a temporary "
			   "error."),
			NULL);
	else if (tally->anything_passed)
		verdict_set(verdict, RESULT_FAIL, "not-aligned",
			N_("What passes is not aligned with the author domain."), NULL);
	else
		verdict_set(verdict, RESULT_FAIL, "nothing-passed",
			N_("Neither SPF nor a DKIM signature passes."), NULL);
}

static void conclude(Verdict *verdict, const DmarcTally *tally)
{
	if (tally->spf_aligned && tally->dkim_aligned)
		verdict_set(verdict, RESULT_PASS, "both-aligned",
			N_("SPF and a DKIM signature pass, aligned with the author domain."), NULL);
	else if (tally->spf_aligned)
		verdict_set(verdict, RESULT_PASS, "spf-aligned",
			N_("SPF passes, aligned with the author domain."), NULL);
	else if (tally->dkim_aligned)
		verdict_set(verdict, RESULT_PASS, "dkim-aligned",
			N_("A DKIM signature passes, aligned with the author domain."), NULL);
	else
		conclude_unaligned(verdict, tally);
}

/* The verdict rests on what SPF and every signature rest on. */
static void rest_on_methods(const Asker *asker)
{
	Verdict *verdict = &asker->view->verdict;

	if (asker->spf != NULL)
		verdict_rest_on(verdict, &asker->spf->verdict);
	for (guint i = 0; asker->dkim != NULL && i < asker->dkim->signatures->len; i++)
		if (!dkim_signature(asker->dkim, i)->is_google)
			verdict_rest_on(verdict, &dkim_signature(asker->dkim, i)->verdict);
}

static void apply_record(const Asker *asker, const Discovery *found)
{
	DmarcView *view = asker->view;
	const DmarcRecord *record = found->step->record;
	DmarcUse use = dmarc_record_use(record, asker->rule);
	DmarcOrgBy by = asker->rule == DMARC_RULE_9989 ? DMARC_ORG_BY_WALK : DMARC_ORG_BY_LIST;
	DmarcTally tally;

	view->record = g_strdup(record->text);
	view->record_domain = g_strdup(found->step->domain);
	if (use == DMARC_USE_IS_MALFORMED) {
		verdict_set(&view->verdict, RESULT_PERMERROR, "record-malformed",
			N_("The DMARC record is no list of tags and values."),
			g_strdup(record->fault));
		return;
	}
	if (use == DMARC_USE_NOT_AT_ALL) {
		verdict_set(&view->verdict, RESULT_NONE, "record-without-policy",
			N_("The DMARC record has no valid policy and no address for reports, so "
			   "that DMARC is not applied."),
			g_strdup(record->fault));
		return;
	}
	set_policy(asker, found->step, use);
	tally = align_all(asker, found, record, by);
	rest_on_methods(asker);
	conclude(&view->verdict, &tally);
}

/* Without a record nothing tells where one would stand; the guess is that of a receiver who takes
 * it for the organizational domain by the list, under either rule. */
static void guess(const Asker *asker, const Discovery *found)
{
	DmarcView *view = asker->view;
	DmarcTally tally = align_all(asker, found, NULL, DMARC_ORG_BY_LIST);
	bool is_open = tally.spf_unknown || tally.dkim_unknown;

	view->bestguess = tally.spf_aligned || tally.dkim_aligned;
	verdict_set(&view->verdict, RESULT_NONE, "no-record",
		N_("No DMARC record exists for the author domain."),
		is_open && !view->bestguess
			? g_strdup("SPF or DKIM is not evaluable: whether it would pass with a "
				   "record is not known")
			: NULL);
}

static void evaluate(const Asker *asker, const Discovery *found)
{
	Verdict *verdict = &asker->view->verdict;

	switch (found->state) {
	case DMARC_FOUND:
		apply_record(asker, found);
		break;
	case DMARC_ABSENT:
		guess(asker, found);
		break;
	case DMARC_SEVERAL:
		verdict_set(verdict, RESULT_NONE, "several-records",
			N_("There is more than one DMARC record, so that DMARC is not applied."),
			NULL);
		break;
	case DMARC_FAILED:
		verdict_set(verdict, RESULT_TEMPERROR, "dns-failure",
			N_("The DNS did not answer a question for the DMARC record."), NULL);
		break;
	case DMARC_LACKING:
		verdict_set_unknown(verdict, RESULT_TEMPERROR, "answer-missing",
			N_("A DNS answer for the DMARC record is not recorded."), NULL);
		break;
	}
}

DmarcView *dmarc_view_new(DmarcRule rule, const char *author, const SpfVerdict *spf,
	const DkimVerdict *dkim, Context *context, Findings *findings)
{
	g_auto(Discovery) found = { .state = DMARC_ABSENT };
	DmarcView *view = g_new0(DmarcView, 1);
	Asker asker = { .rule = rule,
		.author = author,
		.spf = spf,
		.dkim = dkim,
		.context = context,
		.findings = findings,
		.view = view };

	view->verdict = VERDICT_INIT;
	view->percent = 100;
	view->walk = g_ptr_array_new_with_free_func(g_free);
	if (rule == DMARC_RULE_9989)
		discover_by_walk(&asker, &found);
	else
		discover_by_list(&asker, &found);
	evaluate(&asker, &found);
	view->org_domain = g_strdup(found.org_domain);
	if (view->dkim == NULL)
		view->dkim = g_ptr_array_new_with_free_func((GDestroyNotify)dmarc_alignment_free);
	return view;
}

void dmarc_view_free(DmarcView *view)
{
	if (view == NULL)
		return;
	verdict_clear(&view->verdict);
	g_free(view->record);
	g_free(view->record_domain);
	g_free(view->org_domain);
	g_free(view->policy);
	g_free(view->policy_tag);
	dmarc_alignment_free(view->spf);
	g_ptr_array_unref(view->dkim);
	g_ptr_array_unref(view->walk);
	g_free(view);
}
