#include "analysis/checklist.h"

#include "analysis/classify.h"
#include "base/text_time.h"

static Check say(Mark mark, const char *reason, const char *text)
{
	return (Check) { mark, reason, text };
}

static Check say_late(void)
{
	return say(MARK_UNKNOWN, "evidence-late", N_("The evidence is taken too late to say no."));
}

/* As Table 1 has it. The reason of what is known is the result. */
static Check check_method(const Case *kase, Method method)
{
	const Verdict *verdict = case_verdict(kase, method);

	if (kase->is_stale[method])
		return say_late();
	return say(kase->marks[method],
		verdict->is_final ? case_result_word(kase, method) : verdict->reason,
		verdict->text);
}

/* --- DMARC */

static bool is_dkim_aligned(const DmarcView *view)
{
	for (guint i = 0; i < view->dkim->len; i++)
		if (((const DmarcAlignment *)g_ptr_array_index(view->dkim, i))->is_aligned)
			return true;
	return false;
}

/* Nothing aligned passes, and what could have is known. */
static bool is_unaligned_known(const Case *kase, const DmarcView *view)
{
	return view->verdict.is_final && !kase->is_stale[METHOD_DMARC] &&
	       view->verdict.result != RESULT_TEMPERROR &&
	       kase->marks[METHOD_SPF] != MARK_UNKNOWN && kase->marks[METHOD_DKIM] != MARK_UNKNOWN;
}

static Check check_no_author(const Case *kase)
{
	return say(MARK_NO, kase->dmarc->verdict.reason, kase->dmarc->verdict.text);
}

static Check check_alignment(const Case *kase)
{
	const DmarcView *view = dmarc_view(kase->dmarc);
	bool has_spf = view != NULL && view->spf != NULL && view->spf->is_aligned;
	bool has_dkim = view != NULL && is_dkim_aligned(view);

	if (view == NULL)
		return check_no_author(kase);
	if (has_spf && has_dkim)
		return say(MARK_YES, "both-aligned",
			N_("SPF and a DKIM signature pass, aligned with the author domain."));
	if (has_spf)
		return say(
			MARK_YES, "spf-aligned", N_("SPF passes, aligned with the author domain."));
	if (has_dkim)
		return say(MARK_YES, "dkim-aligned",
			N_("A DKIM signature passes, aligned with the author domain."));
	if (is_unaligned_known(kase, view))
		return say(MARK_NO, "not-aligned",
			N_("Nothing that passes is aligned with the author domain."));
	return say(MARK_UNKNOWN, "alignment-unknown",
		N_("Nothing aligned passes, but what is not evaluable could have."));
}

static Check check_dmarc(const Case *kase)
{
	const DmarcView *view = dmarc_view(kase->dmarc);
	const Verdict *verdict = view != NULL ? &view->verdict : NULL;

	if (view == NULL)
		return check_no_author(kase);
	if (view->policy != NULL)
		return say(MARK_YES, "record-found",
			N_("A DMARC record is published for the author domain."));
	if (!verdict->is_final || verdict->result == RESULT_TEMPERROR)
		return say(MARK_UNKNOWN, verdict->reason, verdict->text);
	if (kase->is_stale[METHOD_DMARC])
		return say_late();
	return say(MARK_NO, verdict->reason, verdict->text);
}

/* --- one-click unsubscribe (RFC 8058, 3.1 and 4) */

/* URIs of List-Unsubscribe stand in angle brackets, and what else stands there is a comment
 * (RFC 2369, 2). */
typedef struct Uris {
	unsigned https, http;
} Uris;

static Uris count_uris(Slice value)
{
	Uris uris = { 0, 0 };

	for (slice_take_until(&value, '<'); value.len > 0; slice_take_until(&value, '<')) {
		Slice uri = slice_trim(slice_take_until(&value, '>'));

		uris.https += slice_starts_nocase(uri, "https://");
		uris.http += slice_starts_nocase(uri, "http://");
	}
	return uris;
}

