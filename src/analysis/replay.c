#include "analysis/replay.h"

#include "base/text_time.h"

#include <string.h>

/* Hosts try for four to five days (RFC 5321, 4.5.4.1), but rarely need more than one. */
#define LONG_MS ((int64_t)2 * 24 * 60 * 60 * 1000)

static const DkimSignature *passing(const Case *kase)
{
	const DkimVerdict *dkim = kase->dkim;

	return dkim->verdict.result == RESULT_PASS && dkim->best < dkim->signatures->len
		       ? dkim_signature(dkim, dkim->best)
		       : NULL;
}

static Slice signature_raw(const Case *kase, const DkimSignature *signature)
{
	return kase->facts->fields->list[signature->field].raw;
}

static bool is_old(const Case *kase, const DkimSignature *signature)
{
	return signature->signed_at != TIME_UNKNOWN && kase->facts->received != TIME_UNKNOWN &&
	       kase->facts->received - signature->signed_at > LONG_MS;
}

static void tell_age(Case *kase, const DkimSignature *signature)
{
	g_autofree char *at = text_time_rfc3339(signature->signed_at);

	findings_add_at(kase->findings, "dkim-signed-long-before", SEVERITY_NOTICE,
		N_("The signature was made days before the message was received."),
		g_steal_pointer(&at), kase->facts->message, signature_raw(kase, signature));
}

/* A recipient of the envelope, as the receiving organisation wrote it down. */
typedef struct Recipient {
	char *address;
	size_t field;
} Recipient;

static bool is_inside(const Facts *facts, size_t field)
{
	size_t hop = facts->envelope.hop;

	return hop != NO_HOP && field <= facts_hop(facts, hop)->field;
}

/* Of the fields that delivering hosts write, the one nearest to the boundary has the address that
 * the client gave. */
static Recipient recipient_of(const Facts *facts)
{
	static const char *const names[] = { "X-Original-To", "Envelope-To", "Delivered-To" };
	const Hop *hop;
	Recipient found = { NULL, 0 };

	if (facts->envelope.hop == NO_HOP)
		return found;
	hop = facts_hop(facts, facts->envelope.hop);
	if (hop->for_address != NULL)
		return (Recipient) { g_strdup(hop->for_address), hop->field };
	for (size_t i = 0; i < G_N_ELEMENTS(names) && found.address == NULL; i++) {
		size_t at = fields_find(facts->fields, names[i], 0);
		bool is_malformed = false;

		if (at < facts->fields->count && is_inside(facts, at))
			found = (Recipient) {
				address_path(facts->fields->list[at].value, &is_malformed), at
			};
	}
	return found;
}

static bool is_named(const Facts *facts, const char *recipient)
{
	for (guint i = 0; i < facts->recipients->addresses->len; i++)
		if (g_ascii_strcasecmp(
			    address_list_get(facts->recipients, i)->addr_spec, recipient) == 0)
			return true;
	return false;
}

/* Tells where the envelope's recipient stands neither in To nor in Cc. */
static bool tell_recipient(Case *kase)
{
	const Facts *facts = kase->facts;
	Recipient recipient = recipient_of(facts);
	bool is_other = recipient.address != NULL && strchr(recipient.address, '@') != NULL &&
			!is_named(facts, recipient.address);

	if (is_other)
		findings_add_at(kase->findings, "recipient-not-named", SEVERITY_INFO,
			N_("The recipient stands neither in To nor in Cc, as with blind copies, "
			   "lists and replays."),
			g_strdup(recipient.address), facts->message,
			facts->fields->list[recipient.field].raw);
	g_free(recipient.address);
	return is_other;
}

/* SPF vouches for this way of the message, too, in the name of the author. */
static bool is_on_own_way(const Case *kase)
{
	const DmarcView *view = dmarc_view(kase->dmarc);

	return view != NULL && view->spf != NULL && view->spf->is_aligned;
}

void case_find_replay(Case *kase)
{
	const DkimSignature *signature = passing(kase);
	bool is_other = tell_recipient(kase);

	if (signature == NULL || !is_old(kase, signature))
		return;
	tell_age(kase, signature);
	/* Lists and forwarders do the same by right; but what would tell them, anybody can write.
	 */
	if (is_other && !is_on_own_way(kase))
		findings_add_at(kase->findings, "replay-suspected", SEVERITY_WARNING,
			N_("A message signed days before came by another way to a recipient whom "
			   "it does not name: it may have been sent again by somebody else."),
			g_strdup(signature->domain), kase->facts->message,
			signature_raw(kase, signature));
}
