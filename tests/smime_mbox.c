/* Signed mail in an mbox whose store put ">" before lines that begin with "From ". */
#include "auth/org_domain.h"
#include "base/text_time.h"
#include "engine/engine.h"
#include "mailbox/reader.h"
#include "mailbox/window.h"
#include "smime_suite.h"

#include <string.h>

typedef enum Quoting { UNQUOTED, MBOXO, MBOXRD } Quoting;

static const struct {
	const char *file;
	Quoting quoting;
	CaseVariant variant; /* that is to count */
	const char *reason;
} rows[] = {
	{ "good.eml", MBOXO, VARIANT_STORED, "signed" },
	{ "from-line.eml", UNQUOTED, VARIANT_STORED, "signed" },
	{ "from-line.eml", MBOXO, VARIANT_MBOXRD, "signed" },
	{ "from-line.eml", MBOXRD, VARIANT_MBOXRD, "signed" },
	/* Signed with the ">": what the store has is what was sent. */
	{ "quoted-line.eml", UNQUOTED, VARIANT_STORED, "signed" },
	{ "quoted-line.eml", MBOXO, VARIANT_STORED, "signed" },
	{ "quoted-line.eml", MBOXRD, VARIANT_MBOXRD, "signed" },
	{ "from-lines.eml", UNQUOTED, VARIANT_STORED, "signed" },
	{ "from-lines.eml", MBOXRD, VARIANT_MBOXRD, "signed" },
	/* mboxo makes the two lines alike; nobody can tell them apart again. */
	{ "from-lines.eml", MBOXO, VARIANT_STORED, "digest-mismatch" },
	/* The signature is right, whoever made it: what is unquoted must be what is judged. */
	{ "from-line-unknown.eml", MBOXO, VARIANT_MBOXRD, "untrusted" },
	{ "from-line-unknown.eml", UNQUOTED, VARIANT_STORED, "untrusted" },
};

static bool is_quoted_by(Slice line, Quoting quoting)
{
	while (quoting == MBOXRD && slice_starts(line, ">"))
		line = slice_sub(line, 1, line.len);
	return quoting != UNQUOTED && slice_starts(line, "From ");
}

/* The message twice, as an mbox. */
static GString *store(Slice message, Quoting quoting)
{
	GString *mbox = g_string_new(NULL);

	for (int i = 0; i < 2; i++) {
		Slice rest = message;

		g_string_append(mbox, "From alice@example.com Fri Dec  3 09:00:00 2021\n");
		while (rest.len > 0) {
			Slice line = slice_take_line(&rest);

			if (is_quoted_by(line, quoting))
				g_string_append_c(mbox, '>');
			g_string_append_len(mbox, line.data, (gssize)line.len);
		}
		g_string_append_c(mbox, '\n');
	}
	return mbox;
}

static void check_case(size_t i, const Case *kase, Slice sent)
{
	const Verdict *verdict = case_verdict(kase, METHOD_SMIME);
	g_autofree char *said = NULL;
	bool is_right = strcmp(rows[i].reason, "signed") == 0;

	g_test_message("%s, quoting %d: variant %d, %s", rows[i].file, (int)rows[i].quoting,
		(int)kase->variant, verdict->reason);
	g_assert_cmpstr(verdict->reason, ==, rows[i].reason);
	g_assert_cmpint(kase->variant, ==, rows[i].variant);
	g_assert_true((kase->marks[METHOD_SMIME] == MARK_YES) == is_right);
	g_assert_true((findings_find(kase->findings, "store-quoting-undone") != NULL) ==
		      (rows[i].variant != VARIANT_STORED));
	/* What counts are the octets that were sent, and openssl(1) agrees. */
	if (strcmp(rows[i].reason, "digest-mismatch") != 0)
		g_assert_true(
			slice_equal(slice_trim_end(kase->facts->message), slice_trim_end(sent)));
	said = smime_suite_openssl(kase->facts->message, "root.pem", kase->facts->received);
	g_assert_true((said == NULL) == is_right);
}

static void check_row(size_t i, SuiteLines lines, const CaseOptions *options)
{
	g_autoptr(GBytes) file = smime_suite_file(rows[i].file);
	g_autoptr(GBytes) sent = suite_lines(slice_of_bytes(file), lines);
	GString *stored = store(slice_of_bytes(file), rows[i].quoting);
	g_autoptr(GBytes) mbox = suite_lines(slice_make(stored->str, stored->len), lines);
	g_autoptr(Mailbox) mailbox =
		mailbox_open_memory(slice_of_bytes(mbox), MAILBOX_MBOX, WINDOW_CAPACITY_MIN);
	RawMessage *raw = NULL;
	unsigned count = 0;

	while (mailbox_next(mailbox, &raw, NULL) == MAILBOX_MESSAGE) {
		g_autoptr(Case) kase = engine_case(raw, NULL);

		case_evaluate(kase, options);
		check_case(i, kase, slice_of_bytes(sent));
		count++;
	}
	g_assert_cmpuint(count, ==, 2);
	g_string_free(stored, TRUE);
}

static void test_mbox(void)
{
	g_autoptr(Trust) trust = trust_new();
	g_autoptr(Evidence) evidence = evidence_new();
	g_autoptr(OrgDomains) org_domains = org_domains_new_builtin();
	CaseOptions options = { .evidence = evidence,
		.trust = trust,
		.org_domains = org_domains,
		.now = TIME_UNKNOWN,
		.at = TIME_UNKNOWN };

	smime_suite_trust(trust, "root.pem");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		check_row(i, SUITE_LF, &options);
		check_row(i, SUITE_CRLF, &options);
	}
}

void smime_mbox_add_tests(void)
{
	g_test_add_func("/smime/mbox", test_mbox);
}
