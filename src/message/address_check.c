#include "message/address_check.h"

#include "base/domain_name.h"
#include "base/printable.h"
#include "message/decode.h"

#include <string.h>

/* Characters that change the direction of what follows (UAX #9). */
static bool is_bidi(gunichar c)
{
	return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* g_utf8_next_char() casts const away. */
static const char *next_char(const char *text)
{
	return text + g_utf8_skip[(guchar)*text];
}

/* Decoding has made a NUL "\x00", which nobody writes into a name either. */
static bool has_control(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((*c > 0 && *c < ' ' && *c != '\t') || *c == 0x7F)
			return true;
	return strstr(text, "\\x00") != NULL;
}

static bool has_bidi(const char *text)
{
	for (const char *c = text; *c != '\0'; c = next_char(c))
		if (is_bidi(g_utf8_get_char(c)))
			return true;
	return false;
}

static bool is_domain_octet(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || ((unsigned char)c & 0x80);
}

/* The domain that follows this '@' in normal form, where an address stands around it; or NULL. */
static char *domain_behind(const char *text, const char *at)
{
	size_t len = 0;

	if (at == text || strchr(" \t<,;:(\"", at[-1]) != NULL)
		return NULL;
	while (is_domain_octet(at[1 + len]))
		len++;
	while (len > 0 && at[len] == '.')
		len--;
	return memchr(at + 1, '.', len) != NULL ? domain_name_new(slice_make(at + 1, len)) : NULL;
}

/* More '@' than this in a name are looked at no more. */
#define LIMIT_NAME_ATS 50u

static bool has_other_address(const char *text, const char *domain)
{
	unsigned count = 0;

	for (const char *at = strchr(text, '@'); at != NULL && count < LIMIT_NAME_ATS;
		at = strchr(at + 1, '@'), count++) {
		g_autofree char *other = domain_behind(text, at);

		if (other != NULL && g_strcmp0(other, domain) != 0)
			return true;
	}
	return false;
}

static char *shown(const char *text)
{
	return printable_line(slice_of(text));
}

void address_check_text(
	const char *text, const char *domain, Slice raw, Slice message, Findings *findings)
{
	if (has_other_address(text, domain))
		findings_add_at(findings, "display-name-has-address", SEVERITY_ALERT,
			N_("The text beside an address holds an address of another domain; some "
			   "programs show only that."),
			shown(text), message, raw);
	if (has_control(text))
		findings_add_at(findings, "address-control-character", SEVERITY_ALERT,
			N_("An address or the text beside it holds a control character."),
			shown(text), message, raw);
	if (has_bidi(text))
		findings_add_at(findings, "bidi-control", SEVERITY_ALERT,
			N_("A character turns the direction of the text, so that it reads "
			   "otherwise "
			   "than it stands there."),
			shown(text), message, raw);
}

/* Scripts that one name may mix: Japanese and Chinese names mix kana, Han and Latin. */
static unsigned script_class(gunichar c)
{
	GUnicodeScript script = g_unichar_get_script(c);

	if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED)
		return 0;
	if (script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA ||
		script == G_UNICODE_SCRIPT_KATAKANA || script == G_UNICODE_SCRIPT_BOPOMOFO ||
		script == G_UNICODE_SCRIPT_HANGUL)
		return 1;
	return 2 + (unsigned)script;
}

/* Latin beside Cyrillic or Greek is how look-alikes are made. */
static bool mixes_scripts(const char *label)
{
	unsigned seen = 0;

	for (const char *c = label; *c != '\0'; c = next_char(c)) {
		unsigned class = *c == '.' ? 0 : script_class(g_utf8_get_char(c));

		if (*c == '.')
			seen = 0;
		if (class <= 1)
			continue;
		if (seen != 0 && seen != class)
			return true;
		seen = class;
	}
	return false;
}

static void check_domain(const Address *address, Slice message, Findings *findings)
{
	g_autofree char *unicode = NULL;

	if (address->domain == NULL || !g_hostname_is_ascii_encoded(address->domain))
		return;
	unicode = g_hostname_to_unicode(address->domain);
	if (unicode == NULL)
		return;
	findings_add_at(findings, "domain-idn", SEVERITY_NOTICE,
		N_("The domain of an address is an internationalised name; its letters may look "
		   "like others."),
		g_strdup_printf("%s (%s)", address->domain, unicode), message, address->raw);
	if (mixes_scripts(unicode))
		findings_add_at(findings, "domain-mixed-script", SEVERITY_WARNING,
			N_("The domain of an address mixes letters of several scripts, as "
			   "look-alike "
			   "names do."),
			g_strdup_printf("%s (%s)", address->domain, unicode), message,
			address->raw);
}

/* An encoded word in a local part is literal text of the address, yet many programs decode it. */
static void check_local(const Address *address, Slice message, Findings *findings)
{
	g_autofree char *decoded = NULL;

	if (strstr(address->local, "=?") == NULL)
		return;
	decoded = decode_text(slice_of(address->local));
	if (strcmp(decoded, address->local) == 0)
		return;
	findings_add_at(findings, "address-has-encoded-word", SEVERITY_ALERT,
		N_("The local part of an address is written as an encoded word; some programs "
		   "decode it and show another address."),
		shown(decoded), message, address->raw);
	address_check_text(decoded, address->domain, address->raw, message, findings);
}

void address_check(const Address *address, Slice message, Findings *findings)
{
	if (address->display != NULL)
		address_check_text(
			address->display, address->domain, address->raw, message, findings);
	address_check_text(address->addr_spec, address->domain, address->raw, message, findings);
	check_local(address, message, findings);
	check_domain(address, message, findings);
}
