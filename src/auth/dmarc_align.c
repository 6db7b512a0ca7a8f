#include "auth/dmarc_align.h"

#include "auth/org_domain.h"

#include <string.h>

typedef enum Aligned { ALIGNED_NO, ALIGNED_YES, ALIGNED_FAILED, ALIGNED_LACKING } Aligned;

void dmarc_alignment_free(DmarcAlignment *alignment)
{
	if (alignment == NULL)
		return;
	g_free(alignment->domain);
	g_free(alignment->org_domain);
	g_free(alignment);
}

void dmarc_note_name(GPtrArray *names, const char *name)
{
	if (name != NULL && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
		g_ptr_array_add(names, g_strdup(name));
}

static void note_walk(GPtrArray *names, const DmarcWalk *walk)
{
	for (guint i = 0; i < walk->steps->len; i++)
		dmarc_note_name(names, dmarc_walk_step(walk, i)->name);
}

static Aligned aligned_unknown(DmarcLookup state)
{
	return state == DMARC_LACKING ? ALIGNED_LACKING : ALIGNED_FAILED;
}

static Aligned compare_by_list(const DmarcAligner *aligner, const char *domain, char **ret_org)
{
	*ret_org = org_domain_by_list(aligner->context->org_domains, domain);
	return strcmp(*ret_org, aligner->author_org) == 0 ? ALIGNED_YES : ALIGNED_NO;
}

static Aligned compare_by_walk(const DmarcAligner *aligner, const char *domain, char **ret_org)
{
	g_autoptr(DmarcWalk) walk =
		dmarc_walk(domain, aligner->context, aligner->verdict, aligner->findings);

	note_walk(aligner->walk, walk);
	if (walk->state != DMARC_FOUND)
		return aligned_unknown(walk->state);
	*ret_org = g_strdup(walk->org_domain);
	if (aligner->author_org == NULL)
		return aligned_unknown(aligner->author_state);
	return strcmp(*ret_org, aligner->author_org) == 0 ? ALIGNED_YES : ALIGNED_NO;
}

/* Equal names are aligned in either mode, and a walk would say so (9989, 4.10.2). *ret_org stays
 * NULL where the organizational domain was not needed or is not known. */
static Aligned align(
	const DmarcAligner *aligner, const char *domain, bool is_strict, char **ret_org)
{
	*ret_org = NULL;
	if (strcmp(domain, aligner->author) == 0) {
		*ret_org = g_strdup(aligner->author_org);
		return ALIGNED_YES;
	}
	if (is_strict)
		return ALIGNED_NO;
	return aligner->by == DMARC_ORG_BY_LIST ? compare_by_list(aligner, domain, ret_org)
						: compare_by_walk(aligner, domain, ret_org);
}

static DmarcAlignment *alignment_new(
	const DmarcAligner *aligner, const char *domain, bool is_strict, DmarcTally *tally)
{
	DmarcAlignment *alignment = g_new0(DmarcAlignment, 1);
	Aligned aligned = align(aligner, domain, is_strict, &alignment->org_domain);

	alignment->domain = g_strdup(domain);
	alignment->is_strict = is_strict;
	alignment->is_aligned = aligned == ALIGNED_YES;
	tally->anything_passed = true;
	tally->is_lacking |= aligned == ALIGNED_LACKING;
	tally->is_failed |= aligned == ALIGNED_FAILED;
	return alignment;
}

/* Whether a result that is not known might have counted: its domain is aligned, or that cannot be
 * said either. */
static bool could_align(const DmarcAligner *aligner, const char *domain, bool is_strict)
{
	g_autofree char *org = NULL;

	return domain == NULL || align(aligner, domain, is_strict, &org) != ALIGNED_NO;
}

static void note_unknown(DmarcTally *tally, AuthResult result)
{
	if (result == RESULT_TEMPERROR)
		tally->unknown_result = RESULT_TEMPERROR;
}

static void align_spf(const DmarcAligner *aligner, const SpfVerdict *spf, DmarcTally *tally,
	DmarcAlignment **ret_spf)
{
	bool is_strict = aligner->is_spf_strict;

	if (spf == NULL) {
		tally->spf_unknown = true;
	} else if (!spf->verdict.is_final) {
		tally->spf_unknown = could_align(
			aligner, spf->is_domain_in_doubt ? NULL : spf->domain, is_strict);
		if (tally->spf_unknown)
			note_unknown(tally, spf->verdict.result);
	} else if (spf->verdict.result == RESULT_PASS && spf->domain != NULL) {
		*ret_spf = alignment_new(aligner, spf->domain, is_strict, tally);
		tally->spf_aligned = (*ret_spf)->is_aligned;
	} else if (spf->verdict.result == RESULT_TEMPERROR) {
		tally->spf_temperror = could_align(aligner, spf->domain, is_strict);
	}
}

static void align_signature(const DmarcAligner *aligner, const DkimSignature *signature,
	DmarcTally *tally, GPtrArray *alignments)
{
	bool is_strict = aligner->is_dkim_strict;
	AuthResult result = signature->verdict.result;

	if (!signature->verdict.is_final) {
		if (!could_align(aligner, signature->domain, is_strict))
			return;
		tally->dkim_unknown = true;
		note_unknown(tally, result);
	} else if (result == RESULT_PASS && signature->domain != NULL) {
		DmarcAlignment *alignment =
			alignment_new(aligner, signature->domain, is_strict, tally);

		tally->dkim_aligned |= alignment->is_aligned;
		g_ptr_array_add(alignments, alignment);
	} else if (result == RESULT_TEMPERROR) {
		tally->dkim_temperror |= could_align(aligner, signature->domain, is_strict);
	}
}

DmarcTally dmarc_align(const DmarcAligner *aligner, const SpfVerdict *spf, const DkimVerdict *dkim,
	DmarcAlignment **ret_spf, GPtrArray **ret_dkim)
{
	DmarcTally tally = { .unknown_result = RESULT_NONE };

	*ret_spf = NULL;
	*ret_dkim = g_ptr_array_new_with_free_func((GDestroyNotify)dmarc_alignment_free);
	align_spf(aligner, spf, &tally, ret_spf);
	if (dkim == NULL)
		tally.dkim_unknown = true;
	for (guint i = 0; dkim != NULL && i < dkim->signatures->len; i++)
		if (!dkim_signature(dkim, i)->is_google)
			align_signature(aligner, dkim_signature(dkim, i), &tally, *ret_dkim);
	return tally;
}
