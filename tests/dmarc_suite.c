#include "dmarc_suite.h"

#include "base/limits.h"
#include "base/text_time.h"
#include "suite.h"

#include <string.h>

static void set_result(Verdict *verdict, const char *word)
{
	static const AuthResult results[] = { RESULT_NONE, RESULT_PASS, RESULT_FAIL,
		RESULT_SOFTFAIL, RESULT_NEUTRAL, RESULT_POLICY, RESULT_TEMPERROR,
		RESULT_PERMERROR };

	*verdict = VERDICT_INIT;
	if (strcmp(word, "unknown") == 0)
		verdict_set_unknown(verdict, RESULT_NONE, "no-envelope", "", NULL);
	else if (strcmp(word, "missing") == 0)
		verdict_set_unknown(verdict, RESULT_TEMPERROR, "answer-missing", "", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(results); i++)
		if (strcmp(word, auth_result_word(results[i])) == 0)
			verdict_set(verdict, results[i], "test", "", NULL);
	if (strcmp(word, "google") == 0)
		verdict_set(verdict, RESULT_PASS, "test", "", NULL);
	verdict->answers = 1;
	verdict->youngest = 1000;
}

/* "pass example.com" */
static char *split(const char *text, Verdict *verdict)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 2);

	set_result(verdict, words[0]);
	return g_strdup(words[1]);
}

static void signature_free(gpointer data)
{
	DkimSignature *signature = data;

	g_free(signature->domain);
	g_free(signature);
}

static DkimVerdict *dkim_new(const char *text)
{
	DkimVerdict *dkim = g_new0(DkimVerdict, 1);
	g_auto(GStrv) items = g_strsplit(text, ", ", 0);

	dkim->verdict = VERDICT_INIT;
	dkim->best = (size_t)-1;
	dkim->signatures = g_ptr_array_new_with_free_func(signature_free);
	for (char **item = items; *item != NULL && **item != '\0'; item++) {
		DkimSignature *signature = g_new0(DkimSignature, 1);

		signature->domain = split(*item, &signature->verdict);
		signature->is_google = g_str_has_prefix(*item, "google");
		g_ptr_array_add(dkim->signatures, signature);
	}
	return dkim;
}

static SpfVerdict *spf_new(const char *text)
{
	SpfVerdict *spf = g_new0(SpfVerdict, 1);

	spf->domain = split(*text == '\0' ? "none" : text, &spf->verdict);
	return spf;
}

/* A message whose From fields name the domains. */
static Facts *facts_of(const char *from)
{
	bool is_repeated = g_str_has_prefix(from, "2:");
	g_auto(GStrv) domains = g_strsplit(from + (is_repeated ? 2 : 0), ", ", 0);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GBytes) bytes = NULL;

	for (size_t i = 0; domains[i] != NULL && *domains[i] != '\0'; i++)
		g_string_append_printf(text, "%s%s%s", i == 0 || is_repeated ? "From: a@" : ", a@",
			strcmp(domains[i], "!") == 0 ? "[192.0.2.1]" : domains[i],
			domains[i + 1] == NULL || is_repeated ? "\n" : "");
	g_string_append(text, "\nbody\n");
	bytes = g_bytes_new(text->str, text->len);
	return facts_new(bytes, NULL, NULL);
}

DmarcScene *dmarc_scene_new(const char *from, const char *spf, const char *dkim)
{
	DmarcScene *scene = g_new0(DmarcScene, 1);
	g_autoptr(GBytes) list = suite_file("corpora/psl/public_suffix_list.dat");

	scene->zone = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	scene->evidence = evidence_new();
	scene->org_domains = org_domains_new(slice_of_bytes(list), NULL);
	scene->context = context_new(scene->evidence);
	scene->context->org_domains = scene->org_domains;
	scene->context->dmarc_rule = DMARC_RULE_9989;
	scene->findings = findings_new();
	scene->facts = facts_of(from);
	scene->spf = spf_new(spf);
	scene->dkim = dkim_new(dkim);
	return scene;
}

