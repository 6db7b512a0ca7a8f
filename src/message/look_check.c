/* Domains of one message that differ and look the same: the sender poses as a domain that is named
 * in it, be it the receiver's own. */
#include "base/domain_name.h"
#include "message/facts_check.h"
#include "message/lookalike.h"
#include "message/organisation.h"

#include <string.h>

/* Domains of a message that are compared: real ones name two or three. */
#define LIMIT_COMPARED 12u

/* Those that the sender chose come first: of a pair it is the first that is told. */
typedef struct Named {
	char *domains[LIMIT_COMPARED];
	Slice places[LIMIT_COMPARED];
	size_t count;
	size_t suspects; /* the first of them, which are not the recipients' */
} Named;

static void add(Named *named, const char *domain, Slice place)
{
	for (size_t i = 0; i < named->count; i++)
		if (strcmp(named->domains[i], domain) == 0)
			return;
	if (named->count == LIMIT_COMPARED)
		return;
	named->domains[named->count] = g_strdup(domain);
	named->places[named->count++] = place;
}

static void add_list(Named *named, const AddressList *list)
{
	for (guint i = 0; i < list->addresses->len; i++) {
		const Address *address = address_list_get(list, i);

		if (address->domain != NULL)
			add(named, address->domain, address->raw);
	}
}

static void add_mail_from(Named *named, const Facts *facts)
{
	const Envelope *envelope = &facts->envelope;
	const char *at = envelope->mail_from != NULL ? strrchr(envelope->mail_from, '@') : NULL;
	g_autofree char *domain = at != NULL ? domain_name_new(slice_of(at + 1)) : NULL;

	if (domain != NULL && envelope->mail_from_field != NO_FIELD)
		add(named, domain, facts->fields->list[envelope->mail_from_field].raw);
}

/* Hosts of one organisation are called as it likes. */
static bool is_pair(const char *a, const char *b)
{
	return lookalike_same(a, b) && !hosts_are_neighbours(a, b);
}

static void compare(Facts *facts, const Named *named)
{
	for (size_t i = 0; i < named->suspects; i++)
		for (size_t k = i + 1; k < named->count; k++)
			if (is_pair(named->domains[i], named->domains[k]))
				findings_add_at(facts->findings, "domains-look-alike",
					SEVERITY_ALERT,
					N_("Two domains in this message differ, but look the "
					   "same."),
					g_strdup_printf(
						"%s / %s", named->domains[i], named->domains[k]),
					facts->message, named->places[i]);
}

void facts_check_look(Facts *facts)
{
	Named named = { .count = 0 };

	add_list(&named, facts->reply_to);
	add_list(&named, facts->sender);
	add_mail_from(&named, facts);
	add_list(&named, facts->from);
	named.suspects = named.count;
	add_list(&named, facts->recipients);
	compare(facts, &named);
	for (size_t i = 0; i < named.count; i++)
		g_free(named.domains[i]);
}
