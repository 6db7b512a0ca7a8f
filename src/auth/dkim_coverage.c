#include "auth/dkim_coverage.h"

#include <string.h>

/* Fields that a reader is shown, or that say how the body is shown. */
static const struct {
	const char *name;
	/* Where it is there and not signed at all; NULL where that is usual. */
	const char *code;
	Severity severity;
	const char *text;
	bool is_single; /* a second one misleads: RFC 5322, 3.6; RFC 2045, 3; RFC 2369, 3 */
} visible[] = {
	{ "from", NULL, SEVERITY_INFO, NULL, true },
	{ "to", "dkim-to-unsigned", SEVERITY_NOTICE, N_("The signature does not cover To."), true },
	{ "cc", NULL, SEVERITY_INFO, NULL, true },
	{ "subject", "dkim-subject-unsigned", SEVERITY_NOTICE,
		N_("The signature does not cover Subject."), true },
	{ "date", "dkim-date-unsigned", SEVERITY_NOTICE, N_("The signature does not cover Date."),
		true },
	{ "sender", NULL, SEVERITY_INFO, NULL, true },
	{ "reply-to", "dkim-reply-to-unsigned", SEVERITY_NOTICE,
		N_("The signature does not cover Reply-To: answers may go elsewhere."), true },
	{ "message-id", NULL, SEVERITY_INFO, NULL, true },
	{ "content-type", "dkim-content-type-unsigned", SEVERITY_NOTICE,
		N_("The signature does not cover Content-Type: the body may be shown otherwise."),
		true },
	{ "content-transfer-encoding", NULL, SEVERITY_INFO, NULL, true },
	{ "mime-version", NULL, SEVERITY_INFO, NULL, true },
	{ "list-unsubscribe", NULL, SEVERITY_INFO, NULL, true },
	{ "list-unsubscribe-post", NULL, SEVERITY_INFO, NULL, true },
	{ "list-id", NULL, SEVERITY_INFO, NULL, true },
	{ "in-reply-to", NULL, SEVERITY_INFO, NULL, true },
	{ "references", NULL, SEVERITY_INFO, NULL, true },
};

void dkim_coverage_find(
	DkimSignature *signature, const SignedMessage *message, const SignatureTags *tags)
{
	for (guint i = 0; i < tags->names->len; i++)
		g_ptr_array_add(
			signature->signed_fields, g_strdup(g_ptr_array_index(tags->names, i)));
	for (size_t i = 0; i < G_N_ELEMENTS(visible); i++) {
		unsigned there = signed_message_count(message, visible[i].name);
		unsigned covered = signature_tags_lists(tags, visible[i].name);

		if (there > covered)
			g_ptr_array_add(signature->unsigned_fields, g_strdup(visible[i].name));
		if (there >= covered)
			g_ptr_array_add(signature->addable_fields, g_strdup(visible[i].name));
	}
}

bool dkim_coverage_lacks_from(const SignedMessage *message, const SignatureTags *tags)
{
	unsigned there = signed_message_count(message, "from");

	return there > 1 && there > signature_tags_lists(tags, "from");
}

/* The topmost instance, which most programs show, and which h= takes last. */
static Slice topmost(const SignedMessage *message, const char *name, const Fields *fields)
{
	const GArray *instances = signed_message_instances(message, name);

	return fields->list[g_array_index(instances, size_t, instances->len - 1)].raw;
}

static void tell_fields(const DkimSignature *signature, const SignedMessage *message,
	const SignatureTags *tags, const Fields *fields, Findings *findings)
{
	for (size_t i = 0; i < G_N_ELEMENTS(visible); i++) {
		const char *name = visible[i].name;
		unsigned there = signed_message_count(message, name);
		unsigned covered = signature_tags_lists(tags, name);

		if (there <= covered)
			continue;
		if (visible[i].is_single && there > 1 && covered > 0)
			findings_add_at(findings, "dkim-unsigned-duplicate", SEVERITY_ALERT,
				N_("A field stands more often than it was signed: one that is "
				   "shown may have been added."),
				g_strdup_printf("%s (%s)", name, signature->domain),
				fields->message, topmost(message, name, fields));
		else if (covered == 0 && visible[i].code != NULL)
			findings_add_at(findings, visible[i].code, visible[i].severity,
				visible[i].text, g_strdup(signature->domain), fields->message,
				topmost(message, name, fields));
	}
}

static void tell_body(const DkimSignature *signature, const SignatureTags *tags,
	const Fields *fields, Findings *findings)
{
	if (signature->body_signed < signature->body_length)
		findings_add_at(findings, "dkim-body-partly-signed", SEVERITY_ALERT,
			N_("The signature covers only the beginning of the body: the rest may have "
			   "been added."),
			g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
					" octets (%s)",
				signature->body_signed, signature->body_length, signature->domain),
			fields->message,
			canon_body_rest(
				fields->body, signature->body_canon, signature->body_signed));
	else if (tags->length == signature->body_length)
		findings_add_at(findings, "dkim-length-tag", SEVERITY_INFO,
			N_("The signature names the length of the body (l=): a body made longer "
			   "would still verify."),
			g_strdup(signature->domain), fields->message,
			tag_list_get(tags->tags, "l"));
}

void dkim_coverage_tell(const DkimSignature *signature, const SignedMessage *message,
	const SignatureTags *tags, const Fields *fields, Findings *findings)
{
	if (signature->header_signature != SIGNATURE_VALID)
		return;
	tell_fields(signature, message, tags, fields, findings);
	if (signature->body_hash == BODY_HASH_MATCH && signature->has_length_tag)
		tell_body(signature, tags, fields, findings);
}
