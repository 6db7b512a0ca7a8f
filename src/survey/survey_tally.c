#include "survey/survey_tally.h"

#include <string.h>

static const char *const alls[SURVEY_TALLY_ALLS] = { "-all", "~all", "?all", "+all", "" };

const char *survey_tally_all(int index)
{
	return alls[index];
}

SurveyTally *survey_tally_new(void)
{
	SurveyTally *tally = g_new0(SurveyTally, 1);

	tally->findings = g_array_new(FALSE, FALSE, sizeof(TallyFinding));
	tally->by_code = g_hash_table_new(g_str_hash, g_str_equal);
	tally->texts = g_string_chunk_new(1024);
	return tally;
}

void survey_tally_free(SurveyTally *tally)
{
	if (tally == NULL)
		return;
	g_array_unref(tally->findings);
	g_hash_table_unref(tally->by_code);
	g_string_chunk_free(tally->texts);
	g_free(tally);
}

static TallyFinding *find_finding(SurveyTally *tally, const Finding *finding)
{
	size_t index = GPOINTER_TO_SIZE(g_hash_table_lookup(tally->by_code, finding->code));
	TallyFinding fresh = { .count = 0 };

	if (index > 0)
		return &g_array_index(tally->findings, TallyFinding, index - 1);
	fresh.code = g_string_chunk_insert(tally->texts, finding->code);
	fresh.text = g_string_chunk_insert(tally->texts, finding->text);
	g_array_append_val(tally->findings, fresh);
	g_hash_table_insert(tally->by_code, (gpointer)(guintptr)fresh.code,
		GSIZE_TO_POINTER((size_t)tally->findings->len));
	return &g_array_index(tally->findings, TallyFinding, tally->findings->len - 1);
}

static void count_findings(SurveyTally *tally, const Findings *findings)
{
	for (size_t i = 0; i < findings_count(findings); i++) {
		TallyFinding *known = find_finding(tally, findings_get(findings, i));

		known->count += known->last != tally->senders;
		known->last = tally->senders;
	}
}

static bool is_secure(const Basis *basis)
{
	return basis->security == DNSSEC_AD || basis->security == DNSSEC_SECURE;
}

static void count_spf(SurveyTally *tally, const SpfExam *spf)
{
	tally->spf[spf->state]++;
	tally->spf_secure += is_secure(&spf->basis);
	count_findings(tally, spf->findings);
	if (spf->record == NULL)
		return;
	for (int i = 0; i < SURVEY_TALLY_ALLS; i++)
		tally->all[i] += spf->all == alls[i][0];
}

static void count_dmarc(SurveyTally *tally, const DmarcExam *dmarc)
{
	tally->dmarc[dmarc->state]++;
	tally->inherited += dmarc->found_at != NULL && !dmarc->is_own;
	tally->dmarc_secure += is_secure(&dmarc->basis);
	if (dmarc->policy >= DMARC_POLICY_NONE)
		tally->policies[dmarc->policy - DMARC_POLICY_NONE]++;
	count_findings(tally, dmarc->findings);
}

static void count_key(SurveyTally *tally, const KeyExam *key)
{
	tally->keys[key->status]++;
	tally->weak_keys += key->problem == KEY_WEAK;
	tally->testing_keys += key->is_testing;
}

void survey_tally_add(SurveyTally *tally, const SenderExam *exam)
{
	tally->senders++;
	if (exam->domain == NULL) {
		tally->without_domain++;
		return;
	}
	count_spf(tally, exam->spf);
	count_dmarc(tally, exam->dmarc);
	tally->mx[exam->mx->state]++;
	tally->mx_secure += is_secure(&exam->mx->basis);
	for (guint i = 0; i < exam->keys->len; i++)
		count_key(tally, g_ptr_array_index(exam->keys, i));
}

static gint compare_findings(gconstpointer a, gconstpointer b)
{
	const TallyFinding *finding_a = a;
	const TallyFinding *finding_b = b;

	if (finding_a->count != finding_b->count)
		return finding_a->count < finding_b->count ? 1 : -1;
	return strcmp(finding_a->code, finding_b->code);
}

void survey_tally_finish(SurveyTally *tally)
{
	g_array_sort(tally->findings, compare_findings);
}
