#include "auth/dmarc.h"

#include "auth/dmarc_view.h"
#include "base/limits.h"
#include "base/printable.h"
#include "base/text_time.h"

#include <string.h>

/* RFC 9989 was published in May 2026; what was received before was judged by RFC 7489. The first
 * millisecond of that month, UTC. */
#define PERIOD_OF_9989 INT64_C(1777593600000)

/* What is found for one author domain. */
typedef struct Candidate {
	char *domain;
	DmarcView *rfc9989;
	DmarcView *rfc7489;
} Candidate;

static void candidate_free(Candidate *candidate)
{
	g_free(candidate->domain);
	dmarc_view_free(candidate->rfc9989);
	dmarc_view_free(candidate->rfc7489);
	g_free(candidate);
}

/* What the From fields name. */
typedef struct Authors {
	GPtrArray *domains;      /* of char *, borrowed: each once */
	const Address *second;   /* the first address of another domain than the first; NULL */
	const Address *no_name;  /* an address whose domain is no name; NULL */
	const Address *left_out; /* the first address beyond the limit; NULL */
} Authors;

static DmarcRule rule_that_counts(const Context *context)
{
	if (context->dmarc_rule != DMARC_RULE_PERIOD)
		return context->dmarc_rule;
	return context->received != TIME_UNKNOWN && context->received < PERIOD_OF_9989
		       ? DMARC_RULE_7489
		       : DMARC_RULE_9989;
}

static void add_author(Authors *authors, const Address *address)
{
	GPtrArray *domains = authors->domains;

	if (g_ptr_array_find_with_equal_func(domains, address->domain, g_str_equal, NULL))
		return;
	if (domains->len == 1)
		authors->second = address;
	if (domains->len < LIMIT_AUTHOR_DOMAINS)
		g_ptr_array_add(domains, address->domain);
	else if (authors->left_out == NULL)
		authors->left_out = address;
}

static Authors find_authors(const AddressList *from)
{
	Authors authors = { .domains = g_ptr_array_new() };

	for (guint i = 0; i < from->addresses->len; i++) {
		const Address *address = address_list_get(from, i);

		if (address->domain != NULL)
			add_author(&authors, address);
		else if (authors.no_name == NULL)
			authors.no_name = address;
	}
	return authors;
}

static char *join_domains(const GPtrArray *domains)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < domains->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
			(const char *)g_ptr_array_index(domains, i));
	return g_string_free(text, FALSE);
}

static void note_authors(const Authors *authors, Slice message, Findings *findings)
{
	if (authors->second != NULL)
		findings_add_at(findings, "from-several-domains", SEVERITY_ALERT,
			N_("From names several domains; each is evaluated and the worst decides."),
			join_domains(authors->domains), message, authors->second->raw);
	if (authors->left_out != NULL)
		findings_add_at(findings, "author-domains-limit", SEVERITY_ALERT,
			N_("From names more domains than are evaluated."), NULL, message,
			authors->left_out->raw);
}

static char *describe(const DmarcView *view)
{
	return g_strdup_printf(
		"%s (%s)", auth_result_word(view->verdict.result), view->verdict.reason);
}

static void note_difference(const Candidate *candidate, Findings *findings)
{
	g_autofree char *by_9989 = NULL;
	g_autofree char *by_7489 = NULL;

	if (candidate->rfc9989->verdict.result == candidate->rfc7489->verdict.result)
		return;
	by_9989 = describe(candidate->rfc9989);
	by_7489 = describe(candidate->rfc7489);
	findings_add(findings, "dmarc-rules-differ", SEVERITY_NOTICE,
		N_("RFC 9989 and RFC 7489 give different results."),
		g_strdup_printf(
			"%s: RFC 9989 %s, RFC 7489 %s", candidate->domain, by_9989, by_7489));
}

static Candidate *candidate_new(const char *domain, const SpfVerdict *spf, const DkimVerdict *dkim,
	Context *context, Findings *findings)
{
	Candidate *candidate = g_new0(Candidate, 1);

	candidate->domain = g_strdup(domain);
	candidate->rfc9989 = dmarc_view_new(DMARC_RULE_9989, domain, spf, dkim, context, findings);
	candidate->rfc7489 = dmarc_view_new(DMARC_RULE_7489, domain, spf, dkim, context, findings);
	note_difference(candidate, findings);
	return candidate;
}

static const DmarcView *view_of(const Candidate *candidate, DmarcRule rule)
{
	return rule == DMARC_RULE_7489 ? candidate->rfc7489 : candidate->rfc9989;
}

/* The larger the worse. Of checks that fail the strictest policy counts (RFC 7489, 6.6.1); a
 * failure that is certain outdoes what is not known. */
