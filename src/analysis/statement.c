#include "analysis/statement.h"

#include "analysis/claimed.h"
#include "base/text_time.h"

#include <string.h>

static void statement_free(gpointer data)
{
	Statement *statement = data;

	g_ptr_array_unref(statement->args);
	g_free(statement);
}

static Statement *add(GPtrArray *all, Tier tier, const char *code, const char *text)
{
	Statement *statement = g_new0(Statement, 1);

	statement->tier = tier;
	statement->code = code;
	statement->text = text;
	statement->args = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(all, statement);
	return statement;
}

/* Takes text over. */
static void put(Statement *statement, char *text)
{
	g_ptr_array_add(statement->args, text != NULL ? text : g_strdup("?"));
}

static char *join(const GPtrArray *texts)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < texts->len; i++)
		g_string_append_printf(
			all, "%s%s", i > 0 ? ", " : "", (const char *)g_ptr_array_index(texts, i));
	return g_string_free(all, FALSE);
}

static char *date_of_answers(const Verdict *verdict)
{
	return verdict->undated > 0 ? NULL : text_time_rfc3339(verdict->youngest);
}

static void put_key(Statement *statement, const DkimSignature *signature)
{
	put(statement, g_strdup(signature->key_name));
	put(statement, text_time_rfc3339(signature->key_at));
}

/* A signature that is right for the header proves its fields, whatever became of the body. */
static void add_signature(GPtrArray *all, const DkimSignature *signature)
{
	Statement *statement;

	if (signature->header_signature == SIGNATURE_ALTERED) {
		statement = add(all, TIER_PROVEN, "dkim-other-text",
			N_("A holder of the private key to {1}, as the DNS published it when asked "
			   "on {2}, made this signature for other text in the fields {3}."));
		put_key(statement, signature);
		put(statement, join(signature->signed_fields));
		return;
	}
	if (signature->header_signature != SIGNATURE_VALID)
		return;
	if (signature->body_hash == BODY_HASH_MATCH) {
		statement = add(all, TIER_PROVEN, "dkim-signed",
			N_("A holder of the private key to {1}, as the DNS published it when asked "
			   "on {2}, signed the fields {3} and the first {4} of {5} octets of the "
			   "body as they are here."));
		put_key(statement, signature);
		put(statement, join(signature->signed_fields));
		put(statement,
			g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)signature->body_signed));
		put(statement,
			g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)signature->body_length));
		return;
	}
	statement = signature->body_hash == BODY_HASH_UNCHECKED
			    ? add(all, TIER_PROVEN, "dkim-header-only",
				      N_("A holder of the private key to {1}, as the DNS published "
					 "it when asked on {2}, signed the fields {3} as they are "
					 "here; the body was not checked."))
			    : add(all, TIER_PROVEN, "dkim-header-signed",
				      N_("A holder of the private key to {1}, as the DNS published "
					 "it when asked on {2}, signed the fields {3} as they are "
					 "here; not this body."));
	put_key(statement, signature);
	put(statement, join(signature->signed_fields));
}

static void add_signer(GPtrArray *all, const SmimeSigner *signer)
{
	bool is_trusted = signer->at_reception.chain == SMIME_YES;
	Statement *statement;

	if (signer->digest != SMIME_YES || signer->signature != SMIME_YES)
		return;
	statement =
		is_trusted ? add(all, TIER_PROVEN, "smime-signed",
				     N_("The content was signed with the key of the certificate "
					"{1} (serial number {2}), which {3} issued and which leads "
					"to a root that is trusted here, at the time of "
					"reception."))
			   : add(all, TIER_PROVEN, "smime-signed-untrusted",
				     N_("The content was signed with the key of the certificate "
					"{1} (serial number {2}), issued by {3}, which no root "
					"that is trusted here vouched for at the time of "
					"reception."));
	put(statement, g_strdup(signer->subject));
	put(statement, g_strdup(signer->serial));
	put(statement, g_strdup(signer->issuer));
}

static void add_proven(GPtrArray *all, const Case *kase)
{
	for (guint i = 0; i < kase->dkim->signatures->len; i++)
		add_signature(all, dkim_signature(kase->dkim, i));
	for (guint i = 0; i < kase->smime->signers->len; i++)
		add_signer(all, g_ptr_array_index(kase->smime->signers, i));
}

static bool is_attached(const Case *kase)
{
	return facts_is_attached(kase->facts);
}

/* What Received lines say of the way is the receiver's word only where the receiver kept them. */
static Statement *add_reception(GPtrArray *all, const Case *kase)
{
	if (is_attached(kase))
		return add(all, TIER_CLAIMED, "attached-received-from",
			N_("The attached message says that {1} received it from {2} on {3}; "
			   "whoever sent the message that carries it can have written that."));
	return add(all, TIER_LIKELY, "received-from",
		N_("{1} received the message from {2} on {3}: its own line says so, and "
		   "nothing above it comes from outside."));
}

