/* Text for terminals: widths, columns, cutting, and that nothing from mail acts on it. */
#include "report/admit.h"
#include "report/style.h"
#include "suite.h"

#include <string.h>

static const ReportStyle plain = { .lang = LANG_EN, .marks = MARKS_OXDASH };

static void test_width(void)
{
	static const struct {
		const char *text;
		size_t width;
	} rows[] = { { "", 0 }, { "abc", 3 }, { "該当数", 6 }, { "○×–", 3 }, { "e\xCC\x81", 1 },
		{ "ﾒｰﾙ", 3 }, { "メール", 6 } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i].text);
		g_assert_cmpuint(style_width(rows[i].text), ==, rows[i].width);
	}
}

static void test_columns(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	style_append(out, "割合", 6);
	style_append_right(out, "7", 3);
	style_append(out, "too long", 3);
	g_assert_cmpstr(out->str, ==, "割合    7too long");
}

static void test_cut(void)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *cut;
	} rows[] = { { "short", 10, "short" }, { "メールマガジン", 8, "メール…" },
		{ "メールマガジン", 9, "メールマ…" }, { "exactly ten", 11, "exactly ten" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *cut = style_cut(&plain, rows[i].text, rows[i].columns);

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(cut, ==, rows[i].cut);
		g_assert_cmpuint(style_width(cut), <=, rows[i].columns);
	}
}

static void test_safe(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	style_append_safe(out, "\033]0;owned\a\r\nA\xC2\x9B"
			       "2J\xE2\x80\xAE"
			       "b");
	for (const char *c = out->str; *c != '\0'; c++)
		g_assert_true(*c >= ' ' && *c != 0x7F);
	g_assert_null(strstr(out->str, "\xC2\x9B"));
	g_assert_null(strstr(out->str, "\xE2\x80\xAE"));
}

static void test_language(void)
{
	const ReportStyle japanese = { .lang = LANG_JA };

	g_assert_cmpstr(style_text(&japanese, "Share"), ==, "割合");
	g_assert_cmpstr(style_text(&plain, "Share"), ==, "Share");
	g_assert_cmpstr(style_text(&japanese, "no such text"), ==, "no such text");
}

static void test_number(void)
{
	g_autoptr(GString) out = g_string_new(NULL);

	style_append_number(out, &plain, " ({n} messages)", 3);
	g_assert_cmpstr(out->str, ==, " (3 messages)");
}

static void test_paint(void)
{
	ReportStyle style = plain;
	g_autoptr(GString) out = g_string_new(NULL);

	style_paint(out, &style, PAINT_BAD, "x");
	g_assert_cmpstr(out->str, ==, "x");
	style.color = true;
	style_paint(out, &style, PAINT_BAD, "x");
	g_assert_cmpstr(out->str, ==, "x\033[31mx\033[0m");
}

/* What a worker says is read eight octets at a time: each octet is seen at each place. */
static void test_admitted_octets(void)
{
	for (unsigned octet = 0; octet < 256; octet++)
		for (size_t at = 0; at < 23; at++) {
			g_autofree char *line = g_strnfill(23, '~');
			g_autofree char *exact = NULL;
			bool is_good = octet == '\n' || (octet >= 0x20 && octet < 0x7F);

			line[at] = (char)octet;
			line[22] = '\n';
			is_good = is_good || at == 22;
			exact = g_memdup2(line, 23);
			g_test_message("octet %u at %" G_GSIZE_FORMAT, octet, at);
			g_assert_true(
				admit_lines(slice_make(exact, 23), &plain, SIZE_MAX) == is_good);
		}
}

static void test_admitted_text(void)
{
	static const ReportStyle coloured = { .color = true };
	static const struct {
		const char *text;
		bool is_good, is_good_in_colour;
	} rows[] = {
		{ "", true, true },
		{ "no end", false, false },
		{ "件名 one\nand two\n", true, true },
		{ "\xE4\xBB\n", false, false },     /* cut off */
		{ "\xC0\xAF\n", false, false },     /* longer than it need be */
		{ "\xED\xA0\x80\n", false, false }, /* half of a pair */
		{ "\xE2\x80\xAE right to left\n", false, false },
		{ "a\rb\n", false, false },
		{ "\033[31mred\033[0m\n", false, true },
		{ "\033[2Jgone\n", false, false },
		{ "\033[31\n", false, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice text = slice_of(rows[i].text);
		g_autofree char *exact = g_memdup2(text.data, text.len);

		g_test_message("row %" G_GSIZE_FORMAT, i);
		text = slice_make(exact, text.len);
		g_assert_true(admit_lines(text, &plain, SIZE_MAX) == rows[i].is_good);
		g_assert_true(admit_lines(text, &coloured, SIZE_MAX) == rows[i].is_good_in_colour);
	}
	g_assert_false(admit_lines(slice_of("one\ntwo\n"), &plain, 1));
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/style/width", test_width);
	g_test_add_func("/style/columns", test_columns);
	g_test_add_func("/style/cut", test_cut);
	g_test_add_func("/style/safe", test_safe);
	g_test_add_func("/style/language", test_language);
	g_test_add_func("/style/number", test_number);
	g_test_add_func("/style/paint", test_paint);
	g_test_add_func("/style/admitted-octets", test_admitted_octets);
	g_test_add_func("/style/admitted-text", test_admitted_text);
	return g_test_run();
}
