#include "survey/spf_exam.h"

#include "auth/spf_macro.h"
#include "auth/spf_record.h"
#include "auth/spf_remarks.h"
#include "base/domain_name.h"
#include "base/printable.h"
#include "base/text_time.h"
#include "survey/address_space.h"

#include <string.h>

typedef struct Walk {
	SpfExam *exam;
	Context *context;
	SpfMacroValues values;
	bool has_local_part; /* macros of it can be expanded */
	bool is_term_void[2];
} Walk;

/* What a domain's record gives a pass to. */
typedef struct Level {
	bool has_record;       /* and it can be read */
	bool is_known;         /* that it has none, where it has none */
	char all;              /* the qualifier of its "all"; 0: none */
	AddressSpace *pass;    /* owned */
	AddressSpace *covered; /* owned: decided by a term already, one way or the other */
} Level;

static void level_clear(Level *level)
{
	address_space_free(level->pass);
	address_space_free(level->covered);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Level, level_clear)

static Level examine_level(Walk *walk, const char *domain);

static char *describe(const char *domain, Slice where)
{
	g_autofree char *text = printable_line(where);

	return g_strdup_printf("%s (%s)", text, domain);
}

/* An error that receivers come to. */
static void blame(Walk *walk, const char *code, Severity severity, const char *text, char *detail)
{
	walk->exam->state = PUBLICATION_INVALID;
	findings_add(walk->exam->findings, code, severity, text, detail);
}

/* The answer, or NULL where there is none that says anything. */
static const Answer *ask(Walk *walk, const char *name, DnsType type)
{
	const Answer *answer = context_ask(walk->context, name, type, NULL);

	if (basis_is_good(answer))
		return answer;
	walk->exam->is_complete = false;
	return NULL;
}

/* --- the record of a domain (4.5, 4.6) */

static Slice text_at(const Answer *answer, size_t index)
{
	const Rr *rr = answer_rr(answer, index);

	return rr != NULL ? slice_make(rr->text->str, rr->text->len) : SLICE_ABSENT;
}

static size_t count_records(const Answer *answer, Slice *ret_text)
{
	size_t records = answer_count(answer);
	size_t count = 0;

	*ret_text = SLICE_ABSENT;
	for (size_t i = 0; i < records; i++) {
		Slice text = text_at(answer, i);

		if (!spf_record_is_one(text))
			continue;
		*ret_text = text;
		count++;
	}
	return count;
}

static SpfRecord *parse(Walk *walk, const char *domain, Slice text)
{
	SpfFault fault;
	SpfRecord *record = spf_record_parse(text, &fault);

	if (record == NULL)
		blame(walk, "survey-spf-syntax", SEVERITY_WARNING,
			N_("The SPF record is not as its grammar has it, so that receivers come to "
			   "an error."),
			describe(domain, fault.where));
	return record;
}

static bool is_first(const Walk *walk)
{
	return walk->exam->record == NULL && walk->exam->lookups == 0;
}

/* NULL where there is none that can be read. */
static SpfRecord *find_record(
	Walk *walk, const char *domain, const Answer *answer, bool *ret_is_there)
{
	Slice text;
	size_t count = count_records(answer, &text);

	*ret_is_there = count > 0;
	if (count > 1)
		blame(walk, "survey-spf-records", SEVERITY_WARNING,
			N_("A domain has more than one SPF record."),
			g_strdup_printf("%s: %zu", domain, count));
	if (count != 1)
		return NULL;
	if (is_first(walk)) {
		walk->exam->record = printable_line(text);
		walk->exam->state = PUBLICATION_PUBLISHED;
	}
	return parse(walk, domain, text);
}

/* --- what a term names */

/* Macros that stand for the client, whom nobody knows here, or for a local part that is not given.
 */
static bool is_open(const Walk *walk, Slice domain_spec)
{
	return spf_macro_uses(domain_spec, "ipvhcrt") ||
	       (!walk->has_local_part && spf_macro_uses(domain_spec, "sl"));
}

