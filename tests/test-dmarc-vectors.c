/* Published expectations (tests/corpora/dmarc): every one, by the rule it names; and the walks of
 * RFC 9989, name by name. */
#include "auth/dmarc_walk.h"
#include "dmarc_suite.h"
#include "suite.h"
#include "tally.h"

#include <jansson.h>
#include <string.h>

static const char *string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void add_zone(DmarcScene *scene, const json_t *dns)
{
	const char *name;
	json_t *types;

	json_object_foreach((json_t *)(guintptr)dns, name, types)
	{
		size_t i;
		json_t *strings;

		json_array_foreach(json_object_get(types, "TXT"), i, strings)
		{
			g_autofree char *text = g_strconcat(
				"TXT ", json_string_value(json_array_get(strings, 0)), NULL);

			g_assert_cmpuint(json_array_size(strings), ==, 1);
			dmarc_scene_add(scene, name, text);
		}
		if (json_object_get(types, "A") != NULL)
			dmarc_scene_add(scene, name, "A");
	}
}

/* "pass example.com, fail example.org" */
static char *line_of(const json_t *results)
{
	GString *line = g_string_new(NULL);
	size_t i;
	json_t *result;

	json_array_foreach((json_t *)(guintptr)results, i, result)
		g_string_append_printf(line, "%s%s %s", i > 0 ? ", " : "",
			string_of(result, "result"), string_of(result, "domain"));
	return g_string_free(line, FALSE);
}

static DmarcScene *scene_of(const json_t *vector)
{
	g_autofree char *spf = line_of(json_object_get(vector, "spf"));
	g_autofree char *dkim = line_of(json_object_get(vector, "dkim"));
	const char *from = strchr(string_of(vector, "header_from"), '@') + 1;
	DmarcScene *scene = dmarc_scene_new(from, spf, dkim);

	add_zone(scene, json_object_get(vector, "dns"));
	return scene;
}

/* What a vector expects and what there is, key by key, in words. */
typedef struct Lines {
	GString *expected;
	GString *found;
} Lines;

static void compare(Lines *lines, const char *key, const char *expected, const char *found)
{
	const char *gap = lines->expected->len > 0 ? ", " : "";

	g_string_append_printf(lines->expected, "%s%s %s", gap, key, expected);
	g_string_append_printf(lines->found, "%s%s %s", gap, key, found != NULL ? found : "-");
}

static void compare_text(Lines *lines, const json_t *expect, const char *key, const char *found)
{
	const char *expected = string_of(expect, key);

	if (expected != NULL)
		compare(lines, key, expected, found);
}

/* Expected is true, false, "strict" (the domain itself) or "relaxed". */
static void compare_aligned(Lines *lines, const json_t *expect, const char *key,
	const DmarcAlignment *alignment, const char *author)
{
	const json_t *expected = json_object_get(expect, key);
	bool is_aligned = alignment != NULL && alignment->is_aligned;

	if (json_is_boolean(expected))
		compare(lines, key, json_is_true(expected) ? "yes" : "no",
			is_aligned ? "yes" : "no");
	else if (!is_aligned)
		compare_text(lines, expect, key, "no");
	else
		compare_text(lines, expect, key,
			strcmp(alignment->domain, author) == 0 ? "strict" : "relaxed");
}

static void compare_view(
	Lines *lines, const json_t *expect, const DmarcView *view, const char *author)
{
	const DmarcAlignment *dkim = view->dkim->len > 0 ? view->dkim->pdata[0] : NULL;

	g_assert_true(view->verdict.is_final);
	compare_text(lines, expect, "dmarc", auth_result_word(view->verdict.result));
	compare_text(lines, expect, "policy", view->policy);
	compare_text(lines, expect, "org_domain", view->org_domain);
	compare_text(lines, expect, "policy_domain", view->record_domain);
	compare_aligned(lines, expect, "spf_aligned", view->spf, author);
	compare_aligned(lines, expect, "dkim_aligned", dkim, author);
	compare_text(lines, expect, "dkim_org_domain", dkim != NULL ? dkim->org_domain : NULL);
}

/* The names that a walk asks, between blanks; *ret_org is the organizational domain. */
static char *walk_names(DmarcScene *scene, const char *start, char **ret_org)
{
	g_autoptr(DmarcWalk) walk = NULL;
	g_autoptr(GString) names = g_string_new(NULL);
	Verdict verdict = VERDICT_INIT;

	do {
		dmarc_walk_free(walk);
		walk = dmarc_walk(start, scene->context, &verdict, scene->findings);
	} while (dmarc_scene_answer(scene));
	for (guint i = 0; i < walk->steps->len; i++)
		g_string_append_printf(
			names, "%s%s", i > 0 ? " " : "", dmarc_walk_step(walk, i)->name);
	*ret_org = g_strdup(walk->org_domain);
	return g_strdup(names->str);
}

