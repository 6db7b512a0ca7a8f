/* Tests of message/decode.h: encoded words, raw Japanese, charsets and their aliases. */
#include "base/limits.h"
#include "message/decode.h"
#include "suite.h"

#include <string.h>

/* The kanji of "public", in one place for all charsets. */
#define KOU      "\xE5\x85\xAC"
#define KOU_SJIS "\x8C\xF6"
#define KOU_EUC  "\xB8\xF8"
#define KOU_JIS  "\x1B$B8x\x1B(B"

static const struct {
	const char *name, *value, *text;
} rows[] = {
	{ "plain", " Hello\r\n", "Hello" },
	{ "folded", " a\r\n b\n\tc", "a b\tc" },
	{ "nothing", "", "" },
	{ "B", "=?utf-8?B?5YWs?=", KOU },
	{ "Q", "=?UTF-8?q?=E5=85=AC_a=3F?=", KOU " a?" },
	{ "with a language", "=?utf-8*ja?Q?=E5=85=AC?=", KOU },
	{ "text around", "a =?utf-8?B?5YWs?= b", "a " KOU " b" },
	{ "no white space around", "a=?utf-8?B?5YWs?=b", "a" KOU "b" },
	{ "white space between words goes", "=?utf-8?B?5YWs?=\r\n =?utf-8?B?5YWs?=", KOU KOU },
	{ "no white space between words", "=?utf-8?B?5YWs?==?utf-8?Q?a?=", KOU "a" },
	{ "text between words stays", "=?utf-8?B?5YWs?= x =?utf-8?B?5YWs?=", KOU " x " KOU },
	{ "two charsets", "=?utf-8?B?5YWs?= =?shift_jis?B?jPY=?=", KOU KOU },
	{ "a character over two words", "=?utf-8?B?5YU=?= =?utf-8?B?rA==?=", KOU },
	{ "a character over B and Q", "=?utf-8?B?5YU=?= =?UTF-8?Q?=AC?=", KOU },
	{ "base64 goes on behind its end", "=?utf-8?B?YQ==YmM=?=", "abc" },
	{ "base64 without its end", "=?utf-8?B?YWI?=", "ab" },
	{ "two words of ISO-2022-JP",
		"=?ISO-2022-JP?B?GyRCOHgbKEI=?= =?iso-2022-jp?B?GyRCOHgbKEI=?=", KOU KOU },
	{ "two words, padded", "=?ISO-2022-JP?B?YRskQjh4GyhC?= =?ISO-2022-JP?B?YWIbJEI4eBsoQg==?=",
		"a" KOU "ab" KOU },
	{ "charset not known",
		"=?x-none?B?5YWs?= =?x-none?B?5YWs?=", "=?x-none?B?5YWs?= =?x-none?B?5YWs?=" },
	{ "charset with orders for iconv", "=?utf-8//IGNORE?Q?a?=", "=?utf-8//IGNORE?Q?a?=" },
	{ "no encoding", "=?utf-8?X?abc?=", "=?utf-8?X?abc?=" },
	{ "no end", "=?utf-8?Q?abc", "=?utf-8?Q?abc" },
	{ "no end, then a word", "=?utf-8?Z?=?utf-8?Q?a?=", "=?utf-8?Z?a" },
	{ "empty word",
		"a=?utf-8?Q?"
		"?=b",
		"ab" },
	{ "blanks in a word", "=?utf-8?Q?a b?=", "a b" },
	{ "bad UTF-8", "=?utf-8?Q?a=FFb?=", "a\\xFFb" },
	{ "NUL", "=?utf-8?Q?a=00b?=", "a\\x00b" },
	{ "MS: NUL and address", "=?utf-8?b?YWRtaW5AbGVnaXRpbWF0ZS5jb20=?==?utf-8?Q?=00?=",
		"admin@legitimate.com\\x00" },
	{ "raw UTF-8", KOU, KOU },
	{ "raw Shift_JIS", KOU_SJIS "\x82\xA0", KOU "\xE3\x81\x82" },
	{ "raw EUC-JP", KOU_EUC "\xA4\xA2", KOU "\xE3\x81\x82" },
	{ "raw ISO-2022-JP", "a " KOU_JIS " b", "a " KOU " b" },
	{ "raw Latin-1", "caf\xE9", "caf\\xE9" },
	{ "raw, and a word", KOU_SJIS " =?utf-8?B?5YWs?=", KOU " " KOU },
	{ "escape that is none", "a\x1B$Zb", "a\\x1B$Zb" },
	{ "US-ASCII that is UTF-8", "=?us-ascii?Q?=E5=85=AC?=", KOU },
	{ "unknown-8bit", "=?unknown-8bit?B?jPY=?=", KOU },
	{ "utf8", "=?utf8?Q?=E5=85=AC?=", KOU },
	{ "gb2312", "=?gb2312?B?uas=?=", KOU },
	{ "gbk", "=?GBK?B?uas=?=", KOU },
	{ "big5", "=?Big5?B?pL0=?=", KOU },
	{ "ks_c_5601-1987", "=?ks_c_5601-1987?B?zes=?=", KOU },
	{ "latin-1 is Windows-1252", "=?iso-8859-1?Q?=E9=80?=", "\xC3\xA9\xE2\x82\xAC" },
	{ "Shift_JIS in ISO-2022-JP", "=?ISO-2022-JP?B?gaGL2Q==?=", "\xE2\x96\xA0\xE7\xB7\x8A" },
	{ "the locale's charset is none of mail's", "=?char?Q?a?=", "a" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice exact = suite_exact(slice_of(rows[i].value));
		g_autofree char *text = decode_text(exact);

		g_test_message("%s", rows[i].name);
		g_assert_cmpstr(text, ==, rows[i].text);
		g_free((gpointer)(guintptr)exact.data);
	}
}