static int badness(const DmarcView *view)
{
	if (view->verdict.result == RESULT_FAIL)
		return g_strcmp0(view->policy, "reject") == 0       ? 7
		       : g_strcmp0(view->policy, "quarantine") == 0 ? 6
								    : 5;
	if (!view->verdict.is_final)
		return 4;
	if (view->verdict.result == RESULT_PERMERROR)
		return 3;
	if (view->verdict.result == RESULT_TEMPERROR)
		return 2;
	return view->verdict.result == RESULT_PASS ? 0 : 1;
}

static Candidate *find_worst(const Authors *authors, const SpfVerdict *spf, const DkimVerdict *dkim,
	Context *context, Findings *findings)
{
	DmarcRule rule = rule_that_counts(context);
	Candidate *worst = NULL;

	for (guint i = 0; i < authors->domains->len; i++) {
		Candidate *candidate = candidate_new(
			g_ptr_array_index(authors->domains, i), spf, dkim, context, findings);

		if (worst == NULL ||
			badness(view_of(candidate, rule)) > badness(view_of(worst, rule))) {
			g_clear_pointer(&worst, candidate_free);
			worst = candidate;
		} else {
			candidate_free(candidate);
		}
	}
	return worst;
}

/* The candidate's contents go over into verdict. */
static void take_candidate(DmarcVerdict *verdict, Candidate *candidate)
{
	const Verdict *counted = &view_of(candidate, verdict->rule)->verdict;

	verdict->verdict = *counted;
	verdict->verdict.detail = g_strdup(counted->detail);
	verdict->domain = g_steal_pointer(&candidate->domain);
	verdict->rfc9989 = g_steal_pointer(&candidate->rfc9989);
	verdict->rfc7489 = g_steal_pointer(&candidate->rfc7489);
	candidate_free(candidate);
}

static void set_no_author(DmarcVerdict *verdict, const Authors *authors)
{
	if (authors->no_name != NULL)
		verdict_set(&verdict->verdict, RESULT_NONE, "author-domain-invalid",
			N_("The domain in From is no domain name: DMARC is not applied."),
			printable_line(authors->no_name->raw));
	else
		verdict_set(&verdict->verdict, RESULT_NONE, "no-author-domain",
			N_("From names no author domain: DMARC is not applied."), NULL);
}

/* What no single author domain can know and what forbids a pass: identifiers cannot align with a
 * From field that is repeated (RFC 9989, 4.4), nor pass for a domain that was not evaluated. */
static void forbid_pass(DmarcVerdict *verdict, const Authors *authors, size_t from_fields)
{
	if (verdict->verdict.result != RESULT_PASS)
		return;
	if (from_fields > 1)
		verdict_set(&verdict->verdict, RESULT_PERMERROR, "from-repeated",
			N_("The From field is repeated: nothing can be aligned with it."), NULL);
	else if (authors->left_out != NULL)
		verdict_set(&verdict->verdict, RESULT_PERMERROR, "author-domains-limit",
			N_("From names more domains than are evaluated."), NULL);
	else if (authors->no_name != NULL)
		verdict_set(&verdict->verdict, RESULT_NONE, "author-domain-invalid",
			N_("One of the domains in From is no domain name."),
			printable_line(authors->no_name->raw));
}

DmarcVerdict *dmarc_evaluate(const Facts *facts, const SpfVerdict *spf, const DkimVerdict *dkim,
	Context *context, Findings *findings)
{
	DmarcVerdict *verdict = g_new0(DmarcVerdict, 1);
	Authors authors = find_authors(facts->from);
	Candidate *worst;

	verdict->verdict = VERDICT_INIT;
	verdict->rule = rule_that_counts(context);
	verdict->author_domains = authors.domains->len;
	note_authors(&authors, facts->message, findings);
	worst = find_worst(&authors, spf, dkim, context, findings);
	if (worst != NULL)
		take_candidate(verdict, worst);
	else
		set_no_author(verdict, &authors);
	forbid_pass(verdict, &authors, facts->from_fields);
	g_ptr_array_unref(authors.domains);
	return verdict;
}

void dmarc_verdict_free(DmarcVerdict *verdict)
{
	if (verdict == NULL)
		return;
	verdict_clear(&verdict->verdict);
	g_free(verdict->domain);
	dmarc_view_free(verdict->rfc9989);
	dmarc_view_free(verdict->rfc7489);
	g_free(verdict);
}

const DmarcView *dmarc_view(const DmarcVerdict *verdict)
{
	return verdict->rule == DMARC_RULE_7489 ? verdict->rfc7489 : verdict->rfc9989;
}
