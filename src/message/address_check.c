#include "message/address_check.h"

#include "base/domain_name.h"
#include "base/printable.h"
#include "message/decode.h"
#include "message/lookalike.h"
#include "message/organisation.h"
#include "message/text_check.h"

#include <string.h>

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

typedef enum OtherAddress { OTHER_NONE, OTHER_RELATED, OTHER_FOREIGN } OtherAddress;

/* The same name, or one is above the other. */
static bool is_related(const char *a, const char *b)
{
	return domain_name_is_within(a, b) || domain_name_is_within(b, a);
}

/* What stands before the '@' is the address' own local part. */
static bool is_own(const char *text, const char *at, const Address *address)
{
	size_t len = strlen(address->local);
	size_t before = (size_t)(at - text);

	return before >= len && g_ascii_strncasecmp(at - len, address->local, len) == 0 &&
	       (before == len || !g_ascii_isalnum(at[-(ptrdiff_t)len - 1]));
}

/* The worst that the text holds beside the address, which is NULL where there is none. */
static OtherAddress find_other_address(const char *text, const Address *address)
{
	const char *own = address != NULL ? address->domain : NULL;
	OtherAddress found = OTHER_NONE;
	unsigned count = 0;

	for (const char *at = strchr(text, '@'); at != NULL && count < LIMIT_NAME_ATS;
		at = strchr(at + 1, '@'), count++) {
		g_autofree char *other = domain_behind(text, at);

		if (other == NULL)
			continue;
		if (own == NULL || !is_related(other, own))
			return OTHER_FOREIGN;
		if (!is_own(text, at, address))
			found = OTHER_RELATED;
	}
	return found;
}

static char *shown(const char *text)
{
	return printable_line(slice_of(text));
}

/* Full-width and small at signs and dots look like the real ones; NULL where there are none. */
static char *plain_signs(const char *text)
{
	if (strstr(text, "\uFF20") == NULL && strstr(text, "\uFE6B") == NULL)
		return NULL;
	return g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
}

void address_check_text(
	const char *text, const Address *address, Slice raw, Slice message, Findings *findings)
{
	g_autofree char *plain = plain_signs(text);

	if (find_other_address(plain != NULL ? plain : text, address) == OTHER_FOREIGN)
		findings_add_at(findings, "display-name-has-address", SEVERITY_ALERT,
			N_("The text beside an address holds an address of another domain; some "
			   "programs show only that."),
			shown(text), message, raw);
	if (text_has_control(text))
		findings_add_at(findings, "address-control-character", SEVERITY_ALERT,
			N_("An address or the text beside it holds a control character."),
			shown(text), message, raw);
	text_check(text, raw, message, findings);
}

static void check_other_of_domain(const Address *address, Slice message, Findings *findings)
{
	if (find_other_address(address->display, address) == OTHER_RELATED)
		findings_add_at(findings, "display-name-other-address", SEVERITY_NOTICE,
			N_("The text beside an address holds another address of the same domain."),
			shown(address->display), message, address->raw);
}

/* "www.example.com", and nothing but that. */
static char *domain_as_name(const char *display)
{
	bool is_plain = strchr(display, '.') != NULL && g_str_is_ascii(display);
	g_autofree char *name = is_plain ? domain_name_new(slice_trim(slice_of(display))) : NULL;
	const char *last = name != NULL ? domain_name_last(name, 1) : NULL;

	if (name == NULL || domain_name_labels(name) < 2 || !g_ascii_isalpha(last[0]) ||
		!g_ascii_isalpha(last[1]))
		return NULL;
	return g_steal_pointer(&name);
}

/* The label that an organisation chose for itself: "example" of "www.example.co.jp". */
static char *chosen_label(const char *domain)
{
	const char *organisation = host_organisation(domain);

	return organisation != NULL ? g_strndup(organisation, strcspn(organisation, ".")) : NULL;
}

/* A domain where a person's or company's name should stand. "Example.com" beside example.co.jp is
 * how companies are called. */
static void check_domain_as_name(const Address *address, Slice message, Findings *findings)
{
	g_autofree char *name = domain_as_name(address->display);
	g_autofree char *shown_label = NULL;
	g_autofree char *own_label = NULL;

	if (name == NULL || address->domain == NULL || is_related(name, address->domain))
		return;
	shown_label = chosen_label(name);
	own_label = chosen_label(address->domain);
	if (g_strcmp0(shown_label, own_label) != 0)
		findings_add_at(findings, "display-name-has-domain", SEVERITY_NOTICE,
			N_("The name beside an address is the name of another domain."),
			shown(address->display), message, address->raw);
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

	for (const char *c = label; *c != '\0'; c = printable_next(c)) {
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

static void check_look(const Address *address, Slice message, Findings *findings)
{
	g_autofree char *reading = lookalike_reading(address->domain);

	if (reading != NULL)
		findings_add_at(findings, "domain-lookalike", SEVERITY_WARNING,
			N_("The domain of an address is written in letters that look like others: "
			   "it reads as another name."),
			g_strdup_printf("%s: %s", address->domain, reading), message, address->raw);
}

static void check_domain(const Address *address, Slice message, Findings *findings)
{
	g_autofree char *unicode =
		address->domain != NULL ? domain_name_unicode(address->domain) : NULL;

	if (unicode == NULL)
		return;
	findings_add_at(findings, "domain-idn", SEVERITY_NOTICE,
		N_("The domain of an address is an internationalised name; its letters may look "
		   "like others."),
		g_strdup_printf("%s (%s)", address->domain, unicode), message, address->raw);
	check_look(address, message, findings);
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
	address_check_text(decoded, address, address->raw, message, findings);
}

void address_check(const Address *address, Slice message, Findings *findings)
{
	if (address->display != NULL) {
		address_check_text(address->display, address, address->raw, message, findings);
		check_other_of_domain(address, message, findings);
		check_domain_as_name(address, message, findings);
	}
	address_check_text(address->addr_spec, address, address->raw, message, findings);
	check_local(address, message, findings);
	check_domain(address, message, findings);
}
