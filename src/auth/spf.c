#include "auth/spf.h"

#include "auth/spf_host.h"
#include "auth/spf_remarks.h"
#include "base/domain_name.h"
#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

/* An envelope address as RFC 7208 takes it apart (4.1, 4.3). */
typedef struct Sender {
	char *local_part; /* "postmaster" where there is none */
	char *domain;     /* A-labels; otherwise as written, without a final dot */
	char *name;       /* as a question; NULL: malformed */
} Sender;

static void sender_clear(Sender *sender)
{
	g_free(sender->local_part);
	g_free(sender->domain);
	g_free(sender->name);
}

static bool is_ascii(Slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return false;
	return true;
}

/* The case of ASCII names is kept, for macros to show; U-labels become A-labels (RFC 8616, 4). */
static char *domain_as_written(Slice text)
{
	if (!is_ascii(text)) {
		char *encoded = domain_name_new(text);

		return encoded != NULL ? encoded : slice_dup(text);
	}
	if (text.len > 1 && text.data[text.len - 1] == '.')
		text.len--;
	return slice_dup(text);
}

/* NULL where 4.3 says malformed: an address literal, a single label, labels that cannot be, octets
 * that no name in mail has (a parenthesis, which some programs take for the start of a comment). */
static char *domain_as_question(const char *domain)
{
	return strchr(domain, '.') != NULL ? domain_name_new(slice_of(domain)) : NULL;
}

static Sender sender_of(char *local_part, const char *domain)
{
	Sender sender = { .local_part = local_part };

	sender.domain = domain_as_written(slice_of(domain));
	sender.name = domain_as_question(sender.domain);
	return sender;
}

/* 2.3, 4.3: postmaster stands where there is no local part. */
static Sender sender_from_helo(const char *helo)
{
	return sender_of(g_strdup("postmaster"), helo);
}

static Sender sender_from_address(const char *address)
{
	const char *at = strrchr(address, '@');

	/* No mailbox, and read in two ways (address_path()): no domain is asked in its name. */
	if (*address == '(')
		return (Sender) { .domain = g_strdup(address) };
	if (at == NULL || at == address)
		return sender_from_helo(at == NULL ? address : at + 1);
	return sender_of(g_strndup(address, (gsize)(at - address)), at + 1);
}

/* --- the run */

static void run_init(SpfRun *run, Context *context, const SpfRequest *request, const Sender *sender)
{
	run->context = context;
	run->levels = g_ptr_array_new_with_free_func((GDestroyNotify)spf_level_free);
	run->local_part = g_strdup(sender->local_part);
	run->sender_domain = g_strdup(sender->domain);
	run->sender = g_strdup_printf("%s@%s", sender->local_part, sender->domain);
	run->values = (SpfMacroValues) {
		.sender = run->sender,
		.local_part = run->local_part,
		.sender_domain = run->sender_domain,
		.domain = run->sender_domain,
		.helo = request->helo,
		.client = request->client_ip,
		.time = context->received != TIME_UNKNOWN ? context->received : context->now,
	};
}

static void run_clear(SpfRun *run)
{
	g_ptr_array_unref(run->levels);
	g_free(run->sender);
	g_free(run->local_part);
	g_free(run->sender_domain);
	g_free(run->validated);
}

/* --- the explanation (6.2) */

/* The text of the one TXT record there is, if it is an explain-string. */
static char *expand_explanation(SpfRun *run, const GPtrArray *rrs)
{
	g_autofree char *expanded = NULL;
	const Rr *rr;
	Slice text;

	if (rrs == NULL || rrs->len != 1)
		return NULL;
	rr = g_ptr_array_index(rrs, 0);
	text = slice_make(rr->text->str, rr->text->len);
	if (!spf_macro_string_is_valid(text, SPF_IN_EXPLANATION) ||
		!spf_run_prepare_macros(run, text))
		return NULL;
	expanded = spf_macro_expand(text, &run->values);
	return expanded != NULL ? printable_utf8(slice_of(expanded)) : NULL;
}

/* NULL where there is none, for whatever reason; an answer that is lacking stops the run. */
static char *explain(SpfRun *run, const SpfLevel *ruling)
{
	Slice exp = ruling->record->exp;
	g_autofree char *target = NULL;
	g_autofree char *name = NULL;
	g_autoptr(GPtrArray) rrs = NULL;

	if (exp.data == NULL || spf_run_is_beyond_dns(run, exp))
		return NULL;
	run->level = ruling;
	run->term = NULL;
	target = spf_run_expand(run, exp);
	if (target == NULL)
		return NULL;
	name = domain_name_for_question(slice_of(target));
	spf_run_ask(run, name, DNS_TXT, &rrs);
	return expand_explanation(run, rrs);
}

/* --- the verdict */

static void add_link(GPtrArray *chain, const SpfLevel *level, const SpfTerm *term)
{
	g_autofree char *domain = printable_line(slice_of(level->domain));
	g_autofree char *text = printable_line(term->text);

	g_ptr_array_add(chain, g_strdup_printf("%s %s", domain, text));
}

