/* The checklist of bulk senders: what each item asks, and that what is not known is never a "no".
 * The verdicts are set by hand, for the checklist is a function of them. */
#include "analysis/checklist.h"
#include "auth/org_domain.h"
#include "base/text_time.h"
#include "suite.h"

#include <string.h>

#define TRACE \
	"Received: from mail.shop.example (mail.shop.example [203.0.113.9]) by mx.ours.example " \
	"with ESMTPS; 1 May 2024 00:00 +0000\n"
#define PLAIN \
	"Received: from mail.shop.example (mail.shop.example [203.0.113.9]) by mx.ours.example " \
	"with ESMTP; 1 May 2024 00:00 +0000\n"
#define UNTOLD \
	"Received: from mail.shop.example (mail.shop.example [203.0.113.9]) by mx.ours.example; " \
	"1 May 2024 00:00 +0000\n"
#define SIGNATURE(names) \
	"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s; h=from" names "; bh=AAAA; " \
	"b=AAAA\n"
#define FROM "From: News <news@shop.example>\n"
#define ID   "Message-ID: <1.a@shop.example>\n"
#define DATE "Date: Wed, 1 May 2024 00:00:00 +0000\n"
#define LIST "List-Unsubscribe: <mailto:u@shop.example>, <https://shop.example/u/1>\n"
#define POST "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
#define BOTH SIGNATURE(":list-unsubscribe:list-unsubscribe-post")
#define REST "Subject: s\n\nbody\n"

#define GOOD TRACE BOTH FROM ID DATE LIST POST REST

typedef struct Scene {
	Evidence *evidence;
	OrgDomains *org_domains;
	CaseOptions options;
	Case *kase;
} Scene;

static Scene *scene_new(const char *message)
{
	Scene *scene = g_new0(Scene, 1);
	g_autoptr(GBytes) bytes = suite_lines(slice_of(message), SUITE_CRLF);
	CaseInput input = { .source = source_new() };

	scene->evidence = evidence_new();
	scene->org_domains = org_domains_new_builtin();
	input.facts = facts_new(bytes, NULL, NULL);
	scene->kase = case_new(&input);
	scene->options = (CaseOptions) { .evidence = scene->evidence,
		.org_domains = scene->org_domains,
		.now = TIME_UNKNOWN,
		.at = TIME_UNKNOWN,
		.horizon_ms = 30 * TEXT_TIME_DAY };
	case_evaluate(scene->kase, &scene->options);
	return scene;
}

static void scene_free(Scene *scene)
{
	case_free(scene->kase);
	org_domains_free(scene->org_domains);
	evidence_free(scene->evidence);
	g_free(scene);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scene, scene_free)

static void set_result(Verdict *verdict, AuthResult result, bool is_final)
{
	verdict_set(verdict, result, "by-hand", "By hand.", NULL);
	verdict->is_final = is_final;
}

static void set_signature(Scene *scene, size_t index, AuthResult result, bool is_final)
{
	set_result(&((DkimSignature *)g_ptr_array_index(scene->kase->dkim->signatures, index))
			    ->verdict,
		result, is_final);
}

static void check_item(const char *name, const Case *kase, CheckItem item, const char *expected)
{
	Checklist list = checklist_of(kase);
	g_autofree char *got =
		g_strdup_printf("%s %s", mark_word(list.items[item].mark), list.items[item].reason);

	g_test_message("%s", name);
	g_assert_cmpstr(got, ==, expected);
}

typedef struct Row {
	const char *name;
	const char *message;
	CheckItem item;
	const char *expected;
} Row;

