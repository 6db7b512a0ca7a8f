#include "base/domain_name.h"

#include <idn2.h>
#include <string.h>

static bool is_ldh(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_';
}

static Slice drop_final_dot(Slice text)
{
	if (text.len > 1 && text.data[text.len - 1] == '.')
		text.len--;
	return text;
}

/* Every label holds 1 to 63 octets, every one of them allowed. */
static bool has_good_labels(Slice name, bool (*is_allowed)(char))
{
	size_t label = 0;

	if (name.len == 0 || name.len > DOMAIN_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (++label > DOMAIN_LABEL_MAX ||
			   (is_allowed != NULL && !is_allowed(name.data[i]))) {
			return false;
		}
	}
	return label > 0;
}

static bool is_ascii(Slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return false;
	return true;
}

static char *to_a_labels(Slice text)
{
	g_autofree char *copy = slice_dup(text);
	char *encoded = NULL;
	char *name = NULL;

	if (copy == NULL || !g_utf8_validate(copy, -1, NULL))
		return NULL;
	if (idn2_to_ascii_8z(copy, &encoded, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NULL;
	if (has_good_labels(slice_of(encoded), is_ldh))
		name = slice_dup_lower(slice_of(encoded));
	idn2_free(encoded);
	return name;
}

char *domain_name_new(Slice text)
{
	text = drop_final_dot(text);
	/* U-labels take at most 4 octets a character and 63 characters a label. */
	if (text.len > 4 * DOMAIN_NAME_MAX)
		return NULL;
	if (!is_ascii(text))
		return to_a_labels(text);
	return has_good_labels(text, is_ldh) ? slice_dup_lower(text) : NULL;
}

/* GLib decodes surrogates, too, which are no text. */
char *domain_name_unicode(const char *name)
{
	g_autofree char *unicode =
		g_hostname_is_ascii_encoded(name) ? g_hostname_to_unicode(name) : NULL;

	return unicode != NULL && g_utf8_validate(unicode, -1, NULL) ? g_steal_pointer(&unicode)
								     : NULL;
}

char *domain_name_for_question(Slice octets)
{
	GString *name;

	octets = drop_final_dot(octets);
	if (!has_good_labels(octets, NULL))
		return NULL;
	name = g_string_sized_new(octets.len);
	for (size_t i = 0; i < octets.len; i++) {
		unsigned char c = (unsigned char)octets.data[i];

		if (c > 0x20 && c < 0x7F && strchr("\"();@$\\", c) == NULL)
			g_string_append_c(name, g_ascii_tolower((char)c));
		else
			g_string_append_printf(name, "\\%03u", c);
	}
	return g_string_free(name, FALSE);
}

unsigned domain_name_labels(const char *name)
{
	unsigned labels = 1;

	for (; *name != '\0'; name++)
		labels += *name == '.';
	return labels;
}

const char *domain_name_last(const char *name, unsigned count)
{
	unsigned labels = domain_name_labels(name);

	for (; labels > count; labels--)
		name = domain_name_parent(name);
	return name;
}

const char *domain_name_parent(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL ? dot + 1 : NULL;
}

bool domain_name_is_within(const char *name, const char *zone)
{
	size_t name_len = strlen(name);
	size_t zone_len = strlen(zone);

	if (name_len < zone_len || strcmp(name + name_len - zone_len, zone) != 0)
		return false;
	return name_len == zone_len || name[name_len - zone_len - 1] == '.';
}

char *domain_name_library(void)
{
	return g_strconcat("libidn2 ", idn2_check_version(NULL), NULL);
}
