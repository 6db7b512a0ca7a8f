/* Tests of auth/tag_list.h (RFC 6376, 3.2). */
#include "auth/tag_list.h"
#include "suite.h"

#include <string.h>

static const struct {
	const char *text;
	TagProblem problem;
	const char *where;  /* the tag at fault */
	const char *listed; /* "name=value|…" */
} rows[] = {
	{ "a=1; b=2", TAG_OK, NULL, "a=1|b=2" },
	{ "a=1;b=2;", TAG_OK, NULL, "a=1|b=2" },
	{ "a=1;b=2; \r\n ", TAG_OK, NULL, "a=1|b=2" },
	{ "", TAG_OK, NULL, "" },
	{ " \t\r\n ", TAG_OK, NULL, "" },
	{ "p=", TAG_OK, NULL, "p=" },
	{ "p= ; q", TAG_NO_EQUALS, "q", NULL },
	{ " a \r\n\t=\n b  c ;", TAG_OK, NULL, "a=b  c" },
	{ "b=Zm9v=\r\n =; h=x", TAG_OK, NULL, "b=Zm9v=\r\n =|h=x" },
	{ "a=1; A=2", TAG_OK, NULL, "a=1|A=2" },
	{ "a=1; b=3; a=1", TAG_REPEATED, "a=1", NULL },
	{ "a_1=x", TAG_OK, NULL, "a_1=x" },
	{ "1a=x", TAG_BAD_NAME, "1a=x", NULL },
	{ "_a=x", TAG_BAD_NAME, "_a=x", NULL },
	{ "a b=x", TAG_BAD_NAME, "a b=x", NULL },
	{ "=x", TAG_BAD_NAME, "=x", NULL },
	{ "a=1;;b=2", TAG_NO_EQUALS, "", NULL },
	{ ";", TAG_NO_EQUALS, "", NULL },
	{ "v=DKIM1 k=rsa", TAG_OK, NULL, "v=DKIM1 k=rsa" },
	{ "\xE3\x81\x82=x", TAG_BAD_NAME, "\xE3\x81\x82=x", NULL },
	{ "d=\xE4\xBE\x8B.jp", TAG_OK, NULL, "d=\xE4\xBE\x8B.jp" },
};

static char *list_text(const TagList *tags)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < tag_list_count(tags); i++) {
		Slice name;
		Slice value;

		tag_list_at(tags, i, &name, &value);
		g_string_append(text, i > 0 ? "|" : "");
		g_string_append_len(text, name.data, (gssize)name.len);
		g_string_append_c(text, '=');
		g_string_append_len(text, value.data, (gssize)value.len);
	}
	return g_string_free(text, FALSE);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Slice exact = suite_exact(slice_of(rows[i].text));
		g_autoptr(TagList) tags = NULL;
		Slice where = SLICE_ABSENT;
		TagProblem problem = tag_list_parse(exact, &tags, &where);
		g_autofree char *listed = tags != NULL ? list_text(tags) : NULL;

		g_test_message("%s", rows[i].text);
		g_assert_cmpint((int)problem, ==, (int)rows[i].problem);
		g_assert_cmpstr(listed, ==, rows[i].listed);
		g_assert_true(problem == TAG_OK || slice_is(where, rows[i].where));
		g_free((gpointer)(guintptr)exact.data);
	}
}

static void test_get(void)
{
	g_autoptr(TagList) tags = NULL;
	Slice where;
	Slice name;
	Slice value;

	g_assert_true(tag_list_parse(slice_of("v=1; p=; h = a : b "), &tags, &where) == TAG_OK);
	g_assert_true(slice_is(tag_list_get(tags, "h"), "a : b"));
	g_assert_nonnull(tag_list_get(tags, "p").data);
	g_assert_cmpuint(tag_list_get(tags, "p").len, ==, 0);
	g_assert_null(tag_list_get(tags, "H").data);
	tag_list_at(tags, 3, &name, &value);
	g_assert_null(name.data);
	g_assert_null(value.data);
}

static void test_nul(void)
{
	g_autoptr(TagList) tags = NULL;
	Slice where;

	g_assert_true(tag_list_parse(slice_make("s=a\0b; v=1", 10), &tags, &where) == TAG_OK);
	g_assert_cmpuint(tag_list_get(tags, "s").len, ==, 3);
	g_assert_true(tag_list_parse(slice_make("a\0=b", 4), &tags, &where) == TAG_BAD_NAME);
}

/* Many tags, each name once, in a header block of the largest size: no quadratic search. */
static void test_many(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(TagList) tags = NULL;
	Slice where;

	for (unsigned i = 0; i < 100000; i++)
		g_string_append_printf(text, "t%x=;", i);
	g_assert_true(tag_list_parse(slice_make(text->str, text->len), &tags, &where) == TAG_OK);
	g_assert_cmpuint(tag_list_count(tags), ==, 100000);
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/tag-list/rows", test_rows);
	g_test_add_func("/tag-list/get", test_get);
	g_test_add_func("/tag-list/nul", test_nul);
	g_test_add_func("/tag-list/many", test_many);
	return g_test_run();
}