/* The target-name (4.8) as a question; NULL where it cannot be one. Owned by the caller. */
static char *target_of(Walk *walk, const char *domain, const SpfTerm *term)
{
	g_autofree char *name = NULL;
	size_t len;

	if (term->domain_spec.data == NULL)
		return g_strdup(domain);
	walk->values.domain = domain;
	name = spf_macro_expand(term->domain_spec, &walk->values);
	if (name == NULL)
		return NULL;
	len = strlen(name);
	if (len > 0 && name[len - 1] == '.')
		name[len - 1] = '\0';
	return domain_name_for_question(slice_of(name));
}

static void count_lookup(Walk *walk)
{
	walk->exam->lookups++;
	walk->is_term_void[0] = false;
	walk->is_term_void[1] = false;
}

static bool is_cut(const Walk *walk)
{
	return walk->exam->lookups >= LIMIT_SURVEY_LOOKUPS;
}

/* A term counts once for each family, however many of its questions find nothing. */
static void count_void(Walk *walk, int family)
{
	if (!walk->is_term_void[family])
		walk->exam->void_lookups[family]++;
	walk->is_term_void[family] = true;
}

static void count_void_for_all(Walk *walk)
{
	count_void(walk, 0);
	count_void(walk, 1);
}

/* --- the networks of a term */

static void add_network(AddressSpace *space, const InetAddr *addr, int prefix)
{
	InetNet net = { *addr, addr->family == 4 ? 32 : 128 };

	if (prefix != SPF_NO_PREFIX)
		net.prefix = (unsigned)prefix;
	address_space_add(space, &net);
}

/* An IPv4 client comes as one of IPv4, and never as one of ::ffff:0:0/96. */
static bool is_mapped(const SpfTerm *term)
{
	static const unsigned char start[12] = { [10] = 0xFF, [11] = 0xFF };

	return term->kind == SPF_TERM_IP6 && term->prefix6 >= 96 &&
	       memcmp(term->network.octets, start, sizeof start) == 0;
}

static void add_addresses(Walk *walk, const char *name, const SpfTerm *term, AddressSpace *space)
{
	static const DnsType types[] = { DNS_A, DNS_AAAA };

	for (int family = 0; family < 2; family++) {
		const Answer *answer = name != NULL ? ask(walk, name, types[family]) : NULL;
		size_t records = answer != NULL ? answer_count(answer) : 0;

		if (name == NULL || (answer != NULL && records == 0))
			count_void(walk, family);
		for (size_t i = 0; i < records; i++)
			add_network(space, &answer_rr(answer, i)->addr,
				family == 0 ? term->prefix4 : term->prefix6);
	}
}

static bool is_host(const char *name)
{
	return *name != '\0' && strcmp(name, ".") != 0;
}

static void add_mail_hosts(
	Walk *walk, const char *domain, const char *name, const SpfTerm *term, AddressSpace *space)
{
	const Answer *answer = name != NULL ? ask(walk, name, DNS_MX) : NULL;
	size_t hosts = answer != NULL ? answer_count(answer) : 0;

	if (name == NULL || (answer != NULL && hosts == 0))
		count_void_for_all(walk);
	if (hosts > LIMIT_SPF_NAMES)
		blame(walk, "survey-spf-mail-hosts", SEVERITY_WARNING,
			N_("A domain has more than ten mail hosts."), describe(domain, term->text));
	for (size_t i = 0; i < MIN(hosts, LIMIT_SPF_NAMES); i++) {
		const char *host = answer_rr(answer, i)->name;

		add_addresses(walk, is_host(host) ? host : NULL, term, space);
	}
}

static void look_for_name(Walk *walk, const char *name)
{
	const Answer *answer = name != NULL ? ask(walk, name, DNS_A) : NULL;

	if (name == NULL || (answer != NULL && answer_count(answer) == 0))
		count_void_for_all(walk);
}

static bool has_included(const Level *inner)
{
	return inner->has_record || !inner->is_known;
}

static void add_included(
	Walk *walk, const char *domain, const char *name, const SpfTerm *term, AddressSpace *space)
{
	g_auto(Level) inner = { .is_known = true };

	if (name != NULL && strchr(name, '.') != NULL)
		inner = examine_level(walk, name);
	if (!has_included(&inner))
		blame(walk, "survey-spf-include", SEVERITY_WARNING,
			N_("A domain that is included has no SPF record."),
			describe(domain, term->text));
	if (inner.pass != NULL)
		address_space_join(space, inner.pass);
}