/* All signatures pass. */
static const Row rows[] = {
	{ "good", GOOD, CHECK_ONE_CLICK, "yes one-click-signed" },
	{ "no List-Unsubscribe", TRACE BOTH FROM POST REST, CHECK_ONE_CLICK,
		"no unsubscribe-missing" },
	{ "no List-Unsubscribe-Post", TRACE BOTH FROM LIST REST, CHECK_ONE_CLICK,
		"no post-missing" },
	{ "two List-Unsubscribe", TRACE BOTH FROM LIST LIST POST REST, CHECK_ONE_CLICK,
		"no unsubscribe-repeated" },
	{ "two List-Unsubscribe-Post", TRACE BOTH FROM LIST POST POST REST, CHECK_ONE_CLICK,
		"no unsubscribe-repeated" },
	{ "mailto only", TRACE BOTH FROM "List-Unsubscribe: <mailto:u@shop.example>\n" POST REST,
		CHECK_ONE_CLICK, "no https-missing" },
	{ "http only", TRACE BOTH FROM "List-Unsubscribe: <http://shop.example/>\n" POST REST,
		CHECK_ONE_CLICK, "no https-missing" },
	{ "https in a comment only",
		TRACE BOTH FROM
		"List-Unsubscribe: https://a.example/ <mailto:u@shop.example>\n" POST REST,
		CHECK_ONE_CLICK, "no https-missing" },
	{ "http beside https",
		TRACE BOTH FROM
		"List-Unsubscribe: <http://a.example/>, <https://a.example/>\n" POST REST,
		CHECK_ONE_CLICK, "no https-repeated" },
	{ "folded, in capitals",
		TRACE BOTH FROM
		"List-Unsubscribe: <mailto:u@shop.example>,\n\t<\n HTTPS://a.example/>\n"
		"List-Unsubscribe-Post:\n LIST-UNSUBSCRIBE=ONE-CLICK \n" REST,
		CHECK_ONE_CLICK, "yes one-click-signed" },
	{ "another value", TRACE BOTH FROM LIST "List-Unsubscribe-Post: One-Click\n" REST,
		CHECK_ONE_CLICK, "no post-value" },
	{ "one of them signed", TRACE SIGNATURE(":list-unsubscribe") FROM LIST POST REST,
		CHECK_ONE_CLICK, "no unsubscribe-unsigned" },
	{ "no signature", TRACE FROM LIST POST REST, CHECK_ONE_CLICK, "no unsubscribe-unsigned" },
	{ "TLS", GOOD, CHECK_TLS, "yes tls" },
	{ "no TLS", PLAIN FROM REST, CHECK_TLS, "no no-tls" },
	{ "no word of it", UNTOLD FROM REST, CHECK_TLS, "unknown tls-untold" },
	{ "no Received", FROM REST, CHECK_TLS, "unknown boundary-unknown" },
	{ "one From", GOOD, CHECK_FROM, "yes from-single" },
	{ "no From", TRACE REST, CHECK_FROM, "no from-missing" },
	{ "two From", TRACE FROM FROM REST, CHECK_FROM, "no from-repeated" },
	{ "no address", TRACE "From: News\n" REST, CHECK_FROM, "no from-empty" },
	{ "two addresses", TRACE "From: a@shop.example, b@shop.example\n" REST, CHECK_FROM,
		"no from-several" },
	{ "ID", GOOD, CHECK_MESSAGE_ID, "yes message-id-valid" },
	{ "no ID", TRACE FROM REST, CHECK_MESSAGE_ID, "no message-id-missing" },
	{ "two IDs", TRACE FROM ID ID REST, CHECK_MESSAGE_ID, "no message-id-repeated" },
	{ "ID, folded, with a comment, at a literal",
		TRACE FROM "Message-ID:\n (c (d)) <a$+b@[192.0.2.1]> (e)\n" REST, CHECK_MESSAGE_ID,
		"yes message-id-valid" },
	{ "ID without brackets", TRACE FROM "Message-ID: a@b.example\n" REST, CHECK_MESSAGE_ID,
		"no message-id-malformed" },
	{ "ID without @", TRACE FROM "Message-ID: <ab.example>\n" REST, CHECK_MESSAGE_ID,
		"no message-id-malformed" },
	{ "ID with two @", TRACE FROM "Message-ID: <a@b@c.example>\n" REST, CHECK_MESSAGE_ID,
		"no message-id-malformed" },
	{ "ID with a blank", TRACE FROM "Message-ID: <a b@c.example>\n" REST, CHECK_MESSAGE_ID,
		"no message-id-malformed" },
	{ "ID with an empty part", TRACE FROM "Message-ID: <a..b@c.example>\n" REST,
		CHECK_MESSAGE_ID, "no message-id-malformed" },
	{ "ID without a right side", TRACE FROM "Message-ID: <a@>\n" REST, CHECK_MESSAGE_ID,
		"no message-id-malformed" },
	{ "ID without an end", TRACE FROM "Message-ID: <a@b.example\n" REST, CHECK_MESSAGE_ID,
		"no message-id-malformed" },
	{ "text behind the ID", TRACE FROM "Message-ID: <a@b.example> x\n" REST, CHECK_MESSAGE_ID,
		"no message-id-malformed" },
	{ "Date", GOOD, CHECK_DATE, "yes date-valid" },
	{ "no Date", TRACE FROM REST, CHECK_DATE, "no date-missing" },
	{ "two Dates", TRACE FROM DATE DATE REST, CHECK_DATE, "no date-repeated" },
	{ "no date in Date", TRACE FROM "Date: today\n" REST, CHECK_DATE, "no date-malformed" },
	{ "no signature, no key", TRACE FROM REST, CHECK_KEY, "unknown signature-missing" },
	{ "no author domain", TRACE REST, CHECK_ALIGNMENT, "no no-author-domain" },
	{ "nor a record", TRACE REST, CHECK_DMARC, "no no-author-domain" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Scene) scene = scene_new(rows[i].message);

		for (guint k = 0; k < scene->kase->dkim->signatures->len; k++)
			set_signature(scene, k, RESULT_PASS, true);
		check_item(rows[i].name, scene->kase, rows[i].item, rows[i].expected);
	}
}

