#include "report/record_auth.h"

#include "report/json_value.h"

void record_add_verdict(Json *object, const Verdict *verdict)
{
	json_add_text(object, "result", auth_result_word(verdict->result));
	json_add_text(object, "reason", verdict->reason);
	json_add_bool(object, "final", verdict->is_final);
	json_add_text(object, "text", verdict->text);
	json_add_text(object, "detail", verdict->detail);
}

static void add_spf_members(Json *object, const SpfVerdict *spf)
{
	record_add_verdict(object, &spf->verdict);
	json_add_text(object, "domain", spf->domain);
	json_add_text(object, "record", spf->record);
	json_add_text(object, "term", spf->term);
	json_add_text(object, "term_domain", spf->term_domain);
	json_add_texts(object, "chain", spf->chain);
	json_add_number(object, "lookups", spf->lookups);
	json_add_number(object, "void_lookups", spf->void_lookups);
	json_add_text(object, "explanation", spf->explanation);
}

void record_add_spf(Json *record, const Case *kase)
{
	Json *object = json_add_object(record, "spf");
	Json *hops;

	add_spf_members(object, kase->spf);
	json_add_text(object, "identity", kase->spf->identity == SPF_HELO ? "helo" : "mailfrom");
	add_spf_members(json_add_object(object, "helo"), kase->spf_helo);
	hops = json_add_array(object, "hops");
	for (guint i = 0; i < kase->spf_hops->len; i++) {
		const SpfHop *hop = g_ptr_array_index(kase->spf_hops, i);
		const Hop *line = facts_hop(kase->facts, hop->hop);
		Json *entry = json_add_object(hops, NULL);
		char ip[INET_ADDR_TEXT];

		json_add_number(entry, "number", hop->hop + 1);
		json_add_text(entry, "client_ip", inet_addr_text(&line->ip, ip));
		json_add_text(entry, "result", auth_result_word(hop->spf->verdict.result));
		json_add_bool(entry, "final", hop->spf->verdict.is_final);
	}
}

static void add_alignment(Json *parent, const char *name, const DmarcAlignment *alignment)
{
	Json *object;

	if (alignment == NULL) {
		json_add_null(parent, name);
		return;
	}
	object = json_add_object(parent, name);
	json_add_text(object, "domain", alignment->domain);
	json_add_text(object, "org_domain", alignment->org_domain);
	json_add_bool(object, "aligned", alignment->is_aligned);
	json_add_text(object, "mode", alignment->is_strict ? "strict" : "relaxed");
}

static void add_view(Json *parent, const char *name, const DmarcView *view)
{
	Json *object;
	Json *dkim;

	if (view == NULL) {
		json_add_null(parent, name);
		return;
	}
	object = json_add_object(parent, name);
	record_add_verdict(object, &view->verdict);
	json_add_text(object, "record", view->record);
	json_add_text(object, "record_domain", view->record_domain);
	json_add_text(object, "org_domain", view->org_domain);
	json_add_text(object, "policy", view->policy);
	json_add_text(object, "policy_tag", view->policy_tag);
	json_add_bool(object, "testing", view->is_testing);
	json_add_number(object, "percent", view->percent);
	json_add_bool(object, "bestguess", view->bestguess);
	add_alignment(object, "spf", view->spf);
	dkim = json_add_array(object, "dkim");
	for (guint i = 0; view->dkim != NULL && i < view->dkim->len; i++)
		add_alignment(dkim, NULL, g_ptr_array_index(view->dkim, i));
	json_add_texts(object, "walk", view->walk);
}

void record_add_dmarc(Json *record, const Case *kase)
{
	const DmarcVerdict *dmarc = kase->dmarc;
	const DmarcView *view = dmarc_view(dmarc);
	Json *object = json_add_object(record, "dmarc");

	record_add_verdict(object, &dmarc->verdict);
	json_add_text(object, "domain", dmarc->domain);
	json_add_text(object, "policy", view != NULL ? view->policy : NULL);
	json_add_bool(object, "bestguess", view != NULL && view->bestguess);
	json_add_text(object, "rule", dmarc->rule == DMARC_RULE_7489 ? "7489" : "9989");
	json_add_number(object, "author_domains", dmarc->author_domains);
	add_view(object, "rfc9989", dmarc->rfc9989);
	add_view(object, "rfc7489", dmarc->rfc7489);
}

static void add_verdict_of(Json *parent, const char *name, const Verdict *verdict)
{
	record_add_verdict(json_add_object(parent, name), verdict);
}

