#include "auth/smime_signer.h"

#include "auth/smime_certificate.h"
#include "auth/smime_chain.h"
#include "base/limits.h"
#include "base/text_time.h"

/* A signing time that is further from reception says something: a clock is wrong, or the message
 * was sent again. Mail is delivered within a day, or is returned after five. */
#define SIGNING_TIME_SLACK ((int64_t)24 * 60 * 60 * 1000)

static SmimeSigner *signer_new(void)
{
	SmimeSigner *signer = g_new0(SmimeSigner, 1);

	signer->verdict = VERDICT_INIT;
	signer->not_before = TIME_UNKNOWN;
	signer->not_after = TIME_UNKNOWN;
	signer->at_reception.time = TIME_UNKNOWN;
	signer->at_signing.time = TIME_UNKNOWN;
	signer->at_now.time = TIME_UNKNOWN;
	signer->emails = g_ptr_array_new_with_free_func(g_free);
	signer->path = g_ptr_array_new_with_free_func(smime_link_free);
	return signer;
}

void smime_signer_free(gpointer data)
{
	SmimeSigner *signer = data;

	if (signer == NULL)
		return;
	verdict_clear(&signer->verdict);
	g_free(signer->subject);
	g_free(signer->issuer);
	g_free(signer->serial);
	g_free(signer->fingerprint);
	g_ptr_array_unref(signer->emails);
	g_free(signer->matched);
	g_free(signer->matched_sender);
	g_free(signer->matched_reply_to);
	g_free(signer->digest_algorithm);
	g_free(signer->signature_algorithm);
	g_free(signer->key_algorithm);
	g_free(signer->at_reception.problem);
	g_free(signer->at_signing.problem);
	g_free(signer->at_now.problem);
	g_free(signer->policy_class);
	g_ptr_array_unref(signer->path);
	g_free(signer);
}

int smime_signer_rank(const SmimeSigner *signer)
{
	if (!signer->verdict.is_final)
		return 4;
	switch (signer->verdict.result) {
	case RESULT_PASS:
		return 5;
	case RESULT_POLICY:
		return 3;
	case RESULT_NEUTRAL:
		return 2;
	case RESULT_PERMERROR:
	case RESULT_TEMPERROR:
		return 1;
	case RESULT_NONE:
	case RESULT_FAIL:
	case RESULT_SOFTFAIL:
		return 0;
	}
	g_assert_not_reached();
}

/* --- the three clocks */

/* NULL where the clock is not there. */
static ChainReport *check_clock(SignerChain *chain, SmimeClock *clock)
{
	ChainReport *report;

	if (clock->time == TIME_UNKNOWN)
		return NULL;
	report = signer_chain_check(chain, clock->time);
	clock->chain = report->problem == CHAIN_STANDS ? SMIME_YES : SMIME_NO;
	clock->problem = g_strdup(report->words);
	return report;
}

static void keep_path(SmimeSigner *signer, const ChainReport *report)
{
	if (report == NULL)
		return;
	g_ptr_array_unref(signer->path);
	signer->path = g_ptr_array_ref(report->path);
}

static void compare_reception_with_now(const SignerInput *input, const ChainReport *reception,
	const ChainReport *now, const SmimeSigner *signer)
{
	if (reception == NULL || now == NULL || reception->problem != CHAIN_STANDS)
		return;
	if (now->problem == CHAIN_EXPIRED)
		findings_add(input->findings, "smime-certificate-expired-since", SEVERITY_INFO,
			N_("The certificate was valid at reception and has expired since."),
			text_time_rfc3339(signer->not_after));
	if (reception->revoked_later != TIME_UNKNOWN)
		findings_add(input->findings, "smime-certificate-revoked-since", SEVERITY_NOTICE,
			N_("The certificate was revoked after the message was received."),
			text_time_rfc3339(reception->revoked_later));
}

static void compare_signing_time(const SignerInput *input, const SmimeSigner *signer)
{
	int64_t reception = input->context->received != TIME_UNKNOWN ? input->context->received
								     : input->context->at;
	int64_t signing = signer->at_signing.time;
	g_autofree char *text = NULL;

	if (signing == TIME_UNKNOWN || reception == TIME_UNKNOWN)
		return;
	if (signing >= reception - SIGNING_TIME_SLACK && signing <= reception + SIGNING_TIME_SLACK)
		return;
	text = text_time_rfc3339(signing);
	findings_add(input->findings, "smime-signing-time-far", SEVERITY_NOTICE,
		N_("The signing time, which is a claim, is more than a day from reception."),
		g_steal_pointer(&text));
}

/* --- From (RFC 8550, 3; one address only, STANDARDS.md, 7, 38) */

static char *match_any(X509 *certificate, const AddressList *list)
{
	char *matched = NULL;

	for (guint i = 0; i < MIN(list->addresses->len, LIMIT_ADDRESSES) && matched == NULL; i++)
		matched = smime_certificate_match(certificate, address_list_get(list, i));
	return matched;
}

static void bind_addresses(const SignerInput *input, X509 *certificate, SmimeSigner *signer)
{
	const AddressList *from = input->facts->from;

	if (from->addresses->len == 1 && input->facts->from_fields == 1)
		signer->matched = smime_certificate_match(certificate, address_list_get(from, 0));
	signer->matched_sender = match_any(certificate, input->facts->sender);
	signer->matched_reply_to = match_any(certificate, input->facts->reply_to);
}

