#include "auth/dmarc_walk.h"

#include "base/domain_name.h"
#include "base/limits.h"

#include <string.h>

static const Rr *next_record(const Answer *answer, size_t *index)
{
	for (; *index < LIMIT_DMARC_TXT; (*index)++) {
		const Rr *rr = answer_rr(answer, *index);

		if (rr == NULL)
			return NULL;
		if (dmarc_record_is(slice_make(rr->text->str, rr->text->len))) {
			(*index)++;
			return rr;
		}
	}
	return NULL;
}

static void note_faults(const DmarcStep *step, Findings *findings)
{
	const DmarcRecord *record = step->record;

	if (record->fault == NULL)
		return;
	if (record->is_malformed)
		findings_add(findings, "dmarc-record-malformed", SEVERITY_WARNING,
			N_("A DMARC record is no list of tags and values."),
			g_strdup_printf("%s: %s", step->name, record->fault));
	else
		findings_add(findings, "dmarc-record-value", SEVERITY_NOTICE,
			N_("A tag of a DMARC record has a value that is not allowed."),
			g_strdup_printf("%s: %s", step->name, record->fault));
}

static void note_txt_limit(const DmarcStep *step, const Answer *answer, Findings *findings)
{
	if (answer_rr(answer, LIMIT_DMARC_TXT) != NULL)
		findings_add(findings, "dmarc-txt-limit", SEVERITY_WARNING,
			N_("A name has more TXT records than are looked at."),
			g_strdup(step->name));
}

/* What its owner takes for a DMARC record, but no receiver does: another case, a blank before it, a
 * quote (RFC 9989, 4.7: everything but "v=DMARC1" at the start is ignored). */
static bool is_near_miss(Slice text)
{
	while (text.len > 0 && strchr(" \t\"'", text.data[0]) != NULL && text.data[0] != '\0')
		text = slice_sub(text, 1, text.len);
	return slice_starts_nocase(text, "v=dmarc1") || slice_starts_nocase(text, "v = dmarc1");
}

static void note_near_misses(const DmarcStep *step, const Answer *answer, Findings *findings)
{
	for (size_t i = 0; i < LIMIT_DMARC_TXT; i++) {
		const Rr *rr = answer_rr(answer, i);
		Slice text;

		if (rr == NULL)
			return;
		text = slice_make(rr->text->str, rr->text->len);
		if (!dmarc_record_is(text) && is_near_miss(text))
			findings_add(findings, "dmarc-record-ignored", SEVERITY_NOTICE,
				N_("What looks like a DMARC record does not begin as one must, and "
				   "is ignored."),
				g_strdup(step->name));
	}
}

static void read_answer(DmarcStep *step, const Answer *answer, Findings *findings)
{
	size_t index = 0;
	const Rr *first = next_record(answer, &index);

	note_txt_limit(step, answer, findings);
	note_near_misses(step, answer, findings);
	if (first == NULL)
		return;
	if (next_record(answer, &index) != NULL) {
		step->lookup = DMARC_SEVERAL;
		findings_add(findings, "dmarc-several-records", SEVERITY_WARNING,
			N_("A name has more than one DMARC record, so that none of them counts."),
			g_strdup(step->name));
		return;
	}
	step->lookup = DMARC_FOUND;
	step->record = dmarc_record_parse(slice_make(first->text->str, first->text->len));
	note_faults(step, findings);
}

DmarcStep *dmarc_step_new(
	const char *domain, Context *context, Verdict *verdict, Findings *findings)
{
	DmarcStep *step = g_new0(DmarcStep, 1);
	g_autofree char *name = g_strconcat("_dmarc.", domain, NULL);
	const Answer *answer;

	step->domain = g_strdup(domain);
	step->lookup = DMARC_ABSENT;
	step->name = domain_name_for_question(slice_of(name));
	if (step->name == NULL)
		return step;
	answer = context_ask(context, step->name, DNS_TXT, verdict);
	if (answer == NULL)
		step->lookup = DMARC_LACKING;
	else if (!answer_is_usable(answer) || answer_is_chain_broken(answer))
		step->lookup = DMARC_FAILED;
	else
		read_answer(step, answer, findings);
	return step;
}