void record_add_arc(Json *record, const ArcVerdict *arc)
{
	Json *object = json_add_object(record, "arc");
	Json *sets;

	record_add_verdict(object, &arc->verdict);
	json_add_number(object, "oldest_pass", arc->oldest_pass);
	sets = json_add_array(object, "sets");
	for (guint i = 0; i < arc->sets->len; i++) {
		const ArcSet *set = g_ptr_array_index(arc->sets, i);
		Json *entry = json_add_object(sets, NULL);

		json_add_number(entry, "instance", set->instance);
		json_add_text(entry, "cv", set->cv);
		json_add_text(entry, "seal_domain", set->seal_domain);
		json_add_text(entry, "seal_selector", set->seal_selector);
		json_add_time(entry, "sealed_at", set->sealed_at);
		add_verdict_of(entry, "seal", &set->seal);
		json_add_text(entry, "message_domain", set->message_domain);
		add_verdict_of(entry, "message", &set->message);
		json_add_text(entry, "authserv_id", set->results_authserv_id);
	}
}

static const char *check_word(SmimeCheck check)
{
	static const char *const words[] = { "unchecked", "yes", "no" };

	return words[check];
}

static void add_clock(Json *parent, const char *name, const SmimeClock *clock)
{
	Json *object = json_add_object(parent, name);

	json_add_time(object, "time", clock->time);
	json_add_text(object, "chain", check_word(clock->chain));
	json_add_text(object, "problem", clock->problem);
}

static void add_path(Json *signer, const GPtrArray *path)
{
	Json *array = json_add_array(signer, "path");

	for (guint i = 0; i < path->len; i++) {
		const SmimeLink *link = g_ptr_array_index(path, i);
		Json *object = json_add_object(array, NULL);

		json_add_text(object, "subject", link->subject);
		json_add_text(object, "issuer", link->issuer);
		json_add_text(object, "serial", link->serial);
		json_add_text(object, "fingerprint", link->fingerprint);
		json_add_time(object, "not_before", link->not_before);
		json_add_time(object, "not_after", link->not_after);
	}
}

static void add_signer(Json *array, const SmimeSigner *signer)
{
	Json *object = json_add_object(array, NULL);

	record_add_verdict(object, &signer->verdict);
	json_add_text(object, "subject", signer->subject);
	json_add_text(object, "issuer", signer->issuer);
	json_add_text(object, "serial", signer->serial);
	json_add_text(object, "fingerprint", signer->fingerprint);
	json_add_time(object, "not_before", signer->not_before);
	json_add_time(object, "not_after", signer->not_after);
	json_add_texts(object, "emails", signer->emails);
	json_add_text(object, "matched", signer->matched);
	json_add_text(object, "matched_sender", signer->matched_sender);
	json_add_text(object, "matched_reply_to", signer->matched_reply_to);
	json_add_text(object, "digest_algorithm", signer->digest_algorithm);
	json_add_text(object, "signature_algorithm", signer->signature_algorithm);
	json_add_text(object, "key_algorithm", signer->key_algorithm);
	json_add_number(object, "key_bits", (uint64_t)signer->key_bits);
	json_add_text(object, "digest", check_word(signer->digest));
	json_add_text(object, "signature", check_word(signer->signature));
	add_clock(object, "at_reception", &signer->at_reception);
	add_clock(object, "at_signing", &signer->at_signing);
	add_clock(object, "at_now", &signer->at_now);
	json_add_bool(object, "weak", signer->is_weak);
	json_add_text(object, "policy_class", signer->policy_class);
	add_path(object, signer->path);
}

void record_add_smime(Json *record, const SmimeVerdict *smime)
{
	Json *object = json_add_object(record, "smime");
	const SmimeSigner *best = smime->best < smime->signers->len
					  ? g_ptr_array_index(smime->signers, smime->best)
					  : NULL;
	Json *signers;

	record_add_verdict(object, &smime->verdict);
	json_add_text(object, "form", smime_form_word(smime->form));
	json_add_text(object, "signer", best != NULL ? best->subject : NULL);
	json_add_text(object, "issuer", best != NULL ? best->issuer : NULL);
	json_add_text(object, "serial", best != NULL ? best->serial : NULL);
	json_add_bool(object, "revocation_checked", smime->is_revocation_checked);
	json_add_bool(object, "protected_headers", smime->has_protected_headers);
	json_add_bool(object, "canonicalized", smime->is_content_canonicalised);
	signers = json_add_array(object, "signers");
	for (guint i = 0; i < smime->signers->len; i++)
		add_signer(signers, g_ptr_array_index(smime->signers, i));
}
