/* DKIM's part of the account of one message. */
#include "report/explain_auth.h"
#include "report/explain_form.h"

#include "base/text_time.h"

static void key_line(GString *out, const ReportStyle *style, const DkimSignature *signature)
{
	g_autoptr(GString) text = g_string_new(key_status_word(signature->key));

	if (signature->key_bits > 0)
		g_string_append_printf(text, ", %s %d",
			signature->key_algorithm == KEY_RSA ? "RSA" : "Ed25519",
			signature->key_bits);
	if (signature->is_testing)
		g_string_append(text, ", t=y");
	if (signature->key_name != NULL)
		g_string_append_printf(text, ", %s", signature->key_name);
	explain_line(out, style, N_("Key"), text->str);
}

static void digest_line(
	GString *out, const ReportStyle *style, const char *label, const DigestValue *digest)
{
	g_autofree char *hex = digest->len > 0 ? digest_hex(digest) : NULL;

	if (hex != NULL)
		explain_line(out, style, label, hex);
}

static void body_lines(GString *out, const ReportStyle *style, const DkimSignature *signature)
{
	g_autofree char *covered = g_strdup_printf("%" G_GUINT64_FORMAT " / %" G_GUINT64_FORMAT,
		(guint64)signature->body_signed, (guint64)signature->body_length);

	explain_line(out, style, N_("Body hash"), body_hash_word(signature->body_hash));
	if (signature->body_hash == BODY_HASH_MISMATCH) {
		digest_line(out, style, N_("  signed"), &signature->body_digest_signed);
		digest_line(out, style, N_("  found"), &signature->body_digest_found);
	}
	explain_line(out, style, N_("Body octets signed"), covered);
}

static void copies_lines(GString *out, const ReportStyle *style, const DkimCopies *copies)
{
	g_autofree char *count = NULL;

	if (copies == NULL)
		return;
	count = g_strdup_printf("%u, %u", copies->count, copies->differences->len);
	explain_line(out, style, N_("Copies (z=), differing"), count);
	for (guint i = 0; i < copies->differences->len; i++) {
		const DkimCopyDifference *difference = g_ptr_array_index(copies->differences, i);
		g_autofree char *copied =
			g_strdup_printf("%s: %s", difference->name, difference->copied);

		explain_line(out, style, N_("  copied"), copied);
		explain_line(out, style, N_("  present"), difference->present);
	}
}

static void explain_signature(
	GString *out, const ReportStyle *style, const DkimSignature *signature, guint number)
{
	g_autofree char *who = g_strdup_printf("#%u d=%s s=%s a=%s", number,
		signature->domain != NULL ? signature->domain : "?",
		signature->selector != NULL ? signature->selector : "?",
		signature->algorithm != NULL ? signature->algorithm : "?");

	explain_gap(out, style);
	explain_line(out, style,
		signature->is_google ? N_("Google's own signature") : N_("Signature"), who);
	explain_verdict(out, style, N_("Result"), &signature->verdict);
	body_lines(out, style, signature);
	explain_line(out, style, N_("Header signature"),
		signature_check_word(signature->header_signature));
	if (signature->header_signature == SIGNATURE_ALTERED) {
		digest_line(out, style, N_("  signed"), &signature->header_digest_signed);
		digest_line(out, style, N_("  found"), &signature->header_digest_found);
	}
	key_line(out, style, signature);
	explain_texts(out, style, N_("Signed fields"), signature->signed_fields);
	explain_texts(out, style, N_("Fields not signed"), signature->unsigned_fields);
	explain_texts(out, style, N_("Could be added unseen"), signature->addable_fields);
	copies_lines(out, style, signature->copies);
	if (signature->signed_at != TIME_UNKNOWN)
		explain_time(out, style, N_("Signed at (t=)"), signature->signed_at);
	if (signature->expires != TIME_UNKNOWN)
		explain_time(out, style, N_("Expires (x=)"), signature->expires);
}

void explain_dkim(GString *out, const ReportStyle *style, const Case *kase)
{
	explain_head(out, style, N_("DKIM (RFC 6376)"));
	explain_verdict(out, style, N_("Message"), &kase->dkim->verdict);
	for (guint i = 0; i < kase->dkim->signatures->len; i++) {
		explain_signature(out, style, dkim_signature(kase->dkim, i), i + 1);
		if (kase->changes != NULL)
			explain_changes(out, style, g_ptr_array_index(kase->changes, i));
		if (kase->dumps != NULL)
			explain_dump(out, style, g_ptr_array_index(kase->dumps, i));
	}
}
