#include "auth/org_domain.h"
#include "base/domain_name.h"
#include "suite.h"
#include "tally.h"

#include <string.h>

static OrgDomains *load_list(void)
{
	g_autoptr(GBytes) text = suite_file("corpora/psl/public_suffix_list.dat");
	OrgDomains *domains = org_domains_new(slice_of_bytes(text), NULL);

	g_assert_nonnull(domains);
	return domains;
}

/* The registrable domain, or "null" where the name has none; a name that is none for us either
 * (empty, or with an empty label) is one of those. */
static char *registrable(const OrgDomains *domains, Slice name)
{
	g_autofree char *normal = domain_name_new(name);

	if (normal == NULL || org_domain_is_suffix(domains, normal))
		return g_strdup("null");
	return org_domain_by_list(domains, normal);
}

/* A suffix is its own organizational domain. */
static void check_suffix(const OrgDomains *domains, Slice name)
{
	g_autofree char *normal = domain_name_new(name);
	g_autofree char *org = NULL;

	if (normal == NULL || !org_domain_is_suffix(domains, normal))
		return;
	org = org_domain_by_list(domains, normal);
	g_assert_cmpstr(org, ==, normal);
}

static void check(Tally *tally, const OrgDomains *domains, Slice name, Slice expected)
{
	g_autofree char *wanted =
		slice_is(expected, "null") ? g_strdup("null") : domain_name_new(expected);
	g_autofree char *found = registrable(domains, name);
	g_autofree char *text = slice_dup(name);

	tally_add(tally, text, wanted, found);
	check_suffix(domains, name);
}

static void run_lines(Tally *tally, const OrgDomains *domains, Slice text)
{
	while (text.len > 0) {
		Slice line = slice_trim(slice_take_line(&text));
		Slice name;

		if (line.len == 0 || slice_starts(line, "//"))
			continue;
		name = slice_take_until(&line, ' ');
		check(tally, domains, name, line);
	}
}

/* checkPublicSuffix('name', 'expected'); or null without quotes. */
static Slice take_argument(Slice *line)
{
	Slice argument = slice_trim(slice_take_until(line, ','));

	if (slice_starts(argument, "'"))
		return slice_sub(argument, 1, argument.len - 2);
	return argument;
}

static void run_calls(Tally *tally, const OrgDomains *domains, Slice text)
{
	static const char call[] = "checkPublicSuffix(";

	while (text.len > 0) {
		Slice line = slice_trim(slice_take_line(&text));
		Slice name;

		if (!slice_starts(line, call))
			continue;
		line = slice_sub(line, strlen(call), line.len - strlen(call) - strlen(");"));
		name = take_argument(&line);
		check(tally, domains, name, take_argument(&line));
	}
}

static void test_published(void)
{
	g_autoptr(OrgDomains) domains = load_list();
	g_autoptr(GBytes) lines = suite_file("corpora/psl/tests.txt");
	g_autoptr(GBytes) calls = suite_file("corpora/psl/test_psl.txt");
	Tally *tally = tally_new("psl/tests");

	run_lines(tally, domains, slice_of_bytes(lines));
	tally_end(tally);
	tally = tally_new("psl/test_psl");
	run_calls(tally, domains, slice_of_bytes(calls));
	tally_end(tally);
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
