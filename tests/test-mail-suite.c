/* Whole messages of published sets, with their envelope, through every method: rspamd's SPF, DKIM,
 * DMARC and ARC, and authheaders' DMARC. */
#include "base/text_time.h"
#include "dkim_suite.h"
#include "mail_suite.h"
#include "suite.h"
#include "tally.h"

#include <jansson.h>
#include <string.h>

#define RSPAMD      "corpora/dkim/rspamd/"
#define AUTHHEADERS "corpora/dmarc/authheaders/"

/* --- rspamd's symbols */

static const char *spf_symbol(const Case *kase)
{
	static const char *const symbols[] = { [RESULT_NONE] = "R_SPF_NA",
		[RESULT_PASS] = "R_SPF_ALLOW",
		[RESULT_FAIL] = "R_SPF_FAIL",
		[RESULT_SOFTFAIL] = "R_SPF_SOFTFAIL",
		[RESULT_NEUTRAL] = "R_SPF_NEUTRAL",
		[RESULT_TEMPERROR] = "R_SPF_DNSFAIL",
		[RESULT_PERMERROR] = "R_SPF_PERMFAIL" };

	g_assert_true(kase->spf->verdict.is_final);
	if (findings_find(kase->spf->findings, "spf-pass-for-all") != NULL)
		return "R_SPF_PLUSALL";
	return symbols[kase->spf->verdict.result];
}

/* Its R_DKIM_REJECT and R_DKIM_PERMFAIL are one status of RFC 6376, 6.1.2 and 6.1.3; answers.tsv
 * tells them apart. */
static const char *dkim_symbol(const Case *kase)
{
	const Verdict *verdict = &kase->dkim->verdict;

	g_assert_true(verdict->is_final);
	if (verdict->result == RESULT_NONE)
		return "R_DKIM_NA";
	if (verdict->result == RESULT_PASS)
		return "R_DKIM_ALLOW";
	return verdict->result == RESULT_TEMPERROR ? "R_DKIM_TEMPFAIL" : "R_DKIM_PERMFAIL";
}

/* What is left of a policy that pct=0 applies to nobody (RFC 7489, 6.6.4). */
static const char *sampled_policy(const DmarcView *view)
{
	bool is_reject = strcmp(view->policy, "reject") == 0;

	if (view->percent > 0)
		return view->policy;
	return is_reject ? "quarantine" : "none";
}

/* By RFC 7489, which rspamd follows. */
static const char *dmarc_symbol(const Case *kase)
{
	const DmarcView *view = kase->dmarc->rfc7489;
	const char *policy;

	g_assert_true(view->verdict.is_final);
	if (view->verdict.result == RESULT_PASS)
		return "DMARC_POLICY_ALLOW";
	if (view->verdict.result == RESULT_TEMPERROR)
		return "DMARC_DNSFAIL";
	if (view->verdict.result != RESULT_FAIL)
		return view->verdict.result == RESULT_NONE ? "DMARC_NA" : "DMARC_BAD_POLICY";
	policy = sampled_policy(view);
	if (strcmp(policy, "reject") == 0)
		return "DMARC_POLICY_REJECT";
	return strcmp(policy, "quarantine") == 0 ? "DMARC_POLICY_QUARANTINE"
						 : "DMARC_POLICY_SOFTFAIL";
}

/* A chain that is not as it should be is "fail" (RFC 8617, 5.2). */
static const char *arc_symbol(const Case *kase)
{
	if (kase->arc->verdict.result == RESULT_PASS)
		return "ARC_ALLOW";
	return kase->arc->verdict.result == RESULT_NONE ? "ARC_NA" : "ARC_INVALID";
}

/* The symbol that kantei gives for the method that this one is about. */
static const char *symbol_like(const Case *kase, const char *symbol)
{
	if (g_str_has_prefix(symbol, "R_SPF_"))
		return spf_symbol(kase);
	if (g_str_has_prefix(symbol, "R_DKIM_"))
		return dkim_symbol(kase);
	return g_str_has_prefix(symbol, "ARC_") ? arc_symbol(kase) : dmarc_symbol(kase);
}

