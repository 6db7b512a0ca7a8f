#include "report/survey_report.h"

#include <string.h>

#define PLACE(member) offsetof(ShareRow, member)

const SurveyFigure survey_figures[SURVEY_FIGURES] = {
	{ "spf", "SPF", PLACE(spf), true },
	{ "dmarc", "DMARC", PLACE(dmarc), true },
	{ "both", N_("Both"), PLACE(both), true },
	{ "neither", N_("Neither"), PLACE(neither), true },
	{ "unknown", N_("Not evaluable"), PLACE(unknown), true },
	{ "spf_unknown", NULL, PLACE(spf_unknown), false },
	{ "dmarc_unknown", NULL, PLACE(dmarc_unknown), false },
	{ "spf_invalid", NULL, PLACE(spf_invalid), false },
	{ "dmarc_invalid", NULL, PLACE(dmarc_invalid), false },
};

uint64_t survey_figure(const ShareRow *row, int index)
{
	uint64_t figure;

	memcpy(&figure, (const char *)row + survey_figures[index].place, sizeof figure);
	return figure;
}

char *survey_share_text(uint64_t count, uint64_t units)
{
	g_autofree char *share = table_share_text(table_share(count, units));

	return g_strdup_printf("%" G_GUINT64_FORMAT " (%s)", (guint64)count, share);
}

const char *survey_class_name(const ReportStyle *style, const char *name)
{
	if (name == NULL)
		return style_text(style, N_("(other)"));
	return *name != '\0' ? name : "-";
}

const char *survey_table_title(const ReportStyle *style, const ShareTable *table)
{
	return style_text(style, share_table_records(table) == RECORDS_SET
					 ? N_("SPF and DMARC published (records that are set)")
					 : N_("SPF and DMARC published (records that are valid)"));
}

const char *survey_all_text(const SpfExam *spf)
{
	for (int i = 0; i < SURVEY_TALLY_ALLS; i++)
		if (spf->all != 0 && spf->all == survey_tally_all(i)[0])
			return survey_tally_all(i);
	return NULL;
}

static void add(SurveyCounts *counts, const char *label, const char *code, uint64_t count)
{
	counts->counts[counts->length++] = (SurveyCount) { label, code, count };
}

static void add_states(SurveyCounts *counts, const uint64_t *states)
{
	static const char *const labels[PUBLICATIONS] = { N_("published"), N_("invalid"),
		N_("absent"), N_("not evaluable") };

	for (int i = 0; i < PUBLICATIONS; i++)
		add(counts, labels[i], publication_word((Publication)i), states[i]);
}

static void add_mail_hosts(SurveyCounts *counts, const uint64_t *states)
{
	static const char *const labels[MX_STATES] = { N_("published"), N_("null (takes no mail)"),
		N_("absent"), N_("not evaluable") };

	for (int i = 0; i < MX_STATES; i++)
		add(counts, labels[i], mx_state_word((MxState)i), states[i]);
}

static void add_keys(SurveyCounts *counts, const SurveyTally *tally)
{
	static const char *const labels[SURVEY_TALLY_KEYS] = { N_("present"), N_("missing"),
		N_("revoked"), N_("unusable"), N_("not evaluable") };

	for (int i = 0; i < SURVEY_TALLY_KEYS; i++) {
		add(counts, labels[i], key_status_word((KeyStatus)i), tally->keys[i]);
		counts->total += tally->keys[i];
	}
	add(counts, N_("under 1024 bits"), "weak", tally->weak_keys);
	add(counts, N_("testing"), "testing", tally->testing_keys);
}

void survey_count_up(const SurveyTally *tally, SurveyCounts ret_counts[SURVEY_COUNTS])
{
	uint64_t senders = tally->senders - tally->without_domain;
	SurveyCounts *counts = ret_counts;

	*counts = (SurveyCounts) { "spf", N_("SPF record"), .total = senders };
	add_states(counts++, tally->spf);
	*counts = (SurveyCounts) { "spf_all", N_("SPF ends with"), .total = senders };
	for (int i = 0; i < SURVEY_TALLY_ALLS - 1; i++)
		add(counts, NULL, survey_tally_all(i), tally->all[i]);
	add(counts++, N_("none of these"), "none", tally->all[SURVEY_TALLY_ALLS - 1]);
	*counts = (SurveyCounts) { "dmarc", N_("DMARC record"), .total = senders };
	add_states(counts, tally->dmarc);
	add(counts++, N_("of a domain above"), "inherited", tally->inherited);
	*counts = (SurveyCounts) { "dmarc_policy", N_("DMARC policy in force"), .total = senders };
	for (int i = 0; i < SURVEY_TALLY_POLICIES; i++)
		add(counts, NULL, dmarc_policy_word((DmarcPolicy)(DMARC_POLICY_NONE + i)),
			tally->policies[i]);
	counts++;
	*counts = (SurveyCounts) { "mx", N_("Mail hosts (MX)"), .total = senders };
	add_mail_hosts(counts++, tally->mx);
	*counts = (SurveyCounts) { "keys", N_("DKIM keys"), .total = 0 };
	add_keys(counts++, tally);
	*counts = (SurveyCounts) { "dnssec", N_("Answers validated by DNSSEC"), .total = senders };
	add(counts, NULL, "spf", tally->spf_secure);
	add(counts, NULL, "dmarc", tally->dmarc_secure);
	add(counts, NULL, "mx", tally->mx_secure);
}
