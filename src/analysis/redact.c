#include "analysis/redact.h"

#include "analysis/redact_names.h"

#include <string.h>

static bool has_only(const char *text, const char *more)
{
	for (; *text != '\0'; text++)
		if (!g_ascii_isalnum(*text) && strchr(more, *text) == NULL)
			return false;
	return true;
}

/* --- the facts */

static void hide_mailbox(const Redactor *redactor, Address *address)
{
	char *mask;

	hide_text(redactor, &address->display);
	if (address->local == NULL || address->domain == NULL) {
		hide_text(redactor, &address->addr_spec);
		hide_text(redactor, &address->local);
		return;
	}
	mask = redact_local(redactor, address->local, address->domain);
	hide_as(&address->local, mask);
	hide_as(&address->addr_spec, g_strconcat(mask, "@", address->domain, NULL));
}

static void hide_mailboxes(const Redactor *redactor, const AddressList *list)
{
	for (guint i = 0; i < list->addresses->len; i++)
		hide_mailbox(redactor, g_ptr_array_index(list->addresses, i));
}

static void hide_message_id(const Redactor *redactor, char **id)
{
	const char *at = *id != NULL ? strrchr(*id, '@') : NULL;
	g_autofree char *mask = *id != NULL ? redact_mask(redactor, "message-id", *id) : NULL;

	if (mask != NULL)
		hide_as(id, at != NULL && redact_is_domain(at + 1)
				    ? g_strconcat("r", mask, "@", at + 1, NULL)
				    : g_strdup_printf("[redacted %s]", mask));
}

static void hide_hop(const Redactor *redactor, Hop *hop)
{
	hide_host(redactor, &hop->helo);
	hide_host(redactor, &hop->rdns);
	hide_host(redactor, &hop->by);
	hide_address(redactor, &hop->for_address);
	if (hop->with != NULL && !has_only(hop->with, " -_./"))
		hide_text(redactor, &hop->with);
	if (hop->id != NULL && !has_only(hop->id, "-_.:"))
		hide_text(redactor, &hop->id);
}

static void hide_recorded(const Redactor *redactor, RecordedField *field)
{
	hide_host(redactor, &field->authserv_id);
	for (guint i = 0; i < field->results->len; i++) {
		RecordedResult *result = g_ptr_array_index(field->results, i);

		if (result->result != NULL && result->word == NULL)
			hide_text(redactor, &result->result);
	}
}

static void hide_facts(const Redactor *redactor, Facts *facts)
{
	hide_mailboxes(redactor, facts->from);
	hide_mailboxes(redactor, facts->sender);
	hide_mailboxes(redactor, facts->reply_to);
	hide_mailboxes(redactor, facts->recipients);
	hide_text(redactor, &facts->subject);
	hide_message_id(redactor, &facts->message_id);
	hide_host(redactor, &facts->list_id);
	for (guint i = 0; i < facts->hops->len; i++)
		hide_hop(redactor, g_ptr_array_index(facts->hops, i));
	for (guint i = 0; i < facts->recorded->len; i++)
		hide_recorded(redactor, g_ptr_array_index(facts->recorded, i));
	hide_host(redactor, &facts->envelope.helo);
	hide_address(redactor, &facts->envelope.mail_from);
}

/* --- the verdicts */

static void hide_copies(DkimCopies *copies)
{
	for (guint i = 0; copies != NULL && i < copies->differences->len; i++) {
		DkimCopyDifference *difference = g_ptr_array_index(copies->differences, i);

		hide_body(&difference->copied);
		hide_body(&difference->present);
	}
}

/* a= is any word where it is none that we know. */
static void hide_algorithm(const Redactor *redactor, char **algorithm)
{
	static const char *const known[] = { "rsa-sha1", "rsa-sha256", "ed25519-sha256", NULL };

	if (*algorithm != NULL && !g_strv_contains(known, *algorithm))
		hide_text(redactor, algorithm);
}

static void hide_dkim(const Redactor *redactor, DkimVerdict *dkim)
{
	hide_detail(&dkim->verdict.detail);
	for (guint i = 0; i < dkim->signatures->len; i++) {
		DkimSignature *signature = g_ptr_array_index(dkim->signatures, i);

		hide_detail(&signature->verdict.detail);
		hide_address(redactor, &signature->identity);
		hide_algorithm(redactor, &signature->algorithm);
		hide_copies(signature->copies);
	}
}