/* --- rspamd's vectors */

static const char *text_of(const json_t *vector, const char *key)
{
	return json_string_value(json_object_get(vector, key));
}

/* "<>" is the null reverse-path. */
static char *mail_from_of(const char *from)
{
	return g_strdup(strcmp(from, "<>") == 0 ? "" : from);
}

/* Where the set, or a NULL vector, gives none there is nothing for SPF: a null reverse-path from a
 * host whose name has one label (RFC 7208, 4.3). */
static BoundaryOptions *envelope_of(const json_t *vector)
{
	BoundaryOptions *envelope = boundary_options_new();
	const char *ip = text_of(vector, "ip");
	const char *from = text_of(vector, "from");
	const char *helo = text_of(vector, "helo");

	g_assert_true(
		inet_addr_parse(slice_of(ip != NULL ? ip : "127.0.0.1"), &envelope->client_ip));
	envelope->mail_from = mail_from_of(from != NULL ? from : "<>");
	envelope->helo = g_strdup(helo != NULL ? helo : "localhost");
	return envelope;
}

/* rspamd signs a message itself for this one, and so do we. */
static GBytes *self_signed(SpfZone *zone)
{
	static const SignOptions options = { 0 };
	g_autoptr(SignerKey) key = signer_key_new(2048);
	g_autofree char *record = signer_key_record(key, NULL);

	spf_zone_add(zone, "test._domainkey.example.com", "TXT", slice_of(record));
	return signer_sign(key,
		slice_of("From: a@example.com\r\nTo: b@example.net\r\nSubject: self\r\n"
			 "Date: Tue, 24 Nov 2026 02:15:00 +0000\r\n\r\nHello.\r\n"),
		&options);
}

static GBytes *message_of(const json_t *vector, SpfZone *zone)
{
	const char *file = text_of(vector, "file");
	g_autofree char *path = g_strconcat(RSPAMD, file, NULL);

	if (strcmp(file, "${SIGNED_MESSAGE}") == 0) {
		spf_zone_forget(zone, "test._domainkey.example.com");
		return self_signed(zone);
	}
	return strcmp(file, "/dev/null") == 0 ? g_bytes_new(NULL, 0) : suite_file(path);
}

/* The vector about a relay of one's own has its envelope in the Received fields. */
static Mail *judge_vector(const json_t *vector)
{
	g_autoptr(SpfZone) zone = spf_zone_new();
	g_autoptr(BoundaryOptions) envelope = envelope_of(vector);
	g_autoptr(GBytes) bytes = NULL;
	bool is_shown = strcmp(text_of(vector, "name"), "SPF EXTERNAL RELAY") == 0;

	dns_json_load(zone, RSPAMD "dns.json");
	bytes = message_of(vector, zone);
	return mail_judge(bytes, zone, is_shown ? NULL : envelope, TIME_UNKNOWN);
}

static const char *without_reject(const char *symbol)
{
	return strcmp(symbol, "R_DKIM_REJECT") == 0 ? "R_DKIM_PERMFAIL" : symbol;
}

static void append(GString *line, const char * not, const char *symbol)
{
	g_string_append_printf(line, "%s%s%s", line->len > 0 ? ", " : "", not, symbol);
}

static void run_vector(Tally *tally, const json_t *vector)
{
	g_autoptr(Mail) mail = judge_vector(vector);
	g_autoptr(GString) suite = g_string_new(NULL);
	g_autoptr(GString) kantei = g_string_new(NULL);
	size_t i;
	json_t *symbol;

	json_array_foreach(json_object_get(vector, "expect"), i, symbol)
	{
		append(suite, "", without_reject(json_string_value(symbol)));
		append(kantei, "", symbol_like(mail->kase, json_string_value(symbol)));
	}
	json_array_foreach(json_object_get(vector, "not"), i, symbol)
	{
		const char *other = json_string_value(symbol);
		const char *found = symbol_like(mail->kase, other);

		append(suite, "not ", other);
		append(kantei, strcmp(found, other) == 0 ? "" : "not ", other);
	}
	tally_add(tally, text_of(vector, "name"), suite->str, kantei->str);
}

