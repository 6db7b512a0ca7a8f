#include "analysis/findings.h"

#include "analysis/claimed.h"
#include "analysis/replay.h"
#include "base/domain_name.h"
#include "base/text_time.h"
#include "message/organisation.h"

#include <string.h>

static Slice field_raw(const Case *kase, size_t field)
{
	return kase->facts->fields->list[field].raw;
}

/* The line of the boundary; absent where there is none. */
static Slice boundary_line(const Case *kase)
{
	size_t hop = kase->facts->envelope.hop;

	return hop != NO_HOP ? field_raw(kase, facts_hop(kase->facts, hop)->field) : SLICE_ABSENT;
}

/* The place is left out where the message has none for it (options, the mbox line). */
static void tell(Case *kase, const char *code, Severity severity, const char *text, char *detail,
	Slice where)
{
	if (where.data != NULL)
		findings_add_at(
			kase->findings, code, severity, text, detail, kase->facts->message, where);
	else
		findings_add(kase->findings, code, severity, text, detail);
}

static Slice mail_from_place(const Case *kase)
{
	size_t field = kase->facts->envelope.mail_from_field;

	return field != NO_FIELD ? field_raw(kase, field) : SLICE_ABSENT;
}

/* --- MAIL FROM and HELO */

static const Answer *answer_to(const Case *kase, const char *name, DnsType type)
{
	for (guint i = 0; i < kase->answers->len; i++) {
		const Answer *answer = g_ptr_array_index(kase->answers, i);

		if (answer->question.type == type && strcmp(answer->question.name, name) == 0)
			return answer;
	}
	return NULL;
}

/* An absence in evidence that was taken long after is no news of the day of reception. */
static bool is_late(const Case *kase, const CaseOptions *options, const Answer *answer)
{
	int64_t received = kase->facts->received;

	return answer->at == TIME_UNKNOWN || received == TIME_UNKNOWN ||
	       answer->at - received > options->horizon_ms;
}

/* "a.b.example (below b.example, the domain of From)", or the name alone. */
static char *describe_domain(const Case *kase, const char *domain)
{
	const AddressList *from = kase->facts->from;

	for (guint i = 0; i < from->addresses->len; i++) {
		const char *author = address_list_get(from, i)->domain;

		if (author != NULL && strcmp(author, domain) != 0 &&
			domain_name_is_within(domain, author))
			return g_strdup_printf("%s (below %s)", domain, author);
	}
	return g_strdup(domain);
}

static void find_nonexistent(Case *kase, const CaseOptions *options)
{
	const char *domain = kase->spf->domain;
	const Answer *answer = domain != NULL ? answer_to(kase, domain, DNS_TXT) : NULL;

	if (answer == NULL || answer->outcome != DNS_NXDOMAIN || answer->rrs->len > 0 ||
		is_late(kase, options, answer))
		return;
	tell(kase, "mail-from-nonexistent", SEVERITY_WARNING,
		N_("The domain of MAIL FROM does not exist: what it is called like proves "
		   "nothing."),
		describe_domain(kase, domain), mail_from_place(kase));
}

static void find_helo_only(Case *kase)
{
	if (kase->spf_helo->verdict.result != RESULT_PASS || kase->spf_helo->domain == NULL ||
		kase->spf->verdict.result == RESULT_PASS)
		return;
	tell(kase, "spf-helo-only", SEVERITY_INFO,
		N_("SPF passes for the HELO name alone: that speaks for a host, not for a "
		   "sender."),
		g_strdup(kase->spf_helo->domain), boundary_line(kase));
}

/* Within a domain neither SPF nor DKIM tells one account from another. */
static void find_other_local(Case *kase)
{
	const char *mail_from = kase->facts->envelope.mail_from;
	const char *at = mail_from != NULL ? strrchr(mail_from, '@') : NULL;
	const AddressList *from = kase->facts->from;

	for (guint i = 0; at != NULL && i < from->addresses->len; i++) {
		const Address *author = address_list_get(from, i);

		if (author->domain == NULL || g_ascii_strcasecmp(author->domain, at + 1) != 0 ||
			slice_is_nocase(
				slice_make(mail_from, (size_t)(at - mail_from)), author->local))
			continue;
		tell(kase, "mail-from-local-differs", SEVERITY_INFO,
			N_("MAIL FROM and From are of one domain, but not the same address: "
			   "nothing here tells the accounts of a domain apart."),
			g_strdup_printf("%s / %s", mail_from, author->addr_spec),
			mail_from_place(kase));
		return;
	}
}

/* --- the provider's own fields */

/* What a provider puts into everything that leaves its outbound hosts. */
static const struct {
	const char *hosts;
	const char *prefixes[3]; /* of field names; any of them will do */
} providers[] = {
	{ "google.com", { "X-Google-", "X-Gm-", "X-Received" } },
	{ "outbound.protection.outlook.com", { "X-MS-", "X-Forefront-" } },
	{ "amazonses.com", { "X-SES-", "Feedback-ID" } },
};

static bool has_prefixed(const Facts *facts, const char *const *prefixes, size_t count)
{
	for (size_t i = 0; i < facts->fields->count; i++)
		for (size_t k = 0; k < count && prefixes[k] != NULL; k++)
			if (slice_starts_nocase(facts->fields->list[i].name, prefixes[k]))
				return true;
	return false;
}

/* A message that was smuggled through a provider's host was never in its hands as a message: no
 * trace fields of its own, no signature. */
static void find_no_marks(Case *kase)
{
	size_t index = kase->facts->envelope.hop;
	const Hop *hop = index != NO_HOP ? facts_hop(kase->facts, index) : NULL;

	if (hop == NULL || !hop->rdns_verified || index + 1 != kase->facts->hops->len ||
		kase->dkim->verdict.result == RESULT_PASS)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(providers); i++)
		if (host_is_within(hop->rdns, providers[i].hosts) &&
			!has_prefixed(kase->facts, providers[i].prefixes,
				G_N_ELEMENTS(providers[i].prefixes)))
			tell(kase, "provider-marks-missing", SEVERITY_WARNING,
				N_("The message came from a provider's host, but has none of the "
				   "fields that the provider adds, nor its signature: it may have "
				   "been smuggled through."),
				g_strdup(hop->rdns), boundary_line(kase));
}

/* --- one-click unsubscription (RFC 8058, 4) */

static bool covers(const DkimSignature *signature, const char *name)
{
	return g_ptr_array_find_with_equal_func(signature->signed_fields, name, g_str_equal, NULL);
}

static void find_unsigned_click(Case *kase)
{
	const Fields *fields = kase->facts->fields;
	size_t post = fields_find(fields, "List-Unsubscribe-Post", 0);

	if (post == fields->count || fields_count(fields, "List-Unsubscribe") == 0)
		return;
	for (guint i = 0; i < kase->dkim->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(kase->dkim, i);

		if (!signature->verdict.is_final ||
			(signature->verdict.result == RESULT_PASS &&
				covers(signature, "list-unsubscribe") &&
				covers(signature, "list-unsubscribe-post")))
			return;
	}
	tell(kase, "one-click-unsigned", SEVERITY_NOTICE,
		N_("One click is to unsubscribe, but no right signature covers both fields of "
		   "it: the link may be anybody's."),
		NULL, field_raw(kase, post));
}

void case_find(Case *kase, const CaseOptions *options)
{
	find_nonexistent(kase, options);
	find_helo_only(kase);
	find_other_local(kase);
	find_no_marks(kase);
	find_unsigned_click(kase);
	case_find_replay(kase);
	claimed_find(kase);
}
