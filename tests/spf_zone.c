#include "spf_zone.h"

#include "base/domain_name.h"
#include "base/limits.h"

#include <string.h>

typedef struct Entry {
	DnsType type;       /* 0: another type, or a failure */
	DnsOutcome failure; /* DNS_NOERROR: none */
	GString *value;     /* text, address, or name */
} Entry;

struct SpfZone {
	GHashTable *names; /* of char *, as questions, to GPtrArray of Entry */
};

static void entry_free(gpointer data)
{
	Entry *entry = data;

	g_string_free(entry->value, TRUE);
	g_free(entry);
}

SpfZone *spf_zone_new(void)
{
	SpfZone *zone = g_new(SpfZone, 1);

	zone->names = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	return zone;
}

void spf_zone_free(SpfZone *zone)
{
	if (zone == NULL)
		return;
	g_hash_table_unref(zone->names);
	g_free(zone);
}

static GPtrArray *entries_of(SpfZone *zone, char *name)
{
	GPtrArray *entries = g_hash_table_lookup(zone->names, name);

	if (entries != NULL) {
		g_free(name);
		return entries;
	}
	entries = g_ptr_array_new_with_free_func(entry_free);
	g_hash_table_insert(zone->names, name, entries);
	return entries;
}

static DnsOutcome failure_of(const char *type)
{
	if (strcmp(type, "TIMEOUT") == 0)
		return DNS_TIMEOUT;
	return strcmp(type, "SERVFAIL") == 0 ? DNS_SERVFAIL : DNS_NOERROR;
}

void spf_zone_add(SpfZone *zone, const char *name, const char *type, Slice value)
{
	char *question = domain_name_for_question(slice_of(name));
	Entry *entry;

	if (question == NULL)
		return;
	entry = g_new0(Entry, 1);
	if (!dns_type_parse(slice_of(type), &entry->type))
		entry->type = (DnsType)0;
	entry->failure = failure_of(type);
	entry->value = g_string_new_len(value.data, (gssize)value.len);
	g_ptr_array_add(entries_of(zone, question), entry);
}

void spf_zone_forget(SpfZone *zone, const char *name)
{
	g_autofree char *question = domain_name_for_question(slice_of(name));

	if (question != NULL)
		g_hash_table_remove(zone->names, question);
}

GString *spf_zone_unescape(const char *text)
{
	GString *out = g_string_new(NULL);

	if (strcmp(text, "%") == 0)
		return out;
	for (; *text != '\0'; text++) {
		if (text[0] == '%' && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2])) {
			g_string_append_c(out, (char)(g_ascii_xdigit_value(text[1]) * 16 +
						       g_ascii_xdigit_value(text[2])));
			text += 2;
		} else {
			g_string_append_c(out, *text);
		}
	}
	return out;
}

void spf_zone_add_line(SpfZone *zone, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 5);
	guint count = g_strv_length(words);
	GString *name;
	GString *value;

	if (count < 4 || strcmp(words[0], "Z") != 0)
		return;
	name = spf_zone_unescape(words[1]);
	value = spf_zone_unescape(words[count - 1]);
	spf_zone_add(zone, name->str, words[2], slice_make(value->str, value->len));
	g_string_free(name, TRUE);
	g_string_free(value, TRUE);
}

/* --- answers */

static char *name_value(const GString *value)
{
	char *name = domain_name_for_question(slice_make(value->str, value->len));

	return name != NULL ? name : g_strdup("");
}

static void add_rr(Answer *answer, const char *owner, const Entry *entry)
{
	g_autoptr(Rr) rr = g_new0(Rr, 1);
	Slice value = slice_make(entry->value->str, entry->value->len);

	rr->owner = g_strdup(owner);
	rr->type = entry->type;
	rr->presentation = g_strdup("");
	if (entry->type == DNS_TXT)
		rr->text = g_string_new_len(value.data, (gssize)value.len);
	else if (entry->type != DNS_A && entry->type != DNS_AAAA)
		rr->name = name_value(entry->value);
	else if (!inet_addr_parse(value, &rr->addr))
		return;
	g_ptr_array_add(answer->rrs, g_steal_pointer(&rr));
}

/* Adds what name has of the type; returns the entry of a CNAME where it has that instead. */
static const Entry *add_entries(Answer *answer, const char *name, const GPtrArray *entries)
{
	const Entry *cname = NULL;
	bool is_found = false;

	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = g_ptr_array_index(entries, i);

		if (entry->failure != DNS_NOERROR) {
			if (!is_found)
				answer->outcome = entry->failure;
			break;
		}
		if (entry->type == DNS_CNAME)
			cname = entry;
		if (entry->type != answer->question.type)
			continue;
		is_found = true;
		add_rr(answer, name, entry);
	}
	return is_found || answer->outcome != DNS_NOERROR ? NULL : cname;
}

/* The RFCs' suites have a name that begins with "error." fail, mail-auth's "_dns_error.". */
static DnsOutcome outcome_of_absent(const char *name)
{
	return g_str_has_prefix(name, "error.") || g_str_has_prefix(name, "_dns_error.")
		       ? DNS_SERVFAIL
		       : DNS_NXDOMAIN;
}

Answer *spf_zone_answer(const SpfZone *zone, const char *name, DnsType type)
{
	Answer *answer = answer_new(name, type);
	g_autofree char *owner = g_strdup(name);

	for (unsigned hops = 0; hops <= LIMIT_CNAME_CHAIN + 1; hops++) {
		const GPtrArray *entries = g_hash_table_lookup(zone->names, owner);
		const Entry *cname;

		if (entries == NULL) {
			answer->outcome = outcome_of_absent(owner);
			return answer;
		}
		cname = add_entries(answer, owner, entries);
		if (cname == NULL)
			return answer;
		add_rr(answer, owner, cname);
		g_free(owner);
		owner = name_value(cname->value);
	}
	return answer;
}

void spf_zone_fill(const SpfZone *zone, Evidence *evidence)
{
	static const DnsType types[] = { DNS_A, DNS_AAAA, DNS_MX, DNS_PTR, DNS_TXT };
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, zone->names);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
			evidence_add(evidence, spf_zone_answer(zone, name, types[i]));
}

/* --- rounds */

static void answer_lacking(const SpfZone *zone, Evidence *evidence, const Context *context)
{
	for (guint i = 0; i < context->lacking->len; i++) {
		const Question *question = g_ptr_array_index(context->lacking, i);

		g_assert_null(evidence_find(evidence, question->name, question->type));
		evidence_add(evidence, spf_zone_answer(zone, question->name, question->type));
	}
}

SpfVerdict *spf_zone_check(const SpfZone *zone, Evidence *evidence, SpfCheck check,
	const SpfRequest *request, unsigned *ret_rounds)
{
	for (unsigned round = 1;; round++) {
		g_autoptr(Context) context = context_new(evidence);
		g_autoptr(SpfVerdict) spf = check(request, context);

		*ret_rounds = round;
		if (context->lacking->len == 0)
			return g_steal_pointer(&spf);
		/* What is not final names what it waits for. */
		g_assert_false(spf->verdict.is_final);
		g_assert_cmpstr(spf->verdict.reason, ==, "answer-missing");
		g_assert_cmpint(spf->verdict.result, ==, RESULT_TEMPERROR);
		g_assert_cmpuint(round, <, LIMIT_ROUNDS);
		answer_lacking(zone, evidence, context);
	}
}