static Statement *add_spf(GPtrArray *all, const Case *kase)
{
	if (is_attached(kase))
		return add(all, TIER_CLAIMED, "attached-spf-allowed",
			N_("The client at {1}, which the attached message names, was allowed to "
			   "send for {2} by the record that the DNS published when asked on {3}; "
			   "that it sent this is the word of whoever sent the message that "
			   "carries it."));
	return add(all, TIER_LIKELY, "spf-allowed",
		N_("The client at {1} was allowed to send for {2} by the record that the "
		   "DNS published when asked on {3}; others may share that address."));
}

static void add_likely(GPtrArray *all, const Case *kase)
{
	const Envelope *envelope = &kase->facts->envelope;
	const Hop *hop = envelope->hop != NO_HOP ? facts_hop(kase->facts, envelope->hop) : NULL;
	char ip[INET_ADDR_TEXT];
	Statement *statement;

	if (hop != NULL && !envelope->is_in_doubt && hop->ip.family != 0) {
		statement = add_reception(all, kase);
		put(statement, g_strdup(hop->by));
		put(statement, g_strdup(inet_addr_text(&hop->ip, ip)));
		put(statement, text_time_rfc3339(hop->date));
	}
	if (kase->spf->verdict.is_final && kase->spf->verdict.result == RESULT_PASS) {
		statement = add_spf(all, kase);
		put(statement, g_strdup(inet_addr_text(&envelope->client_ip, ip)));
		put(statement, g_strdup(kase->spf->domain));
		put(statement, date_of_answers(&kase->spf->verdict));
	}
}

static Statement *add_author(GPtrArray *all, const Case *kase)
{
	bool is_aligned =
		kase->dmarc->verdict.is_final && kase->dmarc->verdict.result == RESULT_PASS;

	if (!is_aligned)
		return add(all, TIER_CLAIMED, "author",
			N_("The message says that its author is {1}; nothing "
			   "that passes ties it to {2}."));
	if (claimed_author(kase))
		return add(all, TIER_CLAIMED, "attached-author",
			N_("The attached message says that its author is {1}; what ties it to {2} "
			   "is an envelope that whoever sent the message that carries it can have "
			   "written."));
	return add(all, TIER_LIKELY, "author-domain",
		N_("A sender whom {2} allows (SPF), or who holds its "
		   "key (DKIM), sent this message with {1} as its "
		   "author. Which person that was is not shown."));
}

static void add_authors(GPtrArray *all, const Case *kase)
{
	for (guint i = 0; i < kase->facts->from->addresses->len; i++) {
		const Address *from = address_list_get(kase->facts->from, i);
		Statement *statement = add_author(all, kase);

		put(statement, g_strdup(from->addr_spec));
		put(statement, g_strdup(from->domain));
	}
}

static void add_claimed(GPtrArray *all, const Case *kase)
{
	const Facts *facts = kase->facts;
	size_t lines = facts_own_lines(facts);
	Statement *statement;

	if (facts->date != TIME_UNKNOWN) {
		statement = add(all, TIER_CLAIMED, "date",
			N_("The message says that it was written on {1}."));
		put(statement, text_time_rfc3339(facts->date));
	}
	if (facts->hops->len > lines) {
		statement = is_attached(kase)
				    ? add(all, TIER_CLAIMED, "attached-hops",
					      N_("What the {1} Received line(s) of the attached "
						 "message say."))
				    : add(all, TIER_CLAIMED, "hops-below",
					      N_("What {1} Received line(s) below those that are "
						 "surely the receiver's "
						 "say of the way before."));
		put(statement, g_strdup_printf("%zu", facts->hops->len - lines));
	}
}

static void add_unknown(GPtrArray *all, const Case *kase)
{
	static const char *const names[METHODS] = { "S/MIME", "SPF", "DKIM", "DMARC" };

	for (int i = 0; i < METHODS; i++) {
		Statement *statement;

		if (kase->marks[i] != MARK_UNKNOWN)
			continue;
		statement = kase->is_stale[i]
				    ? add(all, TIER_UNKNOWN, "stale",
					      N_("What {1} would have given at the time of "
						 "reception: the answers are of another time, and "
						 "say no."))
				    : add(all, TIER_UNKNOWN, "not-evaluable",
					      N_("What {1} would have given at the time of "
						 "reception: it is not evaluable on what is "
						 "there."));
		put(statement, g_strdup(names[i]));
	}
}

static gint compare(gconstpointer a, gconstpointer b)
{
	const Statement *one = *(const Statement *const *)a;
	const Statement *other = *(const Statement *const *)b;

	return (int)one->tier - (int)other->tier;
}

GPtrArray *statements_new(const Case *kase)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(statement_free);

	add_proven(all, kase);
	add_likely(all, kase);
	add_authors(all, kase);
	add_claimed(all, kase);
	add_unknown(all, kase);
	/* A stable sort. */
	g_ptr_array_sort(all, compare);
	return all;
}

const char *tier_word(Tier tier)
{
	static const char *const words[] = { "proven", "likely", "claimed", "unknown" };

	return words[tier];
}
