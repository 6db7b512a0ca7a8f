/* auth/dmarc_record.h: reading a record twice gives the same, and a use that applies has a policy.
 */
#include "auth/dmarc_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_use(const DmarcRecord *record, DmarcRule rule)
{
	DmarcUse use = dmarc_record_use(record, rule);

	g_assert_true((use == DMARC_USE_IS_MALFORMED) == record->is_malformed);
	if (use == DMARC_USE_FULL)
		g_assert_nonnull(dmarc_policy_word(record->p));
	if (use == DMARC_USE_AS_NONE)
		g_assert_true(record->has_report_uri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);
	g_autoptr(DmarcRecord) record = NULL;
	g_autoptr(DmarcRecord) again = NULL;

	if (!dmarc_record_is(text))
		return 0;
	record = dmarc_record_parse(text);
	again = dmarc_record_parse(text);
	g_assert_cmpstr(record->text, ==, again->text);
	g_assert_true(g_utf8_validate(record->text, -1, NULL));
	g_assert_true(record->fault == NULL || g_utf8_validate(record->fault, -1, NULL));
	g_assert_cmpuint(record->percent, <=, 100);
	g_assert_true(!record->is_malformed || record->psd == DMARC_PSD_UNSAID);
	check_use(record, DMARC_RULE_9989);
	check_use(record, DMARC_RULE_7489);
	return 0;
}
