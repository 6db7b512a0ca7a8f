#include "survey/dmarc_exam.h"

#include "auth/dmarc_walk.h"

#include <string.h>

/* The value of a tag of a record, in which names know no case; NULL where it is not there. Owned by
 * the caller. */
static char *value_of(const char *record, const char *tag)
{
	Slice rest = slice_of(record);

	while (rest.len > 0) {
		Slice value = slice_take_until(&rest, ';');
		Slice name = slice_trim(slice_take_until(&value, '='));

		if (slice_is_nocase(name, tag))
			return slice_dup(slice_trim(value));
	}
	return NULL;
}

/* RFC 9989, 4.7: of a domain below the one that has the record. */
static DmarcPolicy policy_below(const DmarcRecord *record, bool is_nonexistent)
{
	if (is_nonexistent && record->np != DMARC_POLICY_ABSENT)
		return record->np;
	return record->sp != DMARC_POLICY_ABSENT ? record->sp : record->p;
}

static DmarcPolicy policy_of(const DmarcExam *exam, const DmarcRecord *record, bool is_nonexistent)
{
	DmarcPolicy policy;

	switch (dmarc_record_use(record, DMARC_RULE_9989)) {
	case DMARC_USE_FULL:
		policy = exam->is_own ? record->p : policy_below(record, is_nonexistent);
		return exam->is_testing ? dmarc_policy_tested(policy) : policy;
	case DMARC_USE_AS_NONE:
		return DMARC_POLICY_NONE;
	case DMARC_USE_NOT_AT_ALL:
	case DMARC_USE_IS_MALFORMED:
		break;
	}
	return DMARC_POLICY_ABSENT;
}

static void take_record(
	DmarcExam *exam, const DmarcStep *step, const char *domain, bool is_nonexistent)
{
	const DmarcRecord *record = step->record;

	exam->record = g_strdup(record->text);
	exam->found_at = g_strdup(step->domain);
	exam->is_own = strcmp(step->domain, domain) == 0;
	exam->p = record->p;
	exam->sp = record->sp;
	exam->np = record->np;
	exam->is_testing = record->is_testing;
	exam->rua = value_of(record->text, "rua");
	exam->policy = policy_of(exam, record, is_nonexistent);
	exam->state =
		exam->policy != DMARC_POLICY_ABSENT ? PUBLICATION_PUBLISHED : PUBLICATION_INVALID;
	if (dmarc_record_use(record, DMARC_RULE_9989) == DMARC_USE_NOT_AT_ALL)
		findings_add(exam->findings, "survey-dmarc-no-policy", SEVERITY_WARNING,
			N_("The DMARC record has neither a valid policy nor a report address, so "
			   "that it is not applied."),
			g_strdup(step->name));
}

static Publication state_without(DmarcLookup lookup)
{
	if (lookup == DMARC_SEVERAL)
		return PUBLICATION_INVALID;
	return lookup == DMARC_ABSENT ? PUBLICATION_ABSENT : PUBLICATION_UNKNOWN;
}

static void take_walk(
	DmarcExam *exam, const DmarcWalk *walk, bool is_nonexistent, const Context *context)
{
	DmarcLookup lookup;
	const DmarcStep *step = dmarc_walk_policy(walk, &lookup);

	if (step != NULL) {
		take_record(exam, step, walk->start, is_nonexistent);
	} else {
		exam->state = state_without(lookup);
		step = dmarc_walk_step(walk, 0);
	}
	if (step->name != NULL)
		exam->basis = basis_of(evidence_find(context->evidence, step->name, DNS_TXT));
}

DmarcExam *dmarc_exam_new(const char *domain, bool is_nonexistent, Context *context)
{
	DmarcExam *exam = g_new0(DmarcExam, 1);
	Verdict verdict = VERDICT_INIT;
	g_autoptr(DmarcWalk) walk = NULL;

	exam->findings = findings_new();
	exam->basis = basis_of(NULL);
	walk = dmarc_walk(domain, context, &verdict, exam->findings);
	take_walk(exam, walk, is_nonexistent, context);
	verdict_clear(&verdict);
	return exam;
}

void dmarc_exam_free(DmarcExam *exam)
{
	if (exam == NULL)
		return;
	g_free(exam->record);
	g_free(exam->found_at);
	g_free(exam->rua);
	findings_free(exam->findings);
	g_free(exam);
}
