/* facts_new(): the envelope points to hops and fields that are there; findings lie inside. */
#include "base/limits.h"
#include "message/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(Facts) facts = facts_new(bytes, NULL, NULL);
	const Envelope *envelope = &facts->envelope;

	g_assert_true(envelope->hop == NO_HOP || envelope->hop < facts->hops->len);
	g_assert_true(envelope->mail_from_field == NO_FIELD ||
		      envelope->mail_from_field < facts->fields->count);
	g_assert_cmpuint(envelope->plausible_count, <=, LIMIT_SPF_HOPS);
	for (size_t i = 0; i < envelope->plausible_count; i++)
		g_assert_cmpuint(envelope->plausible[i], <, facts->hops->len);
	for (size_t i = 0; i < findings_count(facts->findings); i++) {
		const Finding *finding = findings_get(facts->findings, i);

		g_assert_true(!finding->has_place || finding->offset + finding->length <= size);
	}
	return 0;
}
