/* received_parse(): texts are UTF-8, and an address is there only with a family. */
#include "message/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Hop) hop = received_parse(slice_make((const char *)data, size));

	g_assert_true(hop->ip.family == 0 || hop->ip.family == 4 || hop->ip.family == 6);
	g_assert_true(hop->helo == NULL || g_utf8_validate(hop->helo, -1, NULL));
	g_assert_true(hop->rdns == NULL || g_utf8_validate(hop->rdns, -1, NULL));
	g_assert_true(hop->by == NULL || g_utf8_validate(hop->by, -1, NULL));
	g_assert_true(hop->rdns != NULL || !hop->rdns_verified);
	return 0;
}
