#include "analysis/spf_hops.h"

#include "base/limits.h"

static void spf_hop_free(gpointer data)
{
	SpfHop *hop = data;

	spf_verdict_free(hop->spf);
	g_free(hop);
}

static void check_hops(Case *kase, Context *context)
{
	const Envelope *envelope = &kase->facts->envelope;
	SpfRequest request = { .client_ip = envelope->client_ip,
		.helo = envelope->helo,
		.mail_from = envelope->mail_from };

	kase->spf = spf_check_mail_from(&request, context);
	kase->spf_helo = spf_check_helo(&request, context);
	kase->spf_hops = g_ptr_array_new_with_free_func(spf_hop_free);
	for (size_t i = 0; i < envelope->plausible_count; i++) {
		const Hop *hop = facts_hop(kase->facts, envelope->plausible[i]);
		SpfHop *result = g_new0(SpfHop, 1);

		request.client_ip = hop->ip;
		request.helo = hop->helo;
		result->hop = envelope->plausible[i];
		result->spf = spf_check_mail_from(&request, context);
		g_ptr_array_add(kase->spf_hops, result);
	}
}

/* Another client would have given the same, so that it does not matter which it was. */
static bool is_same_spf(const SpfVerdict *a, const SpfVerdict *b)
{
	return a->verdict.is_final && b->verdict.is_final &&
	       a->verdict.result == b->verdict.result &&
	       (a->verdict.result != RESULT_PASS || g_strcmp0(a->domain, b->domain) == 0);
}

static void append_hop_result(GString *text, const Facts *facts, size_t hop, const SpfVerdict *spf)
{
	char ip[INET_ADDR_TEXT];

	g_string_append_printf(text, "%s%s: %s", text->len > 0 ? "; " : "",
		inet_addr_text(&facts_hop(facts, hop)->ip, ip),
		spf->verdict.is_final ? auth_result_word(spf->verdict.result) : "?");
}

/* The clients that were passed over for less than proof (message/boundary.h) agree, or SPF is not
 * evaluable: a sender who has a name or a network near the receiver's must not choose his own
 * address. A client that authenticated itself has no SPF to agree. */
static void settle_doubt(Case *kase)
{
	const Envelope *envelope = &kase->facts->envelope;
	bool agrees = !envelope->is_below_submission;
	bool is_seen = false;
	g_autoptr(GString) text = g_string_new(NULL);

	if (!envelope->is_in_doubt || envelope->hop == NO_HOP)
		return;
	for (guint i = 0; i < kase->spf_hops->len; i++) {
		const SpfHop *hop = g_ptr_array_index(kase->spf_hops, i);

		if (hop->hop > envelope->hop)
			continue;
		is_seen = true;
		agrees = agrees && is_same_spf(kase->spf, hop->spf);
		kase->spf->is_domain_in_doubt |=
			g_strcmp0(kase->spf->domain, hop->spf->domain) != 0;
		append_hop_result(text, kase->facts, hop->hop, hop->spf);
	}
	if (agrees && is_seen && envelope->plausible_count < LIMIT_SPF_HOPS)
		return;
	append_hop_result(text, kase->facts, envelope->hop, kase->spf);
	verdict_set_unknown(&kase->spf->verdict, RESULT_NONE, "boundary-in-doubt",
		N_("Which host was the SMTP client is not certain, and those that it may have "
		   "been do not give the same result."),
		g_string_free(g_steal_pointer(&text), FALSE));
	verdict_set_unknown(&kase->spf_helo->verdict, RESULT_NONE, "boundary-in-doubt",
		N_("Which host was the SMTP client is not certain."), NULL);
}

void case_check_spf(Case *kase, Context *context)
{
	check_hops(kase, context);
	settle_doubt(kase);
}
