#include "report/authres.h"

#include "report/field_writer.h"
#include "report/record.h"
#include "report/record_path.h"

typedef struct Authres {
	FieldWriter writer;
	const json_t *record;
	size_t results; /* so far */
} Authres;

static void begin_result(Authres *authres)
{
	g_string_append_c(authres->writer.out, ';');
	field_break(&authres->writer);
	authres->results++;
}

static void add_property(Authres *authres, const char *name, const char *value)
{
	g_autofree char *word = g_strconcat(name, "=", value, NULL);

	field_add(&authres->writer, word);
}

static void add_value(Authres *authres, const char *name, const char *text)
{
	g_autofree char *value = text != NULL && *text != '\0' ? field_value(text) : NULL;

	if (value != NULL)
		add_property(authres, name, value);
}

static void add_address(Authres *authres, const char *name, const char *text)
{
	g_autofree char *value = text != NULL && *text != '\0' ? field_address(text) : NULL;

	if (value != NULL)
		add_property(authres, name, value);
}

/* The word for what is not evaluable: nothing is claimed that would be a statement on the domain.
 * A method that lacks an answer is a temperror in the record already. */
static const char *unknown_word(const char *method, const char *word)
{
	static const struct {
		const char *method, *word;
	} words[] = { { "dkim", "neutral" }, { "smime", "neutral" }, { "dmarc", "temperror" } };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(method, words[i].method) == 0 && strcmp(word, "none") == 0)
			return words[i].word;
	return word;
}

/* The words of RFC 8601, 2.7 and RFC 7281, 3.1. Others are not passed on. */
static const char *known_word(const char *word)
{
	static const char *const words[] = { "none", "pass", "fail", "softfail", "neutral",
		"policy", "temperror", "permerror" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_strcmp0(word, words[i]) == 0)
			return words[i];
	return "permerror";
}

static void add_comment(Authres *authres, const char *before, const json_t *verdict)
{
	const char *reason = json_text_of(verdict, "reason");
	g_autofree char *text = g_strconcat(before, reason, NULL);
	g_autofree char *comment = field_comment(text);

	if (reason != NULL && *reason != '\0')
		field_add(&authres->writer, comment);
}

static void add_result(Authres *authres, const char *method, const json_t *verdict)
{
	g_autofree char *mark_path = g_strconcat("marks.", method, NULL);
	bool is_final = record_is(verdict, "final");
	const char *mark = record_text(authres->record, mark_path);
	const char *word = known_word(json_text_of(verdict, "result"));
	g_autofree char *result = NULL;

	if (!is_final)
		word = unknown_word(method, word);
	result = g_strconcat(method, "=", word, NULL);
	begin_result(authres);
	field_add(&authres->writer, result);
	if (!is_final)
		add_comment(authres, "not evaluable: ", verdict);
	else if (g_strcmp0(mark, "unknown") == 0)
		add_comment(authres, "evidence too late to say no: ", verdict);
	else if (strcmp(method, "dmarc") == 0 && record_is(verdict, "bestguess"))
		field_add(&authres->writer, "(bestguesspass)");
	else
		add_comment(authres, "", verdict);
}

static void add_spf(Authres *authres)
{
	const json_t *spf = json_object_of(authres->record, "spf");
	const char *mail_from = record_text(authres->record, "envelope.mail_from");

	add_result(authres, "spf", spf);
	if (mail_from != NULL && *mail_from != '\0')
		add_address(authres, "smtp.mailfrom", mail_from);
	else
		add_value(authres, "smtp.helo", record_text(authres->record, "envelope.helo"));
}

/* What may be a quoted-string stands last: some readers want nothing behind one. */
static void add_signature(Authres *authres, const json_t *signature)
{
	const char *identity = json_text_of(signature, "identity");

	add_result(authres, "dkim", signature);
	add_value(authres, "header.d", json_text_of(signature, "domain"));
	if (identity != NULL && field_is_address(identity))
		add_property(authres, "header.i", identity);
	add_value(authres, "header.s", json_text_of(signature, "selector"));
	add_value(authres, "header.a", json_text_of(signature, "algorithm"));
	add_value(authres, "header.b", json_text_of(signature, "b"));
}

static void add_dkim(Authres *authres)
{
	const json_t *signatures = record_at(authres->record, "dkim.signatures");
	size_t before = authres->results;

	for (size_t i = 0; i < json_array_size(signatures); i++)
		if (!record_is(json_array_get(signatures, i), "google"))
			add_signature(authres, json_array_get(signatures, i));
	if (authres->results == before)
		add_result(authres, "dkim", json_object_of(authres->record, "dkim"));
}

