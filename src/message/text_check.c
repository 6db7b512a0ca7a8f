#include "message/text_check.h"

#include "base/printable.h"

#include <string.h>

bool text_has_control(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((*c > 0 && *c < ' ' && *c != '\t') || *c == 0x7F)
			return true;
	return strstr(text, "\\x00") != NULL;
}

/* LRO and RLO (UAX #9): what follows runs as they say, whatever it is. */
static bool is_override(gunichar c)
{
	return c == 0x202D || c == 0x202E;
}

/* The other controls and marks: phones and web services put them around names and numbers. */
static bool is_bidi_mark(gunichar c)
{
	return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202C) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* Soft hyphen, zero-width spaces and joiners, byte order mark. */
static bool is_invisible(gunichar c)
{
	return c == 0x00AD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF;
}

/* One stands between two ASCII letters: it splits a word that reads as one. In other scripts, and
 * in emoji, the joiners have their use. */
static bool splits_word(const char *text)
{
	for (const char *c = text; *c != '\0'; c = printable_next(c))
		if (g_ascii_isalnum(*c) && is_invisible(g_utf8_get_char(c + 1)) &&
			g_ascii_isalnum(*printable_next(c + 1)))
			return true;
	return false;
}

static bool has_any(const char *text, bool (*is_one)(gunichar))
{
	for (const char *c = text; *c != '\0'; c = printable_next(c))
		if (is_one(g_utf8_get_char(c)))
			return true;
	return false;
}

void text_check(const char *text, Slice where, Slice message, Findings *findings)
{
	if (g_str_is_ascii(text))
		return;
	if (has_any(text, is_override))
		findings_add_at(findings, "bidi-control", SEVERITY_ALERT,
			N_("A character turns the direction of the text, so that it reads "
			   "otherwise than it stands there."),
			printable_line(slice_of(text)), message, where);
	if (has_any(text, is_bidi_mark))
		findings_add_at(findings, "bidi-mark", SEVERITY_INFO,
			N_("The text holds invisible marks of direction."),
			printable_line(slice_of(text)), message, where);
	if (splits_word(text))
		findings_add_at(findings, "invisible-character", SEVERITY_NOTICE,
			N_("An invisible character stands inside of a word, which filters and "
			   "people then read differently."),
			printable_line(slice_of(text)), message, where);
}
