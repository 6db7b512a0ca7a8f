#include "analysis/handling.h"

#include "base/domain_name.h"

#include <string.h>

/* One of them is the other or lies below it. Not DMARC's alignment: an explanation is looked for,
 * nothing is authenticated. */
static bool is_related(const char *one, const char *other)
{
	return one != NULL && other != NULL &&
	       (domain_name_is_within(one, other) || domain_name_is_within(other, one));
}

static bool is_of_author(const Case *kase, const DkimSignature *signature)
{
	return is_related(signature->domain, kase->dmarc->domain);
}

static bool is_aligned(const Case *kase, const DkimSignature *signature)
{
	const DmarcView *view = dmarc_view(kase->dmarc);

	for (guint i = 0; view != NULL && i < view->dkim->len; i++) {
		const DmarcAlignment *passed = g_ptr_array_index(view->dkim, i);

		if (passed->is_aligned &&
			g_ascii_strcasecmp(passed->domain, signature->domain) == 0)
			return true;
	}
	return false;
}

/* Body and header are as they were signed, whether or not that still counts (x=). */
static bool is_right(const DkimSignature *signature)
{
	return signature->header_signature == SIGNATURE_VALID &&
	       signature->body_hash == BODY_HASH_MATCH &&
	       signature->verdict.result != RESULT_POLICY;
}

static bool passes(const DkimSignature *signature)
{
	return signature->verdict.is_final && signature->verdict.result == RESULT_PASS;
}

static bool is_authors(const Case *kase, const DkimSignature *signature)
{
	return passes(signature) ? is_aligned(kase, signature) : is_of_author(kase, signature);
}

static bool goes_on_behind(const DkimSignature *signature)
{
	return signature->header_signature == SIGNATURE_VALID &&
	       signature->body_hash == BODY_HASH_MATCH &&
	       signature->body_signed < signature->body_length;
}

static bool is_other_text(const DkimSignature *signature)
{
	return signature->header_signature == SIGNATURE_ALTERED ||
	       (signature->header_signature == SIGNATURE_VALID &&
		       signature->body_hash == BODY_HASH_MISMATCH);
}

/* Forwarders that rewrite the envelope (SRS; Gmail's form) leave what it was in the local part. */
static bool is_rewritten(const char *mail_from)
{
	return mail_from != NULL && (g_ascii_strncasecmp(mail_from, "SRS0", 4) == 0 ||
					    g_ascii_strncasecmp(mail_from, "SRS1", 4) == 0 ||
					    strstr(mail_from, "+caf_=") != NULL);
}

static bool is_passed_on(const Case *kase)
{
	const Verdict *spf = &kase->spf->verdict;
	g_autofree char *domain =
		kase->spf->domain != NULL ? domain_name_new(slice_of(kase->spf->domain)) : NULL;

	if (is_rewritten(kase->facts->envelope.mail_from))
		return true;
	return spf->is_final && (spf->result == RESULT_FAIL || spf->result == RESULT_SOFTFAIL) &&
	       is_related(domain, kase->dmarc->domain);
}

static bool was_right_at_reception(const Case *kase)
{
	for (guint i = 0; i < kase->differences->len; i++) {
		const Difference *difference = g_ptr_array_index(kase->differences, i);

		if (difference->method == METHOD_DKIM &&
			strcmp(difference->cause, "message-altered") == 0)
			return true;
	}
	return false;
}

static bool is_step_of_list(ChangeKind kind)
{
	return kind == CHANGE_SUBJECT_TAG || kind == CHANGE_LIST_FIELDS_ADDED ||
	       kind == CHANGE_FOOTER;
}

static bool has_step_of_list(const ChangeFound *found)
{
	for (guint i = 0; found != NULL && i < found->steps->len; i++)
		if (is_step_of_list(change_found_step(found, i)->kind))
			return true;
	return false;
}

