/* A whole message through every evaluator, the record and the account: all of it is valid UTF-8,
 * and the same twice. */
#include "auth/org_domain.h"
#include "base/text_time.h"
#include "dns/evidence_file.h"
#include "report/report.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Case *make_case(GBytes *bytes)
{
	CaseInput input = { .source = source_new() };

	input.source->path = g_strdup("fuzz.eml");
	input.source->index = 1;
	input.source->length = g_bytes_get_size(bytes);
	input.facts = facts_new(bytes, input.source, NULL);
	return case_new(&input);
}

/* One answer to whatever is asked, so that the evaluators go on: a key, an SPF record and a DMARC
 * record in turn. */
static void answer_all(Evidence *evidence, const GPtrArray *lacking)
{
	static const char key[] = "v=DKIM1; k=ed25519; "
				  "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
	static const char *const texts[] = { key, "v=spf1 include:b.example mx a -all",
		"v=DMARC1; p=reject" };

	for (guint i = 0; i < lacking->len; i++) {
		const Question *question = g_ptr_array_index(lacking, i);
		const char *text = strstr(question->name, "_domainkey") != NULL ? texts[0]
				   : strstr(question->name, "_dmarc") != NULL   ? texts[2]
										: texts[1];
		g_autofree char *group =
			g_strdup_printf(";q %s. %s %s n=%d\n%s.\t300\tIN\tTXT\t\"%s\"\n",
				question->name, dns_type_word(question->type), "NOERROR",
				question->type == DNS_TXT, question->name, text);
		size_t len = question->type == DNS_TXT ? strlen(group)
						       : (size_t)(strchr(group, '\n') - group) + 1;
		Answer *answer = evidence_parse_group(slice_make(group, len));

		if (answer != NULL)
			evidence_add(evidence, answer);
	}
}

/* Decoded once: they do not depend on the input. */
static Trust *trust;
static OrgDomains *org_domains;

static GString *report(GBytes *bytes, Evidence *evidence)
{
	g_autoptr(Case) kase = make_case(bytes);
	CaseOptions options = { .evidence = evidence,
		.trust = trust,
		.org_domains = org_domains,
		.now = TIME_UNKNOWN,
		.at = TIME_UNKNOWN,
		.horizon_ms = INT64_C(2592000000) };
	const ReportStyle style = { .lang = LANG_EN, .lines = true };
	GString *out = g_string_new(NULL);

	for (int round = 0; round < 6 && !case_evaluate(kase, &options); round++)
		answer_all(evidence, kase->lacking);
	case_evaluate(kase, &options);
	case_explain(kase, &options);
	jsonl_printer.message(out, &style, kase);
	explain_printer.message(out, &style, kase);
	text_printer.message(out, &style, kase);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(GString) first = NULL;
	g_autoptr(GString) again = NULL;

	if (trust == NULL) {
		trust = trust_new();
		org_domains = org_domains_new_builtin();
	}
	first = report(bytes, evidence);
	again = report(bytes, evidence);
	g_assert_true(g_utf8_validate(first->str, (gssize)first->len, NULL));
	g_assert_null(memchr(first->str, '\033', first->len));
	g_assert_true(g_string_equal(first, again));
	return 0;
}
