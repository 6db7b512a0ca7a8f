#include "auth/dkim_faults.h"

#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

typedef struct Fault {
	bool (*is_there)(const DkimSignature *signature, const SignatureTags *tags);
	const char *tag; /* where it is; the whole field without it */
	const char *code;
	Severity severity;
	const char *text;
} Fault;

/* Of a value that is shown in a finding. */
#define SHOWN_VALUE ((size_t)200)

static bool is_domain_invalid(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)signature;
	return tags->domain == NULL && tag_list_get(tags->tags, "d").data != NULL;
}

static bool is_selector_invalid(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)signature;
	return tags->selector == NULL && tag_list_get(tags->tags, "s").data != NULL;
}

static bool has_reason(const DkimSignature *signature, const char *reason)
{
	return strcmp(signature->verdict.reason, reason) == 0;
}

static bool is_identity_outside(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)tags;
	return has_reason(signature, "identity-outside-domain");
}

static bool is_from_unsigned(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)signature;
	return tags->are_names_known && signature_tags_lists(tags, "from") == 0;
}

static bool is_length_beyond(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)tags;
	return has_reason(signature, "length-beyond-body");
}

static bool is_expired(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)tags;
	return signature->is_expired;
}

static bool is_algorithm_retired(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)signature;
	return tags->is_algorithm_known && tags->digest == DIGEST_SHA1;
}

static bool is_key_unusable(const DkimSignature *signature, const SignatureTags *tags)
{
	(void)tags;
	return signature->key == KEY_UNUSABLE;
}

static const Fault faults[] = {
	{ is_domain_invalid, "d", "dkim-domain-invalid", SEVERITY_WARNING,
		N_("The domain that a signature names is no domain name: programs that cut it "
		   "read another one.") },
	{ is_selector_invalid, "s", "dkim-selector-invalid", SEVERITY_WARNING,
		N_("The selector that a signature names is none: programs that cut it look for the "
		   "key elsewhere.") },
	{ is_identity_outside, "i", "dkim-identity-outside", SEVERITY_WARNING,
		N_("A signature claims an identity outside of the domain that signs.") },
	{ is_from_unsigned, "h", "dkim-from-unsigned", SEVERITY_WARNING,
		N_("A signature does not cover From, which every one must.") },
	{ is_length_beyond, "l", "dkim-length-beyond-body", SEVERITY_WARNING,
		N_("A signature covers more octets than the body has: something was cut off, or "
		   "the body is another one.") },
	{ is_expired, "x", "dkim-expired", SEVERITY_NOTICE,
		N_("A signature had expired when the message came: an old message may have been "
		   "sent again.") },
	{ is_algorithm_retired, "a", "dkim-algorithm-retired", SEVERITY_NOTICE,
		N_("A signature is by SHA-1, which can be forged and must not be used any more.") },
	{ is_key_unusable, NULL, "dkim-key-unusable", SEVERITY_NOTICE,
		N_("What stands where a signature's key should be is no usable key.") },
};

static char *describe(const Fault *fault, const DkimSignature *signature, Slice place)
{
	if (fault->is_there == is_expired)
		return text_time_rfc3339(signature->expires);
	return fault->tag != NULL ? printable_line(slice_sub(place, 0, SHOWN_VALUE))
				  : g_strdup(signature->key_name);
}

void dkim_faults_tell(const DkimSignature *signature, const SignatureTags *tags,
	const Fields *fields, Findings *findings)
{
	for (size_t i = 0; tags->tags != NULL && i < G_N_ELEMENTS(faults); i++) {
		const Fault *fault = &faults[i];
		Slice place = fault->tag != NULL ? tag_list_get(tags->tags, fault->tag)
						 : fields->list[signature->field].raw;

		if (fault->is_there(signature, tags))
			findings_add_at(findings, fault->code, fault->severity, fault->text,
				describe(fault, signature, place), fields->message, place);
	}
}
