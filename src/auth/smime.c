#include "auth/smime.h"

#include "auth/smime_find.h"
#include "auth/smime_signer.h"

#include <openssl/err.h>
#include <string.h>

#define NO_SIGNER ((size_t)-1)

/* One message on its way to its verdict. */
typedef struct Work {
	const Facts *facts;
	const Context *context;
	const Trust *trust;
	Findings *findings;
	SmimeVerdict *verdict;
} Work;

void smime_verdict_free(SmimeVerdict *verdict)
{
	if (verdict == NULL)
		return;
	verdict_clear(&verdict->verdict);
	g_ptr_array_unref(verdict->signers);
	g_free(verdict);
}

const char *smime_form_word(SmimeForm form)
{
	static const char *const words[] = { "none", "detached", "opaque", "certs-only",
		"encrypted", "openpgp", "nested" };

	return words[form];
}

static void conclude(
	Work *work, AuthResult result, const char *reason, const char *text, char *detail)
{
	verdict_set(&work->verdict->verdict, result, reason, text, detail);
}

/* --- protected header fields (RFC 9788) */

static bool is_same_sender(const AddressList *inner, const AddressList *outer)
{
	if (inner->addresses->len != outer->addresses->len)
		return false;
	for (guint i = 0; i < inner->addresses->len; i++)
		if (g_strcmp0(address_list_get(inner, i)->addr_spec,
			    address_list_get(outer, i)->addr_spec) != 0)
			return false;
	return true;
}

static void compare_inner_from(Work *work, const MimePart *payload)
{
	g_autoptr(AddressList) inner = address_list_new();
	g_autoptr(Findings) unused = findings_new();
	size_t at = fields_find(payload->fields, "From", 0);
	g_autofree char *detail = NULL;

	if (at >= payload->fields->count)
		return;
	address_list_add(inner, payload->fields->list[at].value, payload->whole, unused);
	if (is_same_sender(inner, work->facts->from))
		return;
	if (inner->addresses->len > 0)
		detail = g_strdup(address_list_get(inner, 0)->addr_spec);
	findings_add(work->findings, "smime-from-differs", SEVERITY_WARNING,
		N_("The signed From is not the one that the message shows."),
		g_steal_pointer(&detail));
}

static void check_header_coverage(Work *work, const MimePart *payload)
{
	const char *hp = mime_parameter(payload, "hp");

	work->verdict->has_protected_headers =
		hp != NULL &&
		(g_ascii_strcasecmp(hp, "clear") == 0 || g_ascii_strcasecmp(hp, "cipher") == 0);
	if (work->verdict->has_protected_headers)
		compare_inner_from(work, payload);
	else
		findings_add(work->findings, "smime-header-not-covered", SEVERITY_INFO,
			N_("The signature covers the body; Subject, Date, To and From are not "
			   "signed."),
			NULL);
}

/* --- signers */

static const SmimeSigner *signer_at(const SmimeVerdict *verdict, size_t index)
{
	return g_ptr_array_index(verdict->signers, index);
}

static void choose_best(SmimeVerdict *verdict)
{
	for (guint i = 0; i < verdict->signers->len; i++)
		if (verdict->best == NO_SIGNER ||
			smime_signer_rank(signer_at(verdict, i)) >
				smime_signer_rank(signer_at(verdict, verdict->best)))
			verdict->best = i;
}

static void take_verdict(Work *work)
{
	const Verdict *best = &signer_at(work->verdict, work->verdict->best)->verdict;

	if (best->is_final)
		conclude(work, best->result, best->reason, best->text, g_strdup(best->detail));
	else
		verdict_set_unknown(&work->verdict->verdict, best->result, best->reason, best->text,
			g_strdup(best->detail));
}

static void report_several(Work *work)
{
	GPtrArray *signers = work->verdict->signers;
	bool passes = work->verdict->verdict.result == RESULT_PASS;

	if (signers->len < 2)
		return;
	findings_add(work->findings, "smime-several-signers", SEVERITY_NOTICE,
		N_("Several signers signed; the verdict is that of the best."),
		g_strdup_printf("%u", signers->len));
	for (guint i = 0; i < signers->len; i++)
		if (passes && signer_at(work->verdict, i)->verdict.result == RESULT_FAIL)
			findings_add(work->findings, "smime-other-signer-fails", SEVERITY_WARNING,
				N_("The signature of another signer is not right."),
				g_strdup(signer_at(work->verdict, i)->subject));
}