void dmarc_scene_free(DmarcScene *scene)
{
	g_hash_table_unref(scene->zone);
	context_free(scene->context);
	evidence_free(scene->evidence);
	org_domains_free(scene->org_domains);
	findings_free(scene->findings);
	facts_free(scene->facts);
	g_free(scene->spf->domain);
	g_free(scene->spf);
	g_ptr_array_unref(scene->dkim->signatures);
	g_free(scene->dkim);
	g_free(scene);
}

void dmarc_scene_add(DmarcScene *scene, const char *name, const char *record)
{
	GPtrArray *records = g_hash_table_lookup(scene->zone, name);

	if (records == NULL) {
		records = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(scene->zone, g_strdup(name), records);
	}
	g_ptr_array_add(records, g_strdup(record));
}

void dmarc_scene_add_all(DmarcScene *scene, const char *lines)
{
	g_auto(GStrv) each = g_strsplit(lines, "\n", 0);

	for (char **line = each; *line != NULL && **line != '\0'; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 2);

		dmarc_scene_add(scene, words[0], words[1]);
	}
}

/* The name, or one below it, is in the zone. */
static bool exists(const DmarcScene *scene, const char *name)
{
	g_autofree char *below = g_strconcat(".", name, NULL);
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, scene->zone);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		if (strcmp(key, name) == 0 || g_str_has_suffix(key, below))
			return true;
	return false;
}

static void add_txt(Answer *answer, const char *text)
{
	Rr *rr = g_new0(Rr, 1);

	rr->owner = g_strdup(answer->question.name);
	rr->type = DNS_TXT;
	rr->text = g_string_new(text);
	rr->strings = 1;
	g_ptr_array_add(answer->rrs, rr);
}

/* NULL where the zone says that it is not recorded. */
static Answer *answer_of_zone(const DmarcScene *scene, const Question *question)
{
	const GPtrArray *records = g_hash_table_lookup(scene->zone, question->name);
	g_autoptr(Answer) answer = answer_new(question->name, question->type);

	answer->at = 2000;
	answer->outcome = exists(scene, question->name) ? DNS_NOERROR : DNS_NXDOMAIN;
	for (guint i = 0; records != NULL && i < records->len; i++) {
		const char *record = g_ptr_array_index(records, i);

		if (strcmp(record, "LACKING") == 0)
			return NULL;
		if (strcmp(record, "SERVFAIL") == 0)
			answer->outcome = DNS_SERVFAIL;
		if (g_str_has_prefix(record, "TXT ") && question->type == DNS_TXT)
			add_txt(answer, record + strlen("TXT "));
	}
	return g_steal_pointer(&answer);
}

bool dmarc_scene_answer(DmarcScene *scene)
{
	GPtrArray *lacking = scene->context->lacking;
	bool has_any = false;

	for (guint i = 0; i < lacking->len; i++) {
		Answer *answer = answer_of_zone(scene, g_ptr_array_index(lacking, i));

		if (answer != NULL)
			evidence_add(scene->evidence, answer);
		has_any |= answer != NULL;
	}
	if (has_any)
		g_ptr_array_set_size(lacking, 0);
	return has_any;
}

DmarcVerdict *dmarc_scene_evaluate(DmarcScene *scene)
{
	for (unsigned round = 0; round < LIMIT_ROUNDS; round++) {
		g_autoptr(DmarcVerdict) verdict = NULL;

		g_clear_pointer(&scene->findings, findings_free);
		scene->findings = findings_new();
		verdict = dmarc_evaluate(
			scene->facts, scene->spf, scene->dkim, scene->context, scene->findings);
		if (!dmarc_scene_answer(scene))
			return g_steal_pointer(&verdict);
	}
	g_error("the rounds do not end");
}
