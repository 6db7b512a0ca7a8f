#include "report/explain_auth.h"
#include "report/explain_form.h"

#include "base/text_time.h"

static void spf_lines(GString *out, const ReportStyle *style, const SpfVerdict *spf)
{
	explain_line(out, style, N_("Domain"), spf->domain);
	explain_line(out, style, N_("Record"), spf->record);
	if (spf->term != NULL)
		explain_line(out, style, N_("Term that matched"), spf->term);
	for (guint i = 0; spf->chain != NULL && i < spf->chain->len; i++)
		explain_line(out, style, i == 0 ? N_("Reached by") : "",
			g_ptr_array_index(spf->chain, i));
	explain_number(out, style, N_("DNS look-ups (max. 10)"), spf->lookups);
	explain_number(out, style, N_("Void look-ups (max. 2)"), spf->void_lookups);
	if (spf->explanation != NULL)
		explain_line(out, style, N_("The domain explains"), spf->explanation);
}

/* Whether another plausible hop would have given another result. */
static bool does_choice_matter(const Case *kase)
{
	for (guint i = 0; i < kase->spf_hops->len; i++) {
		const SpfHop *hop = g_ptr_array_index(kase->spf_hops, i);

		if (hop->spf->verdict.result != kase->spf->verdict.result)
			return true;
	}
	return false;
}

void explain_spf(GString *out, const ReportStyle *style, const Case *kase)
{
	explain_head(out, style, N_("SPF (RFC 7208)"));
	explain_verdict(out, style, N_("MAIL FROM"), &kase->spf->verdict);
	spf_lines(out, style, kase->spf);
	explain_verdict(out, style, N_("HELO"), &kase->spf_helo->verdict);
	for (guint i = 0; i < kase->spf_hops->len; i++) {
		const SpfHop *hop = g_ptr_array_index(kase->spf_hops, i);
		const Hop *line = facts_hop(kase->facts, hop->hop);
		char ip[INET_ADDR_TEXT];
		g_autofree char *text = g_strdup_printf("%s: %s", inet_addr_text(&line->ip, ip),
			auth_result_word(hop->spf->verdict.result));

		explain_line(out, style, N_("If it had been hop"), text);
	}
	if (kase->spf_hops->len > 0)
		explain_line(out, style, N_("Choice of the hop"),
			style_text(style,
				does_choice_matter(kase)
					? N_("matters: not all plausible hops give this result")
					: N_("does not matter: all plausible hops give this "
					     "result")));
}

static void alignment_line(
	GString *out, const ReportStyle *style, const char *label, const DmarcAlignment *alignment)
{
	g_autofree char *text = NULL;

	if (alignment == NULL) {
		explain_line(out, style, label, NULL);
		return;
	}
	text = g_strdup_printf("%s: %s, %s", alignment->domain,
		style_text(style, alignment->is_aligned ? N_("aligned") : N_("not aligned")),
		style_text(style, alignment->is_strict ? N_("strict") : N_("relaxed")));
	explain_line(out, style, label, text);
}

static void explain_view(
	GString *out, const ReportStyle *style, const char *label, const DmarcView *view)
{
	g_autofree char *policy = NULL;

	explain_gap(out, style);
	explain_verdict(out, style, label, &view->verdict);
	explain_line(out, style, N_("Record"), view->record);
	if (view->record_domain != NULL)
		explain_line(out, style, N_("Published at"), view->record_domain);
	explain_line(out, style, N_("Organizational domain"), view->org_domain);
	if (view->policy != NULL)
		policy = g_strdup_printf("%s (%s=)", view->policy,
			view->policy_tag != NULL ? view->policy_tag : "p");
	explain_line(out, style, N_("Policy asked for"), policy);
	alignment_line(out, style, N_("SPF domain that passed"), view->spf);
	for (guint i = 0; view->dkim != NULL && i < view->dkim->len; i++)
		alignment_line(out, style, N_("DKIM domain that passed"),
			g_ptr_array_index(view->dkim, i));
	if (view->bestguess)
		explain_line(out, style, N_("Without a record"),
			style_text(style, N_("it would pass if one existed (bestguesspass)")));
	explain_texts(out, style, N_("Names asked"), view->walk);
}

void explain_dmarc(GString *out, const ReportStyle *style, const Case *kase)
{
	const DmarcVerdict *dmarc = kase->dmarc;

	explain_head(out, style, N_("DMARC (RFC 9989 and RFC 7489)"));
	explain_line(out, style, N_("Author domain"), dmarc->domain);
	explain_line(out, style, N_("Rules that count"),
		dmarc->rule == DMARC_RULE_7489 ? "RFC 7489" : "RFC 9989");
	if (dmarc->rfc9989 == NULL || dmarc->rfc7489 == NULL) {
		explain_verdict(out, style, N_("Result"), &dmarc->verdict);
		return;
	}
	explain_view(out, style, N_("By RFC 9989"), dmarc->rfc9989);
	explain_view(out, style, N_("By RFC 7489"), dmarc->rfc7489);
}