static void add_by_lookup(Walk *walk, const char *domain, const SpfTerm *term, AddressSpace *space)
{
	g_autofree char *name = NULL;

	count_lookup(walk);
	if (term->kind == SPF_TERM_PTR || is_open(walk, term->domain_spec)) {
		walk->exam->is_open |= term->qualifier == '+';
		return;
	}
	name = target_of(walk, domain, term);
	if (term->kind == SPF_TERM_INCLUDE)
		add_included(walk, domain, name, term, space);
	else if (term->kind == SPF_TERM_A)
		add_addresses(walk, name, term, space);
	else if (term->kind == SPF_TERM_MX)
		add_mail_hosts(walk, domain, name, term, space);
	else
		look_for_name(walk, name);
}

static bool is_broad(const SpfTerm *term)
{
	return (term->prefix4 != SPF_NO_PREFIX && term->prefix4 <= SPF_BROAD_PREFIX4) ||
	       (term->prefix6 != SPF_NO_PREFIX && term->prefix6 <= SPF_BROAD_PREFIX6);
}

static void remark_term(Walk *walk, const char *domain, const SpfTerm *term)
{
	Findings *findings = walk->exam->findings;

	if (term->kind == SPF_TERM_ALL && term->qualifier == '+')
		findings_add(findings, "survey-spf-all", SEVERITY_WARNING,
			N_("The SPF record gives a pass to every host of the Internet."),
			describe(domain, term->text));
	else if (is_broad(term) && term->qualifier == '+')
		findings_add(findings, "survey-spf-broad", SEVERITY_WARNING,
			N_("The SPF record gives a pass to a large part of the Internet."),
			describe(domain, term->text));
	if (term->kind == SPF_TERM_PTR || spf_macro_uses(term->domain_spec, "p"))
		findings_add(findings, "survey-spf-ptr", SEVERITY_NOTICE,
			N_("The SPF record trusts the name of the client's address, which RFC 7208 "
			   "says not to use."),
			describe(domain, term->text));
}

static void add_networks(Walk *walk, const char *domain, const SpfTerm *term, AddressSpace *space)
{
	if (term->kind == SPF_TERM_ALL)
		address_space_add_everything(space);
	else if (term->kind == SPF_TERM_IP4)
		add_network(space, &term->network, term->prefix4);
	else if (term->kind == SPF_TERM_IP6 && !is_mapped(term))
		add_network(space, &term->network, term->prefix6);
	else if (spf_term_is_lookup(term))
		add_by_lookup(walk, domain, term, space);
}

/* The first term that matches decides: what an earlier one has is not this one's. */
static void take_term(Walk *walk, Level *level, const char *domain, const SpfTerm *term)
{
	g_autoptr(AddressSpace) space = address_space_new();

	remark_term(walk, domain, term);
	add_networks(walk, domain, term, space);
	address_space_remove(space, level->covered);
	address_space_join(level->covered, space);
	if (term->qualifier == '+')
		address_space_join(level->pass, space);
	if (term->kind == SPF_TERM_ALL)
		level->all = term->qualifier;
}

static void follow_redirect(Walk *walk, Level *level, const char *domain, const SpfTerm *term)
{
	g_autofree char *name = NULL;
	g_auto(Level) target = { .is_known = true };

	count_lookup(walk);
	if (is_open(walk, term->domain_spec)) {
		walk->exam->is_open = true;
		return;
	}
	name = target_of(walk, domain, term);
	if (name != NULL && strchr(name, '.') != NULL)
		target = examine_level(walk, name);
	if (!has_included(&target))
		blame(walk, "survey-spf-redirect", SEVERITY_WARNING,
			N_("The domain that SPF redirects to has no SPF record."),
			describe(domain, term->text));
	if (target.pass == NULL)
		return;
	address_space_remove(target.pass, level->covered);
	address_space_join(level->pass, target.pass);
	level->all = target.all;
}

static void take_terms(Walk *walk, Level *level, const char *domain, const SpfRecord *record)
{
	for (guint i = 0; i < record->terms->len && level->all == 0; i++) {
		const SpfTerm *term = &g_array_index(record->terms, SpfTerm, i);

		if (!is_cut(walk) || !spf_term_is_lookup(term))
			take_term(walk, level, domain, term);
	}
	if (record->redirect != NULL && !is_cut(walk))
		follow_redirect(walk, level, domain, record->redirect);
}