static void compare_queries(
	Lines *lines, DmarcScene *scene, const json_t *expect, const char *key, const char *start)
{
	const json_t *list = json_object_get(expect, key);
	g_autoptr(GString) expected = g_string_new(NULL);
	g_autofree char *found = NULL;
	g_autofree char *org = NULL;
	size_t i;
	json_t *name;

	if (list == NULL)
		return;
	json_array_foreach(list, i, name)
		g_string_append_printf(expected, "%s%s", i > 0 ? " " : "", json_string_value(name));
	found = walk_names(scene, start, &org);
	compare(lines, key, expected->str, found);
}

static void run_vector(Tally *tally, const json_t *vector)
{
	g_autoptr(DmarcScene) scene = scene_of(vector);
	g_autoptr(DmarcVerdict) verdict = dmarc_scene_evaluate(scene);
	const json_t *expect = json_object_get(vector, "expect");
	const char *profile = string_of(vector, "profile");
	const json_t *dkim = json_array_get(json_object_get(vector, "dkim"), 0);
	g_autofree char *name =
		g_strconcat(string_of(vector, "id"), ": ", string_of(vector, "name"), NULL);
	g_autoptr(GString) expected = g_string_new(NULL);
	g_autoptr(GString) found = g_string_new(NULL);
	Lines lines = { expected, found };

	if (strcmp(profile, "rfc7489") != 0)
		compare_view(&lines, expect, verdict->rfc9989, verdict->domain);
	if (strcmp(profile, "rfc9989") != 0)
		compare_view(&lines, expect, verdict->rfc7489, verdict->domain);
	compare_queries(&lines, scene, expect, "author_queries", verdict->domain);
	if (dkim != NULL)
		compare_queries(&lines, scene, expect, "dkim_queries", string_of(dkim, "domain"));
	tally_add(tally, name, expected->str, found->str);
}

static void test_vectors(void)
{
	g_autofree char *path = suite_path("corpora/dmarc/dmarc_vectors.json");
	json_t *vectors = json_load_file(path, 0, NULL);
	Tally *tally = tally_new("dmarc/vectors");
	size_t i;
	json_t *vector;

	json_array_foreach(vectors, i, vector) run_vector(tally, vector);
	tally_end(tally);
	json_decref(vectors);
}

/* --- the RFC's walks, name by name */

/* "_dmarc.example.com v=DMARC1; p=none | …" */
static void add_records(DmarcScene *scene, const char *text)
{
	g_auto(GStrv) records = g_strsplit(text, " | ", -1);

	for (char **record = records; *record != NULL && **record != '\0'; record++) {
		g_auto(GStrv) parts = g_strsplit(*record, " ", 2);
		g_autofree char *value = g_strconcat("TXT ", parts[1], NULL);

		dmarc_scene_add(scene, parts[0], value);
	}
}

/* Everything that is asked for a message: author, and what SPF and DKIM authenticated. */
static char *message_names(DmarcScene *scene, char **ret_org)
{
	g_autoptr(DmarcVerdict) verdict = dmarc_scene_evaluate(scene);
	const DmarcView *view = verdict->rfc9989;
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < view->walk->len; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
			(const char *)g_ptr_array_index(view->walk, i));
	*ret_org = g_strdup_printf("%s, %s, policy of %s", view->org_domain,
		auth_result_word(view->verdict.result), view->record_domain);
	return g_strdup(names->str);
}

/* example, start (or author, MAIL FROM and d=), records, names asked, what comes of it */
static void run_walk(Tally *tally, char *const *cells)
{
	g_auto(GStrv) domains = g_strsplit(cells[1], " ", -1);
	bool is_message = g_strv_length(domains) == 3;
	g_autofree char *spf = is_message ? g_strconcat("pass ", domains[1], NULL) : g_strdup("");
	g_autofree char *dkim = is_message ? g_strconcat("pass ", domains[2], NULL) : g_strdup("");
	g_autoptr(DmarcScene) scene = dmarc_scene_new(domains[0], spf, dkim);
	g_autofree char *org = NULL;
	g_autofree char *names = NULL;
	g_autofree char *name = g_strconcat(cells[0], ": ", cells[1], NULL);
	g_autofree char *expected = g_strconcat(cells[3], " -> ", cells[4], NULL);
	g_autofree char *found = NULL;

	add_records(scene, cells[2]);
	names = is_message ? message_names(scene, &org) : walk_names(scene, domains[0], &org);
	found = g_strconcat(names, " -> ", org, NULL);
	tally_add(tally, name, expected, found);
}

static void test_walks(void)
{
	g_autoptr(GPtrArray) rows = suite_table("corpora/dmarc/walks.tsv");
	Tally *tally = tally_new("dmarc/rfc9989-walks");

	for (guint i = 0; i < rows->len; i++)
		run_walk(tally, rows->pdata[i]);
	tally_end(tally);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/dmarc/vectors", test_vectors);
	g_test_add_func("/dmarc/walks", test_walks);
	return g_test_run();
}
