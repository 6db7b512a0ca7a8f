/* The parsers of base/text_time.h: a time that was read can be written and read again. */
#include "base/text_time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice text = slice_make((const char *)data, size);
	int64_t time;
	int64_t again;

	text_time_parse_asctime(text, &time);
	text_time_parse_rfc5322(text, &time);
	if (text_time_parse_rfc3339(text, &time)) {
		g_autofree char *shown = text_time_rfc3339_ms(time);

		g_assert_true(shown == NULL || text_time_parse_rfc3339(slice_of(shown), &again));
		g_assert_true(shown == NULL || again == time);
	}
	return 0;
}