static void add_policy(Authres *authres, const char *policy)
{
	static const char *const policies[] = { "none", "quarantine", "reject", NULL };

	if (policy != NULL && g_strv_contains(policies, policy))
		add_value(authres, "policy.dmarc", policy);
}

static void add_dmarc(Authres *authres)
{
	const json_t *dmarc = json_object_of(authres->record, "dmarc");

	add_result(authres, "dmarc", dmarc);
	add_value(authres, "header.from", json_text_of(dmarc, "domain"));
	add_policy(authres, json_text_of(dmarc, "policy"));
}

/* The methods' results are none, pass and fail (RFC 8617, 10.1). */
static void add_arc(Authres *authres)
{
	const json_t *arc = json_object_of(authres->record, "arc");
	const json_t *oldest = json_object_get(arc, "oldest_pass");

	if (json_array_size(json_array_of(arc, "sets")) == 0 || !record_is(arc, "final"))
		return;
	add_result(authres, "arc", arc);
	if (json_is_integer(oldest)) {
		g_autofree char *value =
			g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(oldest));

		add_value(authres, "header.oldest-pass", value);
	}
}

/* The part that holds the signature, as IMAP counts them; where signatures are, at the root. */
static const char *smime_part(const char *form)
{
	if (g_strcmp0(form, "detached") == 0)
		return "2";
	return g_strcmp0(form, "opaque") == 0 ? "1" : NULL;
}

static const char *signer_address(const json_t *signer)
{
	const char *matched = json_text_of(signer, "matched");

	return matched != NULL ? matched : json_text_at(json_array_of(signer, "emails"), 0);
}

/* Serial number and issuer where there is no address, both or neither (RFC 7281, 3.2.3). */
static void add_signer(Authres *authres, const json_t *signer)
{
	const char *serial = json_text_of(signer, "serial");
	const char *issuer = json_text_of(signer, "issuer");
	const char *address = signer_address(signer);

	if (address != NULL) {
		add_address(authres, "body.smime-identifier", address);
	} else if (serial != NULL && issuer != NULL) {
		add_value(authres, "body.smime-serial", serial);
		add_value(authres, "body.smime-issuer", issuer);
	}
}

/* The signer that gave the verdict. */
static const json_t *best_signer(const json_t *smime)
{
	const json_t *signers = json_array_of(smime, "signers");

	for (size_t i = 0; i < json_array_size(signers); i++) {
		const json_t *signer = json_array_get(signers, i);

		if (g_strcmp0(json_text_of(signer, "serial"), json_text_of(smime, "serial")) == 0 &&
			g_strcmp0(json_text_of(signer, "issuer"), json_text_of(smime, "issuer")) ==
				0)
			return signer;
	}
	return NULL;
}

static void add_smime(Authres *authres)
{
	const json_t *smime = json_object_of(authres->record, "smime");

	add_result(authres, "smime", smime);
	if (json_text_of(smime, "serial") == NULL)
		return;
	add_value(authres, "body.smime-part", smime_part(json_text_of(smime, "form")));
	add_signer(authres, best_signer(smime));
}

static Authres open_field(GString *out, const json_t *record, const char *authserv_id)
{
	g_autofree char *name = field_value(authserv_id != NULL ? authserv_id : AUTHRES_NOBODY);
	Authres authres = { .writer = field_open(out, "Authentication-Results"), .record = record };

	field_add(&authres.writer, name);
	return authres;
}

void authres_append(GString *out, const json_t *record, const char *authserv_id)
{
	Authres authres = open_field(out, record, authserv_id);

	add_spf(&authres);
	add_dkim(&authres);
	add_dmarc(&authres);
	add_arc(&authres);
	add_smime(&authres);
	field_close(&authres.writer);
}

void authres_append_method(GString *out, const json_t *record, const char *authserv_id,
	const char *method, size_t signature)
{
	Authres authres = open_field(out, record, authserv_id);

	if (strcmp(method, "spf") == 0)
		add_spf(&authres);
	else if (strcmp(method, "dkim") == 0)
		add_signature(
			&authres, json_array_get(record_at(record, "dkim.signatures"), signature));
	else
		add_dmarc(&authres);
	field_close(&authres.writer);
}

static void record(GString *out, const ReportStyle *style, const json_t *record)
{
	authres_append(out, record, style->authserv_id);
}

const Printer authres_printer = { .record = record };
