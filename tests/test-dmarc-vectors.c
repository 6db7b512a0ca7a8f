/* Published expectations (tests/corpora/dmarc): every one, by the rule it names. */
#include "auth/dmarc_walk.h"
#include "dmarc_suite.h"
#include "suite.h"

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

/* expected is true, false, "strict" (the domain itself) or "relaxed". */
static void check_aligned(
	const json_t *expected, const DmarcAlignment *alignment, const char *author)
{
	bool is_aligned = alignment != NULL && alignment->is_aligned;
	const char *mode = json_string_value(expected);

	if (expected == NULL)
		return;
	g_assert_true(is_aligned == !json_is_false(expected));
	if (mode != NULL)
		g_assert_true(
			(strcmp(alignment->domain, author) == 0) == (strcmp(mode, "strict") == 0));
}

static void check_text(const json_t *expected, const char *found)
{
	if (expected != NULL)
		g_assert_cmpstr(found, ==, json_string_value(expected));
}

static void check_view(const json_t *expect, const DmarcView *view, const char *author)
{
	const DmarcAlignment *dkim = view->dkim->len > 0 ? view->dkim->pdata[0] : NULL;

	g_assert_true(view->verdict.is_final);
	check_text(json_object_get(expect, "dmarc"), auth_result_word(view->verdict.result));
	check_text(json_object_get(expect, "policy"), view->policy);
	check_text(json_object_get(expect, "org_domain"), view->org_domain);
	check_text(json_object_get(expect, "policy_domain"), view->record_domain);
	check_aligned(json_object_get(expect, "spf_aligned"), view->spf, author);
	check_aligned(json_object_get(expect, "dkim_aligned"), dkim, author);
	if (json_object_get(expect, "dkim_org_domain") != NULL)
		check_text(json_object_get(expect, "dkim_org_domain"), dkim->org_domain);
}

static void check_queries(DmarcScene *scene, const json_t *expected, const char *start)
{
	g_autoptr(DmarcWalk) walk = NULL;
	Verdict verdict = VERDICT_INIT;

	if (expected == NULL)
		return;
	walk = dmarc_walk(start, scene->context, &verdict, scene->findings);
	g_assert_cmpuint(walk->steps->len, ==, json_array_size(expected));
	for (guint i = 0; i < walk->steps->len; i++)
		g_assert_cmpstr(dmarc_walk_step(walk, i)->name, ==,
			json_string_value(json_array_get(expected, i)));
}

static void check_vector(const json_t *vector)
{
	g_autoptr(DmarcScene) scene = scene_of(vector);
	g_autoptr(DmarcVerdict) verdict = dmarc_scene_evaluate(scene);
	const json_t *expect = json_object_get(vector, "expect");
	const char *profile = string_of(vector, "profile");
	const json_t *dkim = json_array_get(json_object_get(vector, "dkim"), 0);

	g_test_message("%s: %s", string_of(vector, "id"), string_of(vector, "name"));
	if (strcmp(profile, "rfc7489") != 0)
		check_view(expect, verdict->rfc9989, verdict->domain);
	if (strcmp(profile, "rfc9989") != 0)
		check_view(expect, verdict->rfc7489, verdict->domain);
	check_queries(scene, json_object_get(expect, "author_queries"), verdict->domain);
	if (dkim != NULL)
		check_queries(
			scene, json_object_get(expect, "dkim_queries"), string_of(dkim, "domain"));
}

static void test_vectors(void)
{
	g_autoptr(GBytes) bytes = suite_file("corpora/dmarc/dmarc_vectors.json");
	Slice text = slice_of_bytes(bytes);
	json_t *vectors = json_loadb(text.data, text.len, 0, NULL);
	size_t i;
	json_t *vector;

	g_assert_cmpuint(json_array_size(vectors), ==, 29);
	json_array_foreach(vectors, i, vector) check_vector(vector);
	json_decref(vectors);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/dmarc/vectors", test_vectors);
	return g_test_run();
}