void dmarc_step_free(DmarcStep *step)
{
	if (step == NULL)
		return;
	g_free(step->domain);
	g_free(step->name);
	dmarc_record_free(step->record);
	g_free(step);
}

/* Step 4 of the walk: the first target behind the start leaves out what makes it longer than seven
 * labels. Points into name; NULL behind the last. */
static const char *next_target(const char *name)
{
	if (domain_name_labels(name) > LIMIT_TREE_WALK - 1)
		return domain_name_last(name, LIMIT_TREE_WALK - 1);
	return domain_name_parent(name);
}

static bool is_psd_said(const DmarcStep *step)
{
	return step->lookup == DMARC_FOUND && step->record->psd != DMARC_PSD_UNSAID;
}

/* 4.10.2; every step is known. */
static const char *select_org_domain(const DmarcWalk *walk)
{
	const char *org = walk->start;

	for (guint i = 0; i < walk->steps->len; i++) {
		const DmarcStep *step = dmarc_walk_step(walk, i);

		if (step->lookup != DMARC_FOUND)
			continue;
		/* The level below may never have been asked: it is taken from the start. */
		if (step->record->psd == DMARC_PSD_YES && i > 0)
			return domain_name_last(walk->start, domain_name_labels(step->domain) + 1);
		org = step->domain;
		if (step->record->psd == DMARC_PSD_NO)
			break;
	}
	return org;
}

DmarcWalk *dmarc_walk(const char *start, Context *context, Verdict *verdict, Findings *findings)
{
	DmarcWalk *walk = g_new0(DmarcWalk, 1);

	walk->start = g_strdup(start);
	walk->steps = g_ptr_array_new_with_free_func((GDestroyNotify)dmarc_step_free);
	walk->state = DMARC_FOUND;
	for (const char *target = start; target != NULL; target = next_target(target)) {
		DmarcStep *step = dmarc_step_new(target, context, verdict, findings);

		g_ptr_array_add(walk->steps, step);
		if (step->lookup == DMARC_LACKING)
			walk->state = DMARC_LACKING;
		if (step->lookup == DMARC_FAILED && walk->state == DMARC_FOUND)
			walk->state = DMARC_FAILED;
		if (step->lookup == DMARC_FAILED || is_psd_said(step))
			break;
	}
	if (walk->state == DMARC_FOUND)
		walk->org_domain = g_strdup(select_org_domain(walk));
	return walk;
}

void dmarc_walk_free(DmarcWalk *walk)
{
	if (walk == NULL)
		return;
	g_free(walk->start);
	g_ptr_array_unref(walk->steps);
	g_free(walk->org_domain);
	g_free(walk);
}

/* The record of that name, or NULL. */
static const DmarcStep *find_record(const DmarcWalk *walk, const char *domain)
{
	for (guint i = 0; i < walk->steps->len; i++) {
		const DmarcStep *step = dmarc_walk_step(walk, i);

		if (step->lookup == DMARC_FOUND && strcmp(step->domain, domain) == 0)
			return step;
	}
	return NULL;
}

const DmarcStep *dmarc_walk_policy(const DmarcWalk *walk, DmarcLookup *ret_state)
{
	const DmarcStep *first = dmarc_walk_step(walk, 0);
	const DmarcStep *last = dmarc_walk_step(walk, walk->steps->len - 1);
	const DmarcStep *policy = NULL;

	*ret_state = first->lookup;
	if (first->lookup == DMARC_FOUND)
		return first;
	if (first->lookup == DMARC_LACKING || walk->state != DMARC_FOUND) {
		*ret_state = walk->state;
		return NULL;
	}
	policy = find_record(walk, walk->org_domain);
	if (policy == NULL && last->lookup == DMARC_FOUND && last->record->psd == DMARC_PSD_YES)
		policy = last;
	if (policy != NULL)
		*ret_state = DMARC_FOUND;
	return policy;
}