static void add_links(GPtrArray *chain, const SpfLevel *level, const SpfTerm *term)
{
	if (level->parent != NULL)
		add_links(chain, level->parent, level->via);
	if (term != NULL)
		add_link(chain, level, term);
}

static void describe_match(SpfVerdict *spf, const SpfOutcome *outcome)
{
	if (outcome->term == NULL)
		return;
	spf->term = printable_line(outcome->term->text);
	spf->term_domain = printable_line(slice_of(outcome->level->domain));
	add_links(spf->chain, outcome->level, outcome->term);
}

static void set_word(SpfVerdict *spf, const SpfOutcome *outcome)
{
	if (outcome->result == RESULT_NONE)
		verdict_set(&spf->verdict, RESULT_NONE, "record-missing",
			N_("The domain has no SPF record."), g_strdup(spf->domain));
	else if (outcome->term == NULL)
		verdict_set(&spf->verdict, outcome->result, "no-term-matched",
			N_("No term of the record matches, and it has no default."),
			g_strdup(spf->domain));
	else
		verdict_set(&spf->verdict, outcome->result, "term-matched",
			N_("A term of the record matches the client."),
			g_strdup_printf("%s (%s)", spf->term, spf->term_domain));
}

static void describe_run(SpfVerdict *spf, const SpfRun *run)
{
	const SpfLevel *first = g_ptr_array_index(run->levels, 0);

	spf->lookups = run->lookups;
	spf->void_lookups = run->void_lookups;
	spf->record = g_strdup(first->shown);
	if (run->is_stopped)
		add_links(spf->chain, run->level, run->term);
}

static void evaluate(SpfVerdict *spf, SpfRun *run, const Sender *sender)
{
	SpfOutcome outcome;

	run->verdict = &spf->verdict;
	spf->domain = g_strdup(sender->name);
	outcome = spf_check_host(run, sender->domain, sender->name);
	if (!run->is_stopped && outcome.result == RESULT_FAIL)
		spf->explanation = explain(run, outcome.ruling);
	describe_run(spf, run);
	spf_remark_records(spf->findings, run->levels);
	if (run->is_stopped) {
		g_clear_pointer(&spf->explanation, g_free);
		return;
	}
	describe_match(spf, &outcome);
	spf_remark_match(spf->findings, &outcome);
	set_word(spf, &outcome);
}

static SpfVerdict *verdict_new(SpfIdentity identity)
{
	SpfVerdict *spf = g_new0(SpfVerdict, 1);

	spf->verdict = VERDICT_INIT;
	spf->identity = identity;
	spf->findings = findings_new();
	spf->chain = g_ptr_array_new_with_free_func(g_free);
	return spf;
}

static SpfVerdict *unknown(SpfIdentity identity, const char *reason, const char *text)
{
	SpfVerdict *spf = verdict_new(identity);

	verdict_set_unknown(&spf->verdict, RESULT_NONE, reason, text, NULL);
	return spf;
}

/* Takes what sender owns. */
static SpfVerdict *check(
	SpfIdentity identity, Sender sender, const SpfRequest *request, Context *context)
{
	SpfVerdict *spf = verdict_new(identity);
	SpfRun run = { .context = context };

	if (sender.name == NULL) {
		verdict_set(&spf->verdict, RESULT_NONE, "domain-malformed",
			N_("The domain is not one that can have an SPF record."),
			printable_line(slice_of(sender.domain)));
	} else {
		run_init(&run, context, request, &sender);
		evaluate(spf, &run, &sender);
		run_clear(&run);
	}
	sender_clear(&sender);
	return spf;
}

static SpfVerdict *check_helo_name(
	SpfIdentity identity, const SpfRequest *request, Context *context)
{
	if (request->helo == NULL)
		return unknown(identity, "no-helo", N_("The HELO name is not known."));
	return check(identity, sender_from_helo(request->helo), request, context);
}

static SpfVerdict *no_client(SpfIdentity identity)
{
	return unknown(identity, "no-client-ip", N_("The address of the client is not known."));
}

SpfVerdict *spf_check_mail_from(const SpfRequest *request, Context *context)
{
	if (request->client_ip.family == 0)
		return no_client(SPF_MAILFROM);
	if (request->mail_from == NULL)
		return unknown(
			SPF_MAILFROM, "no-mail-from", N_("The MAIL FROM address is not known."));
	if (*request->mail_from == '\0')
		return check_helo_name(SPF_MAILFROM, request, context);
	return check(SPF_MAILFROM, sender_from_address(request->mail_from), request, context);
}

SpfVerdict *spf_check_helo(const SpfRequest *request, Context *context)
{
	if (request->client_ip.family == 0)
		return no_client(SPF_HELO);
	return check_helo_name(SPF_HELO, request, context);
}

void spf_verdict_free(SpfVerdict *verdict)
{
	if (verdict == NULL)
		return;
	verdict_clear(&verdict->verdict);
	g_free(verdict->domain);
	g_free(verdict->record);
	g_free(verdict->term);
	g_free(verdict->term_domain);
	g_ptr_array_unref(verdict->chain);
	g_free(verdict->explanation);
	findings_free(verdict->findings);
	g_free(verdict);
}