static void judge_signers(Work *work, SmimeCms *cms, SignedContent *content)
{
	SignerInput input = { .facts = work->facts,
		.context = work->context,
		.trust = work->trust,
		.cms = cms,
		.content = content,
		.findings = work->findings };
	g_autoptr(GArray) revocation = g_array_new(FALSE, FALSE, sizeof(bool));

	if (smime_cms_signers(cms) == 0) {
		conclude(work, RESULT_NEUTRAL, "no-signer", N_("The signature has no signer."),
			NULL);
		return;
	}
	for (size_t i = 0; i < smime_cms_signers(cms); i++) {
		SignerOutcome outcome = smime_signer_judge(&input, i);

		g_ptr_array_add(work->verdict->signers, outcome.signer);
		g_array_append_val(revocation, outcome.is_revocation_checked);
	}
	choose_best(work->verdict);
	take_verdict(work);
	report_several(work);
	work->verdict->is_revocation_checked = g_array_index(revocation, bool, work->verdict->best);
	work->verdict->is_content_canonicalised = signed_content_is_canonicalised(content);
}

/* --- the forms */

static SmimeCms *read_cms(Work *work, const MimePart *part)
{
	g_autoptr(GBytes) der = mime_decode_body(part);
	SmimeCms *cms =
		der == NULL ? NULL : smime_cms_parse(der, work->context->memo, work->findings);

	if (cms == NULL)
		conclude(work, RESULT_PERMERROR, "cms-malformed",
			N_("The signature is no CMS object that can be read."), NULL);
	return cms;
}

static void is_ambiguous(Work *work, char *detail)
{
	conclude(work, RESULT_FAIL, "content-ambiguous",
		N_("It cannot be told which content is the signed one."), detail);
}

/* STANDARDS.md, 7, 39: content within a detached signature is what some agents would verify in
 * place of what they show. */
static void judge_detached(Work *work, const MimePart *multipart)
{
	g_autoptr(SmimeCms) cms = NULL;
	g_autoptr(SignedContent) content = NULL;
	const MimePart *payload;

	if (smime_part_children(multipart) != 2) {
		is_ambiguous(work, g_strdup_printf("%zu", smime_part_children(multipart)));
		return;
	}
	payload = smime_part_child(multipart, 0);
	cms = read_cms(work, smime_part_child(multipart, 1));
	if (cms == NULL)
		return;
	if (smime_cms_kind(cms) != CMS_KIND_SIGNED) {
		conclude(work, RESULT_PERMERROR, "cms-not-signed",
			N_("What stands in the signature's place is no signature."), NULL);
		return;
	}
	content = signed_content_new(payload->whole, true);
	judge_signers(work, cms, content);
	if (work->verdict->form != SMIME_FORM_NESTED)
		check_header_coverage(work, payload);
	if (smime_cms_content(cms).data != NULL)
		is_ambiguous(work, NULL);
}

static void judge_opaque_signed(Work *work, SmimeCms *cms)
{
	Slice octets = smime_cms_content(cms);
	g_autoptr(SignedContent) content = signed_content_new(octets, false);
	g_autoptr(Findings) unused = findings_new();
	g_autoptr(MimePart) payload = NULL;

	if (octets.data == NULL && smime_cms_signers(cms) == 0) {
		work->verdict->form = SMIME_FORM_CERTS_ONLY;
		conclude(work, RESULT_NONE, "certs-only",
			N_("The message brings certificates, and no signature."), NULL);
		return;
	}
	if (octets.data == NULL) {
		conclude(work, RESULT_PERMERROR, "content-missing",
			N_("The signed content is not in the message."), NULL);
		return;
	}
	judge_signers(work, cms, content);
	if (!smime_cms_is_mime(cms) || work->verdict->form == SMIME_FORM_NESTED)
		return;
	payload = mime_parse(octets, unused);
	check_header_coverage(work, payload);
}

static void is_encrypted(Work *work)
{
	work->verdict->form = SMIME_FORM_ENCRYPTED;
	verdict_set_unknown(&work->verdict->verdict, RESULT_NONE, "encrypted",
		N_("The message is encrypted, and a signature within cannot be seen."), NULL);
}

