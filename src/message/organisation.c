#include "message/organisation.h"

#include "base/domain_name.h"

#include <string.h>

/* Second-level labels that countries give to kinds of registrants, besides those of one or two
 * letters ("co", "ne", "or", "ac", "go", "ad", "ed", "gr", "lg"). */
static bool is_category(const char *label, size_t len)
{
	static const char *const words[] = { "com", "net", "org", "edu", "gov", "mil", "int", "gob",
		"asn", "nom", "gouv", "govt", "info", "biz" };

	if (len <= 2)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (slice_is_nocase(slice_make(label, len), words[i]))
			return true;
	return false;
}

const char *host_organisation(const char *name)
{
	const char *two;
	const char *dot;

	if (domain_name_labels(name) < 2)
		return NULL;
	two = domain_name_last(name, 2);
	dot = strchr(two, '.');
	if (strlen(dot + 1) == 2 && is_category(two, (size_t)(dot - two)))
		return domain_name_labels(name) < 3 ? NULL : domain_name_last(name, 3);
	return two;
}

bool hosts_are_neighbours(const char *a, const char *b)
{
	g_autofree char *name_a = a != NULL ? domain_name_new(slice_of(a)) : NULL;
	g_autofree char *name_b = b != NULL ? domain_name_new(slice_of(b)) : NULL;
	const char *org_a;
	const char *org_b;

	if (name_a == NULL || name_b == NULL)
		return false;
	if (strcmp(name_a, name_b) == 0)
		return true;
	org_a = host_organisation(name_a);
	org_b = host_organisation(name_b);
	return org_a != NULL && org_b != NULL && strcmp(org_a, org_b) == 0;
}

bool host_is_within(const char *host, const char *zone)
{
	g_autofree char *name = host != NULL ? domain_name_new(slice_of(host)) : NULL;

	return name != NULL && domain_name_is_within(name, zone);
}

bool host_is_exchange_online(const char *host)
{
	return host_is_within(host, "outlook.com") || host_is_within(host, "outlook.office365.com");
}
