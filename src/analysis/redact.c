#include "analysis/redact.h"

#include "base/digest.h"
#include "base/domain_name.h"

#include <string.h>

/* Octets of a mask: enough that two texts of a large archive have not the same one. */
#define MASK_OCTETS ((size_t)8)

/* A piece of a local part that is shorter says nothing by standing inside a label. */
#define PIECE_OCTETS ((size_t)3)

struct Redactor {
	GByteArray *key;
};

Redactor *redactor_new(Slice key)
{
	Redactor *redactor = g_new0(Redactor, 1);

	redactor->key = g_byte_array_new();
	if (key.len > 0)
		g_byte_array_append(redactor->key, (const guint8 *)key.data, (guint)key.len);
	return redactor;
}

void redactor_free(Redactor *redactor)
{
	if (redactor == NULL)
		return;
	g_byte_array_unref(redactor->key);
	g_free(redactor);
}

/* Owned by the caller. How long the key is tells one of zeros from none (RFC 2104, 2). */
static char *mask_of(const Redactor *redactor, const char *kind, const char *text)
{
	Slice key = slice_make((const char *)redactor->key->data, redactor->key->len);
	g_autofree char *whole =
		g_strdup_printf("kantei-redact %u %s %s", redactor->key->len, kind, text);
	DigestValue digest = digest_keyed(key, slice_of(whole));

	digest.len = MASK_OCTETS;
	return digest_hex(&digest);
}

char *redact_text(const Redactor *redactor, const char *text)
{
	g_autofree char *mask = text != NULL ? mask_of(redactor, "text", text) : NULL;

	return mask != NULL ? g_strdup_printf("[redacted %s]", mask) : NULL;
}

/* A local part as such: of one address, whatever the domain's case. */
static char *mask_local(const Redactor *redactor, const char *local, const char *domain)
{
	g_autofree char *lower = g_ascii_strdown(local, -1);
	g_autofree char *lower_domain = g_ascii_strdown(domain, -1);
	g_autofree char *address = g_strconcat(lower, "@", lower_domain, NULL);
	g_autofree char *mask = mask_of(redactor, "address", address);

	return g_strconcat("r", mask, NULL);
}

static bool is_domain(const char *text)
{
	g_autofree char *name = text != NULL ? domain_name_new(slice_of(text)) : NULL;

	return name != NULL && strchr(name, '.') != NULL;
}

static bool is_ip(const char *text)
{
	Slice inner = slice_of(text);
	InetAddr addr;

	if (slice_starts(inner, "[") && inner.data[inner.len - 1] == ']')
		inner = slice_sub(inner, 1, inner.len - 2);
	if (slice_starts_nocase(inner, "IPv6:"))
		inner = slice_sub(inner, strlen("IPv6:"), inner.len);
	return inet_addr_parse(inner, &addr);
}

char *redact_address(const Redactor *redactor, const char *address)
{
	const char *at = address != NULL ? strrchr(address, '@') : NULL;
	g_autofree char *local = NULL;
	g_autofree char *mask = NULL;

	if (address == NULL || *address == '\0')
		return g_strdup(address);
	if (at == NULL || (!is_domain(at + 1) && !is_ip(at + 1)))
		return redact_text(redactor, address);
	if (at == address)
		return g_strdup(address);
	local = g_strndup(address, (gsize)(at - address));
	mask = mask_local(redactor, local, at + 1);
	return g_strconcat(mask, at, NULL);
}

/* --- one text of a case; each is replaced in its place */

static void put(char **text, char *mask)
{
	g_free(*text);
	*text = mask;
}

static void hide_address(const Redactor *redactor, char **address)
{
	put(address, redact_address(redactor, *address));
}

static void hide_text(const Redactor *redactor, char **text)
{
	put(text, redact_text(redactor, *text));
}

static void hide_body(char **text)
{
	if (*text != NULL)
		put(text, g_strdup(REDACTED));
}

/* A host's name or address is kept; whoever calls itself otherwise may tell who it is of. */
static void hide_host(const Redactor *redactor, char **host)
{
	if (*host != NULL && !is_domain(*host) && !is_ip(*host))
		hide_text(redactor, host);
}

/* Numbers, times and addresses of hosts say nothing of who or what. */
static void hide_detail(char **detail)
{
	const char *text = *detail != NULL ? *detail : "";

	if (strspn(text, "0123456789.:+-/ TZ") != strlen(text))
		hide_body(detail);
}

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
	mask = mask_local(redactor, address->local, address->domain);
	put(&address->local, mask);
	put(&address->addr_spec, g_strconcat(mask, "@", address->domain, NULL));
}

static void hide_mailboxes(const Redactor *redactor, const AddressList *list)
{
	for (guint i = 0; i < list->addresses->len; i++)
		hide_mailbox(redactor, g_ptr_array_index(list->addresses, i));
}