static void hide_found(ChangeFound *found)
{
	for (guint i = 0; found != NULL && i < found->steps->len; i++)
		hide_body(&((ChangeStep *)g_ptr_array_index(found->steps, i))->detail);
	for (guint i = 0; found != NULL && i < found->places->len; i++) {
		ChangePlace *place = g_ptr_array_index(found->places, i);

		hide_body(&place->present);
		hide_body(&place->was_signed);
	}
}

static void hide_changes(const GPtrArray *changes)
{
	for (guint i = 0; changes != NULL && i < changes->len; i++) {
		ChangeSearch *search = g_ptr_array_index(changes, i);

		if (search != NULL) {
			hide_found(search->body);
			hide_found(search->header);
		}
	}
}

static void hide_arc(const Redactor *redactor, ArcVerdict *arc)
{
	hide_detail(&arc->verdict.detail);
	for (guint i = 0; i < arc->sets->len; i++) {
		ArcSet *set = g_ptr_array_index(arc->sets, i);

		hide_detail(&set->seal.detail);
		hide_detail(&set->message.detail);
		hide_host(redactor, &set->results_authserv_id);
		if (set->cv != NULL && recorded_word(slice_of(set->cv)) == NULL)
			hide_text(redactor, &set->cv);
	}
}

/* Behind OpenSSL's words stands whose certificate it is. */
static void hide_problem(SmimeClock *clock)
{
	const char *colon = clock->problem != NULL ? strchr(clock->problem, ':') : NULL;

	if (colon != NULL)
		hide_as(&clock->problem, g_strdup_printf("%.*s: " REDACTED,
						 (int)(colon - clock->problem), clock->problem));
}

/* An authority is no person; one that signed its own certificate may be. */
static void hide_signer(const Redactor *redactor, SmimeSigner *signer)
{
	bool is_own = g_strcmp0(signer->subject, signer->issuer) == 0;

	hide_detail(&signer->verdict.detail);
	for (guint i = 0; i < signer->path->len; i++) {
		SmimeLink *link = g_ptr_array_index(signer->path, i);

		if (g_strcmp0(link->issuer, signer->subject) == 0)
			hide_text(redactor, &link->issuer);
		if (i == 0 || g_strcmp0(link->subject, signer->subject) == 0)
			hide_text(redactor, &link->subject);
	}
	hide_text(redactor, &signer->subject);
	if (is_own)
		hide_text(redactor, &signer->issuer);
	for (guint i = 0; i < signer->emails->len; i++)
		hide_address(redactor, (char **)&g_ptr_array_index(signer->emails, i));
	hide_problem(&signer->at_reception);
	hide_problem(&signer->at_signing);
	hide_problem(&signer->at_now);
	hide_address(redactor, &signer->matched);
	hide_address(redactor, &signer->matched_sender);
	hide_address(redactor, &signer->matched_reply_to);
}

static void hide_smime(const Redactor *redactor, SmimeVerdict *smime)
{
	hide_detail(&smime->verdict.detail);
	for (guint i = 0; i < smime->signers->len; i++)
		hide_signer(redactor, g_ptr_array_index(smime->signers, i));
}

static void hide_dmarc(DmarcVerdict *dmarc)
{
	DmarcView *views[] = { dmarc->rfc9989, dmarc->rfc7489 };

	hide_detail(&dmarc->verdict.detail);
	for (size_t i = 0; i < G_N_ELEMENTS(views); i++)
		if (views[i] != NULL)
			hide_detail(&views[i]->verdict.detail);
}

static void hide_differences(const Redactor *redactor, const GPtrArray *differences)
{
	for (guint i = 0; i < differences->len; i++) {
		Difference *difference = g_ptr_array_index(differences, i);

		if (difference->recorded != NULL &&
			recorded_word(slice_of(difference->recorded)) == NULL)
			hide_text(redactor, &difference->recorded);
	}
}

static void hide_finding(char **detail, gpointer data)
{
	(void)data;
	hide_detail(detail);
}

void case_redact(Case *kase, const Redactor *redactor)
{
	redact_names(kase, redactor);
	hide_facts(redactor, kase->all_facts[kase->variant]);
	hide_dkim(redactor, kase->dkim);
	hide_dmarc(kase->dmarc);
	hide_arc(redactor, kase->arc);
	hide_smime(redactor, kase->smime);
	hide_changes(kase->changes);
	hide_differences(redactor, kase->differences);
	findings_each_detail(kase->findings, hide_finding, NULL);
}
