/* message/decode.h: whatever comes in, valid UTF-8 comes out. The first line is a charset. */
#include "message/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice rest = slice_make(data != NULL ? (const char *)data : "", size);
	g_autofree char *whole = decode_text(rest);
	Slice charset = slice_take_until(&rest, '\n');
	g_autofree char *text = decode_charset(rest, charset);

	g_assert_true(g_utf8_validate(whole, -1, NULL));
	g_assert_true(text == NULL || g_utf8_validate(text, -1, NULL));
	return 0;
}
