#include "message/facts_check.h"

#include "base/printable.h"
#include "message/organisation.h"
#include "message/text_check.h"

#include <string.h>

static void tell(Facts *facts, const char *code, Severity severity, const char *text, char *detail,
	Slice where)
{
	findings_add_at(facts->findings, code, severity, text, detail, facts->message, where);
}

/* The raw octets of the n-th field of that name, from 0. */
static Slice field_raw(const Facts *facts, const char *name, unsigned index)
{
	size_t at = fields_find(facts->fields, name, 0);

	for (; index > 0 && at < facts->fields->count; index--)
		at = fields_find(facts->fields, name, at + 1);
	return at < facts->fields->count ? facts->fields->list[at].raw : SLICE_ABSENT;
}

static void check_substitutes(Facts *facts)
{
	static const char *const names[] = { "Sender", "Resent-From", "Resent-Sender" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		Slice raw = field_raw(facts, names[i], 0);

		if (raw.data != NULL)
			tell(facts, "from-substitute", SEVERITY_WARNING,
				N_("From names nobody, but another field does, which some programs "
				   "show instead; it is not judged in its place."),
				g_strdup(names[i]), raw);
	}
}

/* RFC 5322, 3.6: From must be there once; more than one address is allowed, but no mail program
 * and no DMARC receiver agrees with another on what that means. */
static void check_from(Facts *facts)
{
	guint addresses = facts->from->addresses->len;

	if (facts->from_fields == 0)
		findings_add(facts->findings, "from-missing", SEVERITY_WARNING,
			N_("There is no From field."), NULL);
	else if (addresses == 0)
		tell(facts, "from-no-address", SEVERITY_NOTICE, N_("From holds no address."), NULL,
			field_raw(facts, "From", 0));
	if (addresses == 0)
		check_substitutes(facts);
	if (facts->from_fields > 1)
		tell(facts, "from-multiple-fields", SEVERITY_ALERT,
			N_("There is more than one From field; programs show different ones."),
			g_strdup_printf("%zu", facts->from_fields), field_raw(facts, "From", 1));
	if (addresses > 1)
		tell(facts, "from-multiple-addresses", SEVERITY_WARNING,
			N_("From names more than one address."), g_strdup_printf("%u", addresses),
			address_list_get(facts->from, 1)->raw);
}

/* The fields that RFC 5322, 3.6 allows once at most; From has findings of its own. */
static void check_singletons(Facts *facts)
{
	static const char *const names[] = { "Date", "Sender", "Reply-To", "To", "Cc", "Bcc",
		"Message-ID", "In-Reply-To", "References", "Subject" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		Slice second = field_raw(facts, names[i], 1);

		if (second.data != NULL)
			tell(facts, "field-repeated", SEVERITY_WARNING,
				N_("A field stands in the header more than once, which it must "
				   "not; programs show different ones."),
				g_strdup(names[i]), second);
	}
}

static void check_dkim2(Facts *facts)
{
	static const char *const names[] = { "DKIM2-Signature", "Message-Instance" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		Slice raw = field_raw(facts, names[i], 0);

		if (raw.data != NULL)
			tell(facts, "dkim2-not-evaluated", SEVERITY_INFO,
				N_("A field of DKIM2 is there; it is not evaluated."),
				g_strdup(names[i]), raw);
	}
}

/* Of the same organisation as one of the authors, by the names. */
static bool is_of_author(const Facts *facts, const char *domain)
{
	for (guint i = 0; i < facts->from->addresses->len; i++)
		if (hosts_are_neighbours(domain, address_list_get(facts->from, i)->domain))
			return true;
	return false;
}

static const Address *first_elsewhere(const Facts *facts, const AddressList *list)
{
	for (guint i = 0; facts->from->addresses->len > 0 && i < list->addresses->len; i++) {
		const Address *address = address_list_get(list, i);

		if (address->domain != NULL && !is_of_author(facts, address->domain))
			return address;
	}
	return NULL;
}

/* Lists point answers to themselves, and stand in Sender; but anybody can call himself a list. */
static void check_elsewhere(Facts *facts)
{
	const Address *reply_to = first_elsewhere(facts, facts->reply_to);
	const Address *sender = first_elsewhere(facts, facts->sender);

	if (reply_to != NULL)
		tell(facts, "reply-to-elsewhere", SEVERITY_NOTICE,
			N_("Answers go to another domain than that of From."),
			printable_line(slice_of(reply_to->addr_spec)), reply_to->raw);
	if (sender != NULL)
		tell(facts, "sender-elsewhere", SEVERITY_INFO,
			N_("Sender is of another domain than From; programs may show it. It is not "
			   "judged."),
			printable_line(slice_of(sender->addr_spec)), sender->raw);
}

static void check_subject(Facts *facts)
{
	Slice raw = field_raw(facts, "Subject", 0);

	if (facts->subject == NULL)
		return;
	if (text_has_control(facts->subject))
		tell(facts, "subject-control-character", SEVERITY_NOTICE,
			N_("The subject holds a control character."),
			printable_line(slice_of(facts->subject)), raw);
	text_check(facts->subject, raw, facts->message, facts->findings);
}

void facts_check_header(Facts *facts)
{
	check_from(facts);
	check_singletons(facts);
	check_dkim2(facts);
	check_elsewhere(facts);
	check_subject(facts);
	facts_check_readings(facts);
}