static void run_rspamd(const char *robot, const char *set)
{
	g_autofree char *path = suite_path(RSPAMD "vectors.json");
	json_t *vectors = json_load_file(path, 0, NULL);
	Tally *tally = tally_new(set);
	size_t i;
	json_t *vector;

	json_array_foreach(vectors, i, vector) if (strcmp(text_of(vector, "suite"), robot) == 0)
		run_vector(tally, vector);
	tally_end(tally);
	json_decref(vectors);
}

static void test_spf(void)
{
	run_rspamd("117_spf.robot", "spf/rspamd");
}

static void test_dkim(void)
{
	run_rspamd("116_dkim.robot", "dkim/rspamd");
}

static void test_dmarc(void)
{
	run_rspamd("115_dmarc.robot", "dmarc/rspamd");
}

static void test_arc(void)
{
	run_rspamd("321_arc_check.robot", "arc/rspamd");
}

/* Of the chain for which rspamd's set has no keys, the newest set can be verified: mail-auth's has
 * the key of Google. */
static void test_arc_newest(void)
{
	g_autoptr(SpfZone) zone = spf_zone_new();
	g_autoptr(GBytes) bytes = suite_file(RSPAMD "messages/arcallow.eml");
	g_autoptr(Mail) mail = NULL;

	dns_json_load(zone, "corpora/dkim/stalwart/dns.json");
	mail = mail_judge(bytes, zone, NULL, TIME_UNKNOWN);
	g_assert_cmpuint(mail->kase->arc->sets->len, ==, 2);
	g_assert_cmpint(arc_set(mail->kase->arc, 1)->seal.result, ==, RESULT_PASS);
	g_assert_cmpint(arc_set(mail->kase->arc, 1)->message.result, ==, RESULT_PASS);
	g_assert_cmpstr(arc_set(mail->kase->arc, 0)->seal.reason, ==, "key-missing");
}

/* --- authheaders */

/* The zone of its tests, which its entries among the vectors carry, and its keys. */
static SpfZone *authheaders_zone(void)
{
	g_autofree char *path = suite_path("corpora/dmarc/dmarc_vectors.json");
	json_t *vectors = json_load_file(path, 0, NULL);
	SpfZone *zone = spf_zone_new();
	size_t i;
	json_t *vector;

	json_array_foreach(
		vectors, i, vector) if (strcmp(text_of(vector, "id"), "authheaders-01") == 0)
		dns_json_add(zone, json_object_get(vector, "dns"));
	json_decref(vectors);
	dns_json_load(zone, AUTHHEADERS "dns.json");
	return zone;
}

/* "fail p=reject@example.com", or the word alone where no policy is to be had. */
static char *describe(const DmarcView *view)
{
	const char *word = auth_result_word(view->verdict.result);

	g_assert_true(view->verdict.is_final);
	if (view->policy == NULL)
		return g_strdup(word);
	return g_strdup_printf(
		"%s %s=%s@%s", word, view->policy_tag, view->policy, view->record_domain);
}

static char *describe_both(const DmarcVerdict *dmarc)
{
	g_autofree char *by_9989 = NULL;
	g_autofree char *by_7489 = NULL;

	if (dmarc_view(dmarc) == NULL)
		return g_strdup_printf("- %s", auth_result_word(dmarc->verdict.result));
	by_9989 = describe(dmarc->rfc9989);
	by_7489 = describe(dmarc->rfc7489);
	return g_strdup_printf("%s %s; %s", dmarc->domain, by_9989, by_7489);
}

static char *expected_line(char *const *cells)
{
	return strcmp(cells[1], "-") == 0
		       ? g_strdup_printf("- %s", cells[2])
		       : g_strdup_printf("%s %s; %s", cells[1], cells[2], cells[3]);
}