static GString *value_of(const Fields *fields, const char *name)
{
	return field_unfold(&fields->list[fields_find(fields, name, 0)]);
}

static Check check_uris(const Fields *fields)
{
	g_autoptr(GString) value = value_of(fields, "List-Unsubscribe");
	Uris uris = count_uris(slice_make(value->str, value->len));

	if (uris.https == 0)
		return say(MARK_NO, "https-missing", N_("List-Unsubscribe has no https URI."));
	if (uris.https + uris.http > 1)
		return say(MARK_NO, "https-repeated",
			N_("List-Unsubscribe has more than one http or https URI."));
	return say(MARK_YES, "", "");
}

static Check check_post(const Fields *fields)
{
	g_autoptr(GString) value = value_of(fields, "List-Unsubscribe-Post");

	if (!slice_is_nocase(
		    slice_trim(slice_make(value->str, value->len)), "List-Unsubscribe=One-Click"))
		return say(MARK_NO, "post-value",
			N_("List-Unsubscribe-Post is not \"List-Unsubscribe=One-Click\"."));
	return say(MARK_YES, "", "");
}

static Check check_unsubscribe_fields(const Fields *fields)
{
	size_t uris = fields_count(fields, "List-Unsubscribe");
	size_t posts = fields_count(fields, "List-Unsubscribe-Post");
	Check check;

	if (uris == 0)
		return say(
			MARK_NO, "unsubscribe-missing", N_("There is no List-Unsubscribe field."));
	if (posts == 0)
		return say(MARK_NO, "post-missing", N_("There is no List-Unsubscribe-Post field."));
	if (uris > 1 || posts > 1)
		return say(MARK_NO, "unsubscribe-repeated",
			N_("There are several List-Unsubscribe or List-Unsubscribe-Post fields."));
	check = check_uris(fields);
	return check.mark == MARK_YES ? check_post(fields) : check;
}

static bool signs(const DkimSignature *signature, const char *name)
{
	return g_ptr_array_find_with_equal_func(signature->signed_fields, name, g_str_equal, NULL);
}

static bool signs_both(const DkimSignature *signature)
{
	return !signature->is_google && signs(signature, "list-unsubscribe") &&
	       signs(signature, "list-unsubscribe-post");
}

/* Of the signatures over both fields the best: one that holds, then one that might. */
static Check check_unsubscribe_signed(const Case *kase)
{
	Check check = say(MARK_NO, "unsubscribe-unsigned",
		N_("No DKIM signature covers both fields of one-click unsubscribe."));

	for (guint i = 0; i < kase->dkim->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(kase->dkim, i);

		if (!signs_both(signature))
			continue;
		if (signature->verdict.is_final && signature->verdict.result == RESULT_PASS)
			return say(MARK_YES, "one-click-signed",
				N_("Both fields of one-click unsubscribe are there and signed."));
		if (!signature->verdict.is_final || classify_is_stale(kase, signature))
			check = say(MARK_UNKNOWN, "signature-unknown",
				N_("The signature over the fields of one-click unsubscribe is not "
				   "evaluable."));
		else if (check.mark == MARK_NO)
			check = say(MARK_NO, "signature-fails",
				N_("The signature over the fields of one-click unsubscribe does "
				   "not hold."));
	}
	return check;
}

static Check check_one_click(const Case *kase)
{
	Check check = check_unsubscribe_fields(kase->facts->fields);

	return check.mark == MARK_YES ? check_unsubscribe_signed(kase) : check;
}

/* --- TLS */

/* The words for a transfer without TLS (RFC 3848, RFC 6531). Hosts that write other ones may have
 * used it and not say so. */