static void judge_opaque(Work *work, const MimePart *part)
{
	g_autoptr(SmimeCms) cms = read_cms(work, part);

	if (cms == NULL)
		return;
	switch (smime_cms_kind(cms)) {
	case CMS_KIND_SIGNED:
		judge_opaque_signed(work, cms);
		break;
	case CMS_KIND_ENCRYPTED:
		is_encrypted(work);
		break;
	case CMS_KIND_COMPRESSED:
		work->verdict->form = SMIME_FORM_NONE;
		verdict_set_unknown(&work->verdict->verdict, RESULT_NONE, "compressed",
			N_("The message is compressed, and a signature within is not looked for."),
			NULL);
		break;
	case CMS_KIND_OTHER:
		work->verdict->form = SMIME_FORM_NONE;
		conclude(work, RESULT_NONE, "cms-not-signed",
			N_("The CMS object holds no signature."), NULL);
		break;
	}
}

/* A signer of a part is shown, and never counts: what surrounds the part is anybody's (a list's
 * footer, or worse). */
static void lower_to_nested(Work *work, const SmimePlace *place)
{
	const char *text = N_("The signature covers a part only, not the message.");

	for (guint i = 0; i < work->verdict->signers->len; i++) {
		SmimeSigner *signer = g_ptr_array_index(work->verdict->signers, i);

		if (signer->verdict.result == RESULT_PASS || !signer->verdict.is_final)
			verdict_set(&signer->verdict, RESULT_POLICY, "signature-not-at-root", text,
				g_strdup(place->section));
	}
	work->verdict->best = NO_SIGNER;
	conclude(work, RESULT_POLICY, "signature-not-at-root", text, g_strdup(place->section));
}

static void is_unsigned(Work *work)
{
	work->verdict->form = SMIME_FORM_NONE;
	conclude(work, RESULT_NONE, "no-signature", N_("The message is not signed."), NULL);
}

/* Certificates alone, attached somewhere, are no signature either. */
static void judge_nested(Work *work, const SmimePlace *place)
{
	if (strcmp(place->part->type, "multipart/signed") == 0)
		judge_detached(work, place->part);
	else
		judge_opaque(work, place->part);
	if (work->verdict->form == SMIME_FORM_NESTED)
		lower_to_nested(work, place);
	else
		is_unsigned(work);
}

/* The header alone tells that a message is signed, not what the signature is worth. */
static bool is_signed_by_header(const MimePart *root)
{
	return strcmp(root->type, "multipart/signed") == 0 ||
	       strcmp(root->type, "application/pkcs7-mime") == 0 ||
	       strcmp(root->type, "application/x-pkcs7-mime") == 0;
}

static void judge_header(Work *work)
{
	if (is_signed_by_header(work->facts->mime))
		verdict_set_unknown(&work->verdict->verdict, RESULT_NONE, "body-absent",
			N_("The body, which would hold the signature, is not there."), NULL);
	else
		is_unsigned(work);
}

static void judge_place(Work *work, const SmimePlace *place)
{
	work->verdict->form = place->form;
	switch (place->form) {
	case SMIME_FORM_DETACHED:
		judge_detached(work, place->part);
		break;
	case SMIME_FORM_OPAQUE:
		judge_opaque(work, place->part);
		break;
	case SMIME_FORM_NESTED:
		judge_nested(work, place);
		break;
	case SMIME_FORM_ENCRYPTED:
		is_encrypted(work);
		break;
	case SMIME_FORM_OPENPGP:
		conclude(work, RESULT_NONE, "openpgp",
			N_("The message uses OpenPGP, which is not evaluated."), NULL);
		break;
	case SMIME_FORM_NONE:
	case SMIME_FORM_CERTS_ONLY:
		is_unsigned(work);
		break;
	}
}

SmimeVerdict *smime_verify(const Facts *facts, Context *context, Findings *findings)
{
	g_autoptr(SmimePlace) place = smime_place_find(facts->mime);
	g_autoptr(Trust) nothing = context->trust == NULL ? trust_new() : NULL;
	SmimeVerdict *verdict = g_new0(SmimeVerdict, 1);
	Work work = { .facts = facts,
		.context = context,
		.trust = nothing != NULL ? nothing : context->trust,
		.findings = findings,
		.verdict = verdict };

	verdict->verdict = VERDICT_INIT;
	verdict->signers = g_ptr_array_new_with_free_func(smime_signer_free);
	verdict->best = NO_SIGNER;
	ERR_clear_error();
	if (context->is_headers_only)
		judge_header(&work);
	else
		judge_place(&work, place);
	ERR_clear_error();
	return verdict;
}
