/* check_host() over a zone of the input's: the first line is "client mail-from helo", then lines
 * "name TYPE value" of any octets. What is checked in rounds comes to what it comes to at once,
 * within the limits, and all it shows is valid UTF-8. */
#include "auth/spf.h"
#include "base/limits.h"
#include "spf_zone.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *take_word(Slice *line)
{
	char *word = slice_dup(slice_take_until(line, ' '));

	return word != NULL ? word : g_strdup("");
}

static SpfZone *zone_from(Slice text)
{
	SpfZone *zone = spf_zone_new();

	while (text.len > 0) {
		Slice line = slice_take_until(&text, '\n');
		g_autofree char *name = take_word(&line);
		g_autofree char *type = take_word(&line);

		spf_zone_add(zone, name, type, line);
	}
	return zone;
}

static void check_text(const char *text)
{
	g_assert_true(text == NULL || g_utf8_validate(text, -1, NULL));
}

static void check_verdict(const SpfVerdict *spf)
{
	const Verdict *verdict = &spf->verdict;

	g_assert_cmpstr(verdict->reason, !=, "");
	g_assert_cmpstr(verdict->reason, !=, "engine-failure");
	g_assert_cmpint(verdict->result, !=, RESULT_POLICY);
	g_assert_cmpuint(spf->lookups, <=, LIMIT_SPF_LOOKUPS);
	g_assert_cmpuint(spf->void_lookups, <=, LIMIT_SPF_VOID_LOOKUPS);
	g_assert_cmpuint(spf->chain->len, <=, LIMIT_SPF_LOOKUPS + 1);
	g_assert_true(spf->explanation == NULL || verdict->result == RESULT_FAIL);
	g_assert_true((spf->term == NULL) == (strcmp(verdict->reason, "term-matched") != 0));
	check_text(verdict->detail);
	check_text(spf->record);
	check_text(spf->term);
	check_text(spf->term_domain);
	check_text(spf->explanation);
	for (guint i = 0; i < spf->chain->len; i++)
		check_text(g_ptr_array_index(spf->chain, i));
}

static void check_same(const SpfVerdict *one, const SpfVerdict *other)
{
	g_assert_cmpint(one->verdict.result, ==, other->verdict.result);
	g_assert_cmpstr(one->verdict.reason, ==, other->verdict.reason);
	g_assert_cmpstr(one->verdict.detail, ==, other->verdict.detail);
	g_assert_cmpstr(one->explanation, ==, other->explanation);
	g_assert_cmpstr(one->term, ==, other->term);
	g_assert_cmpuint(one->lookups, ==, other->lookups);
	g_assert_cmpuint(one->void_lookups, ==, other->void_lookups);
	g_assert_cmpuint(one->verdict.answers, ==, other->verdict.answers);
}

static void check_both(const SpfZone *zone, SpfCheck check, const SpfRequest *request)
{
	g_autoptr(Evidence) filled = evidence_new();
	g_autoptr(Evidence) empty = evidence_new();
	g_autoptr(SpfVerdict) at_once = NULL;
	g_autoptr(SpfVerdict) in_rounds = NULL;
	unsigned rounds;

	spf_zone_fill(zone, filled);
	at_once = spf_zone_check(zone, filled, check, request, &rounds);
	in_rounds = spf_zone_check(zone, empty, check, request, &rounds);
	check_verdict(at_once);
	check_same(at_once, in_rounds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice rest = slice_make((const char *)data, size);
	Slice line = slice_take_until(&rest, '\n');
	g_autofree char *client = take_word(&line);
	g_autofree char *mail_from = take_word(&line);
	g_autofree char *helo = take_word(&line);
	SpfRequest request = { .helo = helo, .mail_from = mail_from };
	g_autoptr(SpfZone) zone = NULL;

	if (!inet_addr_parse(slice_of(client), &request.client_ip))
		return 0;
	zone = zone_from(rest);
	check_both(zone, spf_check_mail_from, &request);
	check_both(zone, spf_check_helo, &request);
	return 0;
}
