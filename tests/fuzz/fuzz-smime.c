/* The S/MIME room, entered without MIME's detours: the first octet is the form, 'd' for a detached
 * and anything else for an opaque signature; then comes a CMS object as it is, and behind it, from
 * "-----BEGIN" on, roots and CRLs in PEM. */
#include "auth/smime.h"
#include "base/limits.h"
#include "base/text_time.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 2021-12-03: the seeds are of that year. */
#define RECEPTION INT64_C(1638489600000)
#define NOW       (RECEPTION + INT64_C(157680000000))

/* What tests/smime/make.sh signs. */
#define CONTENT "Content-Type: text/plain; charset=utf-8\n\nHello  \n\n\n-- \nAlice\n"
#define HEAD    "From: Alice <alice@example.com>\nSender: carlos@smime.example\n"

static GBytes *message_of(char form, Slice der)
{
	GString *text = g_string_new(HEAD);

	if (form == 'd')
		g_string_append(text, "Content-Type: multipart/signed; boundary=b; "
				      "protocol=\"application/pkcs7-signature\"\n\n--b\n" CONTENT
				      "\n--b\nContent-Type: application/pkcs7-signature\n");
	else
		g_string_append(text, "Content-Type: application/pkcs7-mime\n");
	g_string_append(text, "Content-Transfer-Encoding: binary\n\n");
	g_string_append_len(text, der.data, (gssize)der.len);
	if (form == 'd')
		g_string_append(text, "\n--b--\n");
	return g_string_free_to_bytes(text);
}

static bool is_text(const char *text)
{
	return text == NULL || g_utf8_validate(text, -1, NULL);
}

static void check_signer(const SmimeSigner *signer)
{
	g_assert_true(signer->verdict.reason[0] != '\0' && is_text(signer->verdict.detail));
	g_assert_true(is_text(signer->subject) && is_text(signer->issuer));
	g_assert_true(is_text(signer->matched) && is_text(signer->digest_algorithm));
	for (guint i = 0; i < signer->emails->len; i++)
		g_assert_true(is_text(g_ptr_array_index(signer->emails, i)));
	if (signer->verdict.result != RESULT_PASS)
		return;
	g_assert_true(signer->digest == SMIME_YES && signer->signature == SMIME_YES);
	g_assert_true(signer->at_reception.chain == SMIME_YES && !signer->is_weak);
	g_assert_nonnull(signer->matched);
}

static void check_verdict(const SmimeVerdict *verdict)
{
	bool has_pass = false;

	g_assert_true(verdict->verdict.reason[0] != '\0' && is_text(verdict->verdict.detail));
	g_assert_cmpuint(verdict->signers->len, <=, LIMIT_SIGNER_INFOS);
	for (guint i = 0; i < verdict->signers->len; i++) {
		const SmimeSigner *signer = g_ptr_array_index(verdict->signers, i);

		check_signer(signer);
		has_pass |= signer->verdict.result == RESULT_PASS;
	}
	g_assert_true(verdict->verdict.result != RESULT_PASS || has_pass);
}

static Trust *trust_of(Slice pem)
{
	Trust *trust = trust_new();

	trust_add_pem(trust, pem, "fuzz", NULL);
	g_assert_cmpuint(strlen(trust_identity(trust)), ==, 64);
	return trust;
}

static char *judge(const Facts *facts, const Trust *trust)
{
	g_autoptr(Context) context = context_new(NULL);
	g_autoptr(Findings) findings = findings_new();
	g_autoptr(SmimeVerdict) verdict = NULL;

	context->trust = trust;
	context->at = context->received = RECEPTION;
	context->now = NOW;
	verdict = smime_verify(facts, context, findings);
	check_verdict(verdict);
	for (size_t i = 0; i < findings_count(findings); i++)
		g_assert_true(is_text(findings_get(findings, i)->detail));
	return g_strdup_printf("%s %s %u %zu", verdict->verdict.reason,
		verdict->verdict.detail != NULL ? verdict->verdict.detail : "",
		verdict->signers->len, findings_count(findings));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice input = slice_make(data != NULL ? (const char *)data : "", size);
	Slice rest = slice_sub(input, 1, input.len);
	ssize_t at = slice_find(rest, slice_of("-----BEGIN"));
	size_t len = at < 0 ? rest.len : (size_t)at;
	g_autoptr(GBytes) message =
		message_of(size > 0 ? input.data[0] : 'd', slice_sub(rest, 0, len));
	g_autoptr(Facts) facts = facts_new(message, NULL, NULL);
	g_autoptr(Trust) trust = trust_of(slice_sub(rest, len, rest.len));
	g_autofree char *first = judge(facts, trust);
	g_autofree char *again = judge(facts, trust);

	g_assert_cmpstr(first, ==, again);
	return 0;
}