void explain_arc(GString *out, const ReportStyle *style, const Case *kase)
{
	const ArcVerdict *arc = kase->arc;

	if (arc->sets->len == 0 && arc->verdict.result == RESULT_NONE)
		return;
	explain_head(out, style, N_("ARC (RFC 8617): shown, never a credit"));
	explain_verdict(out, style, N_("Chain"), &arc->verdict);
	for (guint i = 0; i < arc->sets->len; i++) {
		const ArcSet *set = g_ptr_array_index(arc->sets, i);
		g_autofree char *at = text_time_rfc3339(set->sealed_at);
		g_autofree char *text = g_strdup_printf("i=%u d=%s cv=%s %s", set->instance,
			set->seal_domain != NULL ? set->seal_domain : "?",
			set->cv != NULL ? set->cv : "?", at != NULL ? at : "");

		explain_line(out, style, N_("Set"), text);
		explain_verdict(out, style, N_("  seal"), &set->seal);
		explain_verdict(out, style, N_("  message signature"), &set->message);
	}
}

static void clock_line(
	GString *out, const ReportStyle *style, const char *label, const SmimeClock *clock)
{
	static const char *const words[] = { N_("not checked"), N_("the chain stands"),
		N_("the chain does not stand") };
	g_autofree char *at = text_time_rfc3339(clock->time);
	g_autofree char *text = g_strdup_printf("%s: %s%s%s", at != NULL ? at : "-",
		style_text(style, words[clock->chain]), clock->problem != NULL ? ": " : "",
		clock->problem != NULL ? clock->problem : "");

	explain_line(out, style, label, text);
}

static const char *check_text(SmimeCheck check)
{
	static const char *const words[] = { N_("not checked"), N_("right"), N_("wrong") };

	return words[check];
}

static void explain_path(GString *out, const ReportStyle *style, const GPtrArray *path)
{
	for (guint i = 0; i < path->len; i++) {
		const SmimeLink *link = g_ptr_array_index(path, i);
		g_autofree char *number = g_strdup_printf("#%u %s", i + 1, link->subject);
		g_autofree char *from = text_time_rfc3339(link->not_before);
		g_autofree char *until = text_time_rfc3339(link->not_after);
		g_autofree char *span = g_strdup_printf(
			"%s / %s", from != NULL ? from : "-", until != NULL ? until : "-");

		explain_line(out, style, N_("Chain"), number);
		explain_line(out, style, N_("  serial number"), link->serial);
		explain_line(out, style, N_("  valid"), span);
		explain_line(out, style, "  SHA-256", link->fingerprint);
	}
}

static void explain_signer(GString *out, const ReportStyle *style, const SmimeSigner *signer)
{
	g_autofree char *key = g_strdup_printf("%s %d, %s, %s",
		signer->key_algorithm != NULL ? signer->key_algorithm : "?", signer->key_bits,
		signer->signature_algorithm != NULL ? signer->signature_algorithm : "?",
		signer->digest_algorithm != NULL ? signer->digest_algorithm : "?");

	explain_gap(out, style);
	explain_line(out, style, N_("Signer"), signer->subject);
	explain_line(out, style, N_("Issued by"), signer->issuer);
	explain_line(out, style, N_("Serial number"), signer->serial);
	explain_verdict(out, style, N_("Result"), &signer->verdict);
	explain_line(
		out, style, N_("Content digest"), style_text(style, check_text(signer->digest)));
	explain_line(out, style, N_("Signature"), style_text(style, check_text(signer->signature)));
	explain_line(out, style, N_("Algorithms"), key);
	explain_texts(out, style, N_("Addresses"), signer->emails);
	explain_line(out, style, N_("Address equal to From"), signer->matched);
	if (signer->matched_sender != NULL)
		explain_line(out, style, N_("  to Sender"), signer->matched_sender);
	if (signer->matched_reply_to != NULL)
		explain_line(out, style, N_("  to Reply-To"), signer->matched_reply_to);
	explain_line(out, style, N_("Validated (policy)"), signer->policy_class);
	explain_time(out, style, N_("Valid from"), signer->not_before);
	explain_time(out, style, N_("Valid until"), signer->not_after);
	clock_line(out, style, N_("At reception"), &signer->at_reception);
	clock_line(out, style, N_("At signing (claimed)"), &signer->at_signing);
	clock_line(out, style, N_("Now"), &signer->at_now);
	explain_path(out, style, signer->path);
}

void explain_smime(GString *out, const ReportStyle *style, const Case *kase)
{
	const SmimeVerdict *smime = kase->smime;

	explain_head(out, style, N_("S/MIME (RFC 8550, RFC 8551)"));
	explain_verdict(out, style, N_("Message"), &smime->verdict);
	if (smime->form == SMIME_FORM_NONE)
		return;
	explain_line(out, style, N_("Form"), smime_form_word(smime->form));
	for (guint i = 0; i < smime->signers->len; i++)
		explain_signer(out, style, g_ptr_array_index(smime->signers, i));
	explain_line(out, style, N_("Revocation"),
		style_text(style, smime->is_revocation_checked ? N_("checked by the CRLs given")
							       : N_("not checked")));
	explain_line(out, style, N_("Header fields covered"),
		style_text(style, smime->has_protected_headers
					  ? N_("those inside the signed part (hp=)")
					  : N_("none")));
}