static Level examine_level(Walk *walk, const char *domain)
{
	const Answer *answer = ask(walk, domain, DNS_TXT);
	g_autoptr(SpfRecord) record = NULL;
	Level level = { .is_known = answer != NULL };

	if (answer == NULL)
		return level;
	record = find_record(walk, domain, answer, &level.has_record);
	if (record == NULL)
		return level;
	level.pass = address_space_new();
	level.covered = address_space_new();
	take_terms(walk, &level, domain, record);
	return level;
}

/* --- the whole */

static char *lookups_text(const Walk *walk)
{
	return g_strdup_printf(is_cut(walk) ? "%u…" : "%u", walk->exam->lookups);
}

static void judge_counts(Walk *walk)
{
	SpfExam *exam = walk->exam;

	if (exam->lookups > LIMIT_SPF_LOOKUPS)
		blame(walk, "survey-spf-lookups", SEVERITY_WARNING,
			N_("More than ten terms ask the DNS."), lookups_text(walk));
	if (exam->void_lookups[0] > LIMIT_SPF_VOID_LOOKUPS)
		blame(walk, "survey-spf-voids", SEVERITY_WARNING,
			N_("More than two terms ask for names that have no such records."),
			g_strdup_printf("%u", exam->void_lookups[0]));
	else if (exam->void_lookups[1] > LIMIT_SPF_VOID_LOOKUPS)
		findings_add(exam->findings, "survey-spf-voids-ip6", SEVERITY_NOTICE,
			N_("More than two terms ask for names that have no IPv6 address: hosts of "
			   "IPv6 come to an error."),
			g_strdup_printf("%u", exam->void_lookups[1]));
	if (!exam->is_complete)
		findings_add(exam->findings, "survey-spf-incomplete", SEVERITY_NOTICE,
			N_("The DNS did not answer all that the SPF record asks for: more may be "
			   "wrong with it."),
			NULL);
	if (exam->state == PUBLICATION_PUBLISHED && exam->is_complete && exam->all == 0 &&
		!exam->is_open)
		findings_add(exam->findings, "survey-spf-no-end", SEVERITY_NOTICE,
			N_("The SPF record says nothing of other hosts: it has no \"all\"."), NULL);
}

static void set_state(SpfExam *exam, const Level *level)
{
	if (exam->state != PUBLICATION_UNKNOWN)
		return; /* it was set where the record was found */
	if (level->is_known)
		exam->state = PUBLICATION_ABSENT;
}

static void set_sender(Walk *walk, const char *domain, const char *sender)
{
	const char *at = strrchr(sender, '@');

	walk->has_local_part = at != NULL && at > sender && g_str_is_ascii(sender);
	walk->values.sender = sender;
	walk->values.sender_domain = domain;
	walk->values.helo = domain;
	walk->values.validated = "unknown";
	walk->values.time = TIME_UNKNOWN;
}

SpfExam *spf_exam_new(const char *domain, const char *sender, Context *context)
{
	SpfExam *exam = g_new0(SpfExam, 1);
	Walk walk = { .exam = exam, .context = context };
	const char *at = strrchr(sender, '@');
	g_autofree char *local_part =
		at != NULL ? g_strndup(sender, (gsize)(at - sender)) : g_strdup("");
	g_auto(Level) level = { .is_known = false };

	exam->findings = findings_new();
	exam->state = PUBLICATION_UNKNOWN;
	exam->is_complete = true;
	exam->basis = basis_of(context_ask(context, domain, DNS_TXT, NULL));
	set_sender(&walk, domain, sender);
	walk.values.local_part = local_part;
	level = examine_level(&walk, domain);
	set_state(exam, &level);
	exam->all = level.all;
	if (level.pass != NULL) {
		exam->ip4 = address_space_ip4(level.pass);
		exam->ip6 = address_space_ip6(level.pass);
		judge_counts(&walk);
	}
	return exam;
}

void spf_exam_free(SpfExam *exam)
{
	if (exam == NULL)
		return;
	g_free(exam->record);
	findings_free(exam->findings);
	g_free(exam);
}
