#include "auth/spf_host.h"

#include "auth/spf_engine.h"
#include "base/domain_name.h"
#include "base/limits.h"
#include "base/printable.h"

#include <string.h>

typedef struct Host {
	SpfRun *run;
	SpfEngine *engine;
	char *target;     /* of the term at hand, as a question; NULL: it is no name */
	GPtrArray *hosts; /* of char *: the names of the term's MX or PTR records */
} Host;

static SpfOutcome check_level(Host *host, SpfLevel *level);

void spf_level_free(SpfLevel *level)
{
	if (level == NULL)
		return;
	g_free(level->domain);
	g_free(level->name);
	g_free(level->shown);
	spf_record_free(level->record);
	g_free(level);
}

static bool stop_at_term(SpfRun *run, AuthResult result, const char *reason, const char *text)
{
	return spf_run_stop(run, result, reason, text, spf_describe_term(run->level, run->term));
}

/* --- the record (4.4, 4.5) */

static bool stop_at_fault(SpfRun *run, const SpfLevel *level, Slice text, const SpfFault *fault)
{
	static const struct {
		const char *reason;
		const char *text;
	} faults[] = {
		[SPF_FAULT_OCTET] = { "record-octet",
			N_("The record holds an octet that is not printable ASCII.") },
		[SPF_FAULT_TERM] = { "record-syntax",
			N_("A term of the record is not as the grammar has it.") },
		[SPF_FAULT_REPEATED] = { "modifier-repeated",
			N_("The record has a modifier twice that it may have once.") },
		[SPF_FAULT_TERMS] = { "term-limit", N_("The record has too many terms.") },
	};
	Slice where = slice_sub(fault->where, 0, 2 * DOMAIN_NAME_MAX);
	g_autofree char *shown = printable_line(where);
	g_autofree char *domain = printable_line(slice_of(level->domain));

	return spf_run_stop(run, RESULT_PERMERROR, faults[fault->kind].reason,
		faults[fault->kind].text,
		g_strdup_printf("%s @%zu (%s)", shown, slice_offset(text, fault->where), domain));
}

static Slice text_of(const Rr *rr)
{
	return slice_make(rr->text->str, rr->text->len);
}

/* The only one of them that is a record of SPF. *ret_count is how many are. */
static Slice select_record(const GPtrArray *rrs, size_t *ret_count)
{
	Slice selected = SLICE_ABSENT;

	*ret_count = 0;
	for (guint i = 0; rrs != NULL && i < rrs->len; i++) {
		Slice text = text_of(g_ptr_array_index(rrs, i));

		if (!spf_record_is_one(text))
			continue;
		selected = text;
		++*ret_count;
	}
	return selected;
}

static bool parse_record(SpfRun *run, SpfLevel *level, Slice text)
{
	SpfFault fault;

	level->shown = printable_utf8(text);
	level->record = spf_record_parse(text, &fault);
	return level->record != NULL || stop_at_fault(run, level, text, &fault);
}

/* level->record stays NULL, and the run goes on, where there is none. */
static bool load_record(SpfRun *run, SpfLevel *level)
{
	g_autoptr(GPtrArray) rrs = NULL;
	size_t count = 0;
	Slice text;

	switch (spf_run_ask(run, level->name, DNS_TXT, &rrs)) {
	case SPF_REPLY_LACKING:
		return false;
	case SPF_REPLY_FAILED:
		return spf_run_stop(run, RESULT_TEMPERROR, "dns-failure",
			N_("The DNS gave no answer to a question."),
			g_strdup_printf("%s TXT", level->name));
	case SPF_REPLY_VOID:
		return true;
	case SPF_REPLY_FOUND:
	default:
		text = select_record(rrs, &count);
	}
	if (count > 1)
		return spf_run_stop(run, RESULT_PERMERROR, "records-multiple",
			N_("A domain has more than one SPF record."),
			g_strdup_printf("%s: %zu", level->name, count));
	return count == 0 || parse_record(run, level, text);
}

/* --- limits (4.6.4) */

static bool count_lookup(SpfRun *run)
{
	if (run->lookups >= LIMIT_SPF_LOOKUPS)
		return stop_at_term(run, RESULT_PERMERROR, "lookup-limit",
			N_("More than ten terms ask the DNS."));
	run->lookups++;
	return true;
}

/* A term counts once, however many of its questions find nothing. */
static bool count_void(SpfRun *run)
{
	if (run->is_term_void)
		return true;
	run->is_term_void = true;
	if (run->void_lookups >= LIMIT_SPF_VOID_LOOKUPS)
		return stop_at_term(run, RESULT_PERMERROR, "void-limit",
			N_("More than two terms ask for names that have no such records."));
	run->void_lookups++;
	return true;
}

/* --- what libspf2 asks for */