static void hide_message_id(const Redactor *redactor, char **id)
{
	const char *at = *id != NULL ? strrchr(*id, '@') : NULL;
	g_autofree char *mask = *id != NULL ? mask_of(redactor, "message-id", *id) : NULL;

	if (mask != NULL)
		put(id, at != NULL && is_domain(at + 1) ? g_strconcat("r", mask, "@", at + 1, NULL)
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

/* --- names that SPF macros made of the sender (RFC 7208, 7) */

static bool is_in_label(const char *label, const char *piece)
{
	return strlen(piece) < PIECE_OCTETS ? strcmp(label, piece) == 0
					    : strstr(label, piece) != NULL;
}

/* pieces: of the local part, in lower case. */
static bool tells(const char *label, char *const *pieces)
{
	for (; *pieces != NULL; pieces++)
		if (**pieces != '\0' && is_in_label(label, *pieces))
			return true;
	return false;
}

/* Owned by the caller. */
static char *hide_labels(const Redactor *redactor, const char *name, char *const *pieces)
{
	g_auto(GStrv) labels = g_strsplit(name, ".", -1);

	for (char **label = labels; *label != NULL; label++) {
		g_autofree char *lower = g_ascii_strdown(*label, -1);

		if (tells(lower, pieces)) {
			g_autofree char *mask = mask_of(redactor, "label", lower);

			put(label, g_strconcat("r", mask, NULL));
		}
	}
	return g_strjoinv(".", labels);
}

/* What the local part of MAIL FROM may be cut into. NULL-terminated. */
static char **pieces_of(const char *mail_from)
{
	const char *at = mail_from != NULL ? strrchr(mail_from, '@') : NULL;
	g_autofree char *local =
		at != NULL ? g_ascii_strdown(mail_from, at - mail_from) : g_strdup("");

	return g_strsplit_set(local, ".-+,/_=@%", -1);
}

typedef struct Names {
	const Redactor *redactor;
	char **pieces;
	const SpfVerdict *spf, *helo; /* whose own domains are kept */
} Names;

static bool is_own_name(const Names *names, const char *name)
{
	return g_strcmp0(name, names->spf->domain) == 0 ||
	       g_strcmp0(name, names->helo->domain) == 0;
}

static void hide_name(const Names *names, char **name)
{
	if (*name != NULL && !is_own_name(names, *name))
		put(name, hide_labels(names->redactor, *name, names->pieces));
}

static void hide_records_owner(const char *before, const char *name, Answer *answer)
{
	for (guint i = 0; i < answer->rrs->len; i++) {
		Rr *rr = g_ptr_array_index(answer->rrs, i);

		if (strcmp(rr->owner, before) == 0)
			put(&rr->owner, g_strdup(name));
	}
}

/* Like answer, of another name; owned by the caller. */
static Answer *answer_renamed(const Answer *answer, const char *name)
{
	Answer *copy = answer_new(name, answer->question.type);

	copy->outcome = answer->outcome;
	copy->at = answer->at;
	copy->security = answer->security;
	for (guint i = 0; i < answer->rrs->len; i++)
		g_ptr_array_add(copy->rrs, rr_copy(g_ptr_array_index(answer->rrs, i)));
	hide_records_owner(answer->question.name, name, copy);
	return copy;
}

static void hide_answers(Case *kase, const Names *names)
{
	kase->masked = g_ptr_array_new_with_free_func((GDestroyNotify)answer_free);
	for (guint i = 0; i < kase->answers->len; i++) {
		const Answer *answer = g_ptr_array_index(kase->answers, i);
		g_autofree char *name = g_strdup(answer->question.name);

		if ((g_array_index(kase->answers_by, unsigned, i) & ASKED_BY(METHOD_SPF)) == 0)
			continue;
		hide_name(names, &name);
		if (strcmp(name, answer->question.name) == 0)
			continue;
		g_ptr_array_add(kase->masked, answer_renamed(answer, name));
		g_ptr_array_index(kase->answers, i) =
			g_ptr_array_index(kase->masked, kase->masked->len - 1);
	}
}

static void hide_lacking(Case *kase, const Names *names)
{
	for (guint i = 0; i < kase->lacking->len; i++) {
		Question *question = g_ptr_array_index(kase->lacking, i);

		if ((g_array_index(kase->lacking_by, unsigned, i) & ASKED_BY(METHOD_SPF)) != 0)
			hide_name(names, &question->name);
	}
}

/* "example.com include:_spf.example.net": both are names, once their labels are looked at. */
static void hide_spf(SpfVerdict *spf, const Names *names)
{
	hide_detail(&spf->verdict.detail);
	hide_name(names, &spf->term_domain);
	hide_body(&spf->explanation);
	for (guint i = 0; spf->chain != NULL && i < spf->chain->len; i++) {
		char *step = g_ptr_array_index(spf->chain, i);

		g_ptr_array_index(spf->chain, i) =
			hide_labels(names->redactor, step, names->pieces);
		g_free(step);
	}
}

static void hide_envelope_names(Case *kase, const Redactor *redactor)
{
	g_auto(GStrv) pieces = pieces_of(kase->facts->envelope.mail_from);
	Names names = { redactor, pieces, kase->spf, kase->spf_helo };

	hide_answers(kase, &names);
	hide_lacking(kase, &names);
	hide_spf(kase->spf, &names);
	hide_spf(kase->spf_helo, &names);
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
		put(&clock->problem, g_strdup_printf("%.*s: " REDACTED,
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
	hide_envelope_names(kase, redactor);
	hide_facts(redactor, kase->all_facts[kase->variant]);
	hide_dkim(redactor, kase->dkim);
	hide_dmarc(kase->dmarc);
	hide_arc(redactor, kase->arc);
	hide_smime(redactor, kase->smime);
	hide_changes(kase->changes);
	hide_differences(redactor, kase->differences);
	findings_each_detail(kase->findings, hide_finding, NULL);
}
