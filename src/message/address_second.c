#include "base/domain_name.h"
#include "base/limits.h"
#include "base/printable.h"
#include "message/address_check.h"
#include "message/gmime_autoptr.h"

#include <string.h>

/* GMime recurses for every group, and decodes unterminated words at the cost of their square. */
#define LIMIT_SECOND_COLONS 100u
#define LIMIT_SECOND_WORDS  200u

/* GMime loses a text of the address' length where an open comment follows a domain literal. */
static bool may_leak(Slice value)
{
	return slice_find_char(value, '[') >= 0 && slice_find_char(value, '(') >= 0;
}

static size_t count_octet(Slice text, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == c;
	return count;
}

/* "local@domain" with the domain in normal form, so that U-labels and A-labels are the same. */
static char *normal(const char *addr_spec)
{
	const char *at = strrchr(addr_spec, '@');
	g_autofree char *domain = at != NULL ? domain_name_new(slice_of(at + 1)) : NULL;
	g_autofree char *text = domain != NULL ? g_strdup_printf("%.*s@%s", (int)(at - addr_spec),
							 addr_spec, domain)
					       : g_strdup(addr_spec);

	return printable_line(slice_of(text));
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In order, each once, with blanks between. */
static char *joined(GPtrArray *texts)
{
	GString *out = g_string_new(NULL);

	g_ptr_array_sort(texts, compare_texts);
	for (guint i = 0; i < texts->len; i++) {
		const char *text = g_ptr_array_index(texts, i);

		if (i > 0 && strcmp(text, g_ptr_array_index(texts, i - 1)) == 0)
			continue;
		g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", text);
	}
	return g_string_free(out, FALSE);
}

static char *our_reading(const AddressList *list, guint first)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

	for (guint i = first; i < list->addresses->len; i++)
		g_ptr_array_add(texts, normal(address_list_get(list, i)->addr_spec));
	return joined(texts);
}

/* Groups nest no deeper than the colons that were let through. */
static void gather(GPtrArray *texts, InternetAddressList *list)
{
	for (int i = 0; list != NULL && i < internet_address_list_length(list); i++) {
		InternetAddress *address = internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_GROUP(address)) {
			gather(texts, internet_address_group_get_members(
					      INTERNET_ADDRESS_GROUP(address)));
		} else {
			const char *text = internet_address_mailbox_get_addr(
				INTERNET_ADDRESS_MAILBOX(address));

			/* A bare word is an address to GMime. */
			if (text != NULL && strchr(text, '@') != NULL)
				g_ptr_array_add(texts, normal(text));
		}
	}
}

static char *gmime_reading(Slice value)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = slice_dup(value);
	g_autoptr(InternetAddressList) list = NULL;

	gmime_ready();
	list = internet_address_list_parse(g_mime_parser_options_get_default(), text);
	gather(texts, list);
	return joined(texts);
}

void address_second_opinion(
	const AddressList *list, guint first, Slice value, Slice message, Findings *findings)
{
	g_autofree char *ours = NULL;
	g_autofree char *theirs = NULL;

	if (value.len > LIMIT_ADDRESS_FIELD || count_octet(value, ':') > LIMIT_SECOND_COLONS ||
		count_octet(value, '?') > LIMIT_SECOND_WORDS || count_octet(value, '\0') > 0 ||
		may_leak(value))
		return;
	ours = our_reading(list, first);
	theirs = gmime_reading(value);
	if (strcmp(ours, theirs) != 0)
		findings_add_at(findings, "address-reading-differs", SEVERITY_NOTICE,
			N_("GMime reads other addresses in a field than kantei does."),
			g_strdup_printf("%s | GMime: %s", ours, theirs), message, value);
}