/* Asks for the term; false: stopped. *ret_rrs is NULL where there is nothing. */
static bool ask_for_term(Host *host, const char *name, DnsType type, GPtrArray **ret_rrs)
{
	SpfRun *run = host->run;

	switch (spf_run_ask(run, name, type, ret_rrs)) {
	case SPF_REPLY_LACKING:
		return false;
	case SPF_REPLY_FAILED:
		if (run->term->kind == SPF_TERM_PTR)
			return true; /* 5.5: that name is skipped */
		return spf_run_stop(run, RESULT_TEMPERROR, "dns-failure",
			N_("The DNS gave no answer to a question."),
			g_strdup_printf("%s %s", name, dns_type_word(type)));
	case SPF_REPLY_VOID:
		return count_void(run);
	case SPF_REPLY_FOUND:
	default:
		return true;
	}
}

static bool give_addresses(Host *host, const char *name, DnsType type, GArray *values)
{
	int family = type == DNS_AAAA ? 6 : 4;
	g_autoptr(GPtrArray) rrs = NULL;

	if (!ask_for_term(host, name, type, &rrs))
		return false;
	for (guint i = 0; rrs != NULL && i < rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(rrs, i);
		SpfValue value = { rr->addr, false };

		if (rr->addr.family == family)
			g_array_append_val(values, value);
	}
	return true;
}

static bool give_mail_hosts(Host *host, GArray *values)
{
	g_autoptr(GPtrArray) rrs = NULL;
	SpfValue value = { .is_within = false };

	if (!ask_for_term(host, host->target, DNS_MX, &rrs))
		return false;
	if (rrs != NULL && rrs->len > LIMIT_SPF_NAMES)
		return stop_at_term(host->run, RESULT_PERMERROR, "mx-limit",
			N_("A domain has more than ten mail hosts."));
	for (guint i = 0; rrs != NULL && i < rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(rrs, i);

		g_ptr_array_add(host->hosts, g_strdup(rr->name));
		g_array_append_val(values, value);
	}
	return true;
}

static bool give_client_names(Host *host, GArray *values)
{
	g_autoptr(GPtrArray) names = NULL;
	SpfReply reply = spf_run_client_names(host->run, &names);

	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		SpfValue value = { .is_within = host->target != NULL &&
						domain_name_is_within(name, host->target) };

		g_ptr_array_add(host->hosts, g_strdup(name));
		g_array_append_val(values, value);
	}
	if (reply == SPF_REPLY_VOID)
		return count_void(host->run);
	return reply != SPF_REPLY_LACKING;
}

static bool give_host_addresses(Host *host, size_t index, DnsType type, GArray *values)
{
	g_assert(index < host->hosts->len);
	if (give_addresses(
		    host, spf_host_question(g_ptr_array_index(host->hosts, index)), type, values))
		return true;
	if (!host->run->verdict->is_final)
		spf_run_note_lacking(host->run, host->hosts, index + 1);
	return false;
}

static bool answer_engine(gpointer data, size_t index, DnsType type, GArray *values)
{
	Host *host = data;

	if (type == DNS_MX)
		return give_mail_hosts(host, values);
	if (type == DNS_PTR)
		return give_client_names(host, values);
	if (index == SPF_TARGET)
		return give_addresses(host, host->target, type, values);
	return give_host_addresses(host, index, type, values);
}

/* --- terms */

static AuthResult result_of(char qualifier)
{
	switch (qualifier) {
	case '-':
		return RESULT_FAIL;
	case '~':
		return RESULT_SOFTFAIL;
	case '?':
		return RESULT_NEUTRAL;
	default:
		return RESULT_PASS;
	}
}

static void enter(Host *host, const SpfLevel *level, const SpfTerm *term)
{
	host->run->level = level;
	host->run->term = term;
	host->run->is_term_void = false;
	g_ptr_array_set_size(host->hosts, 0);
	g_clear_pointer(&host->target, g_free);
}

/* The target-name (4.8), as written and as a question; false: stopped. */
static bool find_target(Host *host, const SpfLevel *level, const SpfTerm *term, char **ret_domain)
{
	*ret_domain = term->domain_spec.data != NULL ? spf_run_expand(host->run, term->domain_spec)
						     : g_strdup(level->domain);
	if (*ret_domain == NULL)
		return false;
	host->target = domain_name_for_question(slice_of(*ret_domain));
	return true;
}

static SpfLevel *new_level(Host *host, const SpfLevel *parent, const char *domain)
{
	SpfLevel *level = g_new0(SpfLevel, 1);

	level->parent = parent;
	level->via = parent != NULL ? host->run->term : NULL;
	level->domain = g_strdup(domain);
	level->name = g_strdup(host->target);
	g_ptr_array_add(host->run->levels, level);
	return level;
}

/* check_host() for the target of an include or a redirect. A malformed name, and one of a single
 * label, has no record (4.3). */