static const struct {
	const char *charset, *octets, *text;
} charsets[] = {
	{ "shift_jis", KOU_SJIS, KOU },
	{ "Shift-JIS", KOU_SJIS, KOU },
	{ "x-sjis", KOU_SJIS, KOU },
	{ "Windows-31J", "\x87@\xEE\xE0", "\xE2\x91\xA0\xE9\xAB\x99" },
	{ "ms_kanji", "\x87@", "\xE2\x91\xA0" },
	{ "shift_jis", "\x83\\\xB1", "\xE3\x82\xBD\xEF\xBD\xB1" },
	{ "shift_jis", "a\x8C", "a\\x8C" },
	{ "euc-jp", KOU_EUC "\xAD\xA1", KOU "\xE2\x91\xA0" },
	{ "EUC-JP", "\x8E\xB1", "\xEF\xBD\xB1" },
	{ "euc-jp", "a\xB8", "a\\xB8" },
	{ "iso-2022-jp", KOU_JIS, KOU },
	{ "iso-2022-jp", "\x1B$@8x\x1B(J\\~\x1B(Ba",
		KOU "\xC2\xA5\xE2\x80\xBE"
		    "a" },
	{ "iso-2022-jp", "\x1B$B-!|b\x1B(B", "\xE2\x91\xA0\xE9\xAB\x99" },
	{ "iso-2022-jp", "\x1B(I1\x1B(B", "\xEF\xBD\xB1" },
	{ "cp50221", "\x1B(I1\x1B(B", "\xEF\xBD\xB1" },
	{ "cp50222",
		"\x0E\x31\x0F"
		"a",
		"\xEF\xBD\xB1"
		"a" },
	{ "iso-2022-jp-1", "\x1B$(D\"/\x1B(B", "\xCB\x98" },
	{ "iso-2022-jp-2", "\x1B$A9+\x1B(B", KOU },
	{ "iso-2022-jp-2", "\x1B$(CMk\x1B(B", KOU },
	{ "iso-2022-jp-3", "\x1B$(O8x\x1B(B", KOU },
	{ "iso-2022-jp-ms", "\x1B$B-!\x1B(B", "\xE2\x91\xA0" },
	{ "iso-2022-jp", "\x1B$B8x\na", KOU "\na" },
	{ "iso-2022-jp", "\x1B$B8", "8" },
	{ "utf-8", KOU "\xFF", KOU "\\xFF" },
	{ "utf-16be", "Ql", "\xE5\x85\xAC" },
	{ "koi8-r", "\xC1", "\xD0\xB0" },
	{ "no-such-charset", "a", NULL },
	{ "", "a", NULL },
	{ "utf-8//TRANSLIT", "a", NULL },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a", NULL },
};

static void test_charsets(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		Slice exact = suite_exact(slice_of(charsets[i].octets));
		g_autofree char *text = decode_charset(exact, slice_of(charsets[i].charset));

		g_test_message("%zu %s", i, charsets[i].charset);
		g_assert_cmpstr(text, ==, charsets[i].text);
		g_free((gpointer)(guintptr)exact.data);
	}
}

static char *repeated(const char *text, size_t times)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < times; i++)
		g_string_append(out, text);
	return g_string_free(out, FALSE);
}

static void test_limits(void)
{
	g_autofree char *open_words = repeated("=?utf-8?Q?a", 100000);
	g_autofree char *questions = repeated("=?", 500000);
	g_autofree char *words = repeated("=?iso-2022-jp?Q?a?= =?utf-8?Q?b?= ", 20000);
	g_autofree char *charset = g_strnfill(9000000, 'c');
	g_autofree char *long_charset = g_strconcat("=?", charset, "?Q?a?=", NULL);
	const char *texts[] = { open_words, questions, words, long_charset };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *text = decode_text(slice_of(texts[i]));

		g_test_message("%zu", i);
		g_assert_true(g_utf8_validate(text, -1, NULL));
		g_assert_true(g_str_has_suffix(text, " octets more]"));
		g_assert_cmpuint(strlen(text), <, LIMIT_DECODED_FIELD * 4);
	}
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/message/decode/rows", test_rows);
	g_test_add_func("/message/decode/charsets", test_charsets);
	g_test_add_func("/message/decode/limits", test_limits);
	return g_test_run();
}
