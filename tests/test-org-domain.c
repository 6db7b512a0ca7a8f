#include "auth/org_domain.h"
#include "base/domain_name.h"
#include "suite.h"

#include <string.h>

static OrgDomains *load_list(void)
{
	g_autoptr(GBytes) text = suite_file("corpora/psl/public_suffix_list.dat");
	OrgDomains *domains = org_domains_new(slice_of_bytes(text), NULL);

	g_assert_nonnull(domains);
	return domains;
}

/* expected is the registrable domain, "null" where there is none. */
static void check(const OrgDomains *domains, Slice name, Slice expected)
{
	g_autofree char *normal = domain_name_new(name);
	g_autofree char *wanted = domain_name_new(expected);
	g_autofree char *org = NULL;

	g_test_message("%.*s", (int)name.len, name.data);
	/* Empty labels and no name at all are none for us either. */
	if (normal == NULL) {
		g_assert_true(slice_is(expected, "null"));
		return;
	}
	org = org_domain_by_list(domains, normal);
	if (slice_is(expected, "null")) {
		g_assert_cmpstr(org, ==, normal);
		g_assert_true(org_domain_is_suffix(domains, normal));
	} else {
		g_assert_cmpstr(org, ==, wanted);
		g_assert_false(org_domain_is_suffix(domains, normal));
	}
}

static unsigned run_lines(const OrgDomains *domains, Slice text)
{
	unsigned count = 0;

	while (text.len > 0) {
		Slice line = slice_trim(slice_take_line(&text));
		Slice name;

		if (line.len == 0 || slice_starts(line, "//"))
			continue;
		name = slice_take_until(&line, ' ');
		check(domains, name, line);
		count++;
	}
	return count;
}

/* checkPublicSuffix('name', 'expected'); or null without quotes. */
static Slice take_argument(Slice *line)
{
	Slice argument = slice_trim(slice_take_until(line, ','));

	if (slice_starts(argument, "'"))
		return slice_sub(argument, 1, argument.len - 2);
	return argument;
}

static unsigned run_calls(const OrgDomains *domains, Slice text)
{
	static const char call[] = "checkPublicSuffix(";
	unsigned count = 0;

	while (text.len > 0) {
		Slice line = slice_trim(slice_take_line(&text));
		Slice name;

		if (!slice_starts(line, call))
			continue;
		line = slice_sub(line, strlen(call), line.len - strlen(call) - strlen(");"));
		name = take_argument(&line);
		check(domains, name, take_argument(&line));
		count++;
	}
	return count;
}

static void test_published(void)
{
	g_autoptr(OrgDomains) domains = load_list();
	g_autoptr(GBytes) lines = suite_file("corpora/psl/tests.txt");
	g_autoptr(GBytes) calls = suite_file("corpora/psl/test_psl.txt");

	g_assert_cmpuint(run_lines(domains, slice_of_bytes(lines)), >, 70);
	g_assert_cmpuint(run_calls(domains, slice_of_bytes(calls)), >, 70);
}

static void test_builtin(void)
{
	g_autoptr(OrgDomains) domains = org_domains_new_builtin();
	g_autofree char *org = org_domain_by_list(domains, "mail.soumu.go.jp");

	g_assert_cmpstr(org, ==, "soumu.go.jp");
	g_assert_true(g_str_has_prefix(org_domains_identity(domains), "libpsl-"));
}

static void test_identity(void)
{
	Slice text = suite_exact(slice_of("example\nco.example\n"));
	g_autoptr(OrgDomains) domains = org_domains_new(text, NULL);
	g_autofree char *org = org_domain_by_list(domains, "a.b.co.example");

	g_assert_cmpstr(org, ==, "b.co.example");
	g_assert_cmpuint(strlen(org_domains_identity(domains)), ==, strlen("sha256:") + 64);
	g_free((gpointer)(guintptr)text.data);
}

static void test_no_list(void)
{
	static const char *const texts[] = { "", "\n\n// nothing\n", ".DAFSA@PSL_0   \nxyz" };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		Slice text = suite_exact(slice_of(texts[i]));

		g_test_message("row %zu", i);
		g_assert_null(org_domains_new(text, &error));
		g_assert_nonnull(error);
		g_free((gpointer)(guintptr)text.data);
	}
	g_assert_null(org_domains_new(slice_make("com\0net\n", 8), NULL));
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/org-domain/published", test_published);
	g_test_add_func("/org-domain/builtin", test_builtin);
	g_test_add_func("/org-domain/identity", test_identity);
	g_test_add_func("/org-domain/no-list", test_no_list);
	return g_test_run();
}