static bool is_of_list(const Case *kase, const ChangeSearch *search)
{
	return kase->facts->list_id != NULL &&
	       (has_step_of_list(search->body) || has_step_of_list(search->header));
}

static HandlingKind kind_of_other_text(const Case *kase, const ChangeSearch *search)
{
	bool is_later = was_right_at_reception(kase);

	if (search == NULL || !search->is_explained)
		return is_later ? HANDLING_ALTERED_LATER : HANDLING_ALTERED;
	if (is_later)
		return HANDLING_CHANGED_LATER;
	return is_of_list(kase, search) ? HANDLING_LIST : HANDLING_CHANGED;
}

static HandlingKind kind_of(const Case *kase, const DkimSignature *signature)
{
	if (goes_on_behind(signature))
		return HANDLING_APPENDED;
	if (!is_right(signature))
		return HANDLING_UNKNOWN;
	if (!is_authors(kase, signature))
		return HANDLING_AS_OTHER_SIGNED;
	return is_passed_on(kase) ? HANDLING_PASSED_ON : HANDLING_AS_SIGNED;
}

/* How much a signature tells: the author's that verifies most, then the author's that was made for
 * other text, then any that verifies, then any for other text. 0: nothing. */
static int weight(const Case *kase, const DkimSignature *signature)
{
	if (is_right(signature) && !goes_on_behind(signature))
		return is_authors(kase, signature) ? 4 : 2;
	if (is_other_text(signature) || goes_on_behind(signature))
		return is_of_author(kase, signature) ? 3 : 1;
	return 0;
}

Handling handling_of(const Case *kase)
{
	Handling handling = { .kind = HANDLING_UNKNOWN };
	int best = 0;

	for (guint i = 0; i < kase->dkim->signatures->len; i++) {
		const DkimSignature *signature = dkim_signature(kase->dkim, i);

		if (weight(kase, signature) <= best)
			continue;
		best = weight(kase, signature);
		handling.signature = signature;
		handling.index = i + 1;
		handling.search = kase->changes != NULL && i < kase->changes->len
					  ? g_ptr_array_index(kase->changes, i)
					  : NULL;
	}
	if (handling.signature != NULL)
		handling.kind = is_other_text(handling.signature)
					? kind_of_other_text(kase, handling.search)
					: kind_of(kase, handling.signature);
	return handling;
}

const char *handling_code(HandlingKind kind)
{
	static const char *const codes[HANDLING_KINDS] = { "unknown", "as-signed",
		"as-other-signed", "appended", "passed-on", "list", "changed-later", "changed",
		"altered-later", "altered" };

	return codes[kind];
}

const char *handling_text(HandlingKind kind)
{
	static const char *const texts[HANDLING_KINDS] = {
		[HANDLING_UNKNOWN] = N_("No signature tells whether the message was changed."),
		[HANDLING_AS_SIGNED] = N_("As the author's domain signed it."),
		[HANDLING_AS_OTHER_SIGNED] = N_("As a domain signed it that is not the author's."),
		[HANDLING_APPENDED] = N_("Text was added behind what the signature covers (l=)."),
		[HANDLING_PASSED_ON] =
			N_("Passed on as the author's domain signed it: forwarded or sent again by "
			   "a host that the domain does not name in its SPF record."),
		[HANDLING_LIST] = N_("Changed by a mailing list on its way."),
		[HANDLING_CHANGED_LATER] =
			N_("Changed after it was received, as mailboxes and mail programs do: the "
			   "receiver recorded that it verified."),
		[HANDLING_CHANGED] = N_("Changed after it was signed, in a way that is known of "
					"mail systems."),
		[HANDLING_ALTERED_LATER] =
			N_("Altered after it was received: the receiver recorded that it verified, "
			   "and no change that was tried explains it."),
		[HANDLING_ALTERED] = N_("Altered after it was signed: no change that was tried "
					"explains it."),
	};

	return texts[kind];
}