static bool is_plain_protocol(const char *with)
{
	static const char *const words[] = { "SMTP", "ESMTP", "ESMTPA", "LMTP", "LMTPA", "UTF8SMTP",
		"UTF8SMTPA", "UTF8LMTP", "UTF8LMTPA" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (with != NULL && g_ascii_strcasecmp(with, words[i]) == 0)
			return true;
	return false;
}

static Check check_tls(const Case *kase)
{
	const Envelope *envelope = &kase->facts->envelope;
	const Hop *hop = envelope->hop != NO_HOP ? facts_hop(kase->facts, envelope->hop) : NULL;

	if (hop == NULL)
		return say(MARK_UNKNOWN, "boundary-unknown",
			N_("No Received field is known to be the receiver's."));
	if (envelope->is_in_doubt)
		return say(MARK_UNKNOWN, "boundary-in-doubt",
			N_("It is not certain which host was the SMTP client."));
	if (hop->is_tls)
		return say(MARK_YES, "tls", N_("The receiver took the message over TLS."));
	if (is_plain_protocol(hop->with))
		return say(MARK_NO, "no-tls", N_("The receiver recorded a transfer without TLS."));
	return say(MARK_UNKNOWN, "tls-untold",
		N_("The receiver did not record whether TLS was used."));
}

/* --- the header */

static Check check_from(const Case *kase)
{
	const Facts *facts = kase->facts;

	if (facts->from_fields == 0)
		return say(MARK_NO, "from-missing", N_("There is no From field."));
	if (facts->from_fields > 1)
		return say(MARK_NO, "from-repeated", N_("There are several From fields."));
	if (facts->from->addresses->len == 0)
		return say(MARK_NO, "from-empty", N_("From holds no address."));
	if (facts->from->addresses->len > 1)
		return say(MARK_NO, "from-several", N_("From holds several addresses."));
	return say(MARK_YES, "from-single", N_("There is one From field with one address."));
}

static Slice skip_comments(Slice text)
{
	for (text = slice_trim(text); slice_starts(text, "(");) {
		size_t len = slice_comment_length(text);

		if (len == 0)
			break;
		text = slice_trim(slice_sub(text, len, text.len));
	}
	return text;
}

/* dot-atom-text (RFC 5322, 3.2.3; RFC 6532, 3.2). */
static bool is_dot_atom(Slice text)
{
	bool is_part_empty = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '.' && is_part_empty)
			return false;
		if (c != '.' && (unsigned char)c < 0x80 && !g_ascii_isalnum(c) &&
			(c == '\0' || strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL))
			return false;
		is_part_empty = c == '.';
	}
	return !is_part_empty;
}

/* no-fold-literal (RFC 5322, 3.6.4). */
static bool is_literal(Slice text)
{
	if (text.len < 2 || text.data[0] != '[' || text.data[text.len - 1] != ']')
		return false;
	for (size_t i = 1; i + 1 < text.len; i++)
		if (text.data[i] <= ' ' || strchr("[]\\\x7F", text.data[i]) != NULL)
			return false;
	return true;
}

/* msg-id (RFC 5322, 3.6.4), with comments around it. */
static bool is_message_id(Slice value)
{
	Slice rest = skip_comments(value);
	Slice id;
	Slice left;

	if (!slice_starts(rest, "<") || slice_find_char(rest, '>') < 0)
		return false;
	slice_take_until(&rest, '<');
	id = slice_take_until(&rest, '>');
	if (skip_comments(rest).len > 0 || slice_find_char(id, '@') < 0)
		return false;
	left = slice_take_until(&id, '@');
	return is_dot_atom(left) && (is_dot_atom(id) || is_literal(id));
}

static Check check_message_id(const Case *kase)
{
	const Fields *fields = kase->facts->fields;
	size_t count = fields_count(fields, "Message-ID");

	if (count == 0)
		return say(MARK_NO, "message-id-missing", N_("There is no Message-ID field."));
	if (count > 1)
		return say(
			MARK_NO, "message-id-repeated", N_("There are several Message-ID fields."));
	if (!is_message_id(fields->list[fields_find(fields, "Message-ID", 0)].value))
		return say(MARK_NO, "message-id-malformed",
			N_("Message-ID is not of the form <left@right>."));
	return say(MARK_YES, "message-id-valid", N_("There is one valid Message-ID field."));
}

