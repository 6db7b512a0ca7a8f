#include "auth/spf_run.h"

#include "base/domain_name.h"
#include "base/limits.h"
#include "base/printable.h"

#include <string.h>

bool spf_run_stop(
	SpfRun *run, AuthResult result, const char *reason, const char *text, char *detail)
{
	if (run->is_stopped) {
		g_free(detail);
		return false;
	}
	run->is_stopped = true;
	verdict_set(run->verdict, result, reason, text, detail);
	return false;
}

bool spf_run_stop_unknown(
	SpfRun *run, AuthResult result, const char *reason, const char *text, char *detail)
{
	bool was_stopped = run->is_stopped;

	spf_run_stop(run, result, reason, text, detail);
	if (!was_stopped)
		run->verdict->is_final = false;
	return false;
}

/* --- the DNS */

/* The records of the type asked at the end of the chain, in one pass. */
static GPtrArray *collect(const Answer *answer)
{
	const char *end = answer_canonical_name(answer);
	GPtrArray *rrs = g_ptr_array_new();

	for (guint i = 0; i < answer->rrs->len; i++) {
		Rr *rr = g_ptr_array_index(answer->rrs, i);

		if (rr->type == answer->question.type && strcmp(rr->owner, end) == 0)
			g_ptr_array_add(rrs, rr);
	}
	return rrs;
}

/* A CNAME chain that does not end is no answer, as a resolver that gives up on it gives none. */
static bool is_failure(const Answer *answer)
{
	return !answer_is_usable(answer) || answer_is_chain_broken(answer);
}

SpfReply spf_run_ask(SpfRun *run, const char *name, DnsType type, GPtrArray **ret_rrs)
{
	g_autoptr(GPtrArray) rrs = NULL;
	const Answer *answer;

	*ret_rrs = NULL;
	if (name == NULL)
		return SPF_REPLY_VOID;
	answer = context_ask(run->context, name, type, run->verdict);
	if (answer == NULL) {
		spf_run_stop_unknown(run, RESULT_TEMPERROR, "answer-missing",
			N_("The evidence lacks an answer of the DNS."),
			g_strdup_printf("%s %s", name, dns_type_word(type)));
		return SPF_REPLY_LACKING;
	}
	if (is_failure(answer))
		return SPF_REPLY_FAILED;
	rrs = collect(answer);
	if (answer->outcome == DNS_NXDOMAIN || rrs->len == 0)
		return SPF_REPLY_VOID;
	*ret_rrs = g_steal_pointer(&rrs);
	return SPF_REPLY_FOUND;
}

DnsType spf_run_address_type(const SpfRun *run)
{
	return run->values.client.family == 6 ? DNS_AAAA : DNS_A;
}

/* --- the client's names (5.5) */

SpfReply spf_run_client_names(SpfRun *run, GPtrArray **ret_names)
{
	g_autofree char *reverse = inet_addr_reverse_name(&run->values.client);
	g_autoptr(GPtrArray) rrs = NULL;
	SpfReply reply = spf_run_ask(run, reverse, DNS_PTR, &rrs);

	*ret_names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; rrs != NULL && i < MIN(rrs->len, LIMIT_SPF_NAMES); i++) {
		const Rr *rr = g_ptr_array_index(rrs, i);

		g_ptr_array_add(*ret_names, g_strdup(rr->name));
	}
	return reply;
}

/* The name has the client's address; asks. A failure only makes it a name that is skipped. */
static bool is_validated(SpfRun *run, const char *name)
{
	g_autoptr(GPtrArray) rrs = NULL;

	spf_run_ask(run, *name != '\0' ? name : NULL, spf_run_address_type(run), &rrs);
	for (guint i = 0; rrs != NULL && i < rrs->len; i++) {
		const Rr *rr = g_ptr_array_index(rrs, i);

		if (inet_addr_equal(&rr->addr, &run->values.client))
			return true;
	}
	return false;
}

/* 7.3: the domain itself is the best, then a name below it, then any. */
static int rank(const char *name, const char *domain)
{
	if (strcmp(name, domain) == 0)
		return 3;
	return domain_name_is_within(name, domain) ? 2 : 1;
}

static bool find_validated(SpfRun *run)
{
	g_autoptr(GPtrArray) names = NULL;
	int best = 0;

	spf_run_client_names(run, &names);
	g_clear_pointer(&run->validated, g_free);
	for (guint i = 0; i < names->len && !run->is_stopped; i++) {
		const char *name = g_ptr_array_index(names, i);
		int rank_here = rank(name, run->level->name);

		if (rank_here <= best || !is_validated(run, name))
			continue;
		best = rank_here;
		g_free(run->validated);
		run->validated = g_strdup(name);
	}
	run->values.validated = run->validated;
	return !run->is_stopped;
}

/* --- macros */

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

bool spf_run_is_beyond_dns(const SpfRun *run, Slice text)
{
	return !is_ascii(run->local_part) && spf_macro_uses(text, "sl");
}

bool spf_run_prepare_macros(SpfRun *run, Slice text)
{
	run->values.domain = run->level->domain;
	return !spf_macro_uses(text, "p") || find_validated(run);
}

/* The last labels of name that fit (7.3). A single label that does not fit stays as it is, and is
 * then no name. */
static const char *cut_from_left(const char *name)
{
	size_t len = strlen(name);

	while (len > DOMAIN_NAME_MAX) {
		const char *dot = strchr(name, '.');

		if (dot == NULL)
			return name;
		len -= (size_t)(dot + 1 - name);
		name = dot + 1;
	}
	return name;
}

char *spf_run_expand(SpfRun *run, Slice domain_spec)
{
	g_autofree char *expanded = NULL;
	size_t len;

	if (!spf_run_prepare_macros(run, domain_spec))
		return NULL;
	if (run->values.helo == NULL && spf_macro_uses(domain_spec, "h")) {
		spf_run_stop_unknown(run, RESULT_NONE, "no-helo",
			N_("The record asks for the HELO name, which is not known."),
			printable_line(domain_spec));
		return NULL;
	}
	expanded = spf_macro_expand(domain_spec, &run->values);
	if (expanded == NULL) {
		spf_run_stop(run, RESULT_PERMERROR, "expansion-limit",
			N_("The macros of a term expand beyond all bounds."),
			printable_line(slice_sub(domain_spec, 0, DOMAIN_NAME_MAX)));
		return NULL;
	}
	len = strlen(expanded);
	if (len > 1 && expanded[len - 1] == '.')
		expanded[len - 1] = '\0';
	return g_strdup(cut_from_left(expanded));
}