/* Nothing is in the evidence: nothing that the DNS says is a "no". */
static void test_unknown(void)
{
	static const CheckItem items[] = { CHECK_SPF, CHECK_DKIM, CHECK_ALIGNMENT, CHECK_DMARC,
		CHECK_ONE_CLICK, CHECK_KEY };
	g_autoptr(Scene) scene = scene_new(TRACE
		"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s; "
		"h=from:list-unsubscribe:list-unsubscribe-post; "
		"bh=Ck5SoRNWUpSR4X0COv7R5ub2pUTtl6xz4dTFz++ji4M=; b=AAAA\n" FROM LIST POST REST);
	Checklist list = checklist_of(scene->kase);

	for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
		g_test_message("%s", check_word(items[i]));
		g_assert_cmpint(list.items[items[i]].mark, ==, MARK_UNKNOWN);
	}
	check_item("signature", scene->kase, CHECK_ONE_CLICK, "unknown signature-unknown");
}

static void test_signatures(void)
{
	g_autoptr(Scene) scene = scene_new(TRACE BOTH BOTH SIGNATURE("") FROM LIST POST REST);

	set_signature(scene, 0, RESULT_FAIL, true);
	set_signature(scene, 1, RESULT_FAIL, true);
	set_signature(scene, 2, RESULT_PASS, true);
	check_item("only another one passes", scene->kase, CHECK_ONE_CLICK, "no signature-fails");
	set_signature(scene, 0, RESULT_TEMPERROR, false);
	check_item("one might", scene->kase, CHECK_ONE_CLICK, "unknown signature-unknown");
	set_signature(scene, 1, RESULT_PASS, true);
	check_item("one does", scene->kase, CHECK_ONE_CLICK, "yes one-click-signed");
}

/* What the DNS denied after the horizon might have been there. */
static void test_late(void)
{
	g_autoptr(Scene) scene = scene_new(GOOD);
	DkimSignature *signature = g_ptr_array_index(scene->kase->dkim->signatures, 0);

	verdict_set(&signature->verdict, RESULT_PERMERROR, "key-missing", "By hand.", NULL);
	signature->verdict.answers = 1;
	signature->verdict.undated = 0;
	signature->verdict.youngest = scene->kase->facts->received + 29 * TEXT_TIME_DAY;
	check_item("in time", scene->kase, CHECK_ONE_CLICK, "no signature-fails");
	signature->verdict.youngest = scene->kase->facts->received + 31 * TEXT_TIME_DAY;
	check_item("late", scene->kase, CHECK_ONE_CLICK, "unknown signature-unknown");
	scene->kase->marks[METHOD_SPF] = MARK_UNKNOWN;
	scene->kase->is_stale[METHOD_SPF] = true;
	check_item("SPF", scene->kase, CHECK_SPF, "unknown evidence-late");
}

typedef struct KeyRow {
	KeyAlgorithm algorithm;
	int bits;
	const char *expected;
} KeyRow;

static void test_key(void)
{
	static const KeyRow keys[] = { { KEY_RSA, 0, "unknown key-unknown" },
		{ KEY_RSA, 1023, "no key-small" }, { KEY_RSA, 1024, "yes key-below-advised" },
		{ KEY_RSA, 2047, "yes key-below-advised" }, { KEY_RSA, 2048, "yes key-advised" },
		{ KEY_ED25519, 256, "yes key-ed25519" } };
	g_autoptr(Scene) scene = scene_new(GOOD);
	DkimSignature *signature = g_ptr_array_index(scene->kase->dkim->signatures, 0);

	scene->kase->dkim->best = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *name = g_strdup_printf("%d bits", keys[i].bits);

		signature->key_algorithm = keys[i].algorithm;
		signature->key_bits = keys[i].bits;
		check_item(name, scene->kase, CHECK_KEY, keys[i].expected);
	}
}

static void test_alignment(void)
{
	g_autoptr(Scene) scene = scene_new(GOOD);
	DmarcView *view = scene->kase->dmarc->rfc9989;
	DmarcAlignment *aligned = g_new0(DmarcAlignment, 1);

	aligned->domain = g_strdup("shop.example");
	set_result(&view->verdict, RESULT_FAIL, true);
	for (int i = 0; i < METHODS; i++) {
		scene->kase->marks[i] = MARK_NO;
		scene->kase->is_stale[i] = false;
	}
	check_item("nothing", scene->kase, CHECK_ALIGNMENT, "no not-aligned");
	scene->kase->marks[METHOD_DKIM] = MARK_UNKNOWN;
	check_item("DKIM might", scene->kase, CHECK_ALIGNMENT, "unknown alignment-unknown");
	view->spf = aligned;
	check_item(
		"SPF passes elsewhere", scene->kase, CHECK_ALIGNMENT, "unknown alignment-unknown");
	aligned->is_aligned = true;
	check_item("SPF", scene->kase, CHECK_ALIGNMENT, "yes spf-aligned");
	view->policy = g_strdup("none");
	check_item("p=none", scene->kase, CHECK_DMARC, "yes record-found");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/checklist/items", test_rows);
	g_test_add_func("/checklist/unknown", test_unknown);
	g_test_add_func("/checklist/signatures", test_signatures);
	g_test_add_func("/checklist/late", test_late);
	g_test_add_func("/checklist/key", test_key);
	g_test_add_func("/checklist/alignment", test_alignment);
	return g_test_run();
}
