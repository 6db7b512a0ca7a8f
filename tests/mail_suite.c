#include "mail_suite.h"

#include "auth/org_domain.h"
#include "base/limits.h"
#include "base/text_time.h"
#include "suite.h"

#include <string.h>

/* --- dns.json */

static void add_text(SpfZone *zone, const char *name, const json_t *record)
{
	g_autoptr(GString) text = g_string_new(json_string_value(record));
	size_t i;
	json_t *chunk;

	json_array_foreach(record, i, chunk) g_string_append(text, json_string_value(chunk));
	spf_zone_add(zone, name, "TXT", slice_make(text->str, text->len));
}

/* "10 host": what stands behind the last blank. */
static void add_value(SpfZone *zone, const char *name, const char *type, const char *value)
{
	const char *blank = strrchr(value, ' ');

	spf_zone_add(zone, name, type, slice_of(blank != NULL ? blank + 1 : value));
}

static void add_records(SpfZone *zone, const char *name, const char *type, const json_t *records)
{
	size_t i;
	json_t *record;

	json_array_foreach(records, i, record)
	{
		if (strcmp(type, "TXT") == 0)
			add_text(zone, name, record);
		else
			add_value(zone, name, type, json_string_value(record));
	}
}

/* Any type of a name that fails stands for all of them. */
static void add_failure(SpfZone *zone, const char *name, const json_t *failure)
{
	const char *word = json_string_value(failure);

	spf_zone_add(zone, name,
		word != NULL && strcmp(word, "SERVFAIL") == 0 ? "SERVFAIL" : "TIMEOUT",
		slice_of(""));
}

static void add_negatives(SpfZone *zone, const char *name, const json_t *negatives)
{
	const char *type;
	json_t *kind;

	json_object_foreach((json_t *)(guintptr)negatives, type,
		kind) if (strcmp(json_string_value(kind), "norec") == 0)
		spf_zone_add(zone, name, "NONE", slice_of(""));
}

static void add_name(SpfZone *zone, const char *name, const json_t *types)
{
	const char *type;
	json_t *value;

	json_object_foreach((json_t *)(guintptr)types, type, value)
	{
		if (g_str_has_prefix(type, "ERR"))
			add_failure(zone, name, value);
		else if (strcmp(type, "NEG") == 0)
			add_negatives(zone, name, value);
		else
			add_records(zone, name, type, value);
	}
}

void dns_json_add(SpfZone *zone, const json_t *names)
{
	const char *name;
	json_t *types;

	json_object_foreach((json_t *)(guintptr)names, name, types) add_name(zone, name, types);
}

void dns_json_load(SpfZone *zone, const char *path)
{
	g_autofree char *full = suite_path(path);
	json_error_t error;
	json_t *names = json_load_file(full, 0, &error);

	if (names == NULL)
		g_error("%s: %s", full, error.text);
	dns_json_add(zone, names);
	json_decref(names);
}

/* --- judging */

/* Read once: a program judges hundreds of messages. */
static const OrgDomains *published_suffixes(void)
{
	static OrgDomains *domains;

	if (domains == NULL) {
		g_autoptr(GBytes) list = suite_file("corpora/psl/public_suffix_list.dat");

		domains = org_domains_new(slice_of_bytes(list), NULL);
	}
	return domains;
}

static void answer_lacking(const SpfZone *zone, Mail *mail)
{
	const GPtrArray *lacking = mail->kase->lacking;

	for (guint i = 0; i < lacking->len; i++) {
		const Question *question = g_ptr_array_index(lacking, i);

		evidence_add(mail->evidence, spf_zone_answer(zone, question->name, question->type));
	}
}

Mail *mail_judge(GBytes *bytes, const SpfZone *zone, const BoundaryOptions *envelope, int64_t at)
{
	Mail *mail = g_new0(Mail, 1);
	CaseInput input = { .source = source_new() };
	CaseOptions options = { .org_domains = published_suffixes(),
		.now = TIME_UNKNOWN,
		.at = at,
		.horizon_ms = INT64_MAX };

	mail->evidence = evidence_new();
	options.evidence = mail->evidence;
	input.facts = facts_new(bytes, input.source, envelope);
	mail->kase = case_new(&input);
	for (unsigned round = 0; !case_evaluate(mail->kase, &options); round++) {
		g_assert_cmpuint(round, <, LIMIT_ROUNDS);
		answer_lacking(zone, mail);
	}
	return mail;
}

void mail_free(Mail *mail)
{
	if (mail == NULL)
		return;
	case_free(mail->kase);
	evidence_free(mail->evidence);
	g_free(mail);
}