static Check check_date(const Case *kase)
{
	size_t count = fields_count(kase->facts->fields, "Date");

	if (count == 0)
		return say(MARK_NO, "date-missing", N_("There is no Date field."));
	if (count > 1)
		return say(MARK_NO, "date-repeated", N_("There are several Date fields."));
	if (kase->facts->date == TIME_UNKNOWN)
		return say(MARK_NO, "date-malformed", N_("Date holds no date."));
	return say(MARK_YES, "date-valid", N_("There is one valid Date field."));
}

/* --- the key */

static Check check_bits(const DkimSignature *signature)
{
	if (signature->key_algorithm == KEY_ED25519)
		return say(MARK_YES, "key-ed25519", N_("The DKIM key is an Ed25519 key."));
	if (signature->key_bits < KEY_RSA_BITS_LEAST)
		return say(MARK_NO, "key-small", N_("The DKIM key has fewer than 1024 bits."));
	if (signature->key_bits < CHECK_RSA_BITS_ADVISED)
		return say(MARK_YES, "key-below-advised",
			N_("The DKIM key has 1024 bits or more; 2048 are advised."));
	return say(MARK_YES, "key-advised", N_("The DKIM key has 2048 bits or more."));
}

/* Of the signature that gave the verdict. */
static Check check_key(const Case *kase)
{
	const DkimSignature *signature = kase->dkim->best < kase->dkim->signatures->len
						 ? dkim_signature(kase->dkim, kase->dkim->best)
						 : NULL;
	Check check;

	if (signature == NULL)
		return say(MARK_UNKNOWN, "signature-missing",
			N_("There is no DKIM signature whose key could be measured."));
	if (signature->key_bits == 0)
		return say(MARK_UNKNOWN, "key-unknown",
			N_("The key of the DKIM signature is not there to be measured."));
	check = check_bits(signature);
	return check.mark == MARK_NO && classify_is_stale(kase, signature) ? say_late() : check;
}

Checklist checklist_of(const Case *kase)
{
	Checklist list;

	if (kase->is_unread) {
		for (int i = 0; i < CHECK_ITEMS; i++)
			list.items[i] = say(
				MARK_UNKNOWN, kase->spf->verdict.reason, kase->spf->verdict.text);
		return list;
	}
	list.items[CHECK_SPF] = check_method(kase, METHOD_SPF);
	list.items[CHECK_DKIM] = check_method(kase, METHOD_DKIM);
	list.items[CHECK_ALIGNMENT] = check_alignment(kase);
	list.items[CHECK_DMARC] = check_dmarc(kase);
	list.items[CHECK_ONE_CLICK] = check_one_click(kase);
	list.items[CHECK_TLS] = check_tls(kase);
	list.items[CHECK_FROM] = check_from(kase);
	list.items[CHECK_MESSAGE_ID] = check_message_id(kase);
	list.items[CHECK_DATE] = check_date(kase);
	list.items[CHECK_KEY] = check_key(kase);
	return list;
}

static const struct {
	const char *word, *title, *head;
} items[CHECK_ITEMS] = {
	[CHECK_SPF] = { "spf", "SPF", "SPF" },
	[CHECK_DKIM] = { "dkim", "DKIM", "DKIM" },
	[CHECK_ALIGNMENT] = { "alignment", N_("alignment with From"), N_("Align") },
	[CHECK_DMARC] = { "dmarc_record", N_("DMARC record"), "DMARC" },
	[CHECK_ONE_CLICK] = { "one_click", N_("one-click unsubscribe"), N_("Unsub") },
	[CHECK_TLS] = { "tls", N_("TLS to the receiver"), "TLS" },
	[CHECK_FROM] = { "one_from", N_("one From"), "From=1" },
	[CHECK_MESSAGE_ID] = { "message_id", "Message-ID", "ID" },
	[CHECK_DATE] = { "date", "Date", "Date" },
	[CHECK_KEY] = { "key_size", N_("size of the DKIM key"), N_("Key") },
};

const char *check_word(CheckItem item)
{
	return items[item].word;
}

const char *check_title(CheckItem item)
{
	return items[item].title;
}

const char *check_head(CheckItem item)
{
	return items[item].head;
}