static void test_authheaders(void)
{
	g_autoptr(GPtrArray) rows = suite_table(AUTHHEADERS "expected.tsv");
	g_autoptr(SpfZone) zone = authheaders_zone();
	g_autoptr(BoundaryOptions) envelope = envelope_of(NULL);
	Tally *tally = tally_new("dmarc/authheaders");

	for (guint i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);
		g_autofree char *path = g_strconcat(AUTHHEADERS, cells[0], NULL);
		g_autoptr(GBytes) bytes = suite_file(path);
		g_autoptr(Mail) mail = mail_judge(bytes, zone, envelope, TIME_UNKNOWN);
		g_autofree char *expected = expected_line(cells);
		g_autofree char *found = describe_both(mail->kase->dmarc);

		tally_add(tally, cells[0], expected, found);
	}
	tally_end(tally);
}

/* --- internationalised mail (RFC 8616) */

#define U_LABEL "\xE6\x97\xA5\xE6\x9C\xAC"
#define A_LABEL "xn--wgv71a"

/* U-labels in MAIL FROM, From, d= and i=, and local parts that are not ASCII: all are looked up as
 * A-labels, and aligned. */
static void test_eai(void)
{
	static const SignOptions options = { .domain = U_LABEL ".example",
		.more = "i=\xE3\x81\x82@m." U_LABEL ".example;" };
	g_autoptr(SignerKey) key = signer_key_new(2048);
	g_autofree char *record = signer_key_record(key, NULL);
	g_autoptr(SpfZone) zone = spf_zone_new();
	g_autoptr(BoundaryOptions) envelope = envelope_of(NULL);
	g_autoptr(GBytes) message = signer_sign(key,
		slice_of("From: \xE3\x81\x82 <\xE3\x81\x82@" U_LABEL ".example>\r\n"
			 "Subject: \xE3\x81\x82\r\n\r\n\xE3\x81\x82\r\n"),
		&options);
	g_autoptr(Mail) mail = NULL;
	const Case *kase;

	spf_zone_add(zone, "test._domainkey." A_LABEL ".example", "TXT", slice_of(record));
	spf_zone_add(zone, "m." A_LABEL ".example", "TXT", slice_of("v=spf1 ip4:127.0.0.1 -all"));
	spf_zone_add(zone, "_dmarc." A_LABEL ".example", "TXT", slice_of("v=DMARC1; p=reject"));
	g_free(envelope->mail_from);
	envelope->mail_from = g_strdup("\xE3\x81\x82@m." U_LABEL ".example");
	mail = mail_judge(message, zone, envelope, TIME_UNKNOWN);
	kase = mail->kase;
	g_assert_cmpint(kase->spf->verdict.result, ==, RESULT_PASS);
	g_assert_cmpstr(kase->spf->domain, ==, "m." A_LABEL ".example");
	g_assert_cmpint(kase->dkim->verdict.result, ==, RESULT_PASS);
	g_assert_cmpstr(dkim_signature(kase->dkim, 0)->domain, ==, A_LABEL ".example");
	g_assert_cmpstr(kase->dmarc->domain, ==, A_LABEL ".example");
	g_assert_cmpstr(kase->dmarc->rfc9989->verdict.reason, ==, "both-aligned");
	g_assert_cmpstr(kase->dmarc->rfc7489->verdict.reason, ==, "both-aligned");
}

int main(int argc, char **argv)
{
	suite_init(&argc, &argv);
	g_test_add_func("/mail/rspamd/spf", test_spf);
	g_test_add_func("/mail/rspamd/dkim", test_dkim);
	g_test_add_func("/mail/rspamd/dmarc", test_dmarc);
	g_test_add_func("/mail/rspamd/arc", test_arc);
	g_test_add_func("/mail/rspamd/arc-newest", test_arc_newest);
	g_test_add_func("/mail/authheaders", test_authheaders);
	g_test_add_func("/mail/eai", test_eai);
	return g_test_run();
}