static SpfOutcome check_target(Host *host, const SpfLevel *parent, const char *domain)
{
	if (host->target == NULL || strchr(host->target, '.') == NULL)
		return (SpfOutcome) { .result = RESULT_NONE };
	return check_level(host, new_level(host, parent, domain));
}

static void match_directive(
	SpfOutcome *outcome, const SpfLevel *level, const SpfTerm *term, bool is_include)
{
	outcome->result = result_of(term->qualifier);
	outcome->ruling = level;
	if (is_include)
		return; /* term and level are those of the record included */
	outcome->term = term;
	outcome->level = level;
}

/* The table of 5.2; errors stop the run where they happen. */
static bool match_include(
	Host *host, const SpfLevel *level, const SpfTerm *term, SpfOutcome *ret_outcome)
{
	g_autofree char *domain = NULL;
	SpfOutcome inner;

	if (!find_target(host, level, term, &domain))
		return false;
	inner = check_target(host, level, domain);
	if (host->run->is_stopped)
		return false;
	enter(host, level, term);
	if (inner.result == RESULT_NONE)
		return stop_at_term(host->run, RESULT_PERMERROR, "include-none",
			N_("A domain that is included has no SPF record."));
	if (inner.result != RESULT_PASS)
		return false;
	*ret_outcome = inner;
	match_directive(ret_outcome, level, term, true);
	return true;
}

static bool match_by_engine(
	Host *host, const SpfLevel *level, const SpfTerm *term, SpfOutcome *ret_outcome)
{
	g_autofree char *domain = NULL;

	if (spf_term_is_lookup(term) && !find_target(host, level, term, &domain))
		return false;
	switch (spf_engine_match(host->engine, term)) {
	case SPF_MATCH_YES:
		match_directive(ret_outcome, level, term, false);
		return true;
	case SPF_MATCH_BROKEN:
		return stop_at_term(host->run, RESULT_TEMPERROR, "engine-failure",
			N_("libspf2 could not evaluate a term."));
	case SPF_MATCH_NO:
	case SPF_MATCH_STOPPED:
	default:
		return false;
	}
}

/* True where the term matches. False also where the run is stopped. */
static bool match_term(
	Host *host, const SpfLevel *level, const SpfTerm *term, SpfOutcome *ret_outcome)
{
	enter(host, level, term);
	if (spf_term_is_lookup(term) && !count_lookup(host->run))
		return false;
	if (term->domain_spec.data != NULL && spf_run_is_beyond_dns(host->run, term->domain_spec))
		return false;
	if (term->kind == SPF_TERM_INCLUDE)
		return match_include(host, level, term, ret_outcome);
	return match_by_engine(host, level, term, ret_outcome);
}

static SpfOutcome follow_redirect(Host *host, const SpfLevel *level, const SpfTerm *term)
{
	SpfOutcome outcome = { .result = RESULT_NEUTRAL, .ruling = level };
	g_autofree char *domain = NULL;

	enter(host, level, term);
	if (!count_lookup(host->run) || spf_run_is_beyond_dns(host->run, term->domain_spec) ||
		!find_target(host, level, term, &domain))
		return outcome;
	outcome = check_target(host, level, domain);
	if (!host->run->is_stopped && outcome.result == RESULT_NONE) {
		enter(host, level, term);
		stop_at_term(host->run, RESULT_PERMERROR, "redirect-none",
			N_("The domain that redirect= names has no SPF record."));
	}
	return outcome;
}

static SpfOutcome check_terms(Host *host, const SpfLevel *level)
{
	SpfOutcome outcome = { .result = RESULT_NEUTRAL, .ruling = level };
	const GArray *terms = level->record->terms;

	for (guint i = 0; i < terms->len; i++)
		if (match_term(host, level, &g_array_index(terms, SpfTerm, i), &outcome) ||
			host->run->is_stopped)
			return outcome;
	if (level->record->redirect != NULL)
		return follow_redirect(host, level, level->record->redirect);
	return outcome;
}

/* Recursion is as deep as look-ups are allowed: each include and redirect is one. */
static SpfOutcome check_level(Host *host, SpfLevel *level)
{
	enter(host, level, NULL);
	if (!load_record(host->run, level) || level->record == NULL)
		return (SpfOutcome) { .result = RESULT_NONE, .ruling = level };
	return check_terms(host, level);
}

SpfOutcome spf_check_host(SpfRun *run, const char *domain, const char *name)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(g_free);
	Host host = { .run = run, .target = g_strdup(name), .hosts = hosts };
	g_autoptr(SpfEngine) engine =
		spf_engine_new(&run->values.client, run->context->memo, answer_engine, &host);
	SpfOutcome outcome;

	host.engine = engine;
	outcome = check_level(&host, new_level(&host, NULL, domain));
	g_free(host.target);
	return outcome;
}