static char *join_emails(const SmimeSigner *signer)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < signer->emails->len; i++)
		g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ",
			(const char *)g_ptr_array_index(signer->emails, i));
	return g_string_free(text, FALSE);
}

static void policy(SmimeSigner *signer, const char *reason, const char *text, char *detail)
{
	verdict_set(&signer->verdict, RESULT_POLICY, reason, text, detail);
}

/* --- the verdict of a signature that is right */

static bool judge_chain(SmimeSigner *signer, const ChainReport *report)
{
	char *words = report == NULL ? NULL : g_strdup(report->words);

	switch (report == NULL ? CHAIN_STANDS : report->problem) {
	case CHAIN_STANDS:
		g_free(words);
		return true;
	case CHAIN_UNTRUSTED:
		policy(signer, "untrusted", N_("The certificate leads to no trusted root."), words);
		break;
	case CHAIN_EXPIRED:
		policy(signer, "expired", N_("A certificate had expired at reception."), words);
		break;
	case CHAIN_NOT_YET_VALID:
		policy(signer, "not-yet-valid", N_("A certificate was not yet valid at reception."),
			words);
		break;
	case CHAIN_WRONG_PURPOSE:
		policy(signer, "wrong-purpose", N_("A certificate is not for signing mail."),
			words);
		break;
	case CHAIN_REVOKED:
		policy(signer, "revoked", N_("A certificate was revoked before reception."), words);
		break;
	case CHAIN_INVALID:
		policy(signer, "chain-invalid", N_("The certificates break a rule of their own."),
			words);
		break;
	}
	return false;
}

static bool judge_strength(SmimeSigner *signer, X509 *certificate, const ChainReport *report)
{
	if (smime_key_is_weak(certificate))
		policy(signer, "key-weak", N_("The signer's key is too weak."),
			g_strdup_printf("%s, %d", signer->key_algorithm, signer->key_bits));
	else if (signer->is_weak)
		policy(signer, "algorithm-weak", N_("The signature uses a digest that is broken."),
			g_strdup(signer->digest_algorithm));
	else if (report != NULL && report->has_weak_link)
		policy(signer, "chain-weak",
			N_("A certificate above the signer's is made with a weak key or digest."),
			NULL);
	else
		return true;
	return false;
}

static bool judge_binding(const SignerInput *input, SmimeSigner *signer)
{
	const AddressList *from = input->facts->from;

	if (input->facts->from_fields > 1 || from->addresses->len > 1)
		policy(signer, "from-several",
			N_("From holds several addresses, and a signature stands for one."), NULL);
	else if (from->addresses->len == 0)
		policy(signer, "from-missing", N_("From holds no address."), NULL);
	else if (signer->emails->len == 0)
		policy(signer, "no-address", N_("The certificate holds no address."), NULL);
	else if (signer->matched == NULL)
		policy(signer, "address-mismatch",
			N_("The certificate is for another address than From."),
			join_emails(signer));
	else
		return true;
	return false;
}

static void judge_right_signature(
	const SignerInput *input, SmimeSigner *signer, X509 *certificate, const ChainReport *report)
{
	if (!judge_chain(signer, report) || !judge_strength(signer, certificate, report) ||
		!judge_binding(input, signer))
		return;
	if (report == NULL)
		verdict_set_unknown(&signer->verdict, RESULT_NONE, "no-clock",
			N_("The time of reception is not known, and certificates have a time."),
			NULL);
	else
		verdict_set(&signer->verdict, RESULT_PASS, "signed",
			N_("Signed by the address in From."), g_strdup(signer->matched));
}

static bool judge_certificate(const SignerInput *input, SmimeSigner *signer, X509 *certificate)
{
	g_autoptr(SignerChain) chain = signer_chain_new(input->trust, input->context->memo,
		certificate, smime_cms_certificates(input->cms));
	g_autoptr(ChainReport) reception = check_clock(chain, &signer->at_reception);
	g_autoptr(ChainReport) signing = check_clock(chain, &signer->at_signing);
	g_autoptr(ChainReport) now = check_clock(chain, &signer->at_now);

	keep_path(signer, reception != NULL ? reception : now != NULL ? now : signing);
	bind_addresses(input, certificate, signer);
	if (signer->verdict.reason[0] != '\0')
		return reception != NULL && reception->is_revocation_checked;
	judge_right_signature(input, signer, certificate, reception);
	compare_reception_with_now(input, reception, now, signer);
	compare_signing_time(input, signer);
	return reception != NULL && reception->is_revocation_checked;
}

SignerOutcome smime_signer_judge(const SignerInput *input, size_t index)
{
	SignerOutcome outcome = { .signer = signer_new() };
	g_autoptr(X509) certificate = smime_cms_check(input->cms, index, input->content,
		trust_certificates(input->trust), outcome.signer);

	outcome.signer->at_reception.time = input->context->at;
	outcome.signer->at_now.time = input->context->now;
	if (certificate != NULL)
		outcome.is_revocation_checked =
			judge_certificate(input, outcome.signer, certificate);
	return outcome;
}
